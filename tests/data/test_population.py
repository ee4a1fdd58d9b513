"""A table that is too large to be analysed whole: all is kept and described, and the sample is the same everywhere."""

import hashlib
import itertools

import pandas as pd
import pyarrow.parquet as pq
import pytest

from seg_utils import data
from seg_utils.core import dictionary
from seg_utils.core.artefacts import read_json
from seg_utils.core.errors import DataError
from seg_utils.data import population
from seg_utils.data.streaming.batches import Batches

FEATURES = dictionary.load().names


@pytest.fixture
def few(monkeypatch):
    """Small numbers, so that three hundred customers are many."""
    monkeypatch.setattr(population, "AT_ONCE", 250)
    monkeypatch.setattr(population, "SAMPLED", 100)


def drawn(source, folder, **options):
    """The note on all customers, and the sample as it is loaded."""
    folder.mkdir(exist_ok=True)
    sample = folder / "bank.parquet"
    population.write(source, sample, **options)
    return read_json(folder / "population.json"), data.load(sample)


def parts(frame, folder, cuts):
    folder.mkdir()
    for start, end in itertools.pairwise(cuts):
        frame.iloc[start:end].to_parquet(folder / f"part-{start:05}.parquet")
    return folder


@pytest.mark.usefixtures("few")
def test_what_is_said_of_all_is_what_pandas_says(good, tmp_path):
    good.to_csv(tmp_path / "bank.csv", index=False)
    known, _ = drawn(tmp_path / "bank.csv", tmp_path / "out")
    assert (known["customers"], known["rows"]) == (300, 300)
    for name in FEATURES:
        said, values = known["features"][name], good[name]
        assert said["missing"] == values.isna().sum()
        assert (said["low"], said["high"]) == (values.min(), values.max())
        assert [said["mean"], said["deviation"]] == pytest.approx([values.mean(), values.std()], rel=1e-12)


@pytest.mark.usefixtures("few")
def test_who_is_in_the_sample_follows_from_the_id_alone(good, tmp_path):
    whole = parts(good, tmp_path / "a", (0, 300))
    cut = parts(good.sample(frac=1, random_state=1), tmp_path / "b", (0, 10, 11, 200, 300))
    (_, first), (known, second) = drawn(whole, tmp_path / "one"), drawn(cut, tmp_path / "two")
    pd.testing.assert_frame_equal(first.frame, second.frame, check_exact=True)
    bound = 100 / 300
    expected = sorted(
        one for one in good["CUST_ID"] if int(hashlib.md5(one.encode()).hexdigest()[:8], 16) / 2**32 < bound
    )
    assert first.frame["customer_id"].tolist() == expected
    assert 60 < known["sampled"] == len(expected) < 140


@pytest.mark.usefixtures("few")
def test_a_sample_says_of_how_many_it_is_and_what_that_does_to_a_share(good, tmp_path):
    good.to_csv(tmp_path / "bank.csv", index=False)
    known, sample = drawn(tmp_path / "bank.csv", tmp_path / "out")
    [finding] = [one for one in sample.findings if one.rule == "sampled"]
    assert finding.severity == "warning"
    assert finding.message.startswith(f"The analysis rests on {known['sampled']} of 300 customers")
    assert f"at most {98 / known['sampled'] ** 0.5:.2g} points" in finding.message


@pytest.mark.usefixtures("few")
def test_everybody_is_kept_once_and_what_was_found_counts_all(good, tmp_path):
    odd = good.copy()
    odd.loc[[3, 200], "PURCHASES_FREQUENCY"] = 1.05
    pd.concat([odd, odd.iloc[[7]]]).to_csv(tmp_path / "bank.csv", index=False)
    known, _ = drawn(tmp_path / "bank.csv", tmp_path / "out")
    kept = pq.read_table(tmp_path / "out" / "all").to_pandas()
    assert kept["customer_id"].tolist() == good["CUST_ID"].tolist()
    counts = {one["rule"]: one["count"] for one in known["findings"]}
    assert (counts["frequency_range"], counts["duplicate_rows"]) == (2, 1)


