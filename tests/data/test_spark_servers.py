"""A table of Spark gives the same whatever runs Spark: a master with two workers, one of them lost, or a server."""

import os
import runpy
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from seg_utils.core.parameters import from_mapping
from seg_utils.data import database, population, sample
from seg_utils.pipeline import large

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'ibis-framework[pyspark]'")
pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="no Java on PATH: apt-get install openjdk-17-jre-headless"
)
LARGE = Path(__file__).with_name("large_on_spark.py")
servers = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "spark_servers.py")))

PROJECT = Path(__file__).parents[2]
PARTITIONS = 40
SECONDS = 240
# In a process of its own, as one knows a single kind of session in its life
BRING_IN = f"""
import sys
from pyspark.sql import SparkSession
from seg_utils.core.parameters import from_mapping
from seg_utils.data import database
session = SparkSession.builder.getOrCreate()
session.read.parquet(sys.argv[1]).repartition({PARTITIONS}).createOrReplaceTempView("customers")
asked = from_mapping({{"DATA": "spark", "TABLE": "customers", "OUTPUTS": sys.argv[2]}})
print(session.version, database.bring_in(asked.table, asked.data))
"""


@pytest.fixture
def customers(good, tmp_path):
    """The customers' Parquet file, in no order and with gaps, and what DuckDB makes of it."""
    shuffled = good.sample(frac=1, random_state=1)
    shuffled["MINIMUM_PAYMENTS"] = shuffled["MINIMUM_PAYMENTS"].where(np.arange(len(good)) % 7 > 0)
    source = tmp_path / "customers.parquet"
    shuffled.to_parquet(source, index=False)
    with duckdb.connect(str(tmp_path / "bank.duckdb")) as connection:
        connection.execute(f"create table customers as select * from '{source}'")
    url = f"duckdb://{tmp_path / 'bank.duckdb'}"
    asked = from_mapping({"DATA": url, "TABLE": "customers", "OUTPUTS": str(tmp_path / "outputs")})
    database.bring_in(asked.table, asked.data)
    return source, pq.read_table(asked.data)


def started(*words, **environment):
    """A process that brings a table in, or whatever else it is told to."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", *map(str, words)],
        env=os.environ
        | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1", "PYTHONPATH": str(PROJECT)}
        | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def brought(process, outputs):
    said, wrong = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, wrong[-2000:]
    assert said.split()[-1] == "300"
    [file] = outputs.rglob("customers.parquet")
    return pq.read_table(file)


def by(master, **settings):
    asked = {"spark.executor.memory": "600m"} | {name.replace("_", "."): value for name, value in settings.items()}
    words = " ".join(f"--conf {name}={value}" for name, value in asked.items())
    return {"PYSPARK_SUBMIT_ARGS": f"--master {master} {words} pyspark-shell"}


def test_two_workers_give_the_file_that_duckdb_gives(customers, tmp_path):
    source, expected = customers
    with servers.standalone(tmp_path / "spark") as cluster:
        process = started("-c", BRING_IN, source, tmp_path / "other", **by(cluster.url))
        assert brought(process, tmp_path / "other").equals(expected)


def test_a_worker_that_is_lost_on_the_way_changes_nothing(customers, tmp_path):
    source, expected = customers
    outputs = tmp_path / "other"
    with servers.standalone(tmp_path / "spark") as cluster:
        process = started("-c", BRING_IN, source, outputs, **by(cluster.url))
        until = time.monotonic() + SECONDS
        while not (half := [*outputs.rglob("*.unsorted")]) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        servers.kill(cluster.workers[0])
        assert half[0].exists(), "rows were still being fetched"
        assert brought(process, outputs).equals(expected)
        assert cluster.workers[1].poll() is None


def test_a_server_of_spark_connect_gives_the_file_that_duckdb_gives(customers, tmp_path):
    source, expected = customers
    with servers.connect(tmp_path / "spark") as remote:
        process = started("-c", BRING_IN, source, tmp_path / "other", SPARK_REMOTE=remote)
        assert brought(process, tmp_path / "other").equals(expected)


@pytest.fixture
def many(tmp_path, monkeypatch):
    """Customers of a table that stays in Spark, and what DuckDB makes of the same."""
    monkeypatch.setattr(population, "AT_ONCE", 1000)
    monkeypatch.setattr(population, "SAMPLED", 800)
    monkeypatch.setattr(large, "LEAST_BYTES", 100)
    source = tmp_path / "many.parquet"
    sample.generate(1500, seed=5)[0].to_parquet(source, index=False)
    roads = SimpleNamespace(**runpy.run_path(str(LARGE)))
    outputs = tmp_path / "expected"
    roads.placed(roads.sampled({"DATA": str(source)}, outputs), outputs / "run")
    return source, outputs


def results(outputs):
    """The sample, each customer's segment, and what is said of all."""
    [sampled] = outputs.glob(".tables/*/*.parquet")
    placed = pd.read_parquet(outputs / "run" / "all_customers").sort_values("customer_id", ignore_index=True)
    return pd.read_parquet(sampled), placed, pd.read_csv(outputs / "run" / "population.csv")


def check_same(process, outputs, expected):
    _, wrong = process.communicate(timeout=SECONDS)
    assert process.returncode == 0, wrong[-2000:]
    for ours, theirs in zip(results(outputs), results(expected), strict=True):
        pd.testing.assert_frame_equal(ours, theirs, rtol=1e-12)


def test_a_large_table_is_placed_by_two_workers_although_one_is_lost(many, tmp_path):
    source, expected = many
    outputs = tmp_path / "other"
    one_task_a_group = {"spark_sql_adaptive_enabled": "false", "spark_sql_shuffle_partitions": "40"}
    with servers.standalone(tmp_path / "spark") as cluster:
        process = started(LARGE, source, outputs, 1000, 800, 50, **by(cluster.url, **one_task_a_group))
        until = time.monotonic() + SECONDS
        while not (done := [*outputs.rglob("task_*")]) and process.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        servers.kill(cluster.workers[0])
        assert done
        assert done[0].exists(), "groups were still being read"
        check_same(process, outputs, expected)
        assert cluster.workers[1].poll() is None


def test_a_large_table_is_placed_by_a_server_of_spark_connect(many, tmp_path):
    source, expected = many
    with servers.connect(tmp_path / "spark") as remote:
        process = started(LARGE, source, tmp_path / "other", 1000, 800, 500, SPARK_REMOTE=remote)
        check_same(process, tmp_path / "other", expected)


def test_what_comes_to_this_machine_of_a_large_table_does_not_grow_with_it(tmp_path):
    peaks = []
    for rows in (5_000, 200_000):
        source, outputs = tmp_path / f"{rows}.parquet", tmp_path / str(rows)
        sample.generate(rows, seed=5)[0].to_parquet(source, index=False)
        results_of_a_megabyte = by("local[2]", spark_driver_maxResultSize="1m")
        process = started(LARGE, source, outputs, 1000, 800, 25_000, **results_of_a_megabyte)
        said, wrong = process.communicate(timeout=SECONDS)
        assert process.returncode == 0, wrong[-2000:]
        peaks.append(int(said.split()[-1]) / 1024)
        assert pq.ParquetDataset(outputs / "run" / "all_customers").read().num_rows == rows
    assert peaks[1] - peaks[0] < 20, "megabytes; the table itself is 29 of them larger"
