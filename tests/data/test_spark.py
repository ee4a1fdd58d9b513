"""A table of Spark is the very file that DuckDB's is, and the sample of it the same customers."""

import os
import shutil
import sys

import numpy as np
import pandas as pd
import pytest

from seg_utils import data
from seg_utils.core.errors import DataError
from seg_utils.core.parameters import from_mapping
from seg_utils.data import database, population

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