@pytest.mark.usefixtures("few")
def test_a_table_that_is_refused_leaves_what_was_there(good, tmp_path):
    good.to_csv(tmp_path / "bank.csv", index=False)
    drawn(tmp_path / "bank.csv", tmp_path / "out")
    before = sorted((path, path.read_bytes()) for path in (tmp_path / "out").rglob("*") if path.is_file())
    good.astype({"BALANCE": object}).replace({"BALANCE": {good["BALANCE"].iloc[250]: "oops"}}).to_csv(
        tmp_path / "bank.csv", index=False
    )
    with pytest.raises(DataError, match="BALANCE 'oops'"):
        drawn(tmp_path / "bank.csv", tmp_path / "out")
    assert sorted((path, path.read_bytes()) for path in (tmp_path / "out").rglob("*") if path.is_file()) == before


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("kind", ["csv", "parquet", "gz", "xlsx"])
def test_rows_are_counted_without_being_read_as_customers(good, tmp_path, kind):
    for rows in (250, 251):
        path = tmp_path / f"bank{rows}.{kind}"
        frame = good.head(rows)
        if kind == "csv":
            frame.to_csv(path, index=False)
        elif kind == "gz":
            frame.to_csv(path, index=False, compression="gzip")
        else:
            getattr(frame, {"parquet": "to_parquet", "xlsx": "to_excel"}[kind])(path, index=False)
        assert population.is_large(path) is (rows == 251 and kind != "xlsx")
    assert population.is_large(parts(good, tmp_path / "parts", (0, 100, 300)))


@pytest.mark.usefixtures("few")
def test_columns_that_describe_come_along(good, tmp_path):
    good.assign(CHANNEL=["branch", "web", "app"] * 100).to_csv(tmp_path / "bank.csv", index=False)
    drawn(tmp_path / "bank.csv", tmp_path / "out", describe=["CHANNEL"])
    sample = data.load(tmp_path / "out" / "bank.parquet", describe=["CHANNEL"])
    assert set(sample.descriptors["CHANNEL"]) == {"branch", "web", "app"}


@pytest.mark.usefixtures("few")
def test_folders_may_be_called_anything(good, tmp_path):
    good.to_csv(tmp_path / "bank.csv", index=False)
    known, sample = drawn(tmp_path / "bank.csv", tmp_path / "it's [all] * of; 'them")
    assert known["sampled"] == len(sample.frame)


@pytest.mark.usefixtures("few")
def test_an_id_that_stands_twice_far_apart_is_what_it_is_to_scoring(good, tmp_path, monkeypatch):
    monkeypatch.setattr(population, "ROWS", 50)  # so that the repeated rows are not read together
    odd = good.assign(PURCHASES_FREQUENCY=good["PURCHASES_FREQUENCY"].where(good.index != 7, 1.05))
    pd.concat([odd, odd.iloc[[7, 9]]]).to_parquet(tmp_path / "bank.parquet")
    known, _ = drawn(tmp_path / "bank.parquet", tmp_path / "out")
    scored = Batches(tmp_path / "bank.parquet", FEATURES, rows=50)
    assert sum(map(len, scored)) == known["customers"] == 300
    assert known["findings"] == [finding.to_dict() for finding in scored.findings]
    assert {one["rule"]: one["count"] for one in known["findings"]}["duplicate_rows"] == 2
    assert pq.read_table(tmp_path / "out" / "all").num_rows == 300
    odd.loc[[290], "CUST_ID"] = odd["CUST_ID"].iloc[3]
    odd.to_parquet(tmp_path / "bank.parquet")
    with pytest.raises(DataError, match=r"^bank.parquet: 1 id stands on rows with different values: .*, last from row"):
        drawn(tmp_path / "bank.parquet", tmp_path / "out")
