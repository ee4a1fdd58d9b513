"""Page one: every sentence follows from the artefacts, every judging word from a threshold."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils.core import dictionary
from seg_utils.reporting import narrative
from seg_utils.reporting.narrative.moves import CHANGES, note
from seg_utils.strategy.decisions import FOR_CARE, MAKE, TRY, decide
from seg_utils.strategy.definitions import LEVERS
from seg_utils.strategy.testplan import ENOUGH, ENOUGH_BY_HALF, ENOUGH_TOGETHER, TOO_SMALL

QUALITY = {"synthetic": False, "findings": [], "stands_for": 1.0}
PORTFOLIO = {
    "return_on_balances": 0.05,
    "chosen_for_return": [],
    "published_return": {"low": 0.033, "high": 0.068, "source": "somebody"},
    "assumptions": 24,
    "guesses": 9,
}
STANDING = "3 segments is what the evidence recommends."


@pytest.fixture
def people() -> list[dict]:
    return [
        {
            "segment": segment,
            "persona": name,
            "persona_id": "revolvers",
            "size": size,
            "share": size / 1000,
            "members": [{"persona_id": "revolvers", "persona": "Revolvers", "share": 0.8}],
        }
        for segment, (name, size) in enumerate([("Savers", 600), ("Spenders", 300), ("Drawers", 100)])
    ]


@pytest.fixture
def strategy() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "segment": [0, 1, 2],
            "persona": ["Savers", "Spenders", "Drawers"],
            "action_now": ["Wait", "Thank them", "Explain costs"],
            "action_later": "Look again",
            "offer": "A song",
            "channel": "Telephone",
            "owner": ["Marketing", "Product", "Risk"],
            "guardrail": ["Not too often", "No mass discounts", "No credit pushed"],
            "measure": ["closures", "closures", "defaults"],
            "months": 12,
            "control": [0, 50, 20],
            "effect_that_matters": 0.1,
            "customers_share": [0.6, 0.3, 0.1],
            "purchases_share": [0.2, 0.75, 0.05],
            "balances_share": [0.4, 0.3, 0.3],
            "cash_advances_share": [0.05, 0.05, 0.9],
            "segment_value": [100.0, 4000.0, 1234.0],
            "value_share": [0.02, 0.75, 0.23],
            "customers": [600, 300, 100],
            "losses": [-5.0, -500 / 300, -40.0],
            "purpose": ["profit", "profit", "care"],
            "lever": ["keep", "keep", "losses"],
            "contacted": [0, 200, 70],
            "worth_from": 97.4,
            "marked_by": ["nothing", "interest", "nothing"],
            "given_up": [0.0, 0.0, 2.0],
            "campaign_cost": [4.0, 50.0, 210.0],
            "break_even_effect": [0.04, 0.04, 0.2],
            "effect_low": 0.0,
            "effect_base": 0.1,
            "effect_high": 0.25,
            "move_source": "our guess: they sing",
            "campaign_value_low": [-10.0, -50.0, -210.0],
            "campaign_value_base": [-5.0, 100.0, -30.0],
            "campaign_value_high": [-1.0, 200.0, 40.0],
            "rank_base": [2, 1, 3],
            "needed_per_group": 1234.0,
            "detectable_effect": 0.17,
            "first_reading": 0.08,
            "pooled_with": ["", "", ""],
            "test_verdict": ENOUGH,
        }
    )


@pytest.fixture
def metrics() -> dict:
    return {
        "k": 3,
        "standing": {"sentence": STANDING},
        "silhouette": 0.39,
        "between_share": 0.1,
        "stability": {"grades": ["firm"] * 3, "seeds_ari": 0.99},
    }


@pytest.fixture
def verdict() -> dict:
    return {"recommended_k": 3, "acceptable_k": [2, 3], "repeats": None, "otherwise": None}


def test_headline_is_the_largest_excess_of_money_over_customers(strategy, verdict, metrics):
    assert (
        narrative.headline(strategy, verdict, metrics) == "10 % of customers (Drawers) draw 90 % of all cash advances"
    )


def test_headline_says_where_there_are_no_segments(strategy, metrics):
    found = narrative.headline(strategy, {"recommended_k": None, "acceptable_k": []}, metrics)
    assert found == "The evidence finds no segments in these customers"


def test_headline_where_money_is_spread_evenly(strategy, verdict, metrics, monkeypatch):
    for measure in ("purchases", "balances", "cash_advances"):
        strategy[f"{measure}_share"] = strategy["customers_share"]
    assert narrative.headline(strategy, verdict, metrics) == "No segment stands out by its share of the money"
    other = replace(dictionary.load(), cards=False)
    monkeypatch.setattr(dictionary, "load", lambda: other)
    found = narrative.headline(strategy, verdict, metrics)
    assert found == "No segment stands out by its share of purchases, balances or cash advances"


def test_findings_are_computed_and_do_not_repeat_the_headline(people, strategy, verdict, metrics):
    assert narrative.findings(people, strategy, verdict, metrics) == [
        "1,000 customers fall into 3 segments; the largest, Savers, holds 60 % of them, the smallest, Drawers, 10 %.",
        "At our assumptions, Spenders bring the most: $4,000 a year, 75 % of what all bring.",
    ]


def test_of_a_sample_sizes_are_of_all_and_add_up_to_them(people, strategy, verdict, metrics):
    stands_for = 3.335  # each size, rounded by itself, is up to half a customer off
    grown = [person | {"size": round(person["size"] * stands_for)} for person in people]
    said = narrative.findings(grown, strategy, verdict, metrics, stands_for)[0]
    assert said.startswith("3,335 customers fall into 3 segments")


def test_customers_who_cost_more_than_they_bring_are_said_to(people, strategy, verdict, metrics):
    strategy = strategy.assign(segment_value=[-900.0, 500.0, -100.0], value_share=np.nan)
    assert narrative.findings(people, strategy, verdict, metrics)[1] == (
        "At our assumptions, all of them together cost $500 a year more than they bring; Savers cost the most, $900."
    )
    strategy["segment_value"] = [-500.0, 500.0, 0.0]
    assert len(narrative.findings(people, strategy, verdict, metrics)) == 1


def with_campaigns(strategy, *cases):
    """The strategy with (low, base, high) of each segment's campaign, ranked by base."""
    values = pd.DataFrame(cases, columns=[f"campaign_value_{case}" for case in ("low", "base", "high")])
    ranks = values["campaign_value_base"].rank(ascending=False, method="first").astype(int)
    return strategy.assign(**values, rank_base=ranks)


