"""What the page of a campaign's results says, from a small table."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from seg_utils.reporting import campaign_page as page
from seg_utils.strategy.definitions import CARE, PROFIT
from seg_utils.strategy.results.analysis import CANNOT_TELL, LIFT, MONEY, PART, ROLL_OUT, STOP, TEST_ON, WHOLE

from .table_cells import rows

PLAN = SimpleNamespace(
    people=[{"colour": colour} for colour in (4, 2, 7)],
    campaign="first",
    assumptions=SimpleNamespace(test=SimpleNamespace(significance=0.05)),
)
RESPONSES = SimpleNamespace(frame=pd.DataFrame({"customer_id": ["a", "b"]}))


@pytest.fixture
def table():
    nan = np.nan
    return pd.DataFrame(
        {
            "segment": [0, 1, 2], "persona": ["Savers", "Spenders", "Drawers"], "purpose": [PROFIT, PROFIT, CARE],
            "verdict": [ROLL_OUT, STOP, TEST_ON],
            "outcome": ["purchases", "closures", "outcome"], "yes_no": [False, True, True],
            "customers": [1000, 500, 300], "control": [200, 100, 60], "not_reached": [8, 4, 0],
            "control_contacted": [3, 0, 0], "lost": [10, 5, 1], "lost_control": [4, 2, 0],
            "split_p": [0.5, 0.0009, 1.0], "judged_by": [MONEY, LIFT, LIFT], "compared": [PART, WHOLE, PART],
            "control_mean": [100.0, 0.25, nan], "lift": [12.0, -0.05, nan], "lift_low": [7.0, -0.09, nan],
            "lift_high": [17.0, -0.01, nan], "plain_low": [2.0, -0.09, nan], "plain_high": [22.0, -0.01, nan],
            "lift_share": [0.12, -0.2, nan], "lift_share_error": [0.02, 0.05, nan], "pooled_share": [0.1, -0.15, nan],
            "pooled_low": [0.05, -0.3, nan], "pooled_high": [0.15, 0.0, nan], "reason": ["it works", "it harms", "few"],
            "cost": [0.5, 2.0, nan], "money": [3.0, -1.0, nan], "money_low": [2.0, -2.0, nan],
            "money_high": [4.0, 0.0, nan], "p": [0.001, 0.2, nan], "p_adjusted": [0.0005, 0.4, nan],
            "more_customers": [nan, nan, 1234.0],
        }
    )  # fmt: skip


@pytest.fixture
def text(monkeypatch, tmp_path):
    """Gives the page's Markdown."""
    monkeypatch.setattr(page, "report", SimpleNamespace(page=lambda document, target: document.markdown))
    about = {"source": "responses.csv", "period": ""}
    return lambda table: page.write(PLAN, RESPONSES, table, about, tmp_path / "results.html")


def test_the_page_says_how_sure_its_intervals_are(text, table):
    assert "**Intervals** hold at 95 % for one move" in text(table)


def test_where_no_move_could_be_measured_no_figure_is_drawn(text, table):
    assert "figures/fig-lifts" in text(table)
    assert "fig-lifts" not in text(table.assign(lift_share_error=np.nan))


def test_the_headline_counts_verdicts(table):
    assert page.headline("x", table) == "Campaign x: 1 move to roll out, 1 to stop, 1 to test on"
    table["verdict"] = [TEST_ON, CANNOT_TELL, TEST_ON]
    assert page.headline("x", table) == "Campaign x: 2 moves to test on, 1 that cannot be told"


def test_what_it_brought_is_added_up_over_those_drawn_to_be_contacted(table):
    *_, brought = page.lead(table)
    total, spread = 800 * 3 - 400, np.hypot(800 * 1, 400 * 1)
    assert f"brought ${total:,} more than it cost, give or take ${spread:,.0f}" in brought
    assert "1,200 customers" in brought
    *_, cost = page.lead(table.assign(money=[-3.0, 1.0, np.nan]))
    assert "cost $2,000 more than it brought" in cost
    assert len(page.lead(table.assign(money=np.nan))) == 3


