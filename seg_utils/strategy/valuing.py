"""What segments are worth a year, what a move may bring, and how far that hangs on the assumptions.

Nothing here is a forecast: the customers file holds behaviour, and every price is an assumption of ``economics.yml``.
"""

from typing import Any

import numpy as np
import pandas as pd

from seg_utils.strategy.assumptions import CASES, EXTRA_INCOME, Assumptions

STREAMS = ("interchange", "interest", "cash_fees", "funding", "losses", "servicing")
NEEDED = ("PURCHASES", "BALANCE", "CASH_ADVANCE", "PRC_FULL_PAYMENT")
MONTHS = 12
NO_CAMPAIGN = "none"
"""Channels of a move that contacts nobody."""


def annual_streams(customers: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """Income and cost of each customer in currency a year, shape (n, streams); costs are negative.

    Purchases and cash advances are of the months that ``months_covered`` says, of a customer's ``TENURE`` where that is
    shorter; a tenure that is missing or not above 0 shortens nothing. Interest and losses arise on the balance times
    the share of months in which it is not paid in full. A column the run does not use counts as 0, as does a missing
    value. An account in credit owes nothing: neither interest nor funding arises on it.
    """
    values = customers.reindex(columns=list(NEEDED)).fillna(0.0)
    covered = assumptions["months_covered"]
    tenure = customers.reindex(columns=["TENURE"])["TENURE"].astype(float)
    yearly = MONTHS / tenure.where(tenure > 0, covered).clip(upper=covered)
    owed = values["BALANCE"].clip(lower=0)
    revolving = owed * (1 - values["PRC_FULL_PAYMENT"].clip(0, 1))
    return pd.DataFrame(
        {
            "interchange": values["PURCHASES"] * yearly * assumptions["interchange"],
            "interest": revolving * assumptions["apr"],
            "cash_fees": values["CASH_ADVANCE"] * yearly * assumptions["cash_advance_fee"],
            "funding": -owed * assumptions["funding_cost"],
            "losses": -revolving * assumptions["loss_rate"],
            "servicing": -assumptions["servicing_cost"],
        },
        index=customers.index,
    )


def economics(
    customers: pd.DataFrame, labels: np.ndarray, people: list[dict[str, Any]], assumptions: Assumptions
) -> pd.DataFrame:
    """Annual value and campaign value of every segment, one row a segment.

    A campaign contacts the whole segment once, by every channel of its move, and brings ``base_response`` of them to
    respond who would not have otherwise. A responder changes the move's lever by the uplift for a year, less the
    benefit the responder is given; of extra income, ``margin`` is left. Campaign value is what responders bring over
    that year minus what contacts cost.

    Args:
        customers: canonical columns, original units.
        labels: segments 0..k-1, shape (n,).
        people: ``personas.match``'s account of the segments.
        assumptions: prices and uplifts.

    Returns:
        ``segment, persona, customers``; the streams and ``value_per_customer`` in currency a year;
        ``segment_value, value_share`` (of all customers' value; NaN where that is not above 0); ``lever, channels,
        contact_cost, benefit, uplift_low, uplift_base, uplift_high, move_source`` (what the move assumes); for each
        case (low, base, high) ``responder_value_*``, ``campaign_value_*`` and ``rank_*`` (1 is the best);
        ``campaign_cost`` (contacts alone); ``break_even_response`` (share of the contacted, beyond those who respond
        without the move; NaN where no response breaks even).
    """
    streams = annual_streams(customers, assumptions)
    per_customer = streams.groupby(np.asarray(labels)).mean()
    average_interchange = float(streams["interchange"].mean())
    table = pd.DataFrame(
        [_segment(one, per_customer.loc[one["segment"]], average_interchange, assumptions) for one in people]
    )
    total = float(streams.to_numpy().sum())
    table.insert(
        table.columns.get_loc("segment_value") + 1,
        "value_share",
        table["segment_value"] / total if total > 0 else np.nan,
    )
    for case in CASES:
        ranks = table[f"campaign_value_{case}"].rank(ascending=False, method="first")
        table[f"rank_{case}"] = ranks.astype("int64")
    return table


def sensitivity(
    customers: pd.DataFrame, labels: np.ndarray, people: list[dict[str, Any]], assumptions: Assumptions
) -> pd.DataFrame:
    """What happens to the best move when one assumption at a time goes to its low and its high end.

    Returns:
        One row an assumption, the most telling first: ``name, label, low, value, high``; ``best_low, best_high`` (the
        segment with the largest campaign value); ``total_low, total_high`` (value of all campaigns that pay);
        ``changes_best``; ``span`` (difference of the totals).
    """
    base_best, _ = _outcome(economics(customers, labels, people, assumptions))
    rows = []
    for item in assumptions.items.values():
        ends = {end: assumptions.changed(item.name, getattr(item, end)) for end in ("low", "high")}
        outcome = {end: _outcome(economics(customers, labels, people, one)) for end, one in ends.items()}
        rows.append(
            {
                "name": item.name,
                "label": item.label,
                "low": item.low,
                "value": item.value,
                "high": item.high,
                "best_low": outcome["low"][0],
                "best_high": outcome["high"][0],
                "total_low": outcome["low"][1],
                "total_high": outcome["high"][1],
                "changes_best": any(best != base_best for best, _ in outcome.values()),
                "span": abs(outcome["high"][1] - outcome["low"][1]),
            }
        )
    return pd.DataFrame(rows).sort_values("span", ascending=False, kind="stable").reset_index(drop=True)


def _outcome(table: pd.DataFrame) -> tuple[int, float]:
    values = table["campaign_value_base"]
    return int(table.at[values.idxmax(), "segment"]), float(values.clip(lower=0).sum())


def _lever(lever: str, streams: pd.Series, average_interchange: float) -> float:
    """What a move's uplift applies to, in currency a customer and year; losses avoided count as gained.

    ``value`` is what a customer who is kept goes on bringing, net of every cost; nothing where that is not above 0.
    """
    if lever == "average_interchange":
        return average_interchange
    return max(0.0, float(streams.sum())) if lever == "value" else abs(float(streams[lever]))


def _segment(
    person: dict[str, Any], streams: pd.Series, average_interchange: float, assumptions: Assumptions
) -> dict[str, Any]:
    move = assumptions.move(person["persona_id"])
    size = person["size"]
    left = assumptions["margin"] if move.lever in EXTRA_INCOME else 1.0
    base = _lever(move.lever, streams, average_interchange) * left
    contact = assumptions.contact_cost(move)
    row = {
        "segment": person["segment"],
        "persona": person["persona"],
        "customers": size,
        **{name: float(streams[name]) for name in STREAMS},
        "value_per_customer": float(streams.sum()),
        "segment_value": float(streams.sum()) * size,
        "lever": move.lever,
        "channels": " + ".join(assumptions.channel_labels(move)) or NO_CAMPAIGN,
        "contact_cost": contact,
        "benefit": assumptions.benefit_cost(move),
        **{f"uplift_{case}": move.uplift[case] for case in CASES},
        "move_source": move.source,
        "campaign_cost": size * contact,
    }
    for case in CASES:
        responder = base * move.uplift[case] - row["benefit"]
        row[f"responder_value_{case}"] = responder
        row[f"campaign_value_{case}"] = size * (assumptions["base_response"] * responder - contact)
    responder = row["responder_value_base"]
    return row | {"break_even_response": contact / responder if 0 < responder >= contact else float("nan")}