def listed(moves):
    return [move.title.split(":")[0] for move in moves]


def decided(people, strategy, metrics, *, has_segments=True):
    return decide(strategy, people, metrics["stability"]["grades"], has_segments=has_segments)


def moves_of(people, strategy, metrics):
    return narrative.moves(decided(people, strategy, metrics))


def told_by(people, strategy, metrics, verdict):
    strategy = decided(people, strategy, metrics, has_segments=verdict["recommended_k"] is not None)
    return narrative.tell(people, strategy, metrics, verdict, QUALITY, PORTFOLIO)


def test_a_move_has_all_that_a_decision_takes(people, strategy, metrics):
    first, second = moves_of(people, strategy, metrics)
    assert (first.title, first.kind) == ("Spenders: Thank them", MAKE)
    assert (second.title, second.kind) == ("Drawers: Explain costs", FOR_CARE)
    assert first.facts == {
        "Whom": "200 of 300, those worth the cost: customers like them bring more than $97 a year, mostly by interest "
        "on what they owe; 50 more held out",
        "Cost": "$50",
        "Brings": "$100 (−$50 to $200) after its cost, over the years that those kept stay",
        "Pays if it": "keeps 4 % of those who would leave; our guess is 10 % (0 % to 25 %)",
        "Owner": "Product",
        "Guardrail": "No mass discounts",
        "Decide": "12 months after the start, at 10 % fewer who leave of their own accord than those held out",
        "Test": "A test on them can tell.",
    }
    assert second.facts["Cost"] == "$210 ($140 of it income given up)"
    assert second.facts["Whom"] == "70 of 100, all of them; 20 more held out"
    assert second.facts["Net cost"] == "$30 ($210 to a gain of $40) after the losses it avoids"
    assert second.facts["Pays if it"] == "avoids 20 % of their losses; our guess is 10 % (0 % to 25 %)"
    assert "Brings" not in second.facts
    assert second.facts["Decide"].endswith("10 % fewer defaults than those held out")


def test_a_move_without_a_known_break_even_or_target_says_so(people, strategy, metrics):
    unknown = strategy.assign(break_even_effect=float("nan"), effect_that_matters=float("nan"))
    move = moves_of(people, unknown, metrics)[0]
    assert move.facts["Pays if it"].startswith("does more than we think possible; our guess")
    assert move.facts["Decide"] == "12 months after the start"


@pytest.mark.parametrize(
    ("lever", "says"),
    [
        ("spend", "raises their purchases by 4 %; our guess"),
        ("average_spend", "makes them buy 4 % of an average customer's purchases more; our guess"),
        ("plan", "raises their instalment purchases by 4 %; our guess"),
        ("losses", "avoids 4 % of their losses; our guess"),
    ],
)
def test_each_lever_has_its_words(people, strategy, metrics, lever, says):
    assert moves_of(people, strategy.assign(lever=lever), metrics)[0].facts["Pays if it"].startswith(says)


def test_every_lever_of_the_assumptions_has_its_words():
    assert set(CHANGES) == set(LEVERS)


