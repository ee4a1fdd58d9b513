"""A table of Spark is the very file that DuckDB's is; a large one stays there, and gives the same."""

import os
import runpy
import shutil
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from seg_utils import data, periods
from seg_utils.core.artefacts import read_json, write_json
from seg_utils.core.errors import DataError
from seg_utils.core.parameters import from_mapping
from seg_utils.data import database, population
from seg_utils.data import sample as bundled
from seg_utils.data.streaming import groups
from seg_utils.pipeline import large

duckdb = pytest.importorskip("duckdb")
pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'ibis-framework[pyspark]'")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="no Java on PATH: apt-get install openjdk-17-jre-headless"),
    pytest.mark.filterwarnings("ignore"),  # of pyspark, about the pandas and the Python that it meets
]


@pytest.fixture(scope="module")
def session(tmp_path_factory):
    """A local session of two threads."""
    os.environ["PYSPARK_PYTHON"] = sys.executable  # for its whole process, as the session is
    builder = pyspark.sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    warehouse = tmp_path_factory.mktemp("warehouse")
    started = builder.config("spark.sql.warehouse.dir", str(warehouse)).getOrCreate()
    yield started
    started.stop()


def brought(given, outputs):
    asked = from_mapping(given | {"TABLE": "customers", "OUTPUTS": str(outputs)})
    database.bring_in(asked.table, asked.data)
    return asked.data


@pytest.fixture
def both(good, session, tmp_path):
    """The same customers as a table of Spark, where some values are NaN and some null, and as one of DuckDB."""
    shuffled = good.sample(frac=1, random_state=1)
    shuffled["MINIMUM_PAYMENTS"] = shuffled["MINIMUM_PAYMENTS"].where(np.arange(len(good)) % 7 > 0)
    shuffled.to_parquet(tmp_path / "customers.parquet")
    table = session.read.parquet(str(tmp_path / "customers.parquet"))
    nan = pyspark.sql.functions.when(table.CUST_ID < "C10100", float("nan"))
    table = table.withColumn("MINIMUM_PAYMENTS", pyspark.sql.functions.coalesce(table.MINIMUM_PAYMENTS, nan))
    table.repartition(5).createOrReplaceTempView("customers")
    with duckdb.connect(str(tmp_path / "bank.duckdb")) as connection:
        connection.execute(f"create table customers as select * from '{tmp_path / 'customers.parquet'}'")
    return (
        brought({"DATA": "spark"}, tmp_path / "outputs"),
        brought({"DATA": f"duckdb://{tmp_path / 'bank.duckdb'}"}, tmp_path / "outputs"),
    )


def test_a_table_of_spark_is_the_file_of_the_same_customers(both):
    ours, expected = map(data.load, both)
    pd.testing.assert_frame_equal(ours.frame, expected.frame, check_exact=True)
    assert ours.frame["MINIMUM_PAYMENTS"].isna().sum() > 40


def test_the_sample_is_of_the_same_customers(both, tmp_path, monkeypatch):
    monkeypatch.setattr(population, "SAMPLED", 100)
    drawn = []
    for number, file in enumerate(both):
        sample = tmp_path / str(number) / "bank.parquet"
        sample.parent.mkdir()
        population.write(file, sample)
        drawn.append(data.load(sample).frame)
    pd.testing.assert_frame_equal(*drawn, check_exact=True)
    assert 50 < len(drawn[0]) < 150


@pytest.fixture
def roads(monkeypatch):
    """What works on large tables; three hundred customers are many, and forty of them a group."""
    monkeypatch.setattr(population, "AT_ONCE", 250)
    monkeypatch.setattr(population, "SAMPLED", 800)
    monkeypatch.setattr(groups, "ROWS", 40)
    monkeypatch.setattr(large, "LEAST_BYTES", 100)
    return SimpleNamespace(**runpy.run_path(str(Path(__file__).with_name("large_on_spark.py"))))


def as_table(session, frame, folder, partitions=5):
    """Customers as a table of Spark, in no order; returns how to ask for it."""
    frame.sample(frac=1, random_state=partitions).to_parquet(folder / "rows.parquet", index=False)
    rows = session.read.parquet(str(folder / "rows.parquet")).repartition(partitions)
    rows.localCheckpoint().createOrReplaceTempView("customers")
    return {"DATA": "spark", "TABLE": "customers"}


def counts(note):
    return {(one["rule"], one["column"]): one["count"] for one in note["findings"]}


