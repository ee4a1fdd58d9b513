import errno
import os
import stat
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pandas as pd
import pytest

from seg_utils.core import artefacts
from seg_utils.core.errors import OrderError


def test_json_comes_back_equal(tmp_path):
    value = {"a": [1, 0.1 + 0.2, None], "ü": "x"}
    artefacts.write_json(tmp_path / "deep" / "value.json", value)
    assert artefacts.read_json(tmp_path / "deep" / "value.json") == value


def test_json_refuses_what_is_no_number(tmp_path):
    with pytest.raises(ValueError, match="not JSON compliant"):
        artefacts.write_json(tmp_path / "value.json", float("nan"))
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_keeps_what_was_there(tmp_path):
    target = tmp_path / "file.txt"
    artefacts.write_text(target, "before")

    def half_a_write():
        with artefacts.replacing(target) as temporary:
            temporary.write_text("half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        half_a_write()
    assert target.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("replacing", [artefacts.replacing, artefacts.replacing_folder])
def test_a_full_disk_is_told_with_what_it_has_no_room_for(replacing, tmp_path):
    with (
        pytest.raises(OSError, match=r"No space left on device: '.*/table'$"),
        replacing(tmp_path / "table"),
    ):
        raise OSError(errno.ENOSPC, "Error writing bytes to file")
    assert not list(tmp_path.iterdir())


def test_sweep_removes_what_killed_runs_left_half_written_and_nothing_else(tmp_path):
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    (tmp_path / "bi").mkdir()
    for folder in (tmp_path, tmp_path / "bi"):
        (folder / f".part-{killed.pid}-model.json").touch()
        (folder / "model.json").touch()
    (tmp_path / ".part-04_personas.ipynb").touch()
    with artefacts.replacing(tmp_path / "metrics.json"):
        artefacts.sweep([tmp_path, tmp_path / "bi"])
    left = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["bi/model.json", "metrics.json", "model.json"]


def test_sweep_leaves_what_another_run_is_writing(tmp_path):
    another = tmp_path / f".part-{os.getppid()}-03_clustering.html"
    another.touch()
    artefacts.sweep([tmp_path])
    assert another.exists()


@pytest.fixture
def umask():
    def setting(mask):
        os.umask(mask)

    before = os.umask(0o022)
    yield setting
    os.umask(before)


@pytest.mark.parametrize(
    ("mask", "folder", "expected"),
    [
        (0o022, 0o755, 0o644),
        (0o077, 0o755, 0o600),
        (0o022, 0o700, 0o600),
        (0o002, 0o770, 0o660),
        (0o027, 0o2750, 0o640),
    ],
)
def test_files_are_as_closed_to_others_as_umask_and_folder_say(tmp_path, umask, mask, folder, expected):
    home = tmp_path / "home"
    home.mkdir()
    home.chmod(folder)
    umask(mask)
    artefacts.write_text(home / "deep" / "file.txt", "1")
    artefacts.write_csv(home / "table.csv", pd.DataFrame({"x": [1]}))
    artefacts.write_parquet(home / "table.parquet", pd.DataFrame({"x": [1]}))
    modes = [stat.S_IMODE((home / name).stat().st_mode) for name in ("deep/file.txt", "table.csv", "table.parquet")]
    assert modes == [expected] * 3
    assert stat.S_IMODE((home / "deep").stat().st_mode) & 0o777 & ~(folder & ~mask) == 0


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\udcff", "[" * 100_000])
def test_damaged_notes_are_as_none(tmp_path, text):
    path = tmp_path / "notes.json"
    assert artefacts.read_notes(path) == artefacts.read_notes(path / "deep") == {}
    path.write_text(text, errors="surrogateescape")
    assert artefacts.read_notes(path) == {}
    artefacts.write_json(path, {"a": 1})
    assert artefacts.read_notes(path) == {"a": 1}


def test_csv_keeps_every_digit_and_unix_line_ends(tmp_path):
    artefacts.write_csv(tmp_path / "t.csv", pd.DataFrame({"x": [0.1 + 0.2]}))
    assert (tmp_path / "t.csv").read_bytes() == b"x\n0.30000000000000004\n"


def test_sha256_is_that_of_the_content(tmp_path):
    (tmp_path / "empty").touch()
    assert artefacts.sha256(tmp_path / "empty").startswith("e3b0c44298fc1c14")


def test_sha256_of_parts_depends_on_each_of_them_and_their_order(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    first, last = folder / "a.csv", folder / "b.csv"

    def of(one, other):
        first.write_text(one)
        last.write_text(other)
        return artefacts.sha256(folder)

    assert len({of("1", "2"), of("2", "1"), of("1", "3"), of("3", "2"), of("12", ""), artefacts.sha256(first)}) == 6
    assert of("1", "2") == of("1", "2") == artefacts.sha256(folder / "*.csv")
    last.unlink()
    assert artefacts.sha256(folder) == artefacts.sha256(first)


def test_a_folder_is_replaced_whole_or_not_at_all(tmp_path):
    folder = tmp_path / "bi"
    folder.mkdir()
    (folder / "old").touch()
    with suppress(KeyError), artefacts.replacing_folder(folder) as temporary:
        (temporary / "half").touch()
        raise KeyError
    assert [path.name for path in tmp_path.rglob("*")] == ["bi", "old"]
    with artefacts.replacing_folder(folder) as temporary:
        (temporary / "new").touch()
        assert [path.name for path in folder.iterdir()] == ["old"]
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["bi", "new"]


def test_text_that_a_spreadsheet_would_run_becomes_text_in_csv(tmp_path):
    ids = ["=HYPERLINK(1)", "+1", "-1", "@x", "007", "ü,\n", "'"]
    artefacts.write_csv(tmp_path / "t.csv", pd.DataFrame({"id": ids, "x": -1.5}))
    back = pd.read_csv(tmp_path / "t.csv", dtype={"id": str})
    assert back["id"].tolist() == ["'=HYPERLINK(1)", "'+1", "'-1", "'@x", "007", "ü,\n", "'"]
    assert back["x"].tolist() == [-1.5] * len(ids)


def test_ids_that_differ_by_an_apostrophe_stay_different_in_csv(tmp_path):
    artefacts.write_csv(tmp_path / "t.csv", pd.DataFrame({"id": ["=1", "'=1", "''=1", "'1", "1"]}))
    back = pd.read_csv(tmp_path / "t.csv", dtype=str)["id"].tolist()
    assert back == ["'=1", "''=1", "'''=1", "'1", "1"]


def test_text_comes_back_from_csv_as_it_was(tmp_path):
    ids = ["=1", "'=1", "''=1", "'1", "1", "007", "+49170", "2e3", "NA", "", "true"]
    artefacts.write_csv(tmp_path / "t.csv", pd.DataFrame({"id": ids, "x": range(11), "other": 0}))
    back = artefacts.read_csv(tmp_path / "t.csv", ["x"], ["id"])
    assert [*back] == ["id", "x"]
    assert back["id"].tolist() == ids
    assert back["x"].tolist() == [*range(11)]


def test_a_table_that_lacks_a_column_is_told_by_its_name(tmp_path):
    artefacts.write_csv(tmp_path / "t.csv", pd.DataFrame({"id": ["a"]}))
    with pytest.raises(ValueError, match="campaign"):
        artefacts.read_csv(tmp_path / "t.csv", [], ["campaign"])


def test_a_carriage_return_inside_a_text_does_not_end_its_line(tmp_path):
    frame = pd.DataFrame({"customer_id": ["a\rb", "c"], "segment": [0, 1]})
    artefacts.write_csv(tmp_path / "t.csv", frame)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "t.csv"), frame, check_dtype=False)


def test_a_row_of_numbers_takes_one_line_and_texts_stay(tmp_path):
    value = {"rows": [[1, -2.5e-300], [3, 4]], "text": "[\n  1,\n  2\n]", "mixed": [1, "2"], "none": []}
    artefacts.write_json(tmp_path / "value.json", value)
    assert "    [1, -2.5e-300],\n" in (tmp_path / "value.json").read_text()
    assert artefacts.read_json(tmp_path / "value.json") == value


def test_what_another_notebook_writes_is_asked_for_in_one_line(tmp_path):
    with pytest.raises(
        OrderError, match=r"customers\.parquet is not there yet: run 01_eda\.ipynb first, or make report"
    ):
        artefacts.needed(tmp_path / "customers.parquet", "01_eda")
    (tmp_path / "customers.parquet").touch()
    assert artefacts.needed(tmp_path / "customers.parquet", "01_eda") == tmp_path / "customers.parquet"


def test_a_folder_that_another_run_makes_at_that_moment_is_there(tmp_path, monkeypatch):
    exists = Path.exists
    monkeypatch.setattr(Path, "exists", lambda path: path.mkdir(exist_ok=True) or exists(path))
    artefacts.make_folder(tmp_path / "out")
    assert (tmp_path / "out").is_dir()