@pytest.mark.parametrize(
    ("base", "high", "says"),
    [
        (-30.0, -5.0, "$30 ($210 to $5)"),
        (-30.0, 40.0, "$30 ($210 to a gain of $40)"),
        (15.0, 40.0, "a gain of $15 ($210 to a gain of $40)"),
    ],
)
def test_care_is_told_with_its_cost_and_never_as_a_move_that_pays(people, strategy, metrics, base, high, says):
    strategy.loc[2, ["campaign_value_base", "campaign_value_high"]] = [base, high]
    care = moves_of(people, strategy, metrics)[-1]
    assert (care.kind, care.segment) == (FOR_CARE, 2)
    assert care.facts["Net cost"].startswith(says)


@pytest.mark.parametrize(("needed", "kind"), [(0.05, MAKE), (0.051, TRY), (0.09, TRY)])
def test_a_guess_near_break_even_is_one_to_try(people, strategy, metrics, needed, kind):
    strategy.loc[1, "break_even_effect"] = needed
    assert moves_of(people, strategy, metrics)[0].kind == kind


@pytest.mark.parametrize(("brings", "kind"), [(53.3, TRY), (53.4, MAKE)])
def test_what_is_too_little_to_plan_a_budget_on_is_one_to_try(people, strategy, metrics, verdict, brings, kind):
    """A hundredth of what all bring is 53.34."""
    strategy = with_campaigns(strategy, LOSES, (-50.0, brings, 60.0), (-210.0, -30.0, 40.0))
    told = told_by(people, strategy, metrics, verdict)
    assert told.moves[0].kind == kind
    assert ("too little to plan a budget on" in told.note) == (kind == TRY)


def test_what_pays_comes_before_what_about_breaks_even_and_care_last(people, strategy, metrics):
    strategy = with_campaigns(strategy, (-500.0, 900.0, 2000.0), (-1.0, 60.0, 80.0), (-9.0, 500.0, 900.0))
    strategy.loc[0, "break_even_effect"] = 0.08
    assert listed(moves_of(people, strategy, metrics)) == ["Spenders", "Savers", "Drawers"]


def test_care_fills_the_room_that_moves_for_profit_leave(people, strategy, metrics):
    caring = strategy.assign(
        purpose=["care", "profit", "care"], contacted=[90, 200, 70], lever=["losses", "keep", "losses"]
    )
    assert listed(moves_of(people, caring, metrics)) == ["Spenders", "Savers", "Drawers"]


# ``NOTHING`` is a two-thousandth of what the customers bring
PAYS, NOTHING, LOSES = (-5.0, 10.0, 20.0), (-2.0, 2.667, 9.0), (-9.0, -5.0, -1.0)
NO_OTHER = "At our assumptions no other move pays."
NONE_PAYS = "no campaign brings more than it costs."


@pytest.mark.parametrize(
    ("cases", "grades", "names", "note"),
    [
        ((PAYS, PAYS, PAYS), "fff", ["Savers", "Spenders", "Drawers"], ""),
        ((LOSES, PAYS, LOSES), "fff", ["Spenders"], NO_OTHER),
        ((LOSES, PAYS, (-5.0, 0.0, 20.0)), "fff", ["Spenders"], NO_OTHER),
        (
            (PAYS, PAYS, LOSES),
            "wff",
            ["Spenders"],
            "What else pays at our best guess aims at a segment not to build on (Savers).",
        ),
        (
            (NOTHING, PAYS, LOSES),
            "fff",
            ["Spenders"],
            "What else pays at our best guess brings next to nothing (Savers).",
        ),
        (
            (PAYS, NOTHING, PAYS),
            "wff",
            ["Drawers"],
            "What else pays at our best guess aims at a segment not to build on (Savers) or brings next to nothing "
            "(Spenders).",
        ),
        ((LOSES, LOSES, LOSES), "fff", [], NONE_PAYS),
        (
            (PAYS, PAYS, PAYS),
            "www",
            [],
            "What pays at our best guess aims at a segment not to build on (Savers, Spenders and Drawers).",
        ),
    ],
)
def test_only_moves_that_make_sense_are_listed(people, strategy, metrics, verdict, cases, grades, names, note):
    metrics["stability"]["grades"] = [{"f": "firm", "w": "do not build on"}[letter] for letter in grades]
    strategy = with_campaigns(strategy.assign(purpose="profit"), *cases)
    told = told_by(people, strategy, metrics, verdict)
    assert listed(told.moves) == names
    assert note in told.note
    assert ("pays" in told.note) == ("pays" in note), "where all are listed, nothing is said of others"
    assert bool(names) == ("of what all customers bring in a year" in told.note)


