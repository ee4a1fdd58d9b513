"""The report as a workbook: summary, profiles, strategy, economics, test plan; each value says its kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.reporting.narrative import NO_SEGMENT, PERIOD
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections.actions import MEASURES, WORDS
from seg_utils.reporting.sections.page_one import moves_heading, told
from seg_utils.reporting.sections.segments import AMOUNTS

TEXT, COUNT, MONEY, SHARE, NUMBER = "text", "count", "money", "share", "number"
"""Kinds of cell."""

KINDS = {"amount": MONEY, "frequency": SHARE, "share": SHARE}
"""What kind of number a feature's values are; the others are plain numbers."""

ECONOMICS = {
    "rank_base": ("Rank", COUNT),
    "customers": ("Customers", COUNT),
    "interchange": ("Interchange", MONEY),
    "rewards": ("Rewards", MONEY),
    "interest": ("Interest", MONEY),
    "cash_fees": ("Cash-advance fees", MONEY),
    "funding": ("Funding", MONEY),
    "losses": ("Losses", MONEY),
    "servicing": ("Servicing", MONEY),
    "operating": ("Other running costs", MONEY),
    "value_per_customer": ("Value a customer and year", MONEY),
    "segment_value": ("Value a year", MONEY),
    "value_share": ("Share of value", SHARE),
    "lifetime_value": ("Lifetime value a customer", MONEY),
    "lifetime_value_low": ("Lifetime value, low", MONEY),
    "lifetime_value_high": ("Lifetime value, high", MONEY),
    "purpose": ("Purpose", TEXT),
    "break_even_effect": ("Breaks even at", SHARE),
    "effect_low": ("Effect, low", SHARE),
    "effect_base": ("Effect, base", SHARE),
    "effect_high": ("Effect, high", SHARE),
    "first_channels": ("Channels", TEXT),
    "then_channels": ("Then, of those who answer", TEXT),
    "worth_contacting": ("Worth contacting", COUNT),
    "contacted": ("Contacted", COUNT),
    "lever_value": ("What the effect is a share of", MONEY),
    "contact_cost": ("A contact costs", MONEY),
    "offer_cost": ("Benefits, a contact", MONEY),
    "given_up": ("Income given up, a contact", MONEY),
    "campaign_cost": ("Campaign costs", MONEY),
    "campaign_value_low": ("Campaign brings, low", MONEY),
    "campaign_value_base": ("Campaign brings, base", MONEY),
    "campaign_value_high": ("Campaign brings, high", MONEY),
}
TEST_PLAN = {
    "customers": ("Customers", COUNT),
    "worth_contacting": ("Worth contacting", COUNT),
    "control": ("Held out of them", COUNT),
    "treated": ("Contacted", COUNT),
    "measure": ("Compared", TEXT),
    "months": ("Months", COUNT),
    "effect_that_matters": ("Effect that matters", SHARE),
    "needed_per_group": ("Needed in each of two equal groups", COUNT),
    "detectable_effect": ("Smallest effect found", SHARE),
    "power_here": ("Chance to see it", SHARE),
    "first_reading": ("First reading, extra response", SHARE),
    "pooled_needed_per_group": ("Needed, pooled", COUNT),
    "pooled_power": ("Chance to see it, pooled", SHARE),
    "power_wanted": ("Chance wanted", SHARE),
    "significance": ("Significance, all moves", SHARE),
    "verdict": ("Verdict", TEXT),
}
ASSUMPTIONS = {"value": ("Value", NUMBER), "low": ("Low", NUMBER), "high": ("High", NUMBER), "unit": ("Unit", TEXT)}
STATISTICS = {
    "mean": "Mean",
    "q25": "Lower quartile",
    "median": "Median",
    "q75": "Upper quartile",
    "population_mean": "Mean of all",
    "population_median": "Median of all",
}


class Cell(NamedTuple):
    """A value and its kind; None where there is none."""

    value: str | float | int | None
    kind: str = TEXT


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name, a heading a column, rows of cells. The heading row and the first columns stay in sight."""

    name: str
    header: list[str]
    rows: list[list[Cell]]
    frozen_columns: int = 1


def sheets(run: Run) -> list[Sheet]:
    """All sheets of a run's workbook."""
    return [
        _summary(run),
        _segments(run),
        _profiles(run),
        _table(run, "Strategy", run.planned, {name: (label, TEXT) for name, label in WORDS.items()}),
        _table(run, "Economics", run.economics.sort_values("rank_base", kind="stable"), ECONOMICS),
        _assumptions(run),
        _table(run, "Test plan", run.test_plan.replace({"measure": MEASURES}), TEST_PLAN),
    ]


