"""A campaign as a run planned it: its customers, who was held out, the moves, what outcomes are worth."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core import words
from seg_utils.core.artefacts import read_csv, read_json
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.data.columns.matching import ID
from seg_utils.data.loading import POPULATION
from seg_utils.data.wording import plural, show
from seg_utils.strategy import assumptions
from seg_utils.strategy.decisions import NO_PART
from seg_utils.strategy.definitions import CLOSURES, PROFIT, Assumptions, Move
from seg_utils.strategy.formulas import PRICES, priced
from seg_utils.strategy.grouping import valued
from seg_utils.strategy.results import everybody
from seg_utils.strategy.results.everybody import GROUP, Everybody
from seg_utils.strategy.results.responses import CONTACTED, INCOME, OUTCOME, Responses

NEEDED = ("segments.csv", "personas.json", "economics.csv", "test_plan.csv", "portfolio.json")
EARNED = ("purchases", "instalment_purchases")  # measures that income comes of

# Contacts of those held out this many times as often as of the others are no slips: the groups are not these
OTHER_GROUPS = 2.0

# Of a segment that the plan contacts nobody of, this share of those not held out: its move was made all the same
CARRIED_OUT = 0.5

LESS_IS_BETTER = frozenset({"cash_advances", CLOSURES, "defaults"})


@dataclass(frozen=True)
class Plan:
    """``customers`` (n, …) are the run's, with their features; ``drawn`` says of each, by ``customer_id``, ``segment``,
    ``control_group`` and ``campaign_part``. ``segments`` joins the economics and the test plan of each, by segment.
    Where the run's customers are a sample, the campaign is of ``everybody``."""

    campaign: str
    customers: pd.DataFrame
    drawn: pd.DataFrame
    people: list[dict[str, Any]]
    segments: pd.DataFrame
    assumptions: Assumptions
    everybody: Everybody | None = None
    sampled: bool = False  # a period's customers are those of the run's sample alone

    @property
    def lists(self) -> str:
        """Where the run lists who has what part in the campaign."""
        return "segments.csv" if self.everybody is None else "all_customers"

    def groups(self) -> pd.DataFrame:
        """How many ``customers`` the campaign is of, of each segment, control group or not, and part."""
        if self.everybody is not None:
            return self.everybody.groups()
        return self.drawn.groupby(GROUP).size().rename("customers").reset_index()

    def of(self, ids: pd.Series) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The customers among whom those of these ids are, with their features, and as they were drawn."""
        return (self.customers, self.drawn) if self.everybody is None else self.everybody.of(ids)

    def move(self, segment: int) -> Move:
        """The move for a segment."""
        return self.assumptions.move_of(self.people[segment])

    def outcome(self, segment: int, responses: Responses) -> str:
        """The outcome by which a segment's move is judged: what its test was planned for, if the file has it."""
        preferred = (self.move(segment).measure, OUTCOME, INCOME, *responses.outcomes)
        return next(name for name in preferred if name in responses.outcomes)

    def is_planned(self, segment: int, outcome: str, yes_no: bool) -> bool:
        """Whether an outcome is what the test of a segment's move was planned for. An amount without a name is what is
        earned of it: the one rises by the share that the other does."""
        measure = self.move(segment).measure
        return outcome == measure or (outcome == OUTCOME and not yes_no and measure in EARNED)

    def shows_aim(self, segment: int, outcome: str) -> bool:
        """Whether an outcome shows what a segment's move is about: it is the measure that the test was planned for, or
        what everything adds up to (income, or an outcome without a name). A move that another measure shows nothing of
        may still do what it is for."""
        return outcome in (OUTCOME, INCOME, self.move(segment).measure)

    def worth(self, segment: int, outcome: str, yes_no: bool) -> float:
        """What one more of an outcome is worth, in currency: below 0 where it costs; NaN for a response, which has no
        price. An amount without a name is money earned.

        Of purchases and instalment purchases it is what is earned of them, of cash advances their fee. A closure costs
        the years that the segment's average customer would have stayed, a default that customer's balance.
        """
        prices = priced(PRICES, self.assumptions.prices, {})
        average = self.segments.loc[segment]
        worth = {
            "purchases": prices["price.earned"],
            "instalment_purchases": self.assumptions["plan_margin"],
            "cash_advances": self.assumptions["cash_advance_fee"],
            CLOSURES: -max(0.0, average["value_per_customer"]) * prices["price.years_kept"],
            "defaults": -average["balance"],
            INCOME: 1.0,
        }
        return float(worth.get(INCOME if outcome == OUTCOME and not yes_no else outcome, np.nan))

    def contact_cost(self, segment: int) -> float:
        """What contacting one customer was to cost, benefits included, in currency; for profit also income given up."""
        row = self.segments.loc[segment]
        given_up = row["given_up"] if self.move(segment).purpose == PROFIT else 0.0
        return float(row["contact_cost"] + row["offer_cost"] + given_up)

    def spend_beside_average(self, segment: int) -> float:
        """Mean purchases of those compared of a segment as a multiple of everybody's."""
        yearly = valued(self.customers, self.assumptions)["purchases"]
        own = (self.drawn["segment"] == segment).to_numpy()
        part = own & (self.drawn["campaign_part"] != NO_PART).to_numpy()
        return float(yearly[part if part.any() else own].mean() / yearly.mean())


