"""Every cell of the tables is its segment's, written as people read it."""

import pandas as pd
import pytest

from seg_utils.core import dictionary, words
from seg_utils.reporting import sections
from seg_utils.reporting.sections.actions import MEASURES, WORDS
from seg_utils.reporting.sections.office import workbook_content
from seg_utils.reporting.sections.segments import amounts_of
from seg_utils.strategy.testplan import ENOUGH_TOGETHER

from .runs import make_run


def cells(table, run):
    """Cells of each segment's row, unescaped, by segment."""
    found = {}
    for line in table.splitlines():
        first, *others = [cell.strip().replace("\\", "") for cell in line.strip("|").split(" | ")]
        for segment in run.segments:
            if first == run.flagged(segment):
                found[segment] = others
    assert list(found) != []
    return found


def dashed(value, write):
    return "–" if pd.isna(value) else write(value)


def test_the_glance(twelve):
    expected = {
        row["segment"]: [words.count(row["customers"]), words.percent(row["customers_share"])]
        + [words.percent(row[name]) for name in amounts_of(twelve)]
        for row in twelve.money.to_dict("records")
    }
    assert cells(sections.segments.glance(twelve), twelve) == expected


def test_the_test_plan(twelve):
    expected = {
        row.segment: [
            "Share who close the account",
            dashed(row.effect_that_matters, words.percent),
            *(words.count(getattr(row, name)) for name in ("treated", "control", "needed_per_group")),
            words.percent(row.power_here),
            f"{100 * row.first_reading:.0f} points",
            words.capitalised(row.verdict) + (f": {row.pooled_with}" if row.verdict == ENOUGH_TOGETHER else ""),
        ]
        for row in twelve.test_plan.itertuples()
    }
    assert cells(sections.actions.test_plan(twelve), twelve) == expected


def test_the_test_plan_says_what_its_figures_are(twelve):
    said = sections.actions.test_plan(twelve)
    assert " | Needed in each of two equal groups | " in said
    assert "after 12 months. A test is to see\nthe effect that matters with a chance of 80 %" in said
    assert "in\n5 % of cases at most, over 12 moves in all." in said
    assert "1 move cannot be tested on these customers, not even pooled" in said
    assert "than of those held out, of whom 5 % are assumed to." in said
    enough = make_run(3, test_plan=twelve.test_plan.head(3).assign(verdict=ENOUGH_TOGETHER))
    assert "cannot be tested" not in sections.actions.test_plan(enough)


def test_segments_are_worth_what_the_table_says(twelve):
    found = cells(sections.economics.page(twelve).split("tbl-values")[0], twelve)
    for row in twelve.economics.to_dict("records"):
        assert found[row["segment"]] == [
            words.money(row["value_per_customer"]),
            words.money(row["lifetime_value"]),
            f"{words.money(row['lifetime_value_low'])} to {words.money(row['lifetime_value_high'])}",
            words.money(row["segment_value"]),
            words.percent(row["value_share"]),
        ]
    nothing = make_run(2, economics=twelve.economics.head(2).assign(segment_value=0.0, value_share=float("nan")))
    shown = cells(sections.economics.page(nothing).split("tbl-values")[0], nothing)
    assert [row[-1] for row in shown.values()] == [words.DASH] * 2


def test_the_return_on_balances_stands_beside_published_ones(twelve):
    found = (
        f"{100 * twelve.portfolio['return_on_balances']:.1f} % of what they owe; published returns are 3.3 % to 6.8 %"
    )
    assert found in sections.economics.page(twelve)
    nobody = make_run(2, portfolio=twelve.portfolio | {"return_on_balances": None})
    assert "Nobody owes anything" in sections.economics.page(nobody)


@pytest.mark.parametrize(
    ("brings", "says"),
    [
        ([5.0], ["the one campaign for profit pays.", "It brings"]),
        ([5.0, -1.0], ["1 of 2 campaigns for profit pays.", "It brings"]),
        ([5.0, 1.0], ["all 2 campaigns for profit pay.", "They bring"]),
        ([-5.0, -1.0], ["no campaign for profit pays."]),
    ],
)
def test_campaigns_that_pay_are_counted_in_words(twelve, brings, says):
    economics = twelve.economics.head(len(brings)).assign(purpose="profit", campaign_value_base=brings)
    found = sections.economics.hangs_on(make_run(3, economics=economics))
    assert [part in sentence for part, sentence in zip(says, found, strict=False)] == [True] * len(says)


