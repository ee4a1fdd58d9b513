"""Page one: every sentence follows from the artefacts, every judging word from a threshold."""

import re

import pandas as pd
import pytest

from seg_utils.reporting import narrative

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
            "owner": ["Marketing", "Product", "Risk"],
            "customers_share": [0.6, 0.3, 0.1],
            "purchases_share": [0.2, 0.75, 0.05],
            "balances_share": [0.4, 0.3, 0.3],
            "cash_advances_share": [0.05, 0.05, 0.9],
            "segment_value": [100.0, 4000.0, 1234.0],
            "value_share": [0.02, 0.75, 0.23],
            "campaign_cost": [4.0, 50.0, 10.0],
            "campaign_value_low": [-10.0, 50.0, -5.0],
            "campaign_value_base": [-5.0, 100.0, 20.0],
            "campaign_value_high": [-1.0, 200.0, 40.0],
            "test_verdict": ["large enough", "large enough", "too small to learn anything"],
            "break_even_response": [0.3, 0.01, 0.04],
            "rank_base": [3, 1, 2],
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
    return {"recommended_k": 3, "acceptable_k": [2, 3]}


def test_headline_is_the_largest_excess_of_money_over_customers(strategy, verdict, metrics):
    assert (
        narrative.headline(strategy, verdict, metrics) == "10 % of customers (Drawers) draw 90 % of all cash advances"
    )


def test_headline_says_where_there_are_no_segments(strategy, metrics):
    found = narrative.headline(strategy, {"recommended_k": None, "acceptable_k": []}, metrics)
    assert found == "The evidence finds no segments in these customers"


def test_headline_where_money_is_spread_evenly(strategy, verdict, metrics):
    for measure in ("purchases", "balances", "cash_advances"):
        strategy[f"{measure}_share"] = strategy["customers_share"]
    assert narrative.headline(strategy, verdict, metrics) == "No segment stands out by its share of the money"


def test_findings_are_computed_and_do_not_repeat_the_headline(people, strategy, verdict, metrics):
    assert narrative.findings(people, strategy, verdict, metrics) == [
        "1,000 customers fall into 3 segments; the largest, Savers, holds 60 % of them, the smallest, Drawers, 10 %.",
        "30 % of customers (Spenders) make 75 % of all purchases.",
        "At our assumptions, Spenders bring the most: $4,000 a year, 75 % of the total.",
    ]


def with_campaigns(strategy, *cases):
    """The strategy with (low, base, high) of each segment's campaign, ranked by base."""
    values = pd.DataFrame(cases, columns=[f"campaign_value_{case}" for case in ("low", "base", "high")])
    ranks = values["campaign_value_base"].rank(ascending=False, method="first").astype(int)
    return strategy.assign(**values, rank_base=ranks)


def listed(moves):
    return [move.title.split(":")[0] for move in moves]


def test_moves_come_by_value_with_what_they_rest_on(people, strategy, metrics):
    strategy = with_campaigns(strategy, (-4.0, 9.0, 20.0), (50.0, 100.0, 200.0), (-5.0, 20.0, 40.0))
    first, second, third = narrative.moves(people, strategy, metrics)
    assert first.title == "Spenders: Thank them (Product)"
    assert first.worth == f"Pays over the whole range of uplifts we assume: $50 to $200 {narrative.PERIOD}."
    assert second.title.startswith("Drawers")
    assert second.worth == (
        "About breaks even at our assumptions (−$5 to $40 a campaign); they are too few for a test to tell."
    )
    assert third.worth == (
        "About breaks even at our assumptions (−$4 to $20 a campaign); test it on a part of them first."
    )
    assert [move.pays for move in (first, second, third)] == [True, False, False]


@pytest.mark.parametrize(
    ("low", "says", "pays"),
    [
        (0.01, "Pays over the whole range of uplifts", True),
        (0.0, "Pays at our assumptions but for the low end of the uplifts ($0 to $40 a campaign).", True),
        (-4.0, "Pays at our assumptions but for the low end of the uplifts (−$4 to $40 a campaign).", True),
        (-4.1, "About breaks even at our assumptions (−$4.10 to $40 a campaign)", False),
        (-20.0, "About breaks even at our assumptions (−$20 to $40 a campaign)", False),
    ],
)
def test_a_range_that_holds_zero_is_no_promise(people, strategy, metrics, low, says, pays):
    strategy = with_campaigns(strategy, (-9.0, -5.0, -1.0), (-9.0, -5.0, -1.0), (low, 20.0, 40.0))
    [move] = narrative.moves(people, strategy, metrics)
    assert move.worth.startswith(says)
    assert move.pays == pays
    assert "$20 " not in move.worth.replace("−$20 to", "")


