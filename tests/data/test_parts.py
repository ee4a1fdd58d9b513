"""A table in several files is the one file that they were cut from."""

import gzip
import itertools

import pandas as pd
import pytest

from seg_utils import data
from seg_utils.core import artefacts, dictionary, paths
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.core.parameters import from_mapping
from seg_utils.data.streaming.batches import Batches

CUTS = (0, 90, 91, 300)
FEATURES = dictionary.load().names


def csv(frame, **options):
    return frame.to_csv(index=False, lineterminator="\n", **options).encode()


WRITE = {
    "csv": lambda path, frame: path.with_suffix(".csv").write_bytes(csv(frame)),
    "csv.gz": lambda path, frame: path.with_suffix(".csv.gz").write_bytes(gzip.compress(csv(frame))),
    "marked": lambda path, frame: path.with_suffix(".csv").write_bytes(b"\xef\xbb\xbf" + csv(frame)),
    "windows": lambda path, frame: path.with_suffix(".csv").write_bytes(csv(frame).replace(b"\n", b"\r\n")),
    "comma": lambda path, frame: path.with_suffix(".csv").write_bytes(csv(frame, sep=";", decimal=",")),
    "utf-16": lambda path, frame: path.with_suffix(".csv").write_bytes(csv(frame).decode().encode("utf-16")),
    "endless": lambda path, frame: path.with_suffix(".csv").write_bytes(csv(frame).rstrip(b"\n")),
    "parquet": lambda path, frame: frame.to_parquet(path.with_suffix(".parquet")),
}


def cut(frame, folder, kind="csv"):
    """The customers in parts, in a folder."""
    folder.mkdir()
    for number, (start, end) in enumerate(itertools.pairwise(CUTS)):
        WRITE[kind](folder / f"part-{number}", frame.iloc[start:end])
    return folder


@pytest.mark.parametrize("form", ["folder", "glob"])
@pytest.mark.parametrize("kind", WRITE)
def test_parts_are_the_file_that_they_were_cut_from(good, tmp_path, kind, form):
    folder = cut(good, tmp_path / "bank", kind)
    WRITE["parquet" if kind == "parquet" else "comma" if kind == "comma" else "csv"](tmp_path / "whole", good)
    [whole] = tmp_path.glob("whole.*")
    path = folder if form == "folder" else folder / "part-*"
    expected, read = data.load(whole), data.load(path)
    pd.testing.assert_frame_equal(read.frame, expected.frame, check_exact=True)
    assert read.n_rows == expected.n_rows
    assert {one.rule for one in read.findings} - {"packing", "no_line_end"} == {one.rule for one in expected.findings}
    streamed = pd.concat(list(Batches(path, FEATURES, rows=45)), ignore_index=True)
    pd.testing.assert_frame_equal(streamed, expected.frame, check_exact=True)


def test_how_letters_are_written_is_judged_in_all_parts_together(good, tmp_path):
    """Only the last says which of two alphabets the others are in."""
    folder = tmp_path / "bank"
    folder.mkdir()
    towns = ["Kad\u0131k\xf6y", "Bal\u0131kesir", "\u015eanl\u0131urfa, Band\u0131rma, I\u011fd\u0131r"]
    for number, town in enumerate(towns):
        part = csv(good.iloc[number * 100 : (number + 1) * 100].assign(TOWN=town))
        (folder / f"part-{number}.csv").write_bytes(part.decode().encode("cp1254"))
    loaded = data.load(folder, describe=["TOWN"])
    assert sorted(set(loaded.descriptors["TOWN"])) == sorted(towns)
    assert "read as Windows-1254" in [finding.action for finding in loaded.findings]


def test_rows_are_numbered_through_the_parts(good, tmp_path):
    broken = good.astype({"BALANCE": object})
    broken.loc[200, "BALANCE"] = "oops"
    folder = cut(broken, tmp_path / "bank")
    for read in (data.load, lambda path: list(Batches(path, FEATURES, rows=45))):
        with pytest.raises(DataError, match=r"^bank: 1 place cannot be read .*row 202 BALANCE 'oops'"):
            read(folder)


