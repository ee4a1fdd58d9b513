"""Reading a large customers file, CSV and Parquet: this package beside bare pandas, in time and peak memory.

Ids are ascending, as a database counts them, and random, as keys that were hashed come, which compress and compare less
well. Both readers take turns in one process; peak memory is that of a process of its own.

Run: ``python benchmarks/reading.py [--rows 1000000] [--repeats 5]``
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from measuring import IDS, customers, in_own_process

ROWS = 1_000_000
REPEATS = 5


def main(arguments: list[str] | None = None) -> None:
    """Print one line a reader: median times, peak memory of a process of its own, ratios to bare pandas."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    options = parser.parse_args(arguments)
    print(f"{options.rows:,} customers, median of {options.repeats} in turns; peak memory in a process of its own")
    print(f"{'':40}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}{'ratio':>7}{'CPU':>7}")
    with tempfile.TemporaryDirectory() as folder:
        for ids in IDS:
            files, _ = in_own_process(write_files, Path(folder), options.rows, ids)
            for path, bare in zip(files, ("read_csv", "read_parquet"), strict=True):
                compare(
                    path, f"pandas.{bare}, {ids} ids", f"customers.load, {path.suffix[1:]}, {ids} ids", options.repeats
                )


def compare(path: Path, bare: str, name: str, repeats: int) -> None:
    """Two lines: bare pandas, and this package with its ratios."""
    ((wall, cpu), (ours, ours_cpu)), _ = in_own_process(times, path, repeats)
    memory, our_memory = (in_own_process(read, path)[1].peak for read in READERS)
    print(f"{bare:40}{wall:9.2f}{cpu:9.2f}{memory:9.0f}")
    print(f"{name:40}{ours:9.2f}{ours_cpu:9.2f}{our_memory:9.0f}{ours / wall:7.2f}{ours_cpu / cpu:7.2f}", flush=True)


def write_files(folder: Path, rows: int, ids: str) -> tuple[Path, Path]:
    """Customers as CSV and Parquet."""
    frame = customers(rows, ids)
    csv, parquet = folder / "customers.csv", folder / "customers.parquet"
    frame.to_csv(csv, index=False)
    frame.to_parquet(parquet, index=False)
    return csv, parquet


def with_pandas(path: Path) -> None:
    """Bare pandas."""
    import pandas as pd

    pd.read_csv(path) if path.suffix == ".csv" else pd.read_parquet(path)


def with_package(path: Path) -> None:
    """This package: read, matched, converted, checked."""
    from seg_utils.data import load

    load(path)


READERS: tuple[Callable[[Path], None], ...] = (with_pandas, with_package)


def times(path: Path, repeats: int) -> list[tuple[float, float]]:
    """Median seconds and processor seconds of each reader, in turns, so that a busy machine slows both."""
    taken: list[list[tuple[float, float]]] = [[] for _ in READERS]
    for turn in range(repeats + 1):
        for read, spent in zip(READERS, taken, strict=True):
            start, cpu_start = time.perf_counter(), time.process_time()
            read(path)
            if turn:  # the first turn imports
                spent.append((time.perf_counter() - start, time.process_time() - cpu_start))
    return [(median(wall for wall, _ in spent), median(cpu for _, cpu in spent)) for spent in taken]


if __name__ == "__main__":
    main()