def _summary(run: Run) -> Sheet:
    page = told(run)
    said: list[tuple[str, Iterable[str]]] = [
        ("Headline", [page.headline]),
        ("Notice", [page.notice] if page.notice else []),
        ("What was found", page.findings),
        (moves_heading(page), [*map(str, page.moves), *filter(None, [page.note])]),
        ("How far to trust this", [*map(str, page.trust), *page.data]),
        ("Amounts of money", [f"They rest on the sheet Assumptions; none is a forecast. A campaign counts {PERIOD}."]),
    ]
    rows = [[Cell(topic), Cell(sentence)] for topic, sentences in said for sentence in sentences]
    rows += [
        [Cell("Customers"), Cell(run.quality["n_customers"], COUNT)],
        [Cell("Segments"), Cell(run.k, COUNT)],
        [Cell("File"), Cell(run.quality["source"]["name"])],
        [Cell("Input sha256"), Cell(run.quality["source"]["sha256"])],
    ]
    return Sheet("Summary", ["About", "What the report says"], rows)


def _segments(run: Run) -> Sheet:
    amounts = {name: (f"{label}, share", SHARE) for name, label in AMOUNTS.items() if name in run.money}
    columns = {"customers": ("Customers", COUNT), "customers_share": ("Customers, share", SHARE)} | amounts
    sheet = _table(run, "Segments", run.money, columns)
    stability = run.metrics["stability"]
    grades = [run.grade(segment) if run.has_segments else NO_SEGMENT for segment in run.segments]
    rows = [
        [
            *row,
            Cell(stability["jaccard"][segment], NUMBER),
            Cell(grades[segment]),
        ]
        for segment, row in zip(run.money["segment"], sheet.rows, strict=True)
    ]
    return Sheet(sheet.name, [*sheet.header, "Jaccard", "Grade"], rows, sheet.frozen_columns)


def _profiles(run: Run) -> Sheet:
    known = dictionary.load()
    rows = [
        [
            Cell(int(row["segment"]), COUNT),
            Cell(run.names[int(row["segment"])]),
            Cell(known[row["feature"]].label),
            Cell(known[row["feature"]].unit.replace("currency", known.currency)),
            *(_cell(row[name], KINDS.get(known[row["feature"]].kind, NUMBER)) for name in STATISTICS),
            _cell(row["z"], NUMBER),
        ]
        for row in run.profiles.to_dict("records")
    ]
    header = ["Segment", "Persona", "Feature", "Unit", *STATISTICS.values(), "Standard deviations from all"]
    return Sheet("Profiles", header, rows, frozen_columns=3)


def _assumptions(run: Run) -> Sheet:
    rows = [
        [Cell(row["label"]), *(_cell(row[name], kind) for name, (_, kind) in ASSUMPTIONS.items()), Cell(row["source"])]
        for row in run.assumptions.to_dict("records")
    ]
    header = ["Assumption", *(heading for heading, _ in ASSUMPTIONS.values()), "Source"]
    return Sheet("Assumptions", header, rows)


def _table(run: Run, name: str, frame: pd.DataFrame, columns: Mapping[str, tuple[str, str]]) -> Sheet:
    """One row a segment: number, persona, then the columns."""
    rows = [
        [
            Cell(int(row["segment"]), COUNT),
            Cell(run.names[int(row["segment"])]),
            *(_cell(row.get(column), kind) for column, (_, kind) in columns.items()),
        ]
        for row in frame.to_dict("records")
    ]
    return Sheet(name, ["Segment", "Persona", *(heading for heading, _ in columns.values())], rows, frozen_columns=2)


def _cell(value: Any, kind: str) -> Cell:
    if value is None or pd.isna(value):
        return Cell(None, kind)
    if kind == TEXT:
        return Cell(words.capitalised(str(value)))
    return Cell(int(value) if kind == COUNT else float(value), kind)
