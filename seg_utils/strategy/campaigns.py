"""What a move may bring: what its effect is worth a customer, what it costs, whom it is worth contacting.

Every effect is the average over all who are contacted, as trials state it; customers held out for a test are not
contacted. Nothing is a forecast.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from seg_utils.strategy import formulas, grouping
from seg_utils.strategy.definitions import CASES, PROFIT, Assumptions, Move, lacking
from seg_utils.strategy.formulas import ALL, NOTHING, Computed, names, priced
from seg_utils.strategy.grouping import ends, lifetime_range

SUM = "sum."

# What a customer may bring most by, and the streams of it
BROUGHT_BY = {"purchases": ("interchange", "rewards"), "interest": ("interest",), "cash_fees": ("cash_fees",)}

SUMMED = sorted({name for formula in formulas.SEGMENTS.values() for name in names(formula) if name.startswith(SUM)})
WHOLE = ("worth_contacting", "contacted")

# ``prices``, ``moves`` (a number a segment) and ``groups`` (a number a group), each by name
Inputs = Mapping[str, Mapping[str, Any]]


class Outcome(NamedTuple):
    """What formulas give for all groups and for all segments."""

    groups: Computed
    segments: Computed


def compute(inputs: Inputs, prices: Mapping[str, float] | None = None) -> Outcome:
    """The economics of groups and segments, at the inputs' prices or at others."""
    prices = inputs["prices"] if prices is None else prices
    moves = {f"move.{name}": np.asarray(values, dtype=float) for name, values in inputs["moves"].items()}
    costs = priced(formulas.moves(prices), prices, moves)
    moves |= {name: costs[name] for name in costs.formulas if name.startswith("move.")}
    given = {name: np.asarray(values, dtype=float) for name, values in inputs["groups"].items()}
    segment, k = given["segment"].astype(int), len(moves["move.campaign"])
    of_groups = {name: np.append(values, 0.0)[segment] for name, values in moves.items()}  # the last is of nobody's
    groups = priced(formulas.GROUPS, prices, given | of_groups)
    inside = segment >= 0
    sums = {name: np.bincount(segment[inside], groups[name.removeprefix(SUM)][inside], minlength=k) for name in SUMMED}
    return Outcome(groups, priced(formulas.SEGMENTS, prices, moves | sums | {f"{ALL}value": groups[f"{ALL}value"]}))


