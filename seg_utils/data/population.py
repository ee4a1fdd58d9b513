"""A customers table of more rows than are analysed at once: all of it checked, described and kept; some of it sampled.

The table is read once, some thousand rows at a time and by the rules of scoring, into Parquet parts. All else is the
engine's work on these, in bounded memory. Who is in the sample follows from the MD5 of the id alone: the same customers
on any engine, at any number of threads, in whatever parts and order they came.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.core import artefacts, dictionary
from seg_utils.data import database
from seg_utils.data.columns import duplicate_ids, matching
from seg_utils.data.columns.matching import ID
from seg_utils.data.formats import parts
from seg_utils.data.loading import POPULATION
from seg_utils.data.streaming import chunks
from seg_utils.data.streaming.batches import Batches

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

AT_ONCE = 250_000
"""Up to so many rows, all customers are analysed."""

SAMPLED = 100_000
"""Beyond, about so many are: a share is off by at most 0.31 points then, nineteen times in twenty."""

ALL = "all"
"""The folder of the parts that hold all customers."""

CHUNKS_A_PART = 40
HASHES = 1 << 32
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
    read = partial(Batches, source, inputs, describe=describe, columns=columns, bad_rows=bad_rows)
    everybody = sample.parent / ALL
    with database.engine(sample.parent) as engine:
        with artefacts.replacing_folder(everybody) as temporary:
            batches = _keep(read, engine, temporary)
        customers = database.parquet(engine, everybody)
        bound = int(min(SAMPLED / batches.n_customers, 1) * (HASHES - 1)) if bound is None else bound
        sampled = customers.filter(customers[ID].hexdigest("md5").left(8) <= f"{bound:08x}").order_by(ID)
        with artefacts.replacing(sample) as temporary:
            sampled.to_parquet(temporary, use_tmp_file=False)
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
    }
    artefacts.write_json(sample.with_name(POPULATION), note)


def _keep(read: Callable[..., Batches], engine: "BaseBackend", folder: Path) -> Batches:
    """All customers as Parquet parts in a folder, and what was noticed on the way.

    Whether an id stands twice is the engine's to find, which remembers on disk what does not fit into memory. Only
    where one does is the table read again, as it has to be said on which rows.
    """
    batches = read(repeated=np.empty(0, dtype=np.uint64))
    _write_parts(batches, folder)
    if batches.has_ids:
        ids = database.parquet(engine, folder).group_by(ID).having(lambda rows: rows.count() > 1).aggregate()
        repeated = ids.to_pyarrow().to_pandas()[ID]
        if len(repeated):
            batches = read(repeated=duplicate_ids.of_ids(repeated))
            _write_parts(batches, folder)
    return batches


def _write_parts(batches: Batches, folder: Path) -> None:
    for earlier in folder.iterdir():
        earlier.unlink()
    frames = iter(batches)
    for number in count():
        tables = [pa.Table.from_pandas(frame, preserve_index=False) for frame in islice(frames, CHUNKS_A_PART)]
        if not tables:
            return
        pq.write_table(pa.concat_tables(tables), folder / f"part-{number:05}.parquet")


def _described(customers: Any, inputs: Sequence[str]) -> dict[str, dict[str, float]]:
    """Counts of missing values, ranges, means and standard deviations of all customers, in one pass."""
    measures = {"count": "count", "low": "min", "high": "max", "mean": "mean", "deviation": "std"}
    asked = {
        f"{name} {said}": getattr(customers[name], method)() for name in inputs for said, method in measures.items()
    }
    found = customers.aggregate(customers=customers.count(), **asked).to_pyarrow().to_pylist()[0]
    return {
        name: {"missing": found["customers"] - found[f"{name} count"]}
        | {said: found[f"{name} {said}"] for said in measures if said != "count"}
        for name in inputs
    }
