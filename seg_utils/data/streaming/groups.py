"""A table that stays in Spark, read on its workers as a file is in chunks: a group of customers is a chunk.

Who is in a group follows from a hash of the id. So rows of one id meet in one group, and what is found is the same
in whatever partitions the table comes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from seg_utils.core.errors import DataError
from seg_utils.data import database
from seg_utils.data.columns.matching import ID
from seg_utils.data.formats import parts
from seg_utils.data.formats.parquet import ParquetTable
from seg_utils.data.streaming import workers
from seg_utils.data.streaming.batches import Batches
from seg_utils.data.streaming.chunk_reading import ChunkReader
from seg_utils.data.streaming.chunks import ROWS, SHARED_ROWS, Chunk, Chunks

if TYPE_CHECKING:
    import ibis


def keep(table: "ibis.Table", n_rows: int, order: Sequence[str], read: Callable[..., Batches], folder: Path) -> Batches:
    """All customers of a table as Parquet files that the workers write, and what was noticed on the way.

    Args:
        n_rows: of the table.
        order: the table's columns but nested ones, the id first.
        read: makes the ``Batches`` of the ``chunks`` that it is given.
        folder: an empty folder, which the workers see under the same path.

    Raises:
        DataError: there are no ids, or the table cannot be read as customers.
    """
    few = int(min(2 * SHARED_ROWS / n_rows, 1) * (database.MD5S - 1))  # the very first would be some of each partition
    some = database.drawn(table, table[order[0]].cast("string"), few).to_pyarrow()
    first = some.sort_by([(name, "ascending") for name in order]).slice(0, SHARED_ROWS)
    batches = read(chunks=_chunks(first))
    if not batches.has_ids:
        raise DataError(f"more than {SHARED_ROWS:,} customers without ids cannot be told apart; name them in a column")
    places = sorted({place for kind in batches.matched.places for place in kind})
    matched, wanted = batches.matched.among(places), [table.columns[place] for place in places]
    first, others = first.select(wanted), read(chunks=_chunks(first))
    reader = ChunkReader(matched, batches.features)
    reader = replace(reader, evidence=reader.read(next(iter(_chunks(first)))).evidence)
    by = [name for name in order if name in wanted]
    task = partial(customers, batches=others, reader=reader, first=first, order=by)
    columns = [(ID, pa.string()), *((name, pa.float64()) for name in batches.features)]
    schema = pa.schema([*columns, *((name, pa.string()) for name in batches.described)])
    grouped = _grouped(table, -(-n_rows // ROWS), wanted, order[0])
    for note in workers.run(database.of_spark(grouped), task, schema, folder, by=database.GROUP):
        if "problem" in note:
            raise DataError(note["problem"])
        batches.add(note)
    batches.finish()
    return batches


def customers(
    tables: Iterable[pa.Table], batches: Batches, reader: ChunkReader, first: pa.Table, order: Sequence[str]
) -> workers.Made:
    """The sound customers of a group and, in a note, what is counted and found in it: a task of ``workers``."""
    rows = pa.concat_tables(tables).select(first.column_names).sort_by([(name, "ascending") for name in order])
    try:
        [chunk] = _chunks(parts.concatenated([first, rows]), len(first))
        kept = batches.admitted(reader.read(chunk))
    except DataError as error:
        yield {"problem": str(error)}
        return
    yield pa.Table.from_pandas(kept, preserve_index=False)
    yield batches.counted()


def _chunks(table: pa.Table, shared: int = 0) -> Chunks:
    """A table as a single chunk."""
    chunk = Chunk(partial(ParquetTable, table, str.isprintable), 0, shared, 0)
    return Chunks(partial(iter, [chunk]))


def _grouped(table: "ibis.Table", count: int, wanted: Sequence[str], id_name: str) -> "ibis.Table":
    """The wanted columns and the number of each row's group, of so many."""
    own = table[id_name].cast("string").strip().nullif("")
    hashed = own.fill_null(database.as_text(table)).hash()  # rows without an id are not one customer
    return table.select(*wanted, **{database.GROUP: (hashed % count + count) % count})
