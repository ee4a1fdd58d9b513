"""The report as a workbook: summary, profiles, strategy, economics that compute, test plan."""

from collections.abc import Iterable, Mapping

import pandas as pd

from seg_utils.core import dictionary
from seg_utils.reporting.narrative import NO_SEGMENT, period
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections.actions import MEASURES, WORDS
from seg_utils.reporting.sections.office import workbook_economics
from seg_utils.reporting.sections.office.workbook_cells import COUNT, MONEY, NUMBER, SHARE, TEXT, Cell, Sheet, cell
from seg_utils.reporting.sections.page_one import moves_heading, told
from seg_utils.reporting.sections.segments import amounts_of

# What kind of number a feature's values are; the others are plain numbers
KINDS = {"amount": MONEY, "frequency": SHARE, "share": SHARE}

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
AMOUNTS_OF_MONEY = (
    "They rest on the sheet Assumptions and on the effects, takers and benefits of the sheet Economics; none is a "
    "forecast. Change a blue cell there, and the sheets Portfolio, Economics and Groups are computed anew; what is "
    "said on the others stays as the report has it."
)
STATISTICS = {
    "mean": "Mean",
    "q25": "Lower quartile",
    "median": "Median",
    "q75": "Upper quartile",
    "population_mean": "Mean of all",
    "population_median": "Median of all",
}

DESCRIBED = {
    "customers": ("Customers", COUNT),
    "share": ("Share of the segment", SHARE),
    "population_share": ("Share of all", SHARE),
    "q25": ("Lower quartile", NUMBER),
    "median": ("Median", NUMBER),
    "q75": ("Upper quartile", NUMBER),
    "population_median": ("Median of all", NUMBER),
    "effect_measure": ("Measure", TEXT),
    "effect": ("Effect", NUMBER),
    "effect_by_chance": ("By chance up to", NUMBER),
    "effect_size": ("Size", TEXT),
}


def sheets(run: Run) -> list[Sheet]:
    """All sheets of a run's workbook."""
    return [
        _summary(run),
        _segments(run),
        _profiles(run),
        *_descriptors(run),
        *([_strategy(run)] if run.has_plans else []),
        *([*workbook_economics.sheets(run), _test_plan(run)] if run.has_money else []),
    ]


def _strategy(run: Run) -> Sheet:
    return _table(run, "Strategy", run.strategy, {name: (label, TEXT) for name, label in WORDS.items()})


def _test_plan(run: Run) -> Sheet:
    return _table(run, "Test plan", run.test_plan.replace({"measure": MEASURES}), TEST_PLAN)


def _summary(run: Run) -> Sheet:
    page, levers = told(run), run.economics.get("lever", [])
    lines: list[tuple[str, Iterable[str]]] = [
        ("Headline", [page.headline]),
        ("Notice", [page.notice] if page.notice else []),
        ("Recommendation", [page.recommendation] if page.recommendation else []),
        ("What was found", page.findings),
        (moves_heading(page), [*map(str, page.moves), *filter(None, [page.note])]),
        ("How far to trust this", [*map(str, page.trust), *page.data]),
        ("Amounts of money", [f"{AMOUNTS_OF_MONEY} A campaign counts {period(levers)}."] if run.has_money else []),
        ("Left out", run.left_out.values()),
    ]
    rows = [[Cell(topic), Cell(sentence)] for topic, sentences in lines for sentence in sentences]
    rows += [
        [Cell("Customers"), Cell(run.customers, COUNT)],
        [Cell("Segments"), Cell(run.k, COUNT)],
        [Cell("File"), Cell(run.quality["source"]["name"])],
        [Cell("Input sha256"), Cell(run.quality["source"]["sha256"])],
    ]
    return Sheet("Summary", ["About", "What the report says"], rows)


def _segments(run: Run) -> Sheet:
    amounts = {name: (f"{label}, share", SHARE) for name, label in amounts_of(run).items()}
    columns = {"customers": ("Customers", COUNT), "customers_share": ("Customers, share", SHARE)} | amounts
    sheet = _table(run, "Segments", run.money, columns)
    stability = run.metrics["stability"]
    grades = [run.grade(segment) if run.has_segments else NO_SEGMENT for segment in run.segments]
    rows = [
        [*row, Cell(stability["jaccard"][segment], NUMBER), Cell(grades[segment])]
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
            *(cell(row[name], KINDS.get(known[row["feature"]].kind, NUMBER)) for name in STATISTICS),
            cell(row["z"], NUMBER),
        ]
        for row in run.profiles.to_dict("records")
    ]
    header = ["Segment", "Persona", "Feature", "Unit", *STATISTICS.values(), "Standard deviations from all"]
    return Sheet("Profiles", header, rows, frozen_columns=3)


def _descriptors(run: Run) -> list[Sheet]:
    """Segments by what customers were not compared by; none where no column was named."""
    if run.segment_descriptors.empty:
        return []
    rows = [
        [
            Cell(row["label"]),
            Cell(row["segment"], COUNT),
            Cell(row["persona"]),
            Cell(row["level"]),
            *(cell(row[name], kind) for name, (_, kind) in DESCRIBED.items()),
        ]
        for row in run.segment_descriptors.to_dict("records")
    ]
    header = ["Column", "Segment", "Persona", "Value", *(label for label, _ in DESCRIBED.values())]
    return [Sheet("Descriptors", header, rows, frozen_columns=4)]


def _table(run: Run, name: str, frame: pd.DataFrame, columns: Mapping[str, tuple[str, str]]) -> Sheet:
    """One row a segment: number, persona, then the columns."""
    rows = [
        [
            Cell(int(row["segment"]), COUNT),
            Cell(run.names[int(row["segment"])]),
            *(cell(row.get(column), kind) for column, (_, kind) in columns.items()),
        ]
        for row in frame.to_dict("records")
    ]
    return Sheet(name, ["Segment", "Persona", *(heading for heading, _ in columns.values())], rows, frozen_columns=2)
