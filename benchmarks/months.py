"""Months of many customers: `make month` for each, beside the plain pandas merge of the same two tables.

Copies of the bundled months, each customer's amounts times a factor of their own: `make report K=7` of the first,
`make month` for the others. It is measured with all its child processes, from an empty folder to its pages; the merge
reads two Parquet files, joins them by id and does nothing else. Of more customers than are analysed at once (250,000)
the report is on a sample, and each month on the same customers.

Run: ``python benchmarks/months.py [ROWS [PERIODS]]``
"""

import os
import sys
import tempfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
from measuring import AMOUNTS, JITTER, SEED, in_own_process

from report import PROJECT, measured, report_into
from seg_utils.data import sample_months

ROWS, PERIODS = 1_000_000, 2
KEY = "CUST_ID"


def write_months(rows: int, periods: int, folder: Path) -> list[Path]:
    """About so many customers in each of the first months, the report's among them."""
    months = sample_months.generate()[: periods + 1]
    copies = -(-rows // len(months[0].customers))
    ever = sorted({one for month in months for one in month.customers[KEY]})
    factors = np.random.default_rng(SEED).lognormal(0, JITTER, (copies, len(ever)))
    files = [folder / f"{month.period}.parquet" for month in months]
    for file, month in zip(files, months, strict=True):
        place = pd.Index(ever).get_indexer(month.customers[KEY])
        several = [
            month.customers.assign(
                **{name: (month.customers[name] * own[place]).round(6) for name in AMOUNTS},
                **{KEY: month.customers[KEY] + f"-{number}"},
            )
            for number, own in enumerate(factors)
        ]
        pd.concat(several).to_parquet(file, index=False)
    return files


def merged(before: Path, now: Path) -> None:
    """The plain merge of two periods."""
    pd.read_parquet(before).merge(pd.read_parquet(now), on=KEY, how="outer", suffixes=("_before", "_now"))


def main(rows: int = ROWS, periods: int = PERIODS) -> None:
    """Print wall and processor seconds and peak memory of each."""

    def show(name: str, cost: tuple[float, float, float]) -> None:
        print(f"{name:<44}" + "".join(f"{value:>9.1f}" for value in cost), flush=True)

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start, *_ = files = write_months(rows, periods, folder)
        title = f"{len(pd.read_parquet(start, columns=[KEY])):,} customers"
        print(f"{title:<44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}", flush=True)
        show("make report K=7", measured([*report_into(f"{folder}/out"), f"DATA={start}"], PROJECT))
        run = next((folder / "out").glob("*/log-median/k7"))
        for before, now in pairwise(files):
            show(f"plain merge of {now.stem}", in_own_process(merged, before, now)[1])
            words = [f"DATA={now}", f"PERIOD={now.stem}", f"FROM={run}", f"OUTPUTS={folder}/out"]
            command = [sys.executable, "-m", "seg_utils", "month", "RENDERER=builtin", *words]
            show(f"make month PERIOD={now.stem}", measured(command, PROJECT))


if __name__ == "__main__":
    os.environ["OMP_NUM_THREADS"] = "1"
    main(*map(int, sys.argv[1:3]))