@pytest.mark.parametrize(
    ("base", "value", "said"),
    [
        (
            53.3,
            5334.0,
            "over the year after one campaign: 1 % of what all customers bring in a year, too little to plan",
        ),
        (53.4, 5334.0, "over the year after one campaign: 1 % of what all customers bring in a year. At"),
        (53.3, -1.0, "over the year after one campaign. At our"),
        (53.3, -30000.0, "over the year after one campaign, too little to plan a budget on. At our"),
    ],
)
def test_moves_are_put_beside_what_the_customers_bring(people, strategy, metrics, verdict, base, value, said):
    strategy = with_campaigns(strategy.assign(purpose="profit", lever="spend"), LOSES, (-50.0, base, 60.0), LOSES)
    strategy["segment_value"] = value / 3
    told = told_by(people, strategy, metrics, verdict)
    assert told.note.startswith("The move for profit brings $53 (−$50 to $60) ")
    assert said in told.note
    assert told.note.endswith(NO_OTHER)


def test_moves_for_profit_are_added_up_and_care_is_not(people, strategy, metrics, verdict):
    strategy = with_campaigns(strategy, (-5.0, 11.0, 20.0), PAYS, (-300.0, -200.0, 5.0))
    together = "Together the moves for profit bring $21 (−$10 to $40) over the "
    for levers, counted in (
        (["spend", "plan", "losses"], "year after one campaign each: "),
        (["spend", "keep", "losses"], "year after one campaign each (of those kept, over the years they stay): "),
        (["keep", "keep", "losses"], "years that those kept stay: "),
    ):
        told = told_by(people, strategy.assign(lever=levers), metrics, verdict)
        assert len(told.moves) == 3
        assert told.note.startswith(f"{together}{counted}")


def test_no_move_aims_at_a_segment_not_to_build_on(people, strategy, metrics):
    strategy = with_campaigns(strategy, PAYS, PAYS, PAYS)
    metrics["stability"]["grades"][1:] = ["do not build on"] * 2
    assert listed(moves_of(people, strategy, metrics)) == ["Savers"]


def test_no_move_aims_at_customers_whom_no_persona_describes(people, strategy, metrics, verdict):
    strategy = with_campaigns(strategy.assign(purpose="profit"), PAYS, PAYS, LOSES)
    people[1]["persona_id"] = "unnamed"
    told = told_by(people, strategy, metrics, verdict)
    assert listed(told.moves) == ["Savers"]
    assert told.note.endswith(
        "What else pays at our best guess aims at customers whom no persona describes yet (Spenders)."
    )


def test_it_is_said_whom_to_leave_alone(people, strategy, metrics, verdict):
    assert "alone" not in told_by(people, strategy, metrics, verdict).recommendation
    strategy = with_campaigns(strategy, LOSES, LOSES, LOSES).assign(break_even_effect=[np.nan, 0.251, 0.9])
    told = told_by(people, strategy, metrics, verdict)
    said = "Leave Savers and Spenders alone: no effect that we think possible covers the cost."
    assert said in told.recommendation
    assert "alone" not in told.note, "nothing is said twice"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {},
            "Approve the move for Spenders now, for $50. Approve the move for Drawers as care, not for profit,",
        ),
        (
            {"break_even_effect": 0.09},
            "Test the move for Spenders first, for $50. Approve the move for Drawers as care",
        ),
        (
            {"break_even_effect": 0.09, "test_verdict": TOO_SMALL, "control": 246},
            "Try the move for Spenders once, for $50 and no more: too few customers to show what comes of it. ",
        ),
        (
            {"break_even_effect": 0.09, "test_verdict": TOO_SMALL, "control": 247},
            "Test the move for Spenders first, for $50. ",
        ),
        ({"effect_high": 0.0}, "Approve the move for Spenders now, for $50. "),
        (
            {"campaign_value_base": [-5.0, 100.0, 15.0]},
            "Approve the move for Spenders now, for $50. Approve the move for Drawers as care: the losses avoided ",
        ),
        ({"campaign_value_base": -1.0, "purpose": "profit"}, "Approve no campaign: none is worth its cost"),
    ],
)
def test_the_recommendation_says_what_to_approve_to_try_and_to_leave(people, strategy, metrics, verdict, changes, says):
    told = told_by(people, strategy.assign(**changes), metrics, verdict)
    assert told.recommendation.startswith(says)
    assert told.recommendation.endswith("decide within a month of the data.") == bool(told.moves)
    assert ("Do nothing yet for Savers." in told.recommendation) == bool(told.moves)


