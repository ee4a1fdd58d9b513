"""A customers table of more rows than are analysed at once: all of it checked, described and kept; some of it sampled.

The table is read once, some thousand rows at a time and by the rules of scoring, into Parquet parts. All else is the
engine's work on these, in bounded memory. Who is in the sample follows from the MD5 of the id alone: the same customers
on any engine, at any number of threads, in whatever parts and order they came.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.core import artefacts, dictionary
from seg_utils.core.parameters import table_address
from seg_utils.data import database
from seg_utils.data.columns import matching
from seg_utils.data.columns.matching import ID
from seg_utils.data.formats import parts
from seg_utils.data.loading import POPULATION
from seg_utils.data.streaming import chunks, groups
from seg_utils.data.streaming.batches import Batches

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

AT_ONCE = 250_000  # up to so many rows, all customers are analysed
SAMPLED = 100_000  # beyond, about so many are: a share is off by at most 0.31 points then, nineteen times in twenty
ALL = "all"  # the folder of the parts that hold all customers
ROWS = 100_000  # read at a time: what costs as much for any number of them costs little then
CHUNKS_A_PART = 10
BLOCK = 1 << 22


def is_large(source: Path) -> bool:
    """Whether a table has more rows than are analysed at once; of text, lines are counted."""
    files = parts.of(source)
    kinds = {chunks.kind_of(file)[0] for file in files}
    if kinds == {"parquet"}:
        return sum(pq.read_metadata(file).num_rows for file in files) > AT_ONCE
    if not kinds <= {"text", "wide text"}:
        return False
    lines = 0
    for block in parts.joined(parts.streams(files), BLOCK):
        lines += block.count(b"\n")
        if lines > AT_ONCE + 1:
            return True
    return False


def write(
    source: Path,
    sample: Path,
    *,
    columns: Path | None = None,
    features: Sequence[str] = (),
    describe: Sequence[str] = (),
    bad_rows: str = "stop",
    bound: int | None = None,
) -> None:
    """Keep all customers in parts beside ``sample``, describe them, and write the sample.

    Args:
        source: the table; a file, a folder or a glob.
        sample: the Parquet file that the sample becomes; beside it come the folder ``ALL`` and ``POPULATION``.
        columns: a mapping of other column names.
        features: those that customers are to be compared by; all where there are none.
        describe: columns to keep beside them.
        bad_rows: ``stop`` or ``drop``.
        bound: the largest hash in the sample, as in the ``POPULATION`` of another table whose customers it is to hold.

    Raises:
        DataError: the table cannot be read as customers.
    """
    inputs = dictionary.load().inputs(matching.wanted_features(features or None))
    read = partial(Batches, source, inputs, describe=describe, columns=columns, bad_rows=bad_rows, rows=ROWS)
    everybody, table = sample.parent / ALL, table_address.left_there(source)
    with database.engine(sample.parent, table) as engine:
        with artefacts.replacing_folder(everybody) as temporary:
            batches = _keep(read, temporary) if table is None else _left(read, engine, source, temporary)
        customers = database.parquet(engine, everybody)
        bound = int(min(SAMPLED / batches.n_customers, 1) * (database.MD5S - 1)) if bound is None else bound
        sampled = database.drawn(customers, customers[ID], bound).order_by(ID)
        with artefacts.replacing(sample) as temporary:
            pq.write_table(sampled.to_pyarrow(), temporary)
        n_sampled = pq.read_metadata(sample).num_rows
        described = _described(customers, inputs)
    note = {
        "source": source.name,
        "sample": sample.name,
        "customers": batches.n_customers,
        "rows": batches.n_rows,
        "sampled": n_sampled,
        "bound": bound,
        "features": described,
        "findings": [finding.to_dict() for finding in batches.findings],
        **({} if table is None else vars(table)),
    }
    artefacts.write_json(sample.with_name(POPULATION), note)


def _keep(read: Callable[..., Batches], folder: Path) -> Batches:
    """All customers as Parquet parts in a folder, and what was noticed on the way."""
    batches = read()
    for frames in batches.passes(folder):
        _write_parts(frames, folder)
    return batches


def _left(read: Callable[..., Batches], engine: "BaseBackend", source: Path, folder: Path) -> Batches:
    """The same of a table that stays where it is."""
    note = artefacts.read_json(source.with_name(table_address.NOTE))
    table = database.table_of(engine, table_address.named_in(note))
    batches = groups.keep(table, note["content"]["rows"], note["order"], read, folder)
    database.check_unchanged(table, note["content"])
    return batches


def _write_parts(frames: Iterator[pd.DataFrame], folder: Path) -> None:
    for earlier in folder.iterdir():
        earlier.unlink()
    for number in count():
        tables = [pa.Table.from_pandas(frame, preserve_index=False) for frame in islice(frames, CHUNKS_A_PART)]
        if not tables:
            return
        part = folder / f"part-{number:05}.parquet"
        pq.write_table(pa.concat_tables(tables), part, use_dictionary=False)  # of amounts, hardly two are the same


def _described(customers: Any, inputs: Sequence[str]) -> dict[str, dict[str, float]]:
    """Counts of missing values, ranges, means and standard deviations of all customers, in one pass."""
    measures = {"count": "count", "low": "min", "high": "max", "mean": "mean", "deviation": "std"}
    expressions = {
        f"{name} {statistic}": getattr(customers[name], method)()
        for name in inputs
        for statistic, method in measures.items()
    }
    measured = customers.aggregate(customers=customers.count(), **expressions).to_pyarrow().to_pylist()[0]
    return {
        name: {"missing": measured["customers"] - measured[f"{name} count"]}
        | {statistic: measured[f"{name} {statistic}"] for statistic in measures if statistic != "count"}
        for name in inputs
    }
