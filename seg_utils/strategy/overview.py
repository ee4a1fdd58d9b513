"""The strategy table: what to do with each segment, who does it, and the shares of customers and money beside it."""

from typing import Any

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS
from seg_utils.core import dictionary

# Columns of the table, and what the persona catalogue calls them
WORDS = {
    "objective": "objective",
    "action_now": "now",
    "action_later": "later",
    "offer": "offer",
    "channel": "channel",
    "kpi": "kpi",
    "guardrail": "guardrail",
    "owner": "owner",
}

ECONOMICS = (
    "losses", "value_per_customer", "segment_value", "value_share", "lifetime_value", "lifetime_value_low",
    "lifetime_value_high", "purpose", "lever", "worth_contacting", "worth_from", "marked_by", "contacted", "given_up",
    "campaign_cost", "break_even_effect", "effect_low", "effect_base", "effect_high", "move_source",
    "campaign_value_low", "campaign_value_base", "campaign_value_high", "rank_base",
)  # fmt: skip
TEST = (
    "measure", "months", "control", "effect_that_matters", "needed_per_group", "detectable_effect", "power_here",
    "first_reading", "pooled_with", "verdict",
)  # fmt: skip


def table(
    people: list[dict[str, Any]],
    money: pd.DataFrame | None = None,
    economics: pd.DataFrame | None = None,
    plan: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a segment: ``segment, persona``, the words of ``WORDS``, then the numbers of the tables given.

    Amounts and ranks rest on assumptions; ``test_verdict`` says whether these customers can show if the move works.
    """
    words = pd.DataFrame(
        [
            {
                "segment": one["segment"],
                "persona": one["persona"],
                **{column: one["strategy"][name] for column, name in WORDS.items()},
            }
            for one in people
        ]
    )
    if money is not None and len(money):
        words = words.merge(money, on="segment", validate="one_to_one")
    if economics is not None and len(economics):
        words = words.merge(economics[["segment", *ECONOMICS]], on="segment", validate="one_to_one")
    if plan is not None and len(plan):
        kept = plan[["segment", *TEST]].rename(columns={"verdict": "test_verdict"})
        words = words.merge(kept, on="segment", validate="one_to_one")
    return words


TOP = 0.1  # concentration is the share of the money held by this share of the customers, those with the most


def measures(customers: pd.DataFrame) -> dict[str, str]:
    """The columns of the measures that these customers have, by the measure's name."""
    return {measure.name: measure.column for measure in dictionary.load().measures if measure.column in customers}


def money(customers: pd.DataFrame, labels: np.ndarray) -> pd.DataFrame:
    """Shares of customers and of money, one row a segment; with those of outliers, who get no row, they sum to 1. A
    missing amount counts as nothing, as does one below zero, such as a credit balance; a measure whose column the run
    does not use is left out, one that nobody has any of is 0 throughout. ``labels`` (n,) are segments 0..k-1 and
    ``OUTLIERS``; columns are ``segment, customers, customers_share`` and ``<measure>_share`` for every measure."""
    present = measures(customers)
    totals = customers[list(present.values())].clip(lower=0).groupby(np.asarray(labels)).sum()
    sizes = pd.Series(labels).value_counts().sort_index()
    shares = {f"{name}_share": totals[column] / max(totals[column].sum(), 1e-300) for name, column in present.items()}
    table = pd.DataFrame({"customers": sizes, "customers_share": sizes / sizes.sum(), **shares})
    return table.drop(OUTLIERS, errors="ignore").rename_axis("segment").reset_index()


def concentration(customers: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """How concentrated the money is, one row a measure. ``money`` is the table of these customers' segments.

    Returns:
        Columns ``measure, top_share`` (share of the amount held by the top tenth of customers), ``segment`` (the one
        with most of it), ``segment_share`` and ``segment_customers_share``.
    """
    table = money.set_index("segment")
    rows = []
    for name, column in measures(customers).items():
        if not (customers[column] > 0).any():
            continue
        values = customers[column].clip(lower=0).fillna(0).sort_values(ascending=False)
        top = values.iloc[: max(1, round(TOP * len(values)))]
        segment = int(table[f"{name}_share"].idxmax())
        rows.append(
            {
                "measure": name,
                "top_share": float(top.sum() / values.sum()),
                "segment": segment,
                "segment_share": float(table.at[segment, f"{name}_share"]),
                "segment_customers_share": float(table.at[segment, "customers_share"]),
            }
        )
    return pd.DataFrame(rows, columns=["measure", "top_share", "segment", "segment_share", "segment_customers_share"])
