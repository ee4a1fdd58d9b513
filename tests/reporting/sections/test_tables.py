"""Every cell of the tables is its segment's, written as people read it."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.core import words
from seg_utils.reporting import sections
from seg_utils.reporting.sections.segments import AMOUNTS

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


def points(share):
    return "–" if pd.isna(share) else f"{100 * share:.1f} points"


def test_the_glance(twelve):
    expected = {
        row["segment"]: [words.count(row["customers"]), words.percent(row["customers_share"])]
        + [words.percent(row[name]) for name in AMOUNTS]
        for row in twelve.money.to_dict("records")
    }
    assert cells(sections.segments.glance(twelve), twelve) == expected


def test_the_test_plan(twelve):
    expected = {
        row.segment: [
            words.count(getattr(row, name)) for name in ("customers", "control", "treated", "needed_per_group")
        ]
        + [points(row.detectable_effect), words.capitalised(row.verdict)]
        for row in twelve.test_plan.itertuples()
    }
    assert cells(sections.actions.test_plan(twelve), twelve) == expected


def test_the_test_plan_says_what_its_figures_are(twelve):
    said = sections.actions.test_plan(twelve)
    assert " | Needed in each of two equal groups | " in said
    assert "5 % respond without the move, as the control group does" in said
    assert "come on top of them; 4.0 points more are worth finding" in said


def test_what_responders_are_given_is_no_cost_of_contacts(twelve):
    said = sections.actions.economics(twelve)
    assert " | Contacts cost | " in said
    assert "less contacts and what responders are given; best first" in said
    assert "Only those count whom the move brings to respond" in said


def test_the_range_is_over_every_assumption_not_the_most_telling_alone():
    """The widest span need not hold the least."""
    rows = [("Wide", 1000.0, 9000.0, False), ("Ruinous", 0.0, 2000.0, False), ("Upside", 9500.0, 5000.0, False)]
    sensitivity = pd.DataFrame(rows, columns=["label", "total_low", "total_high", "changes_best"])
    said = " ".join(sections.actions.economics(make_run(3, sensitivity=sensitivity)).split())
    assert f"{words.money(0)} to {words.money(9500)} in all" in said.replace("\\", "")
    assert "hangs most on “wide”" in said


def test_the_economics_best_first(twelve):
    amounts = ("value_per_customer", "segment_value", "campaign_cost")
    money = (*amounts, "campaign_value_low", "campaign_value_base", "campaign_value_high")
    ranked = twelve.economics.sort_values("rank_base")
    worth, others = sections.actions.economics(twelve).split("tbl-economics")
    found = cells(worth, twelve)
    assert list(cells(others, twelve)) == list(twelve.segments)  # and what each move assumes
    assert list(found) == ranked["segment"].tolist()
    for row in ranked.to_dict("records"):
        response = row["break_even_response"]
        expected = [words.money(row[name]) for name in money]
        expected += ["–" if np.isnan(response) else words.percent(response), str(row["rank_base"])]
        assert found[row["segment"]] == expected


def test_the_grades(twelve):
    stability = twelve.metrics["stability"]
    for segment, row in cells(sections.evidence.trust(twelve), twelve).items():
        silhouette = twelve.metrics["silhouette_by_segment"][segment]
        assert row == [
            words.count(twelve.metrics["sizes"][segment]),
            f"{stability['jaccard'][segment]:.2f}",
            "–" if silhouette is None else f"{silhouette:.2f}",
            words.percent(twelve.people[segment]["members"][0]["share"]),
            twelve.badge(segment),
        ]


@pytest.mark.parametrize("segment", [0, 7, 11])
def test_a_segments_key_numbers(twelve, segment):
    profile = twelve.profile(segment).set_index("feature")
    table = sections.segments.closing(twelve, segment).replace("\\", "")
    for label, feature in (("Balance", "BALANCE"), ("Utilisation", "UTILISATION"), ("Tenure (months)", "TENURE")):
        row = profile.loc[feature]
        said = [words.value(feature, row[name]) for name in ("median", "population_median", "mean", "population_mean")]
        half = f"{words.value(feature, row['q25'])} – {words.value(feature, row['q75'])}"
        assert f"| {label} | {said[0]} | {half} | {' | '.join(said[1:])} |" in table


def test_slides_hold_the_same_cells(twelve):
    glance = sections.slide_content.slides(twelve)[1].table
    on_page = cells(sections.segments.glance(twelve), twelve)
    assert {segment: row[1:] for segment, row in zip(glance.segments, glance.rows, strict=True)} == on_page