def test_one_customer_in_two_parts_is_kept_once_or_refused(good, tmp_path):
    folder = cut(good, tmp_path / "bank")
    WRITE["csv"](folder / "part-9", good.iloc[[3]])
    assert len(data.load(folder).frame) == len(good)
    WRITE["csv"](folder / "part-9", good.iloc[[3]].assign(TENURE=7))
    with pytest.raises(DataError, match="1 id stands on rows with different values"):
        data.load(folder)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (
            lambda folder: (folder / "part-1.csv").write_bytes(b"A,B\n1,2\n"),
            "part-0.csv and part-1.csv begin with diff",
        ),
        (lambda folder: (folder / "part-1.csv").write_bytes(b"PAR1 oops"), "different kinds|damaged"),
        (lambda folder: (folder / "part-1.csv").write_bytes(b""), "is empty"),
        (lambda folder: _cut_short(folder / "part-1.csv"), "the last line of part-1.csv has no end"),
    ],
)
def test_parts_that_do_not_go_together_are_refused_in_a_line(good, tmp_path, spoil, said):
    folder = cut(good, tmp_path / "bank")
    spoil(folder)
    for read in (data.load, lambda path: list(Batches(path, FEATURES, rows=45))):
        with pytest.raises(DataError, match=said) as raised:
            read(folder)
        assert "\n" not in str(raised.value)


def _cut_short(path):
    path.write_bytes(path.read_bytes()[:-3])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda part: part.drop(columns="TENURE"), "part-1.parquet lacks 'TENURE', unlike part-0.parquet"),
        (lambda part: part.assign(more=1), "part-1.parquet also has 'more', unlike"),
        (lambda part: part.astype({"BALANCE": str}), "a column is of another type in some parts"),
    ],
)
def test_parquet_parts_with_other_columns_are_refused_by_name(good, tmp_path, change, said):
    folder = cut(good, tmp_path / "bank", "parquet")
    change(good.iloc[90:91]).to_parquet(folder / "part-1.parquet")
    for read in (data.load, lambda path: list(Batches(path, FEATURES, rows=45))):
        with pytest.raises(DataError, match=said):
            read(folder)


def test_whole_numbers_in_one_part_and_fractions_in_another_are_numbers(good, tmp_path):
    folder = cut(good, tmp_path / "bank", "parquet")
    whole = good.astype({"BALANCE": float})
    whole.loc[90, "BALANCE"] = 7.0
    whole.iloc[90:91].astype({"BALANCE": int})[[*reversed(good.columns)]].to_parquet(folder / "part-1.parquet")
    assert data.load(folder).frame["BALANCE"].tolist() == whole["BALANCE"].tolist()


def test_what_parts_hold_is_their_fingerprint_and_not_when_they_were_written(good, tmp_path):
    folder = cut(good, tmp_path / "bank")
    before = artefacts.sha256(folder)
    assert artefacts.sha256(folder / "*.csv") == before
    (folder / "part-0.csv").touch()
    (folder / "_SUCCESS").touch()
    assert artefacts.sha256(folder) == before
    (folder / "part-2.csv").rename(folder / "a.csv")  # parts in another order are other customers' places
    assert artefacts.sha256(folder) != before


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("empty", "is a folder with no CSV or Parquet file in it"),
        ("bank/*.parquet", "matches no file"),
        ("mixed", "takes in notes.docx, which is no CSV or Parquet file by its name"),
        ("noted", "takes in notes.txt beside parts that end in .csv; name the parts by a glob"),
        ("nested", "takes in year=2026, which is no CSV"),
        ("nowhere", "does not exist"),
    ],
)
def test_folders_and_globs_without_customers_are_refused_before_anything_starts(good, tmp_path, name, said):
    cut(good, tmp_path / "bank")
    (tmp_path / "empty").mkdir()
    (tmp_path / "nested" / "year=2026").mkdir(parents=True)
    cut(good, tmp_path / "mixed")
    (tmp_path / "mixed" / "notes.docx").touch()
    cut(good, tmp_path / "noted")
    (tmp_path / "noted" / "notes.txt").write_text("from Ann")
    with pytest.raises(ParameterError, match=said):
        from_mapping({"DATA": str(tmp_path / name)})


def test_a_file_whose_name_looks_like_a_glob_is_that_file(good, tmp_path):
    file = tmp_path / "CC [1].csv"
    file.write_bytes(csv(good))
    assert paths.parts(from_mapping({"DATA": str(file)}).data) == [file]
    assert paths.stem_of(file) == "CC [1]"


@pytest.mark.parametrize(
    ("path", "stem"), [("bank", "bank"), ("bank/*.csv", "bank"), ("bank/20*/part-?.csv", "bank"), ("a.b/c.csv", "c")]
)
def test_results_are_named_after_the_folder_of_a_glob(path, stem, tmp_path):
    assert paths.stem_of(tmp_path / path) == stem