def test_nothing_is_recommended_on_segments_that_do_not_hold(people, strategy, metrics, verdict):
    weak = metrics | {"k": 4}
    said = told_by(people, strategy, weak, verdict | {"recommended_k": 2}).recommendation
    assert said.startswith("Approve no campaign yet: this division into segments is not to be relied on.")
    assert said.endswith("Have the report made for 2 segments first, and decide on that.")
    none = told_by(people, strategy, metrics, verdict | {"recommended_k": None, "acceptable_k": []}).recommendation
    assert none == "Approve no campaign that aims at a segment: there are none to aim at."


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"lever": "spend"}, "those worth the cost: customers like them buy for more than $97 a year;"),
        ({"lever": "plan"}, "those worth the cost: customers like them buy for more than $97 a year in instalments;"),
        ({"lever": "losses"}, "those worth the cost: we expect to lose more than $97 a year on customers like them;"),
        ({"lever": "average_spend"}, "those worth the cost;"),
        ({"marked_by": "nothing"}, "those worth the cost: customers like them bring more than $97 a year;"),
        ({"worth_from": np.nan, "given_up": 3.0}, "those worth the cost: keeping them brings more than a lower rate"),
        ({"contacted": 250}, "all of them worth the cost;"),
    ],
)
def test_by_what_rule_those_worth_contacting_were_chosen(people, strategy, metrics, changes, says):
    whom = moves_of(people, strategy.assign(**changes), metrics)[0].facts["Whom"]
    assert says in whom


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (ENOUGH, "A test on them can tell."),
        (ENOUGH_BY_HALF, "A test on them can tell if half are held out."),
        (ENOUGH_TOGETHER, "Too few for a test, but together with Savers and Drawers it can tell."),
        (TOO_SMALL, "One campaign is too few to tell (it takes 1,234 a group): add up several."),
    ],
)
def test_a_test_is_advised_only_where_the_test_plan_has_one(people, strategy, metrics, verdict, says):
    strategy = strategy.assign(test_verdict=verdict, pooled_with="Savers and Drawers", control=250)
    facts = moves_of(people, strategy, metrics)[0].facts
    assert facts["Test"] == says
    assert "than those held out" in facts["Decide"]


def test_a_move_that_no_few_campaigns_can_tell_is_decided_by_judgement(people, strategy, metrics):
    strategy = strategy.assign(test_verdict=TOO_SMALL, control=246)
    moves = moves_of(people, strategy, metrics)
    facts = moves[0].facts
    assert facts["Test"] == "Too few customers to tell, even over years (it takes 1,234 a group)."
    care = "(it takes 1,234 a group); held out to see a change of 17 % or more, good or bad."
    assert moves[1].facts["Test"].endswith(care), "why help is withheld from some is said"
    nothing = moves_of(people, strategy.assign(detectable_effect=1.0), metrics)[1].facts["Test"]
    assert nothing.endswith("(it takes 1,234 a group).")
    said = note(moves, people, decided(people, strategy, metrics), metrics)
    assert said.count("it shows only whether more of those contacted respond") == 1
    assert ", by its owner's judgement; the aim is" in facts["Decide"]
    assert "held out" not in facts["Decide"]


def test_what_is_at_risk_and_with_whom(people, strategy, metrics, verdict):
    told = told_by(people, strategy, metrics, verdict)
    assert told.findings[-1] == ("Losses of $7,500 a year, 53 % of them with Drawers, are taken off what all bring.")
    harmless = told_by(people, strategy.assign(losses=0.0), metrics, verdict)
    assert "At risk" not in " ".join(harmless.findings)


def test_a_return_that_a_guess_was_chosen_for_proves_nothing(strategy):
    chosen = PORTFOLIO | {"return_on_balances": 0.05, "chosen_for_return": ["other running costs"]}
    assert narrative.money_trust(chosen, strategy).endswith(
        "within the 3.3 % to 6.8 % published, as our guess of other running costs was chosen for."
    )


@pytest.mark.parametrize(
    ("highest", "says"),
    [
        ([0.1, 0.2, 0.3], "and 2 of 3 effects of moves are our guess"),
        ([0.1, 0.2, 0.0], "and 1 of 2 effects of moves are our guess"),
        ([0.1, 0.0, np.nan], "and every effect of a move are our guess"),
    ],
)
def test_a_segment_without_a_move_has_no_effect_that_could_be_a_guess(strategy, highest, says):
    moves = strategy.assign(move_source=["our guess", "measured: spring", "our guess: they sing"], effect_high=highest)
    assert says in narrative.money_trust(PORTFOLIO, moves)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (0.05, "give 5.0 % a year on balances, within the 3.3 % to 6.8 % published."),
        (0.069, "give 6.9 % a year on balances, above the 3.3 %"),
        (-0.01, "give −1.0 % a year on balances, below the 3.3 %"),
        (None, "9 of 24 prices and every effect of a move are our guess."),
    ],
)
def test_how_far_to_trust_the_money(people, strategy, metrics, verdict, found, says):
    portfolio = PORTFOLIO | {"return_on_balances": found}
    strategy = decided(people, strategy, metrics)
    told = narrative.tell(people, strategy, metrics, verdict, QUALITY, portfolio)
    assert (told.trust[-1].subject, told.trust[-1].level) == ("The money", "low")
    assert told.trust[-1].reasons[0].startswith("9 of 24 prices")
    assert says in told.trust[-1].reasons[0]


