"""What a move may bring: what its effect is worth a customer, what it costs, whom it is worth contacting.

Every effect is the average over all who are contacted, as trials state it; customers held out for a test are not
contacted. Nothing is a forecast.
"""

from typing import Any

import numpy as np
import pandas as pd

from seg_utils.strategy.definitions import AMOUNTS, CARE, CASES, PROFIT, Assumptions, Move
from seg_utils.strategy.valuing import BEHAVIOUR, annual_streams, behaviour, segment_values, streams

NO_CAMPAIGN = "none"
"""Channels of a move that contacts nobody."""


def prospects(
    customers: pd.DataFrame, labels: np.ndarray, people: list[dict[str, Any]], assumptions: Assumptions
) -> pd.DataFrame:
    """What each customer's move is about, in currency over the year after it, shape (n, 4).

    A customer is worth contacting where the move's base effect on them covers what contacting them costs; a move of
    care is for all who have any of what it measures. Customers in no segment are worth no contact.

    Returns:
        ``lever`` (what the effect is a share of), ``cost`` (of contacting them, of benefits and of income given up),
        ``given_up`` (that part of the cost) and ``worth_contacting``.
    """
    return _prospects(behaviour(customers, assumptions), np.asarray(labels), people, assumptions)


def economics(
    customers: pd.DataFrame,
    labels: np.ndarray,
    people: list[dict[str, Any]],
    assumptions: Assumptions,
    held_out: np.ndarray,
) -> pd.DataFrame:
    """Annual value, lifetime value and campaign value of every segment, one row a segment.

    A campaign contacts those worth contacting who are not held out. It brings the effect times the lever, less what
    contacts, benefits and income given up cost. Where nobody is worth contacting, what a contact costs and what the
    effect is a share of are told of the whole segment.

    Args:
        customers: canonical columns, original units.
        labels: segments 0..k-1, shape (n,).
        people: ``personas.match``'s account of the segments.
        assumptions: prices and effects.
        held_out: who is kept out of every campaign, shape (n,).

    Returns:
        ``segment, persona, customers``; ``segment_values``' columns; ``segment_value, value_share`` (of all customers'
        value; NaN where that is not above 0); ``purpose, lever, first_channels, then_channels, move_source``;
        ``worth_contacting`` (customers), ``contacted``; a contacted customer's ``lever_value, contact_cost, offer_cost,
        given_up`` in currency; ``effect_low, effect_base, effect_high`` and ``break_even_effect``, shares of the lever
        (NaN where no effect up to all of it breaks even); ``campaign_cost``; ``campaign_value_low, campaign_value_base,
        campaign_value_high``; ``rank_base`` (1 is the best; moves of care come last).
    """
    values = segment_values(customers, labels, assumptions)
    targets = prospects(customers, labels, people, assumptions)
    contacted = targets["worth_contacting"].to_numpy() & ~np.asarray(held_out, dtype=bool)
    rows = []
    for person in people:
        inside = np.asarray(labels) == person["segment"]
        worth = int(targets.loc[inside, "worth_contacting"].sum())
        reached = inside & contacted
        means = targets[reached if reached.any() else inside].mean()
        rows.append(
            {
                "segment": person["segment"],
                "persona": person["persona"],
                "customers": person["size"],
                **values.loc[person["segment"]].to_dict(),
                "segment_value": values.at[person["segment"], "value_per_customer"] * person["size"],
                "worth_contacting": worth,
                "contacted": int(reached.sum()),
                **_campaign(assumptions.move(person["persona_id"]), means, int(reached.sum()), assumptions),
            }
        )
    table = pd.DataFrame(rows)
    total = float(annual_streams(customers, assumptions).to_numpy().sum())
    share = table["segment_value"] / total if total > 0 else np.nan
    table.insert(table.columns.get_loc("segment_value") + 1, "value_share", share)
    order = table["campaign_value_base"].where(table["purpose"] == PROFIT, -np.inf)
    return table.assign(rank_base=order.rank(ascending=False, method="first").astype("int64"))


def sensitivity(
    customers: pd.DataFrame,
    labels: np.ndarray,
    people: list[dict[str, Any]],
    assumptions: Assumptions,
    held_out: np.ndarray,
) -> pd.DataFrame:
    """What happens to the best move when one assumption at a time goes to its low and its high end.

    Whom it is worth contacting is chosen anew at each end.

    Returns:
        One row an assumption, the most telling first: ``name, label, low, value, high``; ``best_low, best_high`` (the
        segment with the largest campaign value); ``total_low, total_high`` (value of all campaigns for profit that
        pay); ``changes_best``; ``span`` (difference of the totals).
    """

    unchanged = behaviour(customers, assumptions)

    def outcome(changed: Assumptions, name: str = "") -> tuple[int, float]:
        does = behaviour(customers, changed) if name in BEHAVIOUR else unchanged
        targets = _prospects(does, np.asarray(labels), people, changed)
        return _outcome(targets[~held_out], labels[~held_out], people, changed)

    base_best, _ = outcome(assumptions)
    rows = []
    for item in assumptions.items.values():
        (best_low, total_low), (best_high, total_high) = (
            outcome(assumptions.changed(item.name, end), item.name) for end in (item.low, item.high)
        )
        rows.append(
            {
                "name": item.name,
                "label": item.label,
                "low": item.low,
                "value": item.value,
                "high": item.high,
                "best_low": best_low,
                "best_high": best_high,
                "total_low": total_low,
                "total_high": total_high,
                "changes_best": {best_low, best_high} != {base_best},
                "span": abs(total_high - total_low),
            }
        )
    return pd.DataFrame(rows).sort_values("span", ascending=False, kind="stable").reset_index(drop=True)