def test_the_range_is_over_every_assumption_not_the_most_telling_alone():
    """The widest span need not hold the least."""
    rows = [("Wide", 1000.0, 9000.0, False), ("Ruinous", 0.0, 2000.0, False), ("Upside", 9500.0, 5000.0, False)]
    sensitivity = pd.DataFrame(rows, columns=["label", "total_low", "total_high", "changes_best"])
    said = " ".join(sections.economics.page(make_run(3, sensitivity=sensitivity)).split())
    assert f"{words.money(0)} to {words.money(9500)} in all" in said.replace("\\", "")
    assert "hangs most on “wide”" in said


@pytest.mark.parametrize(
    ("changing", "said"),
    [(3, "with “p0”, “p1” and “p2”."), (4, "with 4 of 6 assumptions, among them “p0”, “p1” and “p2”.")],
)
def test_three_assumptions_are_named_and_more_are_counted(twelve, changing, said):
    table = pd.DataFrame({"label": [f"P{number}" for number in range(6)], "total_low": 1.0, "total_high": 2.0})
    table["changes_best"] = table.index < changing
    assert sections.economics.hangs_on(make_run(3, sensitivity=table))[-1] == f"The best move changes {said}"


def test_the_economics_best_first(twelve):
    ranked = twelve.economics.sort_values("rank_base")
    worth, others = sections.economics.page(twelve).split("tbl-values")[1].split("tbl-economics")
    found = cells(worth, twelve)
    assert list(cells(others, twelve)) == list(twelve.segments)  # and what each move assumes
    assert list(found) == ranked["segment"].tolist()
    for row in ranked.to_dict("records"):
        assert found[row["segment"]] == [
            "Profit",
            dashed(row["break_even_effect"], words.tenths),
            "0 % / 15 % / 30 % of customers who leave of their own accord",
            words.count(row["contacted"]),
            words.money(row["campaign_cost"]),
            words.money(row["campaign_value_base"]),
            f"{words.money(row['campaign_value_low'])} to {words.money(row['campaign_value_high'])}",
        ]


def test_the_grades(twelve):
    stability = twelve.metrics["stability"]
    for segment, row in cells(sections.evidence.trust(twelve), twelve).items():
        silhouette = twelve.metrics["silhouette_by_segment"][segment]
        assert row == [
            words.count(twelve.metrics["sizes"][segment]),
            f"{stability['jaccard'][segment]:.2f}",
            f"{stability['jaccard_low'][segment]:.2f}",
            "–" if silhouette is None else f"{silhouette:.2f}",
            words.percent(twelve.personas[segment]["members"][0]["share"]),
            twelve.badge(segment),
        ]


@pytest.mark.parametrize("segment", [0, 7, 11])
def test_a_segments_key_numbers(twelve, segment):
    profile = twelve.profile(segment).set_index("feature")
    table = sections.segments.in_figures(twelve).replace("\\", "")
    for label, feature in (("Balance", "BALANCE"), ("Utilisation", "UTILISATION"), ("Tenure (months)", "TENURE")):
        row = profile.loc[feature]
        said = [words.value(feature, row[name]) for name in ("median", "population_median", "mean", "population_mean")]
        half = f"{words.value(feature, row['q25'])} – {words.value(feature, row['q75'])}"
        assert f"| {label} | {said[0]} | {half} | {' | '.join(said[1:])} |" in table


def test_slides_hold_the_same_cells(twelve):
    glance = [slide.table for slide in sections.slide_content.slides(twelve) if slide.table][:2]
    rows = [row for part in glance for row in part.rows]
    on_page = cells(sections.segments.glance(twelve), twelve)
    assert [row[1:] for row in rows] == [on_page[segment] for segment in twelve.segments]
    shares = twelve.money["customers_share"]
    [title, *_] = [slide.title for slide in sections.slide_content.slides(twelve) if slide.table]
    span = f"from {words.percent(shares.max())} of the customers to {words.percent(shares.min())}"
    assert title == f"12 segments, {span} (1 of 2)"
    colours = [colour for part in glance for colour in part.colours]
    assert colours == [twelve.colour(segment) for segment in twelve.segments]