def test_what_was_measured_is_called_so(people, strategy, metrics, verdict):
    sources = ["our guess: they sing", "measured: campaign spring", "measured: campaign spring"]
    told = narrative.tell(
        people,
        decided(people, with_campaigns(strategy, NOTHING, PAYS, LOSES).assign(move_source=sources), metrics),
        metrics,
        verdict,
        QUALITY,
        PORTFOLIO,
    )
    assert told.trust[-1].reasons[0].startswith("9 of 24 prices and 1 of 3 effects of moves are our guess;")
    assert "; measured is 10 % (0 % to 25 %)" in told.moves[0].facts["Pays if it"]


@pytest.mark.parametrize(
    ("guesses", "found", "expected"), [(6, 0.05, "medium"), (7, 0.05, "low"), (0, 0.09, "low"), (0, None, "low")]
)
def test_the_money_is_trusted_more_where_prices_are_published_and_their_sum_is(guesses, found, expected):
    assert narrative.money_level(PORTFOLIO | {"guesses": guesses, "return_on_balances": found}) == expected


@pytest.mark.parametrize(
    ("grades", "says"),
    [
        (["firm"] * 3, "All 3 segments are firm"),
        (["firm", "usable", "firm"], "2 of 3 segments are firm, the other usable."),
        (["firm", "usable", "usable"], "1 of 3 segments is firm, the others usable."),
        (["usable"] * 3, "None of 3 segments is firm; all are usable"),
        (["usable", "usable", "do not build on"], "None of 3 segments is firm; do not build a campaign on Drawers."),
        (["firm"] * 2, "Both segments are firm"),
        (["firm"], "The only segment is firm: it comes back"),
        (["firm", "usable", "do not build on"], "1 of 3 segments is firm; do not build a campaign on Drawers."),
        (["do not build on"] * 3, "No segment comes back"),
    ],
)
def test_what_comes_back(people, metrics, verdict, grades, says):
    metrics["stability"]["grades"] = grades
    assert says in narrative.trust(people[-len(grades) :], metrics, verdict)[1]


@pytest.mark.parametrize(
    ("grades", "says"),
    [
        (["firm", "usable", "do not build on"], "2 of 3 parts come back when the customers are drawn anew, which"),
        (["firm", "do not build on", "do not build on"], "1 of 3 parts comes back"),
        (["firm"] * 3, "All 3 parts come back"),
        (["do not build on"] * 3, "None of the parts comes back"),
    ],
)
def test_without_segments_nothing_is_called_firm_and_no_move_is_made(people, strategy, metrics, grades, says):
    metrics["stability"]["grades"] = grades
    nothing = {"recommended_k": None, "acceptable_k": [], "repeats": None, "otherwise": None}
    told = told_by(people, strategy, metrics, nothing)
    assert told.moves == []
    grouping, its_money = told.trust
    assert grouping.level == "low"
    assert grouping.reasons[1].startswith(says)
    assert its_money.subject == "The money"
    assert "are divided into 3 parts" in told.findings[0]
    assert "segment" not in " ".join([*told.findings, grouping.reasons[1]])


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ([0.51, 0.8, 0.9], "in every named segment they fit most customers, taken one by one."),
        ([0.5, 0.8, 0.9], "in 2 of 3 named segments they fit most customers, taken one by one."),
        ([None, 0.4, 0.9], "in 1 of 2 named segments they fit most customers, taken one by one."),
        ([0.2, 0.1, 0.5], "in no segment do they fit most customers, taken one by one."),
        ([None, None, None], None),
    ],
)
def test_it_is_said_of_how_many_segments_the_names_are_true_of_most_customers(people, metrics, verdict, shares, says):
    told = [
        one | ({"persona_id": "unnamed"} if share is None else {"members": [one["members"][0] | {"share": share}]})
        for one, share in zip(people, shares, strict=True)
    ]
    text = narrative.names_hold(told)
    assert (says in text) if says else not text


@pytest.mark.parametrize(
    ("shares", "expected"),
    [([0.8, 0.8, 0.8], "high"), ([0.9, 0.6, 0.2], "medium"), ([0.9, 0.5, 0.2], "low"), ([0.2, 0.5, 0.5], "low")],
)
def test_names_are_trusted_by_how_many_of_them_are_true_of_most_customers(people, shares, expected):
    judged = [
        person | {"members": [person["members"][0] | {"share": share}]}
        for person, share in zip(people, shares, strict=True)
    ]
    assert narrative.names_level(judged) == expected