def test_a_large_table_stays_in_spark_and_gives_what_duckdb_gives(session, roads, tmp_path):
    customers = bundled.generate(2000, seed=5)[0]
    customers.loc[::50, "BALANCE"] = -12.5
    customers.loc[::400, "PURCHASES_FREQUENCY"] = 1.05
    asked = as_table(session, pd.concat([customers, customers.iloc[[7, 9]]]).assign(CHANNEL="branch"), tmp_path)
    with duckdb.connect(str(tmp_path / "bank.duckdb")) as connection:
        connection.execute(f"create table customers as select * from '{tmp_path / 'rows.parquet'}'")
    notes, samples, placed, profiles = [], [], [], []
    for number, given in enumerate((asked, asked | {"DATA": f"duckdb://{tmp_path / 'bank.duckdb'}"})):
        outputs = tmp_path / str(number)
        sample = roads.sampled(given, outputs, describe=("CHANNEL",))
        roads.placed(sample, outputs / "run")
        notes.append(read_json(sample.with_name("population.json")))
        samples.append(pd.read_parquet(sample))
        placed.append(pd.read_parquet(outputs / "run" / "all_customers").sort_values("customer_id", ignore_index=True))
        profiles.append([pd.read_csv(outputs / "run" / f"population{end}.csv") for end in ("", "_profiles")])
    assert not from_mapping(asked | {"OUTPUTS": str(tmp_path / "0")}).data.exists()
    pd.testing.assert_frame_equal(*samples, check_exact=True)
    assert 700 < len(samples[0]) < 900
    pd.testing.assert_frame_equal(*placed, check_exact=True)
    assert set(placed[0]["campaign_part"]) == {"contact", "held out", "none"}
    for ours, expected in zip(*profiles, strict=True):
        pd.testing.assert_frame_equal(ours, expected, rtol=1e-12)
    assert counts(notes[0]) == counts(notes[1])
    assert counts(notes[0])["duplicate_rows", "customer_id"] == 2
    assert (notes[0]["customers"], notes[0]["rows"]) == (2000, 2002)
    for name, said in notes[1]["features"].items():
        assert notes[0]["features"][name] == pytest.approx(said, rel=1e-12)


def test_a_month_that_stays_in_spark_is_compared_by_the_customers_that_a_file_of_it_is(
    good, session, roads, tmp_path, monkeypatch
):
    write_json(tmp_path / "run" / "population.json", {"bound": database.MD5S // 2})
    asked = as_table(session, good.assign(CHANNEL="branch"), tmp_path)
    months = []
    for given in (asked, {"DATA": str(tmp_path / "rows.parquet")}):
        month = from_mapping(given | {"OUTPUTS": str(tmp_path / "outputs")})
        large.bring_in(month.table, month.data, None, may_stay=True)
        months.append(large.sampled_as(tmp_path / "run", month, ["BALANCE", "PURCHASES"]))
    samples = [pd.read_parquet(month.data) for month in months]
    pd.testing.assert_frame_equal(*samples, check_exact=True)
    assert 100 < len(samples[0]) < 200
    stays = from_mapping(asked | {"OUTPUTS": str(tmp_path / "outputs")}).data
    assert not stays.exists()
    pd.DataFrame({"customer_id": ["1"], "CHANNEL": ["branch"], "AGE": [7]}).to_parquet(tmp_path / "descriptors.parquet")
    assert periods.described_before(stays, ["BALANCE"], tmp_path) == (["CHANNEL"], ["AGE"])


def test_what_is_known_of_a_large_table_does_not_hang_on_its_partitions(good, session, roads, tmp_path):
    odd = good.assign(PURCHASES_FREQUENCY=good["PURCHASES_FREQUENCY"].where(good.index % 150 > 0, 1.05))
    notes = []
    for partitions in (1, 7):
        asked = as_table(session, odd, tmp_path, partitions)
        notes.append(read_json(roads.sampled(asked, tmp_path / str(partitions)).with_name("population.json")))
    features = [note.pop("features") for note in notes]
    assert notes[0] == notes[1]
    for name in features[0]:
        assert features[0][name] == pytest.approx(features[1][name], rel=1e-12)


def test_a_large_table_is_drawn_again_only_when_it_has_changed(good, session, roads, tmp_path, capsys):
    asked = as_table(session, good, tmp_path)
    for said in ("300 rows stay there", "TABLE=customers of spark: unchanged"):
        sample = roads.sampled(asked, tmp_path / "outputs")
        assert said in capsys.readouterr().out
    as_table(session, good.head(280), tmp_path)
    roads.sampled(asked, tmp_path / "outputs")
    assert read_json(sample.with_name("population.json"))["customers"] == 280


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda good: good.assign(BALANCE=good["BALANCE"].where(good.index != 8, np.inf)), "1 place cannot be read"),
        (lambda good: pd.concat([good, good.head(1).assign(BALANCE=1.0)]), "1 id stands on rows with different values"),
        (lambda good: good.drop(columns="CUST_ID"), "without ids cannot be told apart"),
        (lambda good: good.assign(PAYMENTS=np.nan), "1 column holds no value at all: PAYMENTS"),
        (lambda good: good.drop(columns="PAYMENTS"), "the model needs PAYMENTS"),
    ],
)
def test_a_large_table_is_refused_for_what_a_file_is(good, session, roads, tmp_path, spoil, said):
    asked = as_table(session, spoil(good), tmp_path)
    with pytest.raises(DataError, match=rf"^TABLE=customers of spark: .*{said}") as raised:
        roads.sampled(asked, tmp_path / "outputs")
    assert "\n" not in str(raised.value)
    assert not [*(tmp_path / "outputs").rglob("*.parquet")]