def test_what_care_costs_is_no_failure_of_it(table):
    *_, said = page.lead(table.assign(purpose=[CARE, PROFIT, CARE]))
    assert said.startswith("What is done for Savers is care")  # nothing was spent on the third


def test_moves_are_named_by_their_verdict(table):
    told = page.lead(table.assign(verdict=[STOP, STOP, CANNOT_TELL], money=np.nan))
    assert told == ["Stop the moves for Savers and Spenders."]
    first, second, third = page.lead(table)[:3]
    assert (first[:8], second[:4], third[:7]) == ("Roll out", "Stop", "Test on")


@pytest.mark.parametrize(
    ("customers", "said"), [(1817, "1 customer of the file is neither"), (1818, "2 customers of the file are neither")]
)
def test_customers_without_a_part_in_the_plan_are_counted(table, customers, said):
    assert page.warnings(table, customers)[0].startswith(said)
    assert "neither" not in " ".join(page.warnings(table, 1816))


def test_warnings_count_what_went_otherwise(table):
    left_out, whole, broken, contacted, missed, lost = page.warnings(table, 1900)
    assert left_out.startswith("84 customers of the file are neither")
    assert whole.startswith("The plan contacts none of Spenders, but")
    assert broken.startswith("The groups of Spenders are not")
    held_out, treated = 360 + 6, 1816 - 366
    assert f"3 customers held out, yet contacted ({300 / held_out:.1f} % of those held out): too few" in contacted
    assert f"12 customers drawn to be contacted, but not reached ({1200 / treated:.1f} % of those" in missed
    assert lost.startswith("16 customers of the file without an outcome, 6 of them held out")
    clean = table.assign(split_p=1.0, control_contacted=0, not_reached=0, lost=0, compared=PART)
    assert page.warnings(clean, 1800) == []


def test_lifts_stand_in_the_unit_of_their_outcome(table, text):
    told = rows(text(table))[5:8]
    assert told[0][2:] == ["$100", "+$12", "+$7 to +$17", "+12.0 %", "+10.0 % (+5.0 % to +15.0 %)"]
    assert told[1][2:5] == ["25.0 %", "−5.0 points", "−9.0 points to −1.0 points"]
    assert told[2][2:6] == ["–"] * 4
    assert [row[0] for row in told] == ["Savers", "Spenders", "Drawers"]
    assert "less is better" in text(table)
    assert "less is better" not in text(table.assign(outcome="purchases"))


def test_verdicts_stand_beside_their_money_and_their_chance(table, text):
    told = [row[2:] for row in rows(text(table))[1:4]]
    assert told == [
        ["It works", "$0.50", "$3 ($2 to $4)", "0.001, net money", "under 0.001", "–"],
        ["It harms", "$2", "−$1 (−$2 to $0)", "0.200, lift", "0.400", "–"],
        ["Few", "–", "–", "–", "–", "1,234"],
    ]


def test_groups_are_counted_as_they_are(table, text):
    assert [row[1:] for row in rows(text(table))[9:]] == [
        ["The plan's part", "1,000", "200", "8", "3", "10", "0.500"],
        ["The whole segment", "500", "100", "4", "0", "5", "under 0.001"],
        ["The plan's part", "300", "60", "0", "0", "1", "1.000"],
    ]


def test_how_much_narrower_an_interval_the_covariate_gives_is_the_median(table):
    third = {"lift_low": 0.0, "lift_high": 9.0, "plain_low": 0.0, "plain_high": 10.0}
    table.loc[1, "lift_high"], table.loc[2, list(third)] = -0.05, list(third.values())
    assert page._narrower(table) == pytest.approx(0.5)
    assert page._narrower(table.assign(lift_low=np.nan)) == 1


def test_what_an_unnamed_outcome_is_taken_for_is_said(table):
    assert "A response has no price" in page._worth(table)
    assert "money earned" in page._worth(table.assign(yes_no=False))
    assert page._worth(table.assign(outcome="purchases")) == ""