def test_repeats_and_what_the_verdict_hangs_on_are_told_where_they_were_computed(people, strategy, metrics, verdict):
    other = [{"scale": "robust", "without": None, "recommended_k": None}]
    full = verdict | {"repeats": [3] * 9 + [None], "otherwise": other}
    reasons = " ".join(told_by(people, strategy, metrics, full).trust[0].reasons)
    assert "9 of the 10 came to 3 segments, 1 to no segments." in reasons
    assert "hangs on choices: the rule says otherwise on another scale" in reasons
    assert "repeated" not in " ".join(told_by(people, strategy, metrics, verdict).trust[0].reasons)


def test_each_side_of_the_report_has_its_grade(people, strategy, metrics, verdict):
    story = told_by(people, strategy, metrics, verdict)
    assert [(grade.subject, grade.level) for grade in story.trust] == [
        ("The grouping", "high"),
        ("The names", "high"),
        ("The money", "low"),
    ]
    assert str(story.trust[0]).startswith(f"The grouping: high. {STANDING}")
    assert len(told_by(people, strategy, metrics, verdict | {"recommended_k": None}).trust) == 2


def test_a_persona_that_is_nobodys_own_fits_nobody(people):
    assert narrative.fitting(people[0] | {"members": []}) == 0
    assert narrative.fitting(people[0] | {"persona_id": "unnamed"}) is None


@pytest.mark.parametrize(("share", "says"), [(0.8, ""), (0.5, "50 % of them fit this name one by one")])
def test_a_name_that_fits_few_says_so_in_the_same_breath(people, share, says):
    person = people[0] | {"members": [people[0]["members"][0] | {"share": share}]}
    assert narrative.caveat(person) == says
    assert narrative.caveat(person | {"persona_id": "unnamed"}) == ""


@pytest.mark.parametrize("silhouette", [0.6, 0.3, 0.1, -0.1])
def test_trust_is_told_in_plain_words(people, metrics, verdict, silhouette):
    metrics["silhouette"] = silhouette
    text = " ".join(narrative.trust(people, metrics, verdict)[1:])
    assert not re.search(r"silhouette|Rand|Jaccard|bootstrap|\d\.\d", text)


@pytest.mark.parametrize(
    ("k", "recommended", "grades", "expected"),
    [
        (3, 3, ["firm"] * 3, "high"),
        (3, 3, ["firm", "firm", "do not build on"], "medium"),
        (4, 3, ["firm"] * 4, "low"),
        (2, 3, ["firm"] * 2, "high"),
        (3, 3, ["firm", "usable", "usable"], "high"),
        (3, None, ["firm"] * 3, "low"),
        (3, 3, ["firm", "do not build on", "do not build on"], "low"),
    ],
)
def test_level_of_trust(k, recommended, grades, expected):
    metrics = {"k": k, "stability": {"grades": grades}}
    assert narrative.level(metrics, {"recommended_k": recommended, "acceptable_k": [2, 3]}) == expected


def test_synthetic_customers_are_announced(people, strategy, metrics, verdict):
    assert "synthetic" in narrative.notice({"synthetic": True})
    assert narrative.notice({"synthetic": False}) is None
    strategy = decided(people, strategy, metrics)
    told = narrative.tell(people, strategy, metrics, verdict, QUALITY | {"synthetic": True}, PORTFOLIO)
    assert told.notice
    assert told.trust[0].reasons[0] == STANDING
    assert len(told.moves) == 2


def test_the_headline_prefers_segments_to_build_on(people, strategy, metrics, verdict):
    metrics["stability"]["grades"] = ["firm", "firm", "do not build on"]
    assert narrative.headline(strategy, verdict, metrics) == "30 % of customers (Spenders) make 75 % of all purchases"
    metrics["stability"]["grades"] = ["firm", "do not build on", "firm"]
    assert narrative.headline(strategy, verdict, metrics).startswith("10 % of customers (Drawers) draw 90 %")
    said = narrative.findings(people, strategy, verdict, metrics)[-1]
    assert said.startswith("At our assumptions, Drawers bring the most of the segments to build on: $1,234 a year")


def test_segments_not_to_build_on_are_named_as_such_where_there_are_no_others(people, strategy, metrics, verdict):
    metrics["stability"]["grades"] = ["do not build on"] * 3
    assert narrative.headline(strategy, verdict, metrics).startswith(
        "10 % of customers (Drawers; do not build on) draw"
    )
    said = narrative.findings(people, strategy, verdict, metrics)
    assert said[-1].startswith("At our assumptions, Spenders (do not build on) bring the most: $4,000")