def test_bad_rows_of_a_large_table_are_dropped_where_that_is_asked_for(good, session, roads, tmp_path):
    spoilt = good.assign(BALANCE=good["BALANCE"].where(good.index % 60 > 0, np.inf))
    sample = roads.sampled(as_table(session, spoilt, tmp_path), tmp_path / "outputs", bad_rows="drop")
    note = read_json(sample.with_name("population.json"))
    assert (note["customers"], note["rows"], counts(note)["bad_rows", ""]) == (295, 300, 5)
    assert np.isfinite(pd.read_parquet(sample.with_name("all"))["BALANCE"]).all()


def test_a_large_table_that_changes_while_it_is_read_is_told_and_leaves_nothing(good, session, roads, tmp_path):
    parameters = from_mapping(as_table(session, good, tmp_path) | {"OUTPUTS": str(tmp_path / "outputs")})
    database.bring_in(parameters.table, parameters.data, most=250)
    note = parameters.data.with_name("table.json")
    write_json(note, read_json(note) | {"content": {"rows": 300, "hashes": 1}})
    with pytest.raises(DataError, match=r"^TABLE=customers of spark: the table changed while it was read"):
        population.write(parameters.data, tmp_path / "outputs" / "known" / "bank.parquet")
    assert not [*(tmp_path / "outputs").rglob("*.parquet")]


def test_workers_that_write_elsewhere_are_told(good, session, roads, tmp_path, monkeypatch):
    monkeypatch.setattr(groups.workers, "WRITTEN", "_NOWHERE")
    with pytest.raises(DataError, match=r"Spark wrote to a .* of its own; OUTPUTS is to be a folder"):
        roads.sampled(as_table(session, good, tmp_path), tmp_path / "outputs")


def test_a_table_of_spark_is_read_again_only_when_it_has_changed(both, session, tmp_path):
    asked = from_mapping({"DATA": "spark", "TABLE": "customers", "OUTPUTS": str(tmp_path / "outputs")})
    assert database.bring_in(asked.table, asked.data) is None
    session.table("customers").limit(200).createOrReplaceTempView("customers")
    assert database.bring_in(asked.table, asked.data) == 200


def test_a_table_that_spark_does_not_have_is_told_in_a_line(session, tmp_path):
    asked = from_mapping({"DATA": "spark", "TABLE": "nowhere", "OUTPUTS": str(tmp_path)})
    with pytest.raises(DataError) as raised:
        database.bring_in(asked.table, asked.data)
    assert "\n" not in str(raised.value)


def test_what_goes_wrong_on_a_worker_is_told_in_a_line(session, tmp_path):
    @pyspark.sql.functions.udf("double")
    def broken(value):
        raise ValueError(f"no balance in {value}")

    table = session.range(3).select(pyspark.sql.functions.col("id").cast("string").alias("CUST_ID"), broken("id"))
    table.createOrReplaceTempView("broken")
    asked = from_mapping({"DATA": "spark", "TABLE": "broken", "OUTPUTS": str(tmp_path)})
    with pytest.raises(DataError, match=r"^TABLE=broken of spark: .*ValueError: no balance in \d$"):
        database.bring_in(asked.table, asked.data)
