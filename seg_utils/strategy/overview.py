"""The strategy table: what to do with each segment, who does it, and the numbers beside it."""

from typing import Any

import pandas as pd

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
"""Columns of the table, and what the persona catalogue calls them."""

ECONOMICS = (
    "losses",
    "value_per_customer",
    "segment_value",
    "value_share",
    "lifetime_value",
    "lifetime_value_low",
    "lifetime_value_high",
    "purpose",
    "lever",
    "worth_contacting",
    "contacted",
    "given_up",
    "campaign_cost",
    "break_even_effect",
    "effect_low",
    "effect_base",
    "effect_high",
    "move_source",
    "campaign_value_low",
    "campaign_value_base",
    "campaign_value_high",
    "rank_base",
)
TEST = (
    "measure",
    "months",
    "control",
    "effect_that_matters",
    "needed_per_group",
    "power_here",
    "first_reading",
    "pooled_with",
    "verdict",
)


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
