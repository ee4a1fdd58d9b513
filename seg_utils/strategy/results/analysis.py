"""What each move of a campaign did, by intention to treat: lift, money, whether to roll out, stop or test on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.errors import DataError
from seg_utils.data.wording import plural
from seg_utils.strategy.decisions import NO_PART
from seg_utils.strategy.definitions import LEAST_SHARE, PROFIT
from seg_utils.strategy.results import estimation
from seg_utils.strategy.results.estimation import Difference
from seg_utils.strategy.results.plan import LESS_IS_BETTER, Plan, joined
from seg_utils.strategy.results.responses import CONTACTED, COST, ROW, Responses
from seg_utils.strategy.testplan import deviations

ROLL_OUT, STOP, TEST_ON, CANNOT_TELL = "roll out", "stop", "test on", "cannot be told"

# What a verdict rests on: of a move for profit, what it brings net of its cost; of care or a response, the lift
MONEY, LIFT = "net money", "lift"

# Who is compared of a segment: those whom the plan contacts and those it holds out of the same part, or, where it
# contacts nobody, but the move was made all the same, everybody
PART, WHOLE = "the plan's part", "the whole segment"

FEWEST = 10  # customers in either group with fewer of which nothing is told of a move

# Customers in either group with fewer of which amounts, a few of which may be huge, bear no verdict: means of so few
# are not spread as Welch's test takes them to be. They show in the partially pooled lift.
FEWEST_JUDGED = 30

# Groups as unequal as this by chance were not lost by chance: what they show is no effect of the move
BROKEN_SPLIT = 0.001


@dataclass(frozen=True)
class _Test:
    """One move's customers with an outcome: ``value`` and ``covariate`` (n,), who was held out, what was spent."""

    value: np.ndarray
    covariate: np.ndarray
    control: np.ndarray
    cost: np.ndarray
    yes_no: bool

    def lift(self, significance: float) -> tuple[Difference, Difference]:
        """The lift, adjusted for what was expected of each customer, and the plain one."""
        if self.yes_no and estimation.few_events(self.value, self.control):
            shares = estimation.difference_of_shares(self.value, self.control, significance)
            return shares, shares
        plain = estimation.difference(self.value, self.control, significance)
        return self._adjusted(self.value, significance), plain

    def money(self, worth: float, significance: float) -> Difference:
        """The same in currency a customer, costs taken off."""
        if not worth or not (self.yes_no and estimation.few_events(self.value, self.control)):
            return self._adjusted(worth * self.value - self.cost, significance)
        spent = float(self.cost[~self.control].mean() - self.cost[self.control].mean())
        shares = estimation.difference_of_shares(self.value, self.control, significance, spent / worth)
        low, high = sorted((worth * shares.low - spent, worth * shares.high - spent))
        means = worth * shares.control_mean, worth * shares.treated_mean - spent
        return Difference(*means, low, high, abs(worth) * shares.error, shares.p, np.nan, np.nan)

    def _adjusted(self, value: np.ndarray, significance: float) -> Difference:
        less_noise = estimation.adjusted(value, self.covariate, self.control)
        return estimation.difference(less_noise, self.control, significance)


def analyse(plan: Plan, responses: Responses) -> pd.DataFrame:
    """What each move did, one row a segment that somebody of the file is in.

    Args:
        plan: the campaign as it was drawn.
        responses: what came of it; who is not in the file, or without an outcome, is lost.

    Returns:
        ``segment, persona, purpose, outcome, yes_no``; ``judged_by`` (``MONEY`` or ``LIFT``), ``compared`` (``PART`` or
        ``WHOLE``); ``customers`` (of these, with an outcome), ``control`` of them, ``not_reached`` (drawn to be
        contacted, but not), ``control_contacted``, ``lost``, ``lost_control`` (in the file without an outcome),
        ``split_p``; ``control_mean``, ``lift, lift_low, lift_high`` (unit of the outcome), ``plain_low, plain_high``
        (without the covariate); ``lift_share`` (of the control mean) with ``_error`` and, partially pooled with the
        other moves of the same outcome, ``pooled_share, pooled_low, pooled_high``; ``cost`` (of one treated customer
        more than of one held out), ``money, money_low, money_high`` (currency a customer, net of it; NaN where an
        outcome has no price); ``p`` of what the verdict rests on, ``p_adjusted`` (Holm),
        ``verdict``, ``more_customers`` (that a test on takes; NaN elsewhere) and ``reason``.

    Raises:
        DataError: ids that are not of the run, one group only, or no cost of somebody who was contacted.
    """
    compared, found, customers = joined(plan, responses)
    if COST in found:
        found[COST] = _costs(found)
    expected = _expected(customers, responses, found)
    rows = [
        _row(plan, responses, compared[compared["segment"] == segment], answers, expected)
        for segment, answers in found.groupby("segment")
    ]
    table = pd.DataFrame(rows)
    table = _pooled(table, plan.assumptions.test.significance)
    table["p_adjusted"] = estimation.holm(table["p"])
    verdicts = [_verdict(row, plan, int(table["p"].notna().sum())) for row in table.to_dict("records")]
    return pd.concat([table, pd.DataFrame(verdicts)], axis=1)


