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
    "value_per_customer",
    "segment_value",
    "value_share",
    "campaign_cost",
    "campaign_value_low",
    "campaign_value_base",
    "campaign_value_high",
    "break_even_response",
    "rank_low",
    "rank_base",
    "rank_high",
)
TEST = ("control_share", "needed_per_group", "detectable_effect", "verdict")


def table(
    people: list[dict[str, Any]],
    money: pd.DataFrame | None = None,
    economics: pd.DataFrame | None = None,
    plan: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row a segment: ``segment, persona``, the words of ``WORDS``, then the numbers of the tables given.

    Amounts and ranks rest on assumptions; ``test_verdict`` says whether the segment is large enough to test on.
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
    if money is not None:
        words = words.merge(money, on="segment", validate="one_to_one")
    if economics is not None:
        words = words.merge(economics[["segment", *ECONOMICS]], on="segment", validate="one_to_one")
    if plan is not None:
        kept = plan[["segment", *TEST]].rename(columns={"verdict": "test_verdict"})
        words = words.merge(kept, on="segment", validate="one_to_one")
    return words
