"""This package's functions on Spark's workers: rows stay there, and what comes to this machine is a few notes.

A task takes Arrow tables and yields tables of rows, which the workers write as Parquet, and notes: plain values for
this machine. The package goes to the workers with the task; what it imports has to be installed there.
"""

import hashlib
import io
import json
import pickle
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.core import paths
from seg_utils.core.errors import DataError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Made = Iterator[pa.Table | dict[str, Any]]
Task = Callable[[Iterable[pa.Table]], Made]

PACKAGE = __name__.partition(".")[0]

# Rows and notes come out of one pass, and Spark keeps them apart by a column
KIND, ROWS, NOTES = "kind", "rows", "notes"

WRITTEN = "_SUCCESS"  # what Spark leaves in a folder when all of it is written


def run(rows: "DataFrame", task: Task, schema: pa.Schema, folder: Path, by: str = "") -> list[dict[str, Any]]:
    """Run a task on the workers, on partitions in several tables or, ``by`` a column, on all of a group in one. They
    leave its rows (``schema``, the first column a text) as Parquet files in an empty folder that they see under the
    same path; returns its notes, in an order that follows from what they say. A DataError where the workers did not
    write into this machine's folder."""
    from pyspark.sql.pandas.types import from_arrow_schema

    packed = pa.schema([*schema, pa.field(KIND, pa.string())])
    work, kinds = _sent(task, packed), from_arrow_schema(packed)
    if by:

        def of_group(table: pa.Table) -> pa.Table:
            return pa.Table.from_batches(work(table.to_batches()), packed)

        done = rows.groupBy(by).applyInArrow(of_group, kinds)
    else:
        done = rows.mapInArrow(work, kinds)
    done.write.mode("append").partitionBy(KIND).parquet(f"file://{folder.resolve()}")
    if not (folder / WRITTEN).exists():
        raise DataError(f"Spark wrote to a {folder} of its own; OUTPUTS is to be a folder that its workers share")
    for file in (folder / f"{KIND}={ROWS}").glob("*.parquet"):
        file.rename(folder / file.name)
    texts = pq.read_table(folder / f"{KIND}={NOTES}", columns=[schema.names[0]], partitioning=None)
    for kind in (ROWS, NOTES):
        shutil.rmtree(folder / f"{KIND}={kind}", ignore_errors=True)
    return [json.loads(text) for text in sorted(texts.column(0).to_pylist())]


def _sent(task: Task, schema: pa.Schema) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """A task as Spark takes it to workers, which do not have this package yet: a function that names nothing of it."""
    given, code = pickle.dumps(task), package()
    version = f"{PACKAGE}-{hashlib.sha256(code).hexdigest()}"

    def work(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        from pyspark import SparkFiles

        folder = Path(SparkFiles.getRootDirectory(), version)  # of this application; Spark removes it in the end
        if not folder.exists():
            unpacked = tempfile.mkdtemp(dir=folder.parent)
            zipfile.ZipFile(io.BytesIO(code)).extractall(unpacked)
            with suppress(OSError):  # another worker was faster
                Path(unpacked).rename(folder)
        if str(folder) not in sys.path:
            for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
                del sys.modules[name]  # of another version
            sys.path.insert(0, str(folder))
        for result in pickle.loads(given)(pa.Table.from_batches([batch]) for batch in batches):
            if isinstance(result, dict):
                text = json.dumps(result, default=lambda value: value.item())
                result, kind = pa.Table.from_pylist([{schema.names[0]: text}], schema), NOTES
            else:
                result, kind = result.append_column(KIND, pa.nulls(len(result), pa.string())), ROWS
            kinds = pa.array([kind] * len(result), pa.string())
            yield from result.cast(schema).set_column(len(schema) - 1, KIND, kinds).to_batches()

    return work


def package() -> bytes:
    """This package, and the data dictionary in force, as a ZIP archive; the same bytes for the same files."""
    files = {path.relative_to(paths.PROJECT): path for path in (paths.PROJECT / PACKAGE).rglob("*.py")}
    files[paths.CATALOGUES["DICTIONARY"].relative_to(paths.PROJECT)] = paths.catalogue("DICTIONARY")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, path in sorted(files.items()):
            opened.writestr(zipfile.ZipInfo(name.as_posix()), path.read_bytes(), zipfile.ZIP_DEFLATED)
    return archive.getvalue()