def _costs(found: pd.DataFrame) -> pd.Series:
    """What was spent on each customer: nothing where the cell of one who was not contacted is blank."""
    contacted = found.get(CONTACTED, ~found["control_group"])
    unsaid = found[COST].isna() & contacted
    if unsaid.any():
        first = found.loc[unsaid, ROW].iloc[0]
        raise DataError(
            f"{plural(int(unsaid.sum()), 'row does', 'rows do')} not say what was spent on a customer who was "
            f"contacted, the first is row {first:,}; fill them in, or leave the column {COST} out"
        )
    return found[COST].fillna(0.0)


def _expected(customers: pd.DataFrame, responses: Responses, found: pd.DataFrame) -> dict[str, np.ndarray]:
    """What earlier figures let expect of each outcome, (m,), NaN where it is not known."""
    features = _features(customers, found["place"])
    expected = {}
    for name in responses.outcomes:
        known = found[name].notna().to_numpy()
        expected[name] = np.full(len(found), np.nan)
        if known.sum() >= FEWEST:
            figures = features if known.all() else features[known]
            expected[name][known] = estimation.predicted(figures, found.loc[known, name].to_numpy())
    return expected


def _features(customers: pd.DataFrame, places: pd.Series) -> np.ndarray:
    """Earlier figures of the customers at these places, (m, p): as they are, and their logarithms."""
    names = [name for name in dictionary.load().names if name in customers]
    figures = customers[names].astype(float)
    figures = figures.fillna(figures.median()).to_numpy()[places]
    return np.hstack([figures, np.sign(figures) * np.log1p(np.abs(figures))])


def _row(
    plan: Plan, responses: Responses, compared: pd.DataFrame, found: pd.DataFrame, expected: dict[str, np.ndarray]
) -> dict[str, Any]:
    """What is known of one move, but the verdict; ``compared`` and ``found`` hold the segment's groups and answers."""
    segment = int(found["segment"].iloc[0])
    outcome = plan.outcome(segment, responses)
    yes_no, move = outcome in responses.yes_no, plan.move(segment)
    held_out = found["control_group"]
    contacted = found.get(CONTACTED, ~held_out)
    known = found[outcome].notna()
    control = held_out[known].to_numpy()
    drawn = [int(compared.loc[compared["control_group"] == group, "customers"].sum()) for group in (True, False)]
    sizes = np.array([control.sum(), (~control).sum()])
    row = {
        "segment": segment,
        "persona": plan.people[segment]["persona"],
        "purpose": move.purpose,
        "outcome": outcome,
        "yes_no": yes_no,
        "judged_by": MONEY if move.purpose == PROFIT and not np.isnan(plan.worth(segment, outcome, yes_no)) else LIFT,
        "compared": WHOLE if (compared["campaign_part"] == NO_PART).all() else PART,
        "customers": int(known.sum()),
        "control": int(sizes[0]),
        "not_reached": int((~held_out & ~contacted).sum()),
        "control_contacted": int((held_out & contacted).sum()),
        "lost": int((~known).sum()),
        "lost_control": int((held_out & ~known).sum()),
        "split_p": estimation.split_p(np.array(drawn), sizes),
    }
    if sizes.min() < FEWEST:
        return row | dict.fromkeys(NUMBERS, np.nan)
    cost = found[COST] if COST in found else contacted * plan.contact_cost(segment)
    covariate = expected[outcome][found.index[known]]
    test = _Test(found.loc[known, outcome].to_numpy(), covariate, control, cost[known].to_numpy(), yes_no)
    return row | _numbers(test, plan, row)


NUMBERS = (
    "control_mean", "lift", "lift_low", "lift_high", "plain_low", "plain_high", "lift_share", "lift_share_error",
    "cost", "money", "money_low", "money_high", "good", "error", "p",
)  # fmt: skip