class Valuation:
    """What segments and their moves are worth, computed once for everything that rests on it.

    ``rows`` are what formulas need of each customer and ``amount`` (n,) how much each has of what the segment's move is
    about; ``group`` (n,) says whose like each is. ``inputs`` are all that the economics are computed from, as plain
    values for JSON. ``worth_contacting`` (n,) says whom their segment's move is worth contacting: those whose group's
    average customer brings more, at the base effect, than contacting them costs; of a move of care, all who have any of
    what it measures. Where the dictionary lacks what is priced there are no inputs, and nobody is.
    """

    def __init__(
        self,
        customers: pd.DataFrame,
        labels: np.ndarray,
        people: Sequence[dict[str, Any]],
        assumptions: Assumptions,
        held_out: Any = False,
        stands_for: float = 1.0,
    ) -> None:
        """Put customers together and weigh them.

        Args:
            customers: canonical columns, original units.
            labels: their segments 0..k-1, shape (n,).
            people: ``personas.match``'s account of the segments.
            held_out: who is kept out of every campaign, shape (n,), or False for nobody.
            stands_for: where the customers are a sample, so many each; counts and amounts are of all.
        """
        self.labels, self.people, self.assumptions, self.held_out = labels, people, assumptions, held_out
        self.stands_for = stands_for
        self.inputs: dict[str, dict[str, Any]] = {}
        self.worth_contacting = np.zeros(len(labels), dtype=bool)
        if lacking():
            return
        self.rows = grouping.rows(customers, assumptions)
        self.amount, cared_for = grouping.amounts(self.rows, labels, people, assumptions)
        sums, self.group = grouping.groups(self.rows, labels, self.amount, cared_for, held_out)
        kinds = sums[["segment", "tenure"]]
        self.inputs = {
            "prices": assumptions.prices,
            "moves": grouping.moves(people, assumptions),
            "groups": {str(name): column.tolist() for name, column in (sums * stands_for).assign(**kinds).items()},
        }
        self.outcome = compute(self.inputs)
        self.worth_contacting = self.outcome.groups["worth_contacting"][self.group] > 0

    def economics(self) -> pd.DataFrame:
        """Annual value, lifetime value and campaign value of every segment, one row a segment.

        A campaign contacts those worth contacting who are not held out. It brings the effect times the lever, less what
        contacts, benefits and income given up cost. Where nobody is worth contacting, what a contact costs and what the
        effect is a share of are told of the whole segment.

        Returns:
            ``segment, persona, customers``; ``formulas.SEGMENTS`` (values in currency a year, ``value_share`` of all
            customers' value, NaN where that is not above 0; ``break_even_effect`` NaN where no effect up to all of the
            lever breaks even); the range of the lifetime value, narrower than that of the segment's customers;
            ``purpose, lever, first_channels, then_channels, move_source``; ``worth_from`` (of what the lever is about,
            the yearly amount from which on a customer is worth contacting; NaN where no one amount decides it) and
            ``marked_by`` (which of ``BROUGHT_BY`` those worth contacting have more of than the segment's others;
            ``NOTHING`` where all are or none); ``effect_low, effect_base, effect_high``, shares of the lever;
            ``rank_base`` (1 is the best; moves of care come last).
        """
        if not self.inputs:
            return pd.DataFrame(columns=["segment", *WHOLE])
        groups, segments = self.outcome
        chosen = Computed(segments.formulas | formulas.WORTH_FROM, segments)
        low, high = lifetime_range(
            self.assumptions, lambda prices: compute(self.inputs, prices).segments["lifetime_value"]
        )
        table = pd.DataFrame(
            [
                {
                    "segment": person["segment"],
                    "persona": person["persona"],
                    "customers": person["size"],
                    **_in_words(self.assumptions.move_of(person), self.assumptions),
                }
                for person in sorted(self.people, key=lambda person: person["segment"])
            ]
        )
        numbers = {name: segments[name] + 0.0 for name in segments.formulas if name in formulas.SEGMENTS}  # no -0
        table = table.assign(**numbers, lifetime_value_low=low, lifetime_value_high=high)
        table = table.assign(worth_from=chosen["worth_from"], marked_by=_marked_by(groups, len(table)))
        table = table.round(dict.fromkeys(WHOLE, 0)).astype(dict.fromkeys(WHOLE, "int64"))
        order = table["campaign_value_base"].where(table["purpose"] == PROFIT, -np.inf)
        return table.assign(rank_base=order.rank(ascending=False, method="first").astype("int64"))

    def sensitivity(self) -> pd.DataFrame:
        """What happens to the best move when one assumption at a time goes to its low and its high end.

        Whom it is worth contacting is chosen anew at each end.

        Returns:
            One row an assumption, the most telling first: ``name, label, low, value, high``; ``best_low, best_high``
            (the segment with the largest campaign value); ``total_low, total_high`` (value of all campaigns for profit
            that pay); ``changes_best``; ``span`` (difference of the totals).
        """
        if not self.inputs:
            return pd.DataFrame(columns=["name", "changes_best"])
        care = np.asarray(self.inputs["moves"]["care"]) > 0

        def best_and_total(outcome: Outcome) -> tuple[int, float]:
            values = np.where(care, -np.inf, outcome.segments["campaign_value_base"])
            return int(values.argmax()), float(values.clip(min=0).sum())

        best, _ = best_and_total(self.outcome)
        at_ends = {
            (name, end): best_and_total(compute(self.inputs, prices)) for name, end, prices in ends(self.assumptions)
        }
        rows = []
        for item in self.assumptions.items.values():
            (best_low, total_low), (best_high, total_high) = at_ends[item.name, "low"], at_ends[item.name, "high"]
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
                    "changes_best": {best_low, best_high} != {best},
                    "span": abs(total_high - total_low),
                }
            )
        return pd.DataFrame(rows).sort_values("span", ascending=False, kind="stable").reset_index(drop=True)


def _marked_by(groups: Computed, k: int) -> list[str]:
    """Of each segment, what those worth contacting bring more by than its others, the most of ``BROUGHT_BY``."""
    segment, worth = groups["segment"].astype(int), groups["worth_contacting"] > 0

    def mean(streams: tuple[str, ...], those: np.ndarray) -> np.ndarray:
        inside = those & (segment >= 0)
        amounts, sizes = (
            np.bincount(segment[inside], amount[inside], minlength=k)
            for amount in (sum(groups[stream] for stream in streams), groups["customers"])
        )
        return amounts / np.where(sizes > 0, sizes, np.nan)

    more = pd.DataFrame({name: mean(streams, worth) - mean(streams, ~worth) for name, streams in BROUGHT_BY.items()})
    return more.fillna(-np.inf).idxmax(axis=1).where(more.notna().all(axis=1), NOTHING).tolist()


def _in_words(move: Move, assumptions: Assumptions) -> dict[str, Any]:
    """What the table says of a move beside what is computed."""
    return {
        "purpose": move.purpose,
        "lever": move.lever,
        "first_channels": " + ".join(assumptions.channel_labels(move.first)) or "none",
        "then_channels": " + ".join(assumptions.channel_labels(move.then)),
        "move_source": move.source,
        **{f"effect_{case}": move.effect[case] for case in CASES},
    }