def read(run: Path, campaign: str | None = None, period: Path | None = None) -> Plan:
    """Read what a run planned; ``campaign`` is the one that it must have drawn.

    Args:
        run: its folder.
        campaign: None for whichever it drew.
        period: the folder of one of its periods, whose customers it is about; None for the run's own.

    Raises:
        ParameterError: the folder is no whole run or period, or another campaign was drawn there.
        DataError: its files are damaged or not of one run.
    """
    place = period or run
    customers_file = (period or run.parent.parent) / "customers.parquet"
    drawn_file = period / "membership.parquet" if period else run / "segments.csv"
    needed = (*(run / name for name in NEEDED), customers_file, drawn_file)
    if missing := [path.name for path in needed if not path.is_file()]:
        raise ParameterError(
            f"FROM={place} lacks {missing[0]}; FROM is the folder of a whole run, as make where prints it, or of a "
            "whole period"
        )
    try:
        customers = pd.read_parquet(customers_file)
        if period:
            drawn = pd.read_parquet(drawn_file, columns=[ID, "campaign", *GROUP])
        else:
            drawn = read_csv(drawn_file, ["segment", "control_group"], [ID, "campaign", "campaign_part"])
        drawn = drawn.astype({"control_group": bool})
        people = read_json(run / "personas.json")
        economics, tests = (
            pd.read_csv(run / f"{name}.csv").set_index("segment") for name in ("economics", "test_plan")
        )
        market = read_json(run / "portfolio.json")["market"]
        of_all = None if period else everybody.read(run)
    except (OSError, ValueError, KeyError, TypeError) as error:
        again = "run make month for it again" if period else "make the report again"
        raise DataError(f"FROM={place} is damaged ({error}); {again}") from None
    if len(customers) != len(drawn):
        raise DataError(f"FROM={place}: {drawn_file.name} and customers.parquet are not of one run; make it again")
    known = str(drawn["campaign"].iloc[0])
    if campaign not in (None, known):
        raise ParameterError(
            f"CAMPAIGN={campaign} was not drawn in that run, which held customers out of the campaign {known!r}; name "
            f"the run that drew it (make report CAMPAIGN={campaign} makes one), or CAMPAIGN={known}"
        )
    segments = economics.join(tests[["effect_that_matters"]])
    sampled = period is not None and (run / POPULATION).exists()
    return Plan(known, customers, drawn, people, segments, assumptions.load(market=market), of_all, sampled)


def joined(plan: Plan, responses: Responses) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Whom results are of: those whom the plan contacts and those it holds out of the same part, and no others.

    Of a segment that the plan contacts nobody of, everybody, if the file says that its move was made all the same.

    Returns:
        The ``plan.groups`` that are compared; the responses of those (m rows) with each one's ``segment``,
        ``control_group``, ``campaign_part`` and ``place``; and the customers, with their features, that it is the place
        among.

    Raises:
        DataError: an id is not of the run, the plan contacts nobody of the file, everybody is of one group, or others
            were contacted than were drawn.
    """
    customers, drawn = plan.of(responses.frame[ID])
    groups = plan.groups()
    place = pd.Index(drawn[ID]).get_indexer(responses.frame[ID])
    unknown = responses.frame[ID][place < 0]
    if len(unknown):
        raise DataError(
            f"{plural(len(unknown), 'id is', 'ids are')} of no customer of that run, such as {show(unknown.iloc[0])}; "
            f"give responses of the {groups['customers'].sum():,} customers that FROM segmented"
            + (", which are those of the run's sample alone" if plan.sampled else ", or name the run that did")
        )
    answers = responses.frame.assign(place=place, **drawn.iloc[place].reset_index(drop=True)[GROUP])
    carried_out = _carried_out(plan, groups, answers)
    compared, answers = (
        rows[rows["segment"].isin(carried_out) | (rows["campaign_part"] != NO_PART)].reset_index(drop=True)
        for rows in (groups, answers)
    )
    if answers.empty:
        raise DataError(
            f"the campaign {plan.campaign!r} contacts nobody of the file (campaign_part in {plan.lists} is none); if "
            f"moves were made all the same, say of whom in a column {CONTACTED}"
        )
    if answers["control_group"].all() or not answers["control_group"].any():
        there = "held out" if answers["control_group"].all() else "drawn to be contacted"
        raise DataError(
            f"all {plural(len(answers), 'customer')} of the file were {there} in the campaign {plan.campaign!r}; list "
            f"both those contacted and those held out (control_group in {plan.lists})"
        )
    if CONTACTED in answers:
        _check_contacts(answers)
    return compared, answers, customers


def _carried_out(plan: Plan, groups: pd.DataFrame, answers: pd.DataFrame) -> list[int]:
    """Segments that the plan contacts nobody of, but the file does."""
    if CONTACTED not in answers:
        return []
    planned = groups.loc[groups["campaign_part"] != NO_PART, "segment"]
    others = answers[~answers["control_group"] & answers["segment"].isin({*range(len(plan.people))} - {*planned})]
    contacted = others.groupby("segment")[CONTACTED].mean()
    return [*contacted.index[contacted >= CARRIED_OUT]]


def _check_contacts(found: pd.DataFrame) -> None:
    """Refuse contacts that are those of another campaign, or swapped: a lift would be told of the wrong customers."""
    shares = found.groupby("control_group")[CONTACTED].mean()
    treated, held_out = float(shares[False]), float(shares[True])
    if treated == 0 or held_out > OTHER_GROUPS * treated:
        raise DataError(
            f"{CONTACTED} says yes of {words.percent(treated)} of those drawn to be contacted and of "
            f"{words.percent(held_out)} of those held out: yes and no are swapped, or it is of another campaign; "
            "correct it, or leave the column out where just those drawn were contacted"
        )