def _numbers(test: _Test, plan: Plan, row: dict[str, Any]) -> dict[str, float]:
    """Lift and money of one move; ``good`` is what the verdict rests on, with its error."""
    significance = plan.assumptions.test.significance
    lift, plain = test.lift(significance)
    worth = plan.worth(row["segment"], row["outcome"], test.yes_no)
    nothing = Difference(*[np.nan] * 8)
    money = nothing if np.isnan(worth) else test.money(worth, significance)
    direction = -1.0 if row["outcome"] in LESS_IS_BETTER else 1.0
    judged = money if row["judged_by"] == MONEY else lift
    few = not test.yes_no and min(test.control.sum(), (~test.control).sum()) < FEWEST_JUDGED
    values = (
        lift.control_mean, lift.lift, lift.low, lift.high, plain.low, plain.high, lift.share, lift.share_error,
        test.cost[~test.control].mean() - test.cost[test.control].mean(),
        money.lift, money.low, money.high,
        money.lift if row["judged_by"] == MONEY else direction * lift.lift,
        judged.error,
        np.nan if few or row["split_p"] < BROKEN_SPLIT else judged.p,
    )  # fmt: skip
    return dict(zip(NUMBERS, map(float, values), strict=True))


def _pooled(table: pd.DataFrame, significance: float) -> pd.DataFrame:
    """The table with each lift drawn towards those of the other moves with the same outcome."""
    pooled = pd.DataFrame(index=table.index, columns=["share", "error"], dtype=float)
    for _, rows in table[table["split_p"] >= BROKEN_SPLIT].groupby("outcome"):
        pooled.loc[rows.index] = np.column_stack(
            estimation.partially_pooled(rows["lift_share"].to_numpy(), rows["lift_share_error"].to_numpy())
        )
    width = deviations(significance, 0.5) * pooled["error"]
    low, high = pooled["share"] - width, pooled["share"] + width
    low = low.where(~table["yes_no"], low.clip(lower=LEAST_SHARE))
    return table.assign(pooled_share=pooled["share"], pooled_low=low, pooled_high=high)


def _verdict(row: dict[str, Any], plan: Plan, tested: int) -> dict[str, Any]:
    """Whether to roll out, stop or test on, why, and how many more customers a test on takes.

    A move is rolled out or stopped where the Holm-adjusted p value says so. Else it is tested on, with as many
    customers as find the effect that matters, or the one measured if that is larger; if those were there already, it is
    stopped. An outcome that the move is not about may show that it pays, not that it does not.
    """
    significance = plan.assumptions.test.significance
    if np.isnan(row["error"]) or row["split_p"] < BROKEN_SPLIT:
        return _said(CANNOT_TELL, _why_not(row))
    if not plan.shows_aim(row["segment"], row["outcome"]) and (row["purpose"] != PROFIT or row["good"] <= 0):
        missing = plan.move(row["segment"]).measure.replace("_", " ")
        return _said(TEST_ON, f"{missing}, what it is about, are not in the file")
    if row["p_adjusted"] <= significance:
        works = row["good"] > 0
        if row["judged_by"] == MONEY:
            reason = "it brings more than it costs" if works else "it costs more than it brings"
        else:
            reason = "it works" if works else "it does harm"
        return _said(ROLL_OUT if works else STOP, reason)
    more = _more_customers(row, plan, significance / max(tested, 1))
    if np.isnan(row["p"]):
        smaller = min(row["control"], row["customers"] - row["control"])
        more = max(more, row["customers"] * (FEWEST_JUDGED / smaller - 1))
        return _said(TEST_ON, f"fewer than {FEWEST_JUDGED} customers in a group", more)
    if more <= 0:
        return _said(STOP, "enough customers took part, and it did not show")
    return _said(TEST_ON, "these customers do not tell yet", more)


def _said(verdict: str, reason: str, more: float = np.nan) -> dict[str, Any]:
    return {"verdict": verdict, "more_customers": np.ceil(more) if np.isfinite(more) else np.nan, "reason": reason}


def _more_customers(row: dict[str, Any], plan: Plan, significance: float) -> float:
    """How many more find, at the same split, the larger of the effect that matters and the one measured."""
    sought = max(abs(row["good"]), _matters(row, plan))
    if not sought > 0:
        return np.inf
    return row["customers"] * ((deviations(significance, plan.assumptions.test.power) * row["error"] / sought) ** 2 - 1)


def _matters(row: dict[str, Any], plan: Plan) -> float:
    """The effect that the plan was to find, in the unit of what the verdict rests on; 0 where it named none."""
    segment, outcome = row["segment"], row["outcome"]
    share = plan.segments.at[segment, "effect_that_matters"]
    if np.isnan(share) or not plan.is_planned(segment, outcome, row["yes_no"]):
        return 0.0
    effect = share * row["control_mean"]
    if row["purpose"] != PROFIT:
        return float(effect)
    return float(effect * abs(plan.worth(segment, outcome, row["yes_no"])) - row["cost"])


def _why_not(row: dict[str, Any]) -> str:
    if row["split_p"] < BROKEN_SPLIT:
        return "the groups are not those that were drawn"
    if min(row["control"], row["customers"] - row["control"]) < FEWEST:
        return f"fewer than {FEWEST} customers in a group"
    if np.isnan(row["lift_low"]):
        return "the outcome is the same for everybody"
    return f"its {row['judged_by']} does not vary"
