"""Reading a large customers file, CSV and Parquet: this package beside bare pandas, in time and peak memory.

Run: ``python benchmarks/reading.py [--rows 1000000] [--repeats 5]``
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from seg_utils.core.paths import SAMPLE

ROWS = 1_000_000
REPEATS = 5
MB_PER_MAXRSS = 1 / 1024  # Linux counts in kilobytes


def main(arguments: list[str] | None = None) -> None:
    """Print one line a reader: median times, peak memory of a process of its own, ratios to bare pandas."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        files = in_own_process(write_files, Path(folder), options.rows)  # a child starts with the peak of its parent
        print(f"{options.rows:,} customers, median of {options.repeats} in turns; peak memory in a process of its own")
        print(f"{'':24}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}{'ratio':>7}{'CPU':>7}")
        for path, bare in ((files[0], "read_csv"), (files[1], "read_parquet")):
            (wall, cpu), (ours, ours_cpu) = in_own_process(_times, path, options.repeats)
            memory, our_memory = (in_own_process(_peak, read, path) for read in READERS)
            print(f"{'pandas.' + bare:24}{wall:9.2f}{cpu:9.2f}{memory:9.0f}")
            figures = f"{ours:9.2f}{ours_cpu:9.2f}{our_memory:9.0f}{ours / wall:7.2f}{ours_cpu / cpu:7.2f}"
            print(f"{'customers.load, ' + path.suffix[1:]:24}{figures}")


def write_files(folder: Path, rows: int) -> tuple[Path, Path]:
    """The bundled sample's customers over and over under new ids, as CSV and Parquet."""
    import pandas as pd

    sample = pd.read_csv(SAMPLE)
    times = -(-rows // len(sample))
    frame = pd.concat([sample] * times, ignore_index=True).head(rows)
    frame[frame.columns[0]] = [f"C{number:08d}" for number in range(rows)]
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


READERS = (with_pandas, with_package)


def in_own_process(measure: Callable[..., Any], *arguments: object) -> Any:
    """What a measurement returns in a fresh process."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, measure, *arguments))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    finally:
        process.join()


def _send(sender: Connection, measure: Callable[..., Any], *arguments: object) -> None:
    sender.send(measure(*arguments))


def _times(path: Path, repeats: int) -> list[tuple[float, float]]:
    """Median seconds and processor seconds of each reader, in turns, so that a busy machine slows both."""
    taken: list[list[tuple[float, float]]] = [[] for _ in READERS]
    for turn in range(repeats + 1):
        for read, times in zip(READERS, taken, strict=True):
            start, cpu_start = time.perf_counter(), time.process_time()
            read(path)
            if turn:  # the first turn imports
                times.append((time.perf_counter() - start, time.process_time() - cpu_start))
    return [(median(wall for wall, _ in times), median(cpu for _, cpu in times)) for times in taken]


def _peak(read: Callable[[Path], None], path: Path) -> float:
    """Peak megabytes of one reading."""
    read(path)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MB_PER_MAXRSS


if __name__ == "__main__":
    main()
