"""A segment's own page: whom its name is true of, and what its chart says to those who do not see it."""

from types import SimpleNamespace

import pytest

from seg_utils.personas.catalogue import UNNAMED
from seg_utils.reporting import sections

from .runs import make_run

FITTING = {"persona_id": "revolvers", "persona": "Revolvers", "share": 0.4}
OTHERS = [
    {"persona_id": "dormant", "persona": "Dormant *customers*", "share": 0.25},
    {"persona_id": "premium", "persona": "Premium customers", "share": 0.1},
    {"persona_id": "near_limit", "persona": "Near-limit customers", "share": 0.05},
]


def opening(**person) -> str:
    run = make_run(2)
    run.people[0].update(person)
    return sections.segments.opening(run, 0)


def test_a_name_says_how_many_of_the_customers_it_is_true_of():
    fit = "Taken one by one, 40 % of these customers fit this persona"
    assert f"{fit}; others are" in opening(members=[FITTING, *OTHERS])
    assert f"{fit}." in opening(members=[FITTING])


def test_the_next_personas_are_named_with_their_shares_and_no_markup():
    said = opening(members=[FITTING, *OTHERS])
    assert r"others are Dormant \*customers\* (25 %) and Premium customers (10 %)." in said
    assert "Near-limit" not in said


def test_shares_that_add_up_to_more_than_all_are_explained():
    assert "One customer may fit two." in opening(members=[FITTING | {"share": 0.7}, *OTHERS])
    assert "One customer may fit two." not in opening(members=[FITTING | {"share": 0.6}, *OTHERS])


def test_a_chart_shows_nothing_whose_making_it_does_not_say():
    run = make_run(2)
    run.profiles["z"] = run.profiles["feature"].isin(["RECENCY_SCORE", "VALUE_ESTIMATE"]).astype("float64") * 9
    shown = sections.segments._telling(run, 0)
    assert len(shown) == sections.segments.BARS
    assert not set(shown["feature"]) & {"RECENCY_SCORE", "VALUE_ESTIMATE"}


def test_a_segment_of_no_persona_says_so_and_who_is_in_it():
    said = opening(persona_id=UNNAMED, members=OTHERS)
    assert sections.segments.UNNAMED in said
    assert r"the most are Dormant \*customers\* (25 %) and Premium customers (10 %)." in said
    assert opening(persona_id=UNNAMED, members=[]).count("Taken one by one") == 0


@pytest.mark.parametrize("z", [-1.25, 1.25])
def test_a_charts_text_alternative_keeps_hyphens_and_writes_a_minus_as_one(z, monkeypatch):
    run = make_run(2)
    rows = run.profiles
    rows.loc[rows["segment"] == 0, "z"] = 0.0
    rows.loc[(rows["segment"] == 0) & (rows["feature"] == "PRC_FULL_PAYMENT"), "z"] = z
    shown = []
    monkeypatch.setattr(sections.segments, "style", SimpleNamespace(show=lambda figure, **texts: shown.append(texts)))
    sections.segments.show_chart(run, 0)
    assert (
        f"Full-payment share is {'below' if z < 0 else 'above'} average ({'−' if z < 0 else '+'}1." in shown[0]["alt"]
    )
