"""A segment's own page: whom its name is true of, and what its chart says to those who do not see it."""

from types import SimpleNamespace

from seg_utils.personas.catalogue import UNNAMED
from seg_utils.reporting import sections

from .runs import make_run

FITTING = {"persona_id": "revolvers", "persona": "Revolvers", "share": 0.4}
OTHERS = [
    {"persona_id": "dormant", "persona": "Dormant *customers*", "share": 0.25},
    {"persona_id": "premium", "persona": "Premium customers", "share": 0.1},
    {"persona_id": "near_limit", "persona": "Near-limit customers", "share": 0.05},
]


def closing(**person) -> str:
    run = make_run(2)
    run.personas[0].update(person)
    return sections.segments.closing(run, 0)


def test_a_name_says_how_many_of_the_customers_it_is_true_of():
    fit = "Taken one by one, 40 % of these customers fit this persona"
    assert f"{fit}; others are" in closing(members=[FITTING, *OTHERS])
    assert f"{fit}." in closing(members=[FITTING])


def test_the_next_personas_are_named_with_their_shares_and_no_markup():
    said = closing(members=[FITTING, *OTHERS])
    assert r"others are Dormant \*customers\* (25 %) and Premium customers (10 %)." in said
    assert "Near-limit" not in said


def test_shares_that_add_up_to_more_than_all_are_explained():
    assert "One customer may fit two." in closing(members=[FITTING | {"share": 0.7}, *OTHERS])
    assert "One customer may fit two." not in closing(members=[FITTING | {"share": 0.6}, *OTHERS])


def test_a_chart_shows_nothing_whose_making_it_does_not_say():
    run = make_run(2)
    run.profiles["rank"] = run.profiles["feature"].isin(["RECENCY_SCORE", "VALUE_ESTIMATE"]).astype("float64")
    shown = sections.segments._telling(run, 0)
    assert len(shown) == sections.segments.BARS
    assert not set(shown["feature"]) & {"RECENCY_SCORE", "VALUE_ESTIMATE"}


def test_a_segment_of_no_persona_says_so_and_who_is_in_it():
    said = closing(persona_id=UNNAMED, members=OTHERS)
    assert sections.segments.UNNAMED in said
    assert r"the most are Dormant \*customers\* (25 %) and Premium customers (10 %)." in said
    assert closing(persona_id=UNNAMED, members=[]).count("Taken one by one") == 0


def test_where_nothing_is_proposed_the_reason_stands_beside_the_name():
    said = closing(members=[FITTING], no_move="most of them buy *nothing*")
    assert "No action is proposed" in said
    assert r"most of them buy \*nothing\*" in said
    assert "No action" not in closing(members=[FITTING], no_move="")


def test_of_features_that_speak_of_the_same_a_chart_shows_one():
    run = make_run(2)
    spending = run.profiles["feature"].isin(["PURCHASES_FREQUENCY", "PURCHASES_TRX", "PURCHASE_ACTIVITY"])
    run.profiles["rank"] = 0.5 + spending / 2
    shown = sections.segments._telling(run, 0)["feature"].tolist()
    assert len({"PURCHASES_FREQUENCY", "PURCHASES_TRX", "PURCHASE_ACTIVITY"} & set(shown)) == 1
    assert shown[0] == "PURCHASES_FREQUENCY"


def test_features_without_a_place_among_all_customers_are_in_no_chart():
    run = make_run(2)
    placed = run.profiles["feature"].isin(["BALANCE", "PRC_FULL_PAYMENT"])
    run.profiles["rank"] = run.profiles["rank"].where(placed)
    assert set(sections.segments._telling(run, 0)["feature"]) == {"BALANCE", "PRC_FULL_PAYMENT"}


def test_a_charts_text_alternative_says_where_the_typical_member_stands(monkeypatch):
    run = make_run(2)
    rows = run.profiles
    rows.loc[rows["segment"] == 0, "rank"] = 0.5
    rows.loc[(rows["segment"] == 0) & (rows["feature"] == "PRC_FULL_PAYMENT"), "rank"] = 0.123
    shown = []
    monkeypatch.setattr(sections.segments, "style", SimpleNamespace(show=lambda figure, **texts: shown.append(texts)))
    sections.segments.show_chart(run, 0)
    assert "Full-payment share stands above 12 % of all customers" in shown[0]["alt"]
