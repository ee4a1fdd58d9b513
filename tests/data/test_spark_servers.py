"""A table of Spark is the same file whatever runs Spark: a master with two workers, one of them lost, or a server."""

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
import pyarrow.parquet as pq
import pytest

from seg_utils.core.parameters import from_mapping
from seg_utils.data import database

pytest.importorskip("pyspark", reason="pyspark is not installed: pip install 'ibis-framework[pyspark]'")
pytestmark = pytest.mark.skipif(
    shutil.which("java") is None, reason="no Java on PATH: apt-get install openjdk-17-jre-headless"
)
servers = SimpleNamespace(**runpy.run_path(str(Path(__file__).parents[1] / "spark_servers.py")))

PARTITIONS = 40
SECONDS = 240
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
"""In a process of its own, as one knows a single kind of session in its life."""


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


def started(source, outputs, **environment):
    """A process that brings the table in."""
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", BRING_IN, source, outputs],
        env=os.environ | {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"} | environment,
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


def by(master):
    return {"PYSPARK_SUBMIT_ARGS": f"--master {master} --conf spark.executor.memory=600m pyspark-shell"}


def test_two_workers_give_the_file_that_duckdb_gives(customers, tmp_path):
    source, expected = customers
    with servers.standalone(tmp_path / "spark") as cluster:
        process = started(source, tmp_path / "other", **by(cluster.url))
        assert brought(process, tmp_path / "other").equals(expected)


def test_a_worker_that_is_lost_on_the_way_changes_nothing(customers, tmp_path):
    source, expected = customers
    outputs = tmp_path / "other"
    with servers.standalone(tmp_path / "spark") as cluster:
        process = started(source, outputs, **by(cluster.url))
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
        process = started(source, tmp_path / "other", SPARK_REMOTE=remote)
        assert brought(process, tmp_path / "other").equals(expected)
