"""A segment's own page: whom its name is true of, and what its chart says to those who do not see it."""

from types import SimpleNamespace

import pytest

from seg_utils import pages
from seg_utils.personas.catalogue import UNNAMED

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
    return pages.segments.opening(run, 0)


def test_a_name_says_how_many_of_the_customers_it_is_true_of():
    fit = "Taken one by one, 40 % of these customers fit this persona"
    assert f"{fit}; next come" in opening(members=[FITTING, *OTHERS])
    assert f"{fit}." in opening(members=[FITTING])


def test_the_next_personas_are_named_with_their_shares_and_no_markup():
    said = opening(members=[FITTING, *OTHERS])
    assert r"next come Dormant \*customers\* (25 %) and Premium customers (10 %)." in said
    assert "Near-limit" not in said


def test_a_segment_of_no_persona_says_so_and_who_is_in_it():
    said = opening(persona_id=UNNAMED, members=OTHERS)
    assert pages.segments.UNNAMED in said
    assert r"the most are Dormant \*customers\* (25 %) and Premium customers (10 %)." in said
    assert opening(persona_id=UNNAMED, members=[]).count("Taken one by one") == 0


@pytest.mark.parametrize("z", [-1.25, 1.25])
def test_a_charts_text_alternative_keeps_hyphens_and_writes_a_minus_as_one(z, monkeypatch):
    run = make_run(2)
    rows = run.profiles
    rows.loc[rows["segment"] == 0, "z"] = 0.0
    rows.loc[(rows["segment"] == 0) & (rows["feature"] == "PRC_FULL_PAYMENT"), "z"] = z
    shown = []
    monkeypatch.setattr(pages.segments, "style", SimpleNamespace(show=lambda figure, **texts: shown.append(texts)))
    pages.segments.show_chart(run, 0)
    assert (
        f"Full-payment share is {'below' if z < 0 else 'above'} average ({'−' if z < 0 else '+'}1." in shown[0]["alt"]
    )