def test_many_weak_segments_are_counted_and_a_few_named(metrics, verdict):
    people = [
        {"segment": number, "persona": letter, "persona_id": "unnamed"} for number, letter in enumerate("ABCDEFGHIJ")
    ]
    metrics["stability"]["grades"] = ["do not build on"] * 4 + ["firm"] * 6
    assert narrative.trust(people, metrics, verdict)[1].endswith("do not build a campaign on A, B, C and D.")
    metrics["stability"]["grades"] = ["do not build on"] * 5 + ["firm"] * 5
    assert narrative.trust(people, metrics, verdict)[1].endswith(
        "do not build a campaign on 5 of 10 segments, among them A, B and C."
    )


def test_many_customers_between_two_segments_are_told_of(people, metrics, verdict):
    assert "between" not in " ".join(narrative.trust(people, metrics, verdict))
    metrics["between_share"] = 0.15
    told = narrative.trust(people, metrics, verdict)[-1]
    assert told == "15 % of the customers stand between two segments and could be in either."


def test_customers_left_out_limit_trust(people, metrics, verdict):
    assert narrative.level(metrics, verdict) == "high"
    metrics |= {"outliers": 30, "n_customers": 100}
    assert narrative.level(metrics, verdict) == "medium"
    assert narrative.trust(people, metrics, verdict)[-1].startswith("30 % of customers are outliers and in no segment")
    metrics["outliers"] = 10
    assert narrative.level(metrics, verdict) == "high"
    assert "outliers" not in " ".join(narrative.trust(people, metrics, verdict))


@pytest.mark.parametrize(
    ("silhouette", "ari", "expected", "said"),
    [
        (-0.004, 0.43, "medium", ["no nearer", "often lead to other segments"]),
        (0.3, 0.97, "high", ["seeds lead to almost the same segments"]),
        (0.3, 0.95, "high", ["seeds lead to almost the same segments"]),
        (0.3, 0.94, "high", ["seeds lead to similar segments"]),
        (0.3, 0.8, "high", ["seeds lead to similar segments"]),
        (0.3, 0.79, "medium", ["often lead to other segments"]),
        (0.0, 0.97, "high", ["no nearer"]),
    ],
)
def test_encoded_segments_are_judged_on_the_features_and_over_encoders(
    people, metrics, verdict, silhouette, ari, expected, said
):
    partitions = [
        {"partition": name, "measured_on": space, "silhouette": silhouette if name == "encoded" else 0.9}
        for name in ("raw", "encoded")
        for space in ("scaled features",)
    ]
    partitions.append({"partition": "encoded", "measured_on": "codes", "silhouette": 0.8})
    metrics |= {"silhouette": 0.8, "encoding": {"seeds_ari": ari, "partitions": partitions}}
    text = " ".join(narrative.trust(people, metrics, verdict))
    for words in said:
        assert words in text
    assert ("no nearer" in text) == (silhouette <= 0)
    assert narrative.level(metrics, verdict) == expected


def test_the_standing_is_that_of_k_means_where_another_algorithm_made_the_segments(people, metrics, verdict):
    metrics["standing"]["sentence_of_k_means"] = "Of K-Means."
    assert narrative.trust(people, metrics | {"algorithm": "kmeans"}, verdict)[0] == STANDING
    assert narrative.trust(people, metrics | {"algorithm": "ward"}, verdict)[0] == "Of K-Means."


def test_no_sentence_begins_with_a_small_letter(strategy, metrics, verdict):
    strategy["customers_share"] = [0.6, 0.3996, 0.0004]
    assert narrative.headline(strategy, verdict, metrics).startswith("Under 0.1 % of customers (Drawers)")


def test_a_name_of_several_words_shows_where_it_ends(people, strategy, metrics, verdict):
    strategy["persona"] = ["Savers", "Spenders", "Drawers, larger balances"]
    people[2]["persona"] = "Drawers, larger balances"
    metrics["stability"]["grades"][2] = "do not build on"
    assert (
        "the smallest, “Drawers, larger balances” (do not build on), 10 %."
        in narrative.findings(people, strategy, verdict, metrics)[0]
    )
    assert narrative.trust(people, metrics, verdict)[1].endswith("campaign on “Drawers, larger balances”.")


def test_warnings_that_bear_on_every_number_reach_page_one():
    def finding(severity, rule, count, message):
        return {"severity": severity, "rule": rule, "count": count, "message": message}

    found = [
        finding("warning", "missing", 120, "PAYMENTS is missing in 120 of 300 rows (40 %); filled."),
        finding("warning", "balance_limit", 200, "200 balances are above the limit."),
        finding("info", "missing", 3, "CREDIT_LIMIT is missing in 3 of 300 rows (1 %); filled."),
        finding("warning", "bad_rows", 2, "2 rows were dropped."),
        finding("warning", "missing", 130, "BALANCE is missing in 130 of 300 rows (43 %); filled."),
    ]
    assert narrative.data({"findings": found}) == [
        "2 rows were dropped.",
        "Balance is missing in 130 of 300 rows (43 %); filled.",
    ]
