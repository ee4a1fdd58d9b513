"""Customers of a DataFrame placed in the segments of a model: scoring from Python."""

import numpy as np
import pandas as pd
import pyarrow as pa

from seg_utils.core.errors import DataError
from seg_utils.data.columns import matching
from seg_utils.data.columns.matching import ID
from seg_utils.data.wording import listing, plural, show
from seg_utils.scoring.inputs import NOTHING, Input, Inputs
from seg_utils.scoring.model import SegmentModel
from seg_utils.scoring.scorer import Scorer

AT_A_TIME = 25_000  # rows scored at a time: a few megabytes of every array that is made of them


def score(customers: pd.DataFrame, model: SegmentModel) -> pd.DataFrame:
    """Where customers belong: one row each, in order, under the index that ``customers`` has, which have a column for
    each input of the model under any spelling of a customers file, in original units; NaN is filled as in training. The
    columns are those of ``scored.csv`` but for the id. A DataError where an input has no column, or several; a value is
    no number or outside the input's limits; a customer has no value at all."""
    values = _values(customers, Inputs.of(model))
    scorer = Scorer(model)
    known = pd.DataFrame(values, columns=list(model.space.inputs)).assign(**{ID: ""})
    parts = [scorer.score(known.iloc[start : start + AT_A_TIME]) for start in range(0, max(len(known), 1), AT_A_TIME)]
    return pa.concat_tables(parts).drop_columns([ID]).to_pandas().set_index(customers.index)


def _values(customers: pd.DataFrame, inputs: Inputs) -> np.ndarray:
    """The inputs of the model in original units, shape (n, inputs), checked as a request's are."""
    names = [str(name).strip() for name in customers.columns]
    places = _places(names, inputs)
    columns = [_column(customers.iloc[:, place], feature) for feature, place in zip(inputs.all, places, strict=True)]
    values = np.stack(columns, axis=1)
    empty = np.isnan(values).all(axis=1)
    if empty.any():
        raise DataError(f"{_rows(customers.index, empty)}: {NOTHING}")
    return values


def _places(names: list[str], inputs: Inputs) -> list[int]:
    """Where the column of each input is."""
    known, wanted = matching.Names({}), [feature.name for feature in inputs.all]
    matching.check_present(wanted, names, known, "DataFrame", "rename the one that holds it")
    matched = matching.match(names, wanted, known).features
    for name, places in matched.items():
        if len(places) > 1:
            raise DataError(
                f"the columns {listing(names[place] for place in places)} all mean {name}; keep one of them"
            )
    return [places[0] for places in matched.values()]


def _column(column: pd.Series, feature: Input) -> np.ndarray:
    """One input (n,), NaN where missing."""
    try:
        values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError) as error:
        raise DataError(f"{feature.name} holds what is no number ({error}); give numbers, NaN where missing") from None
    wrong = ~np.isnan(values) & ~((values >= feature.minimum) & (values <= feature.maximum))
    if wrong.any():
        first = float(values[wrong][0])
        raise DataError(f"{feature.name} of {first:g} in {_rows(column.index, wrong)} {feature.problem(first)}")
    return values


def _rows(index: pd.Index, chosen: np.ndarray) -> str:
    """Which rows, by their index."""
    labels = index[chosen]
    more = f" and {plural(len(labels) - 1, 'more row')}" if len(labels) > 1 else ""
    return f"row {show(str(labels[0]))}{more}"
