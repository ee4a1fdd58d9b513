"""The reading benchmark runs, at a size of seconds."""

import subprocess
import sys

from seg_utils.core.paths import PROJECT


def test_prints_both_readers_with_time_memory_and_ratio():
    done = subprocess.run(
        [sys.executable, PROJECT / "benchmarks" / "reading.py", "--rows", "2000", "--repeats", "1"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    readers = ["pandas.read_csv", "customers.load, csv", "pandas.read_parquet", "customers.load, parquet"]
    expected = [f"{reader}, {ids} ids" for ids in ("ascending", "random") for reader in readers]
    assert [line[:40].strip() for line in lines[2:]] == expected
    assert all(float(number) >= 0 for line in lines[2:] for number in line[40:].split())