def test_what_pays_comes_before_what_about_breaks_even(people, strategy, metrics):
    strategy = with_campaigns(strategy, (-500.0, 900.0, 2000.0), (1.0, 2.0, 3.0), (4.0, 5.0, 6.0))
    assert listed(narrative.moves(people, strategy, metrics)) == ["Drawers", "Spenders", "Savers"]


PAYS, EVEN, RISKY, LOSES = (5.0, 10.0, 20.0), (-5.0, 1.0, 10.0), (-5.1, 1.0, 10.0), (-9.0, -5.0, -1.0)
TINY = (0.05, 0.1, 0.2667)
"""A twenty-thousandth of what the customers bring."""
NO_OTHER = "At our assumptions no other move pays."
NONE_PAYS = "Each campaign costs more than it brings in the base case."


@pytest.mark.parametrize(
    ("cases", "grades", "names", "note"),
    [
        ((PAYS, EVEN, PAYS), "fff", ["Savers", "Drawers", "Spenders"], ""),
        ((LOSES, PAYS, EVEN), "fff", ["Spenders", "Drawers"], NO_OTHER),
        ((LOSES, PAYS, (-5.0, 0.0, 20.0)), "fff", ["Spenders"], NO_OTHER),
        ((RISKY, PAYS, LOSES), "fff", ["Spenders"], "What else pays in the base case may lose too much for"),
        (
            (PAYS, PAYS, LOSES),
            "wff",
            ["Spenders"],
            "What else pays in the base case aims at a segment not to build on.",
        ),
        (
            (PAYS, RISKY, PAYS),
            "wff",
            ["Drawers"],
            "What else pays in the base case aims at a segment not to build on or may lose too much for what it may",
        ),
        ((PAYS, (0.05, 0.1, 0.2668), LOSES), "fff", ["Savers", "Spenders"], NO_OTHER),
        ((PAYS, TINY, LOSES), "fff", ["Savers"], "What else pays in the base case may gain next to nothing."),
        (
            (TINY, RISKY, PAYS),
            "ffw",
            [],
            "What pays in the base case aims at a segment not to build on, may lose too much for what it may gain or",
        ),
        ((LOSES, LOSES, LOSES), "fff", [], NONE_PAYS),
        ((RISKY, RISKY, LOSES), "fff", [], "What pays in the base case may lose too much for what it may gain."),
        ((PAYS, PAYS, PAYS), "www", [], "What pays in the base case aims at a segment not to build on."),
    ],
)
def test_only_moves_that_make_sense_are_listed(people, strategy, metrics, verdict, cases, grades, names, note):
    metrics["stability"]["grades"] = [{"f": "firm", "w": "do not build on"}[letter] for letter in grades]
    strategy = with_campaigns(strategy, *cases)
    told = narrative.tell(people, strategy, metrics, verdict, {"synthetic": False, "findings": []})
    assert listed(told.moves) == names
    assert note in told.note
    assert bool(names) == ("of what all customers bring in a year" in told.note)
    assert "loses" not in " ".join(map(str, told.moves))


@pytest.mark.parametrize(
    ("base", "value", "said"),
    [
        (
            53.3,
            5334.0,
            "This move is worth about $53 over the year after one campaign at our assumptions: 1 % of what all "
            "customers bring in a year, too little to plan a budget on.",
        ),
        (
            53.4,
            5334.0,
            "This move is worth about $53 over the year after one campaign at our assumptions: 1 % of what all "
            "customers bring in a year.",
        ),
        (53.3, -1.0, "This move is worth about $53 over the year after one campaign at our assumptions."),
    ],
)
def test_moves_are_put_beside_what_the_customers_bring(people, strategy, metrics, verdict, base, value, said):
    strategy = with_campaigns(strategy, LOSES, (50.0, base, 60.0), LOSES)
    strategy["segment_value"] = value / 3
    told = narrative.tell(people, strategy, metrics, verdict, {"synthetic": False, "findings": []})
    assert told.note == f"{said} {NO_OTHER}"


def test_several_moves_are_added_up(people, strategy, metrics, verdict):
    strategy = with_campaigns(strategy, PAYS, EVEN, PAYS)
    told = narrative.tell(people, strategy, metrics, verdict, {"synthetic": False, "findings": []})
    assert told.note.startswith(
        "Together these moves are worth about $21 over the year after one campaign each at our assumptions: 0.4 % of"
    )


