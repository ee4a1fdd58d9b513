"""Reading a large customers file, CSV and Parquet: this package beside bare pandas, in time and peak memory.

Run: ``python benchmarks/reading.py [--rows 1000000] [--repeats 3]``
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from seg_utils.paths import SAMPLE

ROWS = 1_000_000
REPEATS = 3
MB_PER_MAXRSS = 1 / 1024  # Linux counts in kilobytes


def main(arguments: list[str] | None = None) -> None:
    """Print one line a reader: best times of some, peak memory of its own process, ratios to bare pandas."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--repeats", type=int, default=REPEATS)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        files = write_files(Path(folder), options.rows)
        print(f"{options.rows:,} customers, best of {options.repeats}, each reader in a process of its own")
        print(f"{'':24}{'seconds':>9}{'CPU s':>9}{'peak MB':>9}{'ratio':>7}{'CPU':>7}")
        for path, bare in ((files[0], "read_csv"), (files[1], "read_parquet")):
            wall, cpu, memory = measured(with_pandas, path, options.repeats)
            print(f"{'pandas.' + bare:24}{wall:9.2f}{cpu:9.2f}{memory:9.0f}")
            ours, ours_cpu, memory = measured(with_package, path, options.repeats)
            figures = f"{ours:9.2f}{ours_cpu:9.2f}{memory:9.0f}{ours / wall:7.2f}{ours_cpu / cpu:7.2f}"
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
    from seg_utils.customers import load

    load(path)


def measured(read: Callable[[Path], None], path: Path, repeats: int) -> tuple[float, float, float]:
    """Best seconds and processor seconds of some repeats and peak megabytes, in a fresh process."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(read, path, repeats, sender))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    finally:
        process.join()


def _measure(read: Callable[[Path], None], path: Path, repeats: int, sender: object) -> None:
    seconds, cpu_seconds = [], []
    for _ in range(repeats):
        start, cpu_start = time.perf_counter(), time.process_time()
        read(path)
        cpu_seconds.append(time.process_time() - cpu_start)
        seconds.append(time.perf_counter() - start)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MB_PER_MAXRSS
    sender.send((min(seconds), min(cpu_seconds), memory))


if __name__ == "__main__":
    main()
