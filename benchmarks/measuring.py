"""What benchmarks share: work measured in a process of its own, and many customers made from the bundled ones."""

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from seg_utils.core.paths import SAMPLE

if TYPE_CHECKING:
    import pandas as pd

SEED = 42
JITTER = 0.05
A_PART = 250_000
KB_PER_MB = 1024
IDS = ("ascending", "random")
AMOUNTS = [
    "BALANCE", "PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CASH_ADVANCE", "CREDIT_LIMIT", "PAYMENTS",
    "MINIMUM_PAYMENTS",
]  # fmt: skip


class Cost(NamedTuple):
    """Wall seconds, CPU seconds, and the peak memory of the process in MB, imports included."""

    wall: float
    cpu: float
    peak: float


def timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """Result, wall seconds and CPU seconds of what is measured without its imports."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, time.perf_counter() - wall, time.process_time() - cpu


def in_own_process(work: Callable[..., Any], *arguments: object) -> tuple[Any, Cost]:
    """What ``work`` returns in a fresh process, and what it costs there: what it imports and reads included."""
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_send, args=(sender, work, *arguments))
    process.start()
    sender.close()
    try:
        return receiver.recv()
    finally:
        process.join()


def _send(sender: Connection, work: Callable[..., Any], *arguments: object) -> None:
    result, wall, cpu = timed(lambda: work(*arguments))
    sender.send((result, Cost(wall, cpu, peak())))


def peak() -> float:
    """Peak memory of this process in MB. The system's ``maxrss`` would count that of the parent before it, too."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / KB_PER_MB


def customers(rows: int, ids: str = "ascending", seed: int = SEED, first: int = 0) -> "pd.DataFrame":
    """The bundled customers drawn again and again, all amounts of one times a factor near 1, under new ids.

    Args:
        ids: ``ascending``, or ``random``: the same in random order, as keys that were hashed come.
        first: the number of the first.
    """
    import numpy as np
    import pandas as pd

    random = np.random.default_rng(seed)
    sample = pd.read_csv(SAMPLE)
    drawn = sample.iloc[random.integers(0, len(sample), rows)].reset_index(drop=True)
    drawn[AMOUNTS] = (drawn[AMOUNTS] * random.lognormal(0, JITTER, (rows, 1))).round(6)
    numbers = random.permutation(rows) if ids == "random" else np.arange(rows)
    drawn[drawn.columns[0]] = [f"N{first + number:08d}" for number in numbers]
    return drawn


def write_parts(rows: int, folder: Path) -> Path:
    """So many customers as a folder of Parquet parts, each from a seed of its own; parts that are there already stay.

    The same rows on any machine, and those of a smaller number are the first of a larger one's.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for first in range(0, rows, A_PART):
        size = min(A_PART, rows - first)
        path = folder / f"part-{first // A_PART:05}-{size}.parquet"
        if not path.exists():
            made = customers(A_PART, seed=SEED + first // A_PART, first=first).head(size)
            made.to_parquet(path.with_suffix(".part"), index=False)
            path.with_suffix(".part").rename(path)
    return folder