def test_slides_of_a_run_hold_its_own_words_and_numbers(twelve):
    plan = twelve.test_plan.assign(months=range(1, 13))
    run = make_run(12, test_plan=plan)
    front, decision, *rest = sections.slide_content.slides(run)
    assert front.subtitle == f"customers.csv · {run.quality['n_customers']:,} customers · 12 segments"
    page = sections.page_one.told(run)
    assert front.body[:-1] == [page.recommendation, *page.findings]
    assert [block.heading for block in decision.blocks] == [run.names[move.segment] for move in page.moves]
    assert [block.colour for block in decision.blocks] == [run.colour(move.segment) for move in page.moves]
    for block, move in zip(decision.blocks, page.moves, strict=True):
        assert block.paragraphs[1:] == [
            f"{name}: {move.facts[name]}" for name in sections.slide_content.ON_A_SLIDE if name in move.facts
        ]
    tests = [slide for slide in rest if slide.table and slide.table.header[1] == "Contacted"]
    told = plan[plan["segment"].isin([move.segment for move in page.moves])]
    kept = f"Keep {told['control'].sum():,} customers of these segments out of every campaign"
    assert [slide.title for slide in tests] == [f"{kept} for {told['months'].max()} months"]
    rows = [row for slide in tests for row in slide.table.rows]
    assert [row[1:4] for row in rows] == [
        [words.count(row[name]) for name in ("treated", "control", "needed_per_group")]
        for row in told.to_dict("records")
    ]
    assert [row[0] for row in rows] == [run.names[segment] for segment in told["segment"]]
    reasons = rest[-1]
    assert [block.heading for block in reasons.blocks] == [f"{one.subject}: {one.level}" for one in page.trust]
    for segment, slide in enumerate(slide for slide in rest if (slide.figure or "").startswith("fig-segment-")):
        plan_of, blocks = run.plan(segment), slide.blocks
        assert slide.figure == f"fig-segment-{segment}"
        assert [block.paragraphs[0].lower() for block in blocks[1:]] == [
            plan_of["later"].lower(),
            plan_of["kpi"].lower(),
        ]
        assert plan_of["guardrail"].lower() == blocks[2].paragraphs[1].lower()


def sheet_and_columns(run, name):
    """A sheet of the workbook, the table it is of and the heading of each of its columns."""
    headings = {
        "Segments": {"customers": "Customers", "customers_share": "Customers, share"}
        | {column: f"{label}, share" for column, label in amounts_of(run).items()},
        "Profiles": workbook_content.STATISTICS | {"z": "Standard deviations from all"},
        "Strategy": WORDS,
        "Test plan": {column: heading for column, (heading, _) in workbook_content.TEST_PLAN.items()},
        "Descriptors": {"label": "Column", "level": "Value", "persona": "Persona"}
        | {column: heading for column, (heading, _) in workbook_content.DESCRIBED.items()},
    }
    sheet = next(sheet for sheet in workbook_content.sheets(run) if sheet.name == name)
    table = {
        "Segments": run.money,
        "Profiles": run.profiles,
        "Strategy": run.strategy,
        "Descriptors": run.segment_descriptors,
    }
    return sheet, table.get(name, run.test_plan), headings[name]


@pytest.mark.parametrize("name", ["Segments", "Profiles", "Strategy", "Test plan", "Descriptors"])
def test_every_column_of_a_sheet_is_its_column_of_the_table_row_by_row(name, twelve, described):
    run = described if name == "Descriptors" else twelve
    sheet, table, headings = sheet_and_columns(run, name)
    cells = pd.DataFrame([[cell.value for cell in row] for row in sheet.rows], columns=sheet.header)
    for column, heading in headings.items():
        values = table[column].replace(MEASURES)
        found, expected = (
            [words.capitalised(value) if isinstance(value, str) else value for value in values]
            for values in (cells[heading], values)
        )
        assert found == pytest.approx(expected, nan_ok=True), column
    assert cells["Segment"].tolist() == table["segment"].tolist()
    assert cells["Persona"].tolist() == [run.names[segment] for segment in table["segment"]]
    if name == "Segments":
        assert cells["Jaccard"].tolist() == run.metrics["stability"]["jaccard"]
        assert cells["Grade"].tolist() == run.metrics["stability"]["grades"]
    if name == "Profiles":
        known = dictionary.load()
        assert cells["Feature"].tolist() == [known[feature].label for feature in table["feature"]]
        kinds = {row[2].value: row[4].kind for row in sheet.rows}
        assert (kinds["Balance"], kinds["Purchase frequency"], kinds["Tenure"]) == ("money", "share", "number")
