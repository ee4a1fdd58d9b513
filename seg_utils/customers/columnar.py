"""Parquet files: typed columns read by name, and the few types that are no numbers turned into text."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from seg_utils.customers.findings import Finding, show
from seg_utils.customers.table import Column, RawTable, Recognise
from seg_utils.errors import DataError


class ParquetTable:
    """A Parquet file whose schema is known."""

    def __init__(self, data: bytes, recognise: Recognise) -> None:
        """Read the schema.

        Raises:
            DataError: the file is damaged.
        """
        self.findings: list[Finding] = []
        try:
            self._file = pq.ParquetFile(pa.BufferReader(data))
            self.names = [name.strip() for name in self._file.schema_arrow.names]
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged(error) from None
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
            raise _damaged(error) from None
        return RawTable(columns, np.arange(1, self._file.metadata.num_rows + 1))

    def _read(self, wanted: Sequence[int]) -> dict[int, pa.ChunkedArray]:
        written = self._file.schema_arrow.names
        names = [written[i] for i in wanted]
        if len(set(written)) == len(written) and not any("." in name for name in names):
            table = self._file.read(columns=names)
            return {i: table[name] for i, name in zip(wanted, names, strict=True)}
        table = self._file.read()
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


def _damaged(error: Exception) -> DataError:
    return DataError(f"the Parquet file is damaged ({type(error).__name__}); export it again")