def test_no_move_aims_at_a_segment_not_to_build_on(people, strategy, metrics):
    strategy = with_campaigns(strategy, PAYS, PAYS, EVEN)
    metrics["stability"]["grades"][1] = "do not build on"
    assert listed(narrative.moves(people, strategy, metrics)) == ["Savers", "Drawers"]


def test_no_move_aims_at_customers_whom_no_persona_describes(people, strategy, metrics, verdict):
    strategy = with_campaigns(strategy, PAYS, PAYS, LOSES)
    people[1]["persona_id"] = "unnamed"
    told = narrative.tell(people, strategy, metrics, verdict, {"synthetic": False, "findings": []})
    assert listed(told.moves) == ["Savers"]
    assert told.note.endswith("What else pays in the base case aims at customers whom no persona describes yet.")


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        ("large enough", "; test it on a part of them first."),
        ("too small to learn anything", "; they are too few for a test to tell."),
        ("large enough for large effects only", "; test it on a part of them first."),
    ],
)
def test_a_trial_is_advised_only_where_the_test_plan_has_one(people, strategy, metrics, verdict, says):
    strategy = with_campaigns(strategy, LOSES, LOSES, EVEN).assign(test_verdict=verdict)
    [move] = narrative.moves(people, strategy, metrics)
    assert move.worth.endswith(says)


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
    nothing = {"recommended_k": None, "acceptable_k": []}
    told = narrative.tell(people, strategy, metrics, nothing, {"synthetic": False, "findings": []})
    assert told.moves == []
    assert told.trust[1].startswith(says)
    assert "are divided into 3 parts" in told.findings[0]
    assert "segment" not in " ".join([*told.findings, told.trust[1]])


@pytest.mark.parametrize(
    ("silhouette", "says"), [(0.5, "much nearer"), (0.49, "are nearer to their own"), (0.24, "only a little nearer")]
)
def test_separation_is_put_in_words_by_thresholds(people, metrics, verdict, silhouette, says):
    metrics["silhouette"] = silhouette
    assert says in narrative.trust(people, metrics, verdict)[2]


@pytest.mark.parametrize(("ari", "says"), [(0.96, "almost the same"), (0.9, "similar"), (0.5, "often give other")])
def test_agreement_over_seeds(people, metrics, verdict, ari, says):
    metrics["stability"]["seeds_ari"] = ari
    assert says in narrative.trust(people, metrics, verdict)[3]


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
    text = " ".join(narrative.trust(told, metrics, verdict))
    assert (says in text) if says else ("Names" not in text)
    assert "Names" not in " ".join(narrative.trust(told, metrics, verdict | {"recommended_k": None}))


def test_a_persona_that_is_nobodys_own_fits_nobody(people):
    assert narrative.fitting(people[0] | {"members": []}) == 0
    assert narrative.fitting(people[0] | {"persona_id": "unnamed"}) is None


@pytest.mark.parametrize("silhouette", [0.6, 0.3, 0.1, -0.1])
@pytest.mark.parametrize("ari", [0.99, 0.9, 0.4])
def test_trust_is_told_in_plain_words(people, metrics, verdict, silhouette, ari):
    metrics |= {"silhouette": silhouette, "stability": metrics["stability"] | {"seeds_ari": ari}}
    text = " ".join(narrative.trust(people, metrics, verdict)[1:])
    assert not re.search(r"silhouette|Rand|Jaccard|bootstrap|\d\.\d", text)


@pytest.mark.parametrize(
    ("k", "recommended", "grades", "expected"),
    [
        (3, 3, ["firm"] * 3, "high"),
        (3, 3, ["firm", "firm", "do not build on"], "medium"),
        (4, 3, ["firm"] * 4, "medium"),
        (4, 3, ["firm", "firm", "usable", "usable"], "medium"),
        (4, 3, ["firm", "usable", "usable", "usable"], "low"),
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
    told = narrative.tell(people, strategy, metrics, verdict, {"synthetic": True, "findings": []})
    assert told.notice
    assert told.trust[0] == STANDING
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
    assert told == "15 % of the customers stand between two of them and could be in either."


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
        (0.3, 0.97, "high", ["are nearer to their own", "seeds lead to almost the same segments"]),
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
    assert "much nearer" not in text
    assert "random starts" not in text
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
