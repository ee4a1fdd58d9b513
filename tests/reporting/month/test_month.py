"""What a month's report says and draws, from small tables."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from seg_utils.data.findings import Finding
from seg_utils.periods import history
from seg_utils.periods.comparison import FLICKER, REAL
from seg_utils.personas import descriptors
from seg_utils.reporting import markdown, month, sections
from seg_utils.reporting.figures import style
from seg_utils.reporting.month import Month
from seg_utils.reporting.rendering.office import workbook
from seg_utils.strategy.decisions import HELD_OUT

SEGMENTS = [
    {"key": 0, "persona": "Big | one", "colour": 3, "found": "Huge*", "failed": 1, "formerly": None},
    {"key": 5, "persona": "Small", "colour": 1, "found": "Small", "failed": 0, "formerly": "<Tiny>"},
]
FATE = {"customers": 50, "fate": "survived", "into": [0], "shares": [0.9], "sure": 1.0}


@pytest.fixture
def made():
    """100 customers of two segments: 4 really moved, 2 flickered, 3 are new, 1 is gone."""
    real = {"kind": REAL, "segment_now": 5, "move_before": "a", "move_now": "Offer *more*", "campaign_part": HELD_OUT}
    movers = pd.DataFrame([real] * 4 + [{**real, "kind": FLICKER}] * 2)
    flows = [(0, 0, 40, 0, 0), (0, 5, 6, 4, 2), (5, 5, 50, 0, 0), (None, 5, 3, 0, 0), (5, None, 1, 0, 0)]
    names = {0: "Big | one", 5: "Small"}
    migration = pd.DataFrame(flows, columns=["from_segment", "to_segment", "customers", "real", "flicker"])
    migration["from_persona"] = migration["from_segment"].map(names).fillna("new")
    migration["to_persona"] = migration["to_segment"].map(names).fillna("gone")
    bridge = pd.DataFrame(
        {
            "segment": [0, 5], "persona": list(names.values()), "before": [46, 51], "new": [0, 3], "returned": 0,
            "moved_in": [0, 6], "moved_out": [6, 0], "gone": [0, 1], "now": [40, 59], "flicker_in": [0, 2],
            "flicker_out": [2, 0], "share": [0.4, 0.6], "period": "2026-11",
        }
    )  # fmt: skip
    shift = pd.DataFrame(
        {"measure": "value", "segment": [0, 5], "before": [900.0, 100.0], "customer_base": [0.0, 50.0],
         "mix": [-20.0, 20.0], "behaviour": [-130.0, 0.0], "now": [750.0, 170.0]}
    )  # fmt: skip
    drift = pd.DataFrame(
        {
            "feature": ["BALANCE", "PURCHASES"], "label": ["Balance", "Purchases"], "psi": 0.01,
            "verdict": "as in training", "mean_before": 10.0, "mean_now": 11.0, "same_change": [0.08, -0.004],
            "standard_errors": [9.0, -1.0], "shifted": [True, False],
        }
    )  # fmt: skip
    counts = {"customers": 99, "customers_before": 97, "stayed": 90, "moved": 6, "new": 3, "returned": 0, "gone": 1}
    decision = {
        "period": "2026-11", "before": "2026-10", "counts": counts | {"real": 4, "flicker": 2}, "decision": "watch",
        "signal": "strained", "reasons": ["something moved"], "segments": SEGMENTS,
    }  # fmt: skip
    lineage = {
        "segments": [SEGMENTS[0] | FATE, SEGMENTS[1] | FATE | {"fate": "vanished", "into": [], "shares": []}],
        "challenger": [*SEGMENTS, {"key": 6, "persona": "Fresh", "colour": 2}], "emerged": [6], "loss": 0.03,
        "recommended": {"k": 2, "sentence": "2 segments hold up."},
    }  # fmt: skip
    quality = {"source": {"name": "a`b.csv"}, "notes": ["<b>few</b>"]}
    quality["findings"] = [
        Finding("warning", "sampled", "", 9, case="month", parameters={"sampled": 5}).to_dict(),
        Finding("info", "blank_rows").to_dict() | {"message": "Nothing of the first page."},
    ]
    ages = pd.DataFrame({"customer_id": [*"abcdefghij"], "<age>": [float(age) for age in range(20, 30)]})
    described = descriptors.profile(ages, np.array([0, 5] * 5), names, seed=1)
    return Month(decision, lineage, quality, movers, migration, bridge, shift, drift, described, bridge)


def plain(markdown):
    """As it is read: without colours, backslashes and stars."""
    return re.sub(r"\[(.*?)\]\{\.persona colour=\d+\}", r"\1", str(markdown)).replace("\\", "").replace("**", "")


def test_five_sentences_say_who_worth_what_what_to_do_what_differs_and_whether_it_holds(made):
    told = [plain(part(made)) for part in (
        month.sentences.who, month.sentences.worth, month.sentences.what_to_do, month.sentences.behaviour,
        month.sentences.holds,
    )]  # fmt: skip
    assert told == [
        "Who. Of the 97 customers of 2026-10, 96 are here again; 3 are new, 0 returned, 1 is gone. 4 of them really "
        "changed segment, the most (4) from Big | one to Small; 2 more only crossed a border without changing much.",
        "Worth. Value a year went from $1,000 to $920 (−8 %): +$50 by customers who came and left, $0 by moves between "
        "segments and −$130 by behaviour within segments.",
        "What to do. 4 customers who changed segment are due another move now, the most (4) that of Small: Offer "
        "*more*. 4 of them are held out and stay so.",
        "Behaviour. Of the same customers, balance rose by 8 % on average.",
        "Does it hold? Fitted afresh on 2026-11, 1 of 2 segments came back, but Small vanished; fresh segments would "
        "save 3 % of the spread within segments.",
    ]


def test_the_first_period_is_compared_with_the_customers_of_the_run(made):
    first = replace(made, decision=made.decision | {"before": "start"})
    assert (made.before, first.before) == ("2026-10", "the run")
    assert "customers of the run" in plain(month.sentences.who(first))


def test_from_nothing_there_is_no_change_in_per_cent(made):
    told = plain(month.sentences.worth(replace(made, shift=made.shift.assign(before=0.0))))
    assert "went from $0 to $920: +$50" in told


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (3, "A rose by 8 %, B fell by 8 % and C rose by 8 % on average."),
        (4, "A rose by 8 %, B fell by 8 % and C rose by 8 % on average, and 1 feature more changed"),
    ],
)
def test_three_features_that_changed_are_named_and_of_equal_ones_the_first(made, changed, said):
    change = {"label": ["A", "B", "C", "D"], "same_change": [0.08, -0.08, 0.08, -0.08]}
    drift = pd.DataFrame(change).assign(shifted=True).head(changed)
    assert said in plain(month.sentences.behaviour(replace(made, drift=drift)))


def test_that_nothing_changed_is_told_by_the_bound_that_news_have(made, monkeypatch):
    still = replace(made, drift=made.drift.assign(shifted=False))
    assert "no feature's mean changed by 5 % or more" in plain(month.sentences.behaviour(still))
    monkeypatch.setattr(month.sentences, "LEAST_CHANGE", 0.08)
    assert "no feature's mean changed by 8 % or more" in plain(month.sentences.behaviour(still))


def test_of_each_segment_it_is_told_who_came_and_who_left(made):
    told = plain(month.sentences.of_segment(made, 5))
    assert told == (
        "Small: 51 before, 59 now (+8). 4 really moved in, the most from Big | one (4), 0 out; 3 new or returned, 1 "
        "gone; flicker 2 in, 0 out."
    )


def test_the_first_page_gives_the_decision_its_reasons_and_what_is_odd_about_the_file(made):
    page = str(month.sentences.page(made))
    assert page.startswith("# 2026\\-11\\: watch the segments")
    assert 'callout-warning title="Watch"' in page
    assert "- Something moved." in page
    assert "- Of 9 customers, the 5 whom the run's sample holds" in page.replace("\\", "")
    assert "Nothing of" not in page
    assert "<b>" not in page
    assert "a`b" not in page


def test_flicker_stands_apart_in_tables(made):
    transitions, bridge = plain(month.tables.transitions(made)), plain(month.tables.bridge(made))
    assert "| 40 | 4 (2) | 0 |" in transitions
    assert "| –" in transitions
    assert "| 46 | 0 | 0 | 0 (0) | −6 (2) | 0 | 40 |" in bridge


def test_totals_drift_and_lineage_are_told(made):
    assert "| 1,000 | +50 | 0 | −130 | 920 |" in plain(month.tables.totals(made))
    assert "+8.0 %" in plain(month.tables.drift(made))
    assert month.tables.drift(made).count(".badge .warning") == 1
    lineage = plain(month.tables.lineage(made))
    assert "vanished | – | 100 %" in lineage
    assert "Emerged: Fresh." in lineage


def test_flows_are_drawn_with_what_they_say(made):
    drawn = style.svg(month.figures.flows(made.migration, {"Big | one": 3, "Small": 1}))
    titles = re.findall(r"<title>(.*?)</title>", drawn)
    assert titles[0] == "Big | one &#8594; Small &#183; 4 customers, real"
    assert sum("border flicker" in title for title in titles) == 1
    assert style.colour(3) in drawn


def test_a_month_in_which_nothing_moved_is_drawn_too(made):
    still = made.migration[made.migration["from_segment"].eq(made.migration["to_segment"])]
    assert len(month.figures.flows(still, {}).axes[0].texts) == 1


def test_bridges_and_shares_are_drawn(made):
    bridges = style.svg(month.figures.bridges(made.bridge, made.colours))
    assert "Small &#183; moved in 4 &#183; new or returned 3 &#183; flicker in 2" in bridges
    shares = style.svg(month.figures.shares(made.trend, made.colours, ["2026-11"]))
    assert "Small &#183; 2026-11 &#183; 60 % of customers" in shares


def test_periods_stand_side_by_side():
    counts = {"customers": 99, "new": 3, "returned": 0, "gone": 1, "real": 4, "flicker": 2}
    periods = pd.DataFrame([{"period": name, "decision": "keep", **counts} for name in ("2026-10", "2026-11")])
    told = month.side_by_side.periods(periods)
    assert "| [2026\\-10]{.whole} | [keep]{.badge .firm} | 99 | 3 | 0 | 1 | 4 | 2 |" in told
    assert "2026-11 &#183; real 4 &#183; flicker 2" in style.svg(month.figures.moves(periods))
    columns = ["by", "cohort", "period", "of", "here", "retention", "at_risk", "lost", "attrition"]
    rows = [("2026-10", 50, 48, 0.96, 50, 2, 0.04), ("2026-11", 50, 40, 0.8, 48, 8, 1 / 6)]
    rows = [(*kind, *row) for kind in (("first period", "start"), ("TENURE", "<12>")) for row in rows]
    table = month.side_by_side.retention(pd.DataFrame(rows, columns=columns))
    assert "| The run's own | 50 | 40 | 80 % | 98 | 10 % |" in plain(table)
    assert "| <12> | 50 | 40 | 80 % | 98 | 10 % |" in plain(table)
    assert "\\<12\\>" in table


def test_a_month_tells_what_its_segments_were_not_made_of(made):
    page = plain(sections.descriptors.described(made.segment_descriptors, made.name))
    assert "<age> differs between segments no more than by chance" in page
    assert "Big | one | 24 (22 to 26)" in page


def test_names_that_change_and_may_change_are_told_with_both_names(made):
    told = str(month.tables.lineage(made))
    assert "was \\<Tiny\\> until now" in told
    assert "would be called Huge\\* by this period's customers" in told


def test_a_challenger_of_the_recommended_number_stands_beside_the_other(made):
    assert "tbl-lineage-recommended" not in month.tables.lineage(made)
    lineage = made.lineage | {"recommended": made.lineage | {"k": 3, "sentence": "3 segments hold up."}}
    told = str(month.tables.lineage(replace(made, lineage=lineage)))
    assert "**How many segments.** 3 segments hold up" in told
    assert "in 3 segments, as is recommended" in told
    assert "#tbl-lineage-recommended" in told


def test_a_history_tells_who_may_leave_only_where_that_is_known():
    names = {0: markdown.persona("A|b", 0)}
    rates = history.rates(
        [(name, pd.DataFrame({"customer_id": ids, "segment": 0})) for name, ids in (("x", [*"abcd"]), ("y", [*"abc"]))]
    )
    assert "75 %, gone 25 % of 4" in plain(month.side_by_side.rates(rates, names))
    about = {"shown": False, "why": "it is no better"}
    nobody = pd.DataFrame({"customer_id": [], "segment": [], "probability": []})
    assert month.side_by_side.leaving(about, nobody, names).strip() == (
        "Nobody is named as likely to leave: it is no better."
    )
    held = {"shown": True, "checked_on": "2026-04", "top_rate": 0.3, "rate": 0.1, "auc": 0.7}
    likely = pd.DataFrame({"customer_id": [*"abcdefghij"], "segment": 0, "probability": 0.2})
    told = plain(month.side_by_side.leaving(held, likely, names))
    assert "30 % left, of all 10 %" in told
    assert "| 10 | 2 | 1 |" in told


def test_each_segment_has_a_page_with_its_bridge_and_where_customers_came_from_and_went(made):
    page = month.segments.page(made, 5)
    assert page.startswith("## Small {.new-page}")
    told = plain(page)
    assert "51 before, 59 now (+8)" in told
    assert "| Big | one | 4 (2) | – |" in told
    assert "| New | 3 | – |" in told
    assert "| Gone | – | 1 |" in told
    drawn = style.svg(month.figures.trend_of(made.trend[made.trend["segment"] == 5], 1))
    assert "before &#183; 51 customers" in drawn
    assert "2026-11 &#183; 59 customers" in drawn


def test_the_workbook_of_a_month_has_its_tables(made, tmp_path):
    people = made.movers.assign(customer_id="=1+1", crossed=1.0, kind=made.movers["kind"])
    sheets = month.workbook.sheets(replace(made, movers=people))
    by_name = {sheet.name: sheet for sheet in sheets}
    assert [*by_name] == [
        "Summary", "Bridge", "Transitions", "Totals", "Real moves", "Drift", "Lineage", "Descriptors", "Trend",
    ]  # fmt: skip
    assert all(len(row) == len(sheet.header) for sheet in sheets for row in sheet.rows)
    assert [cell.value for cell in by_name["Bridge"].rows[1]][:4] == [5, "Small", 51, 3]
    assert len(by_name["Real moves"].rows) == 4
    read = load_workbook(workbook.write(sheets, tmp_path / "month.xlsx"))
    assert read["Summary"]["B4"].value == "watch"
    identity = [cell.value for cell in read["Real moves"][1]].index("Customer id")
    assert (read["Real moves"][2][identity].value, read["Real moves"][2][identity].data_type) == ("=1+1", "s")
