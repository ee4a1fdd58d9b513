"""What a campaign measured, as the effects that ``report/economics.yml`` assumes: a file that it can name."""

import json
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core import words
from seg_utils.strategy.definitions import CLOSURES, LEAST_SHARE, MEASURED
from seg_utils.strategy.results.analysis import CANNOT_TELL
from seg_utils.strategy.results.plan import LESS_IS_BETTER, Plan

# What less of it shows is the share of fees that is no longer earned; what losses it avoids, it does not show
FORGONE = "cash_advances"

SHOWS = {"spend": "purchases", "average_spend": "purchases", "plan": "instalment_purchases", "keep": CLOSURES}
SHOWS |= {"losses": "defaults"}
"""By which measure a lever is seen to change by the same share."""

DIGITS = 4

HEAD = """\
# What the campaign {campaign} measured, as shares of what each move changes; made by make results, do not edit.
# A line in report/economics.yml, "measured: [{named}]", puts it in place of what is assumed there.
"""


def effects(plan: Plan, table: pd.DataFrame, period: str = "") -> dict[str, dict[str, Any]]:
    """What to put in place of assumptions by persona: ``source`` and ``effect`` (low, base, high) or ``fees_forgone``,
    of ``analysis.analyse``'s table, over a period in words. Effects are partially pooled ones. Left out are moves that
    could not be told or may have changed all or nothing, segments without a persona's move, and outcomes that do not
    show the move's lever."""
    by_move = {}
    for row in table[table["verdict"] != CANNOT_TELL].to_dict("records"):
        person, move = plan.people[row["segment"]], plan.move(row["segment"])
        shares = [row[name] for name in ("pooled_low", "pooled_share", "pooled_high")]
        planned = plan.is_planned(row["segment"], row["outcome"], row["yes_no"])
        says_nothing = shares[0] <= LEAST_SHARE and shares[-1] >= 0
        if move is plan.assumptions.otherwise or not planned or np.isnan(shares).any() or says_nothing:
            continue
        if row["outcome"] in LESS_IS_BETTER:
            shares = [-share for share in reversed(shares)]
        source = {"source": _source(plan, row, move.measure, shares, period)}
        if move.measure == FORGONE:
            by_move[person["persona_id"]] = source | {"fees_forgone": round(min(max(shares[1], 0.0), 1.0), DIGITS)}
        elif SHOWS[move.lever] == move.measure:
            scale = plan.spend_beside_average(row["segment"]) if move.lever == "average_spend" else 1.0
            effect = {
                case: round(scale * share, DIGITS) for case, share in zip(("low", "base", "high"), shares, strict=True)
            }
            by_move[person["persona_id"]] = source | {"effect": effect}
    return by_move


def text(plan: Plan, by_move: dict[str, dict[str, Any]], named: str) -> str:
    """The file's content, YAML; ``named`` is the path by which ``report/economics.yml`` may name it."""
    head = HEAD.format(campaign=plan.campaign, named=named)
    return head + json.dumps({"moves": by_move}, indent=2, ensure_ascii=False) + "\n"


def _source(plan: Plan, row: dict[str, Any], measure: str, shares: list[float], period: str) -> str:
    """Such as ``measured: campaign spring in 2026-03, 876 customers, 179 of them held out; purchases more by 2.0 % to
    14.0 % (95 % interval)``."""
    confidence = words.percent(1 - plan.assumptions.test.significance)
    low, high = (f"{100 * share:.1f}".replace("-", "−") for share in (shares[0], shares[2]))
    changed = f"{measure.replace('_', ' ')} {'fewer' if row['outcome'] in LESS_IS_BETTER else 'more'} by"
    groups = f"{words.plural(row['customers'], 'customer')}, {words.count(row['control'])} of them held out"
    when = f" in {period}" if period else ""
    return (
        f"{MEASURED}: campaign {plan.campaign}{when}, {groups}; {changed} {low} % to {high} % ({confidence} interval)"
    )
