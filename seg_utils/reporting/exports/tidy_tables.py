"""The tables: customers with their segment, segments with profile, descriptors and what to do.

One row is one fact and a cell one value; the keys are ``customer_id`` and ``segment``.
"""

import pandas as pd

from seg_utils.core import dictionary
from seg_utils.data.columns.descriptors import beside
from seg_utils.reporting.exports.column_meanings import shown_unit
from seg_utils.scoring.answer import segments
from seg_utils.scoring.model import SegmentModel
from seg_utils.scoring.scorer import Scorer

WHOLE = (
    "segment", "second_segment", "third_segment", "customers", "worth_contacting", "contacted", "months", "control",
    "needed_per_group",
)  # fmt: skip
"""Whole numbers, which may be missing."""


def customers_scored(
    model: SegmentModel,
    customers: pd.DataFrame,
    held_out: pd.DataFrame,
    values: pd.DataFrame,
    descriptors: pd.DataFrame,
) -> pd.DataFrame:
    """The customers a model was made from, one row each in input order: as ``make score`` tells of new ones, what
    they are worth, whether they are kept aside as a control group, and the features in original units.

    Args:
        model: with the words of its segments.
        customers: customer_id and the model's inputs, NaN where missing.
        held_out: ``campaign`` and ``control_group`` (true or false), one row a customer, in the same order.
        values: ``strategy.customer_values``' table, in the same order.
        descriptors: customer_id and the columns that only describe, in the same order; they come last.
    """
    scored = Scorer(model).score(customers).to_pandas(integer_object_nulls=True)
    features = model.space.with_derived(customers)[list(model.space.columns)].reset_index(drop=True)
    table = pd.concat([scored, values.reset_index(drop=True), held_out.reset_index(drop=True), features], axis=1)
    return _typed(with_descriptors(table, descriptors))


def with_descriptors(table: pd.DataFrame, descriptors: pd.DataFrame) -> pd.DataFrame:
    """The table with descriptors as its last columns, rows in the same order; one whose name is taken is told apart."""
    named = beside(descriptors.columns[1:], table.columns)
    return pd.concat([table, descriptors[[*named]].rename(columns=named).reset_index(drop=True)], axis=1)


def segment_profiles(model: SegmentModel, profiles: pd.DataFrame) -> pd.DataFrame:
    """Profiles, one row a segment and feature, with persona, label and unit beside them.

    Args:
        profiles: ``personas.profile``'s table.
    """
    known, names = dictionary.load(), {number: words.name for number, words in segments(model).items()}
    table = profiles.copy()
    table.insert(1, "persona", table["segment"].map(names))
    place = table.columns.get_loc("feature") + 1
    table.insert(place, "label", table["feature"].map(known.label))
    table.insert(place + 1, "unit", table["feature"].map(lambda name: shown_unit(known[name].unit)))
    return _typed(table)


def strategy(overview: pd.DataFrame) -> pd.DataFrame:
    """The strategy table, one row a segment; ``overview`` is ``strategy.table``'s."""
    return _typed(overview)


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    whole = {name: "Int64" for name in table if name in WHOLE or name.startswith("rank_")}
    texts = {name: "str" for name, column in table.items() if column.dtype == object and name not in whole}
    return table.astype(whole | texts)