def _prospects(
    does: pd.DataFrame, labels: np.ndarray, people: list[dict[str, Any]], assumptions: Assumptions
) -> pd.DataFrame:
    """``prospects`` of ``behaviour``'s table."""
    lever, given_up, cost = (np.zeros(len(does)) for _ in range(3))
    worth = np.zeros(len(does), dtype=bool)
    average = float(does["PURCHASES"].mean())
    for person in people:
        move, inside = assumptions.move(person["persona_id"]), labels == person["segment"]
        own = does[inside]
        lever[inside] = _lever(move, own, average, assumptions)
        given_up[inside] = _given_up(move, own, assumptions)
        cost[inside] = assumptions.contact_cost(move) + assumptions.offer_cost(move) + given_up[inside]
        pays = move.effect["base"] * lever[inside] > cost[inside]
        worth[inside] = (_has_any(move, own) if move.purpose == CARE else pays) & bool(move.first)
    columns = {"lever": lever, "cost": cost, "given_up": given_up, "worth_contacting": worth}
    return pd.DataFrame(columns, index=does.index)


def _lever(move: Move, does: pd.DataFrame, average: float, assumptions: Assumptions) -> pd.Series | float:
    """What a move's effect is a share of, in currency a customer over the year after it; ``average`` is what all
    customers buy."""
    earned = max(0.0, assumptions["interchange"] - assumptions["rewards"])
    if move.lever == "spend":
        return does["PURCHASES"] * earned
    if move.lever == "average_spend":
        return average * earned
    if move.lever == "plan":
        return does["INSTALLMENTS_PURCHASES"] * assumptions["plan_margin"]
    if move.lever == "keep":
        annual = streams(does, assumptions).sum(axis=1)
        return annual.clip(lower=0) * assumptions["attrition"] * assumptions.years_kept
    return does["losses"]


def _given_up(move: Move, does: pd.DataFrame, assumptions: Assumptions) -> pd.Series:
    """Income that a move gives up, in currency a contacted customer: lower rates of takers, fees no longer earned."""
    fees = does["CASH_ADVANCE"] * assumptions["cash_advance_fee"]
    return move.takers * move.rate_cut * does["revolving"] + move.fees_forgone * fees


def _has_any(move: Move, does: pd.DataFrame) -> pd.Series:
    """Who has any of what a move measures; of shares of customers, everyone."""
    return does[AMOUNTS[move.measure]] > 0 if move.measure in AMOUNTS else pd.Series(True, index=does.index)


def _campaign(move: Move, means: pd.Series, contacted: int, assumptions: Assumptions) -> dict[str, Any]:
    """What a move costs and may bring; ``means`` are of the contacted, of ``prospects``' columns."""
    lever, cost = float(means["lever"]), float(means["cost"])
    breaks_even = bool(move.first) and cost <= lever and lever > 0
    return {
        "purpose": move.purpose,
        "lever": move.lever,
        "first_channels": " + ".join(assumptions.channel_labels(move.first)) or NO_CAMPAIGN,
        "then_channels": " + ".join(assumptions.channel_labels(move.then)),
        "move_source": move.source,
        "lever_value": lever,
        "contact_cost": assumptions.contact_cost(move),
        "offer_cost": assumptions.offer_cost(move),
        "given_up": float(means["given_up"]),
        **{f"effect_{case}": move.effect[case] for case in CASES},
        "break_even_effect": cost / lever if breaks_even else float("nan"),
        "campaign_cost": contacted * cost,
        **{f"campaign_value_{case}": contacted * (move.effect[case] * lever - cost) + 0.0 for case in CASES},  # no -0
    }


def _outcome(
    targets: pd.DataFrame, labels: np.ndarray, people: list[dict[str, Any]], assumptions: Assumptions
) -> tuple[int, float]:
    """The segment whose move for profit brings most, and what all that pay bring."""
    values = {}
    for person in people:
        move = assumptions.move(person["persona_id"])
        reached = targets[(labels == person["segment"]) & targets["worth_contacting"].to_numpy()]
        brings = float((move.effect["base"] * reached["lever"] - reached["cost"]).sum())
        values[person["segment"]] = brings if move.purpose == PROFIT else -np.inf
    return max(values, key=values.__getitem__), sum(max(0.0, value) for value in values.values())
