"""Parquet files: typed columns read by name, and the few types that are no numbers turned into text."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding
from seg_utils.data.formats import container
from seg_utils.data.formats.raw_table import Column, RawTable, Recognise
from seg_utils.data.wording import show

# Ids alone take a byte a row; a few rows that are all the same take next to nothing
MOST_ROWS_A_BYTE, FREE_ROWS = 10, 1 << 20

SMALL_BYTES = 16 << 20
MOST_TEXT_BYTES = 1 << 29  # of one column; texts of a larger file fill the file itself


def opened(source: pa.BufferReader | Path, **options: Any) -> pq.ParquetFile:
    """A Parquet file whose rows are not far more than its bytes can hold, else a DataError; an ArrowException or
    OSError where it is damaged. In a small file, texts stay entries of their dictionary: a long one may stand in each
    of a million rows."""
    size = source.stat().st_size if hasattr(source, "stat") else source.size()
    file = pq.ParquetFile(source, **options)
    groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
    container.check_growth(sum(group.total_byte_size for group in groups), size)
    if file.metadata.num_rows > max(MOST_ROWS_A_BYTE * size, FREE_ROWS):
        raise DataError(f"the Parquet file unpacks to {file.metadata.num_rows:,} rows, too many for {size:,} bytes")
    if size < SMALL_BYTES:
        texts = [field.name for field in file.schema_arrow if _is_text(field.type)]
        file = pq.ParquetFile(source, read_dictionary=texts, **options)
    return file


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_binary(kind)


def plain(table: pa.Table) -> pa.Table:
    """The same with texts in place of the entries of a dictionary. Raises DataError: that would be far more than a
    table holds."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type) and _is_text(field.type.value_type):
            column = table.column(place)
            if sum(map(_decoded_bytes, column.chunks)) > MOST_TEXT_BYTES:
                raise DataError(f"column {show(field.name)} unpacks to more than {MOST_TEXT_BYTES >> 20} MB of text")
            table = table.set_column(place, field.name, column.cast(field.type.value_type))
    return table


def _decoded_bytes(entries: pa.DictionaryArray) -> int:
    lengths = pc.binary_length(entries.dictionary)
    return pc.sum(lengths.take(entries.indices)).as_py() or 0


class ParquetTable:
    """A Parquet file, or some rows of one, whose schema is known."""

    def __init__(self, source: bytes | pa.Table, recognise: Recognise) -> None:
        """Read the schema. Raises DataError: the file is damaged."""
        self.findings: list[Finding] = []
        try:
            self._source = source if isinstance(source, pa.Table) else opened(pa.BufferReader(source))
            self._schema = source.schema if isinstance(source, pa.Table) else self._source.schema_arrow
            self.names = [name.strip() for name in self._schema.names]
        except (pa.ArrowException, OSError, ValueError) as error:
            raise damaged(error) from None
        kinds = enumerate(self._schema.types)
        self.nested = {place: str(kind) for place, kind in kinds if pa.types.is_nested(kind)}
        if self.names and all(name.isdecimal() for name in self.names):
            raise DataError("the Parquet file has no column names, only numbers; name the columns and save it again")

    def read(self, numeric: Sequence[int], text: Sequence[int]) -> RawTable:
        """The columns at these positions; rows count from 1, a Parquet file having no header row."""
        wanted = [*numeric, *text]
        try:
            table = self._read(wanted)
            for i in wanted:
                _check_flat(self.names[i], table[i].type)
            columns = {i: _column(table[i]) for i in numeric}
            columns |= {i: Column(None, _as_text(table[i])) for i in text}
        except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
            raise damaged(error) from None
        return RawTable(columns, np.arange(1, len(table[wanted[0]]) + 1))

    def _read(self, wanted: Sequence[int]) -> dict[int, pa.ChunkedArray]:
        if isinstance(self._source, pa.Table):
            return {i: self._source.column(i) for i in wanted}
        names = [self._schema.names[i] for i in wanted]
        if len(set(self._schema.names)) == len(self._schema.names) and not any("." in name for name in names):
            table = plain(self._source.read(columns=names))
            return {i: table[name] for i, name in zip(wanted, names, strict=True)}
        table = plain(self._source.read())
        return {i: table.column(i) for i in wanted}


def _check_flat(name: str, kind: pa.DataType) -> None:
    if pa.types.is_nested(kind):
        raise DataError(f"column {show(name)} holds nested values ({kind}); save it with one value a row")


def _column(values: pa.ChunkedArray) -> Column:
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    kind = values.type
    if pa.types.is_float16(kind) or pa.types.is_float32(
        kind
    ):  # 95.4 and not 95.4000015, as it was before it was packed
        return Column(values.cast(pa.float32()).cast(pa.string()).cast(pa.float64()), None)
    if pa.types.is_floating(kind) or pa.types.is_integer(kind):
        return Column(values.cast(pa.float64(), safe=False), None)
    if pa.types.is_decimal(kind):
        return Column(None, values.cast(pa.string()))
    if pa.types.is_null(kind):
        return Column(values.cast(pa.float64()), None)
    return Column(None, _as_text(values))


def _as_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    kind = values.type
    if pa.types.is_string(kind):
        return values
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind) or pa.types.is_integer(kind):
        return values.cast(pa.string())
    return pa.chunked_array([pa.array([_cell_text(value) for value in values.to_pylist()], pa.string())])


def _cell_text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value)


def damaged(error: Exception) -> DataError:
    """The error of a file that cannot be read as Parquet."""
    return DataError(f"the Parquet file is damaged ({type(error).__name__}); export it again")
