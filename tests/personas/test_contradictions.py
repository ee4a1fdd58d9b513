"""No name and no action says what the table of its segment denies, whatever the portfolio and k."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering
from seg_utils.clustering import segment_rules
from seg_utils.core import dictionary
from seg_utils.core.paths import PROJECT
from seg_utils.features import feature_space
from seg_utils.personas import profiling
from seg_utils.personas.catalogue import UNNAMED
from seg_utils.personas.requirements import Requirement

from .name_claims import CLAIMS
from .populations import habits_of, population
from .test_matching import clustered, named

REAL = PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"
CASH = {"cash_advance_dependent", "shop_and_cash"}
# Share of customers from which a segment must have a name and a move, or the reason for none
LARGE = 0.1


def switches(rng: np.random.Generator, n: int = 400) -> pd.DataFrame:
    """Customers whose every column is nothing or one value, each with a rate of its own."""
    levels = {name: rng.choice([0.2, 0.5, 1.0]) if "FREQ" in name or "PRC" in name else rng.choice([1.0, 50, 3000])
              for name in dictionary.load().names}  # fmt: skip
    columns = {name: level * (rng.random(n) < rng.uniform(0.2, 0.8)) for name, level in levels.items()}
    return pd.DataFrame(columns | {"TENURE": rng.choice([6.0, 12.0], n), "CREDIT_LIMIT": rng.choice([500.0, 9e3], n)})


def contradictions(customers: pd.DataFrame, labels: np.ndarray, people: list[dict]) -> list[str]:
    """Names that the tables deny, and segments with neither a move nor the reason for none."""
    found = []
    cash = [one for one in people if one["persona_id"] in CASH]
    for one in people:
        own = customers[labels == one["segment"]]
        persona = one["persona_id"]
        if persona != UNNAMED and not CLAIMS[persona](own, customers):
            found.append(one["persona"])
        if persona == UNNAMED and not one["no_move"]:
            found.append(f"{one['persona']}: neither a move nor a reason for none")
        for other in cash if "cash" not in one["persona"].lower() and persona != UNNAMED else []:
            if own["CASH_ADVANCE"].mean() > customers.loc[labels == other["segment"], "CASH_ADVANCE"].mean():
                found.append(f"{one['persona']} draw more than {other['persona']}")
    return found


@pytest.mark.parametrize("k", range(2, 13))
def test_no_name_contradicts_its_table_at_any_k(catalogue, k):
    rng = np.random.default_rng(k)
    mix = tuple(rng.permutation(list(habits_of(rng)))[: rng.integers(4, 9)])
    customers, _ = population(mix, seed=100 + k, size=150)
    labels = clustered(customers, k)
    assert contradictions(customers, labels, named(customers, labels, catalogue)) == []


@pytest.mark.parametrize("seed", range(6))
def test_no_name_contradicts_its_table_in_customers_like_no_real_ones(catalogue, seed):
    rng = np.random.default_rng(seed)
    customers, labels = switches(rng), rng.integers(0, 6, 400)
    assert contradictions(customers, labels, named(customers, labels, catalogue)) == []


@pytest.mark.parametrize("k", [4, 6, 7, 8, 10, 12])
def test_names_and_moves_of_the_public_file_hold(catalogue, k):
    if not REAL.exists():
        pytest.skip("the public customers file is not there")
    customers = pd.read_csv(REAL).rename(columns={"CUST_ID": "customer_id"})
    labels = clustered(customers, k)
    people = named(customers, labels, catalogue)
    assert contradictions(customers, labels, people) == []
    for one in people:
        own = customers[labels == one["segment"]]
        of_purchases = own["PURCHASES"].sum() / customers["PURCHASES"].sum()
        if max(one["share"], of_purchases) >= LARGE:
            assert one["persona_id"] != UNNAMED
            assert one["no_move"] == ""


@pytest.mark.parametrize("k", [5, 9])
def test_whoever_meets_a_segments_rule_is_mostly_what_its_name_requires(planted, catalogue, k):
    customers, _ = planted
    space = feature_space.fit(customers, scale="log", impute="median")
    found = clustering.kmeans(space.transform(customers), k, seed=0, min_starts=10, max_starts=10)
    people, values = named(customers, found.labels, catalogue), profiling.described(customers)
    for rule in segment_rules.rules(customers, space, found):
        by_rule = values[rule.holds(customers)]
        persona = catalogue.find(people[rule.segment]["persona_id"])
        for one in persona.requires if persona else ():
            within = one.met(values[one.feature])[by_rule.index]
            assert within.mean() > min(one.by, 0.5), (people[rule.segment]["persona"], rule.text(), one)


@pytest.mark.parametrize("draw_only", [215, 235])
def test_half_who_only_draw_cash_make_no_segment_of_cash_beside_others_who_buy_more(catalogue, draw_only):
    """More than half of 400 draw nothing but cash; the others draw a little, and buy for more than all that cash."""
    customers, kinds = population(("cash_advance_dependent", "one_off_buyers", "dormant"), seed=5, size=600)
    wanted = {"cash_advance_dependent": draw_only, "one_off_buyers": 400 - draw_only, "dormant": 200}
    kept = np.concatenate([np.flatnonzero(kinds == kind)[:count] for kind, count in wanted.items()])
    customers, kinds = customers.iloc[kept].reset_index(drop=True), kinds[kept]
    buys = kinds == "one_off_buyers"
    amounts = ["PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"]
    customers.loc[buys, amounts] = customers.loc[buys, amounts] * 20
    customers.loc[buys, ["CASH_ADVANCE", "CASH_ADVANCE_FREQUENCY", "CASH_ADVANCE_TRX"]] = [50.0, 0.25, 3.0]
    labels = (kinds == "dormant").astype(int)
    assert contradictions(customers, labels, named(customers, labels, catalogue)) == []


def test_a_move_that_the_data_contradict_is_not_proposed(planted, catalogue):
    """The same segment with and without what its action needs: the name may stand, the action may not."""
    customers, labels = planted
    [dormant] = [one for one in named(customers, labels, catalogue) if one["persona_id"] == "dormant"]
    assert dormant["no_move"] == ""
    premise = Requirement("PURCHASES", "above", 0.0, by=0.9, otherwise="too few buy")
    wary = [replace(one, premise=(premise,)) if one.id == "dormant" else one for one in catalogue.personas]
    wary = replace(catalogue, personas=tuple(wary))
    [again] = [one for one in named(customers, labels, wary) if one["persona_id"] == "dormant"]
    assert again["no_move"] == "too few buy"
    assert again["strategy"]["objective"] == catalogue.otherwise.objective


def test_who_draws_cash_is_not_led_to_spend_more(planted, catalogue):
    """Transactors who each drew a little cash, once."""
    customers, labels = planted[0].copy(), planted[1]
    [transactors] = [one for one in named(customers, labels, catalogue) if one["persona_id"] == "transactors"]
    assert transactors["no_move"] == ""
    rows = labels == transactors["segment"]
    customers.loc[rows, ["CASH_ADVANCE", "CASH_ADVANCE_FREQUENCY", "CASH_ADVANCE_TRX"]] = [10.0, 1 / 12, 1.0]
    again = named(customers, labels, catalogue)[transactors["segment"]]
    assert again["persona_id"] == "transactors"
    assert again["no_move"] == "most of them draw cash, and should not be led to spend more"


def test_who_buys_in_most_months_is_no_one_off_buyer(planted, catalogue):
    customers, labels = planted[0].copy(), planted[1]
    [buyers] = [one for one in named(customers, labels, catalogue) if one["persona_id"] == "one_off_buyers"]
    rows = labels == buyers["segment"]
    customers.loc[rows, ["PURCHASES_FREQUENCY", "ONEOFF_PURCHASES_FREQUENCY"]] = 11 / 12
    customers.loc[rows, "PURCHASES_TRX"] = 60.0
    assert named(customers, labels, catalogue)[buyers["segment"]]["persona_id"] != "one_off_buyers"


def test_who_owes_more_than_most_is_named_by_the_debt(catalogue):
    """One-off buyers, and the same with less bought and much more owed, none of which is ever paid in full."""
    kinds = ("transactors", "dormant", "instalment_buyers", "premium", "one_off_buyers")
    customers, truth = population(kinds, seed=5)
    labels, rows = np.array([kinds.index(kind) for kind in truth]), truth == "one_off_buyers"
    assert named(customers, labels, catalogue)[4]["persona_id"] == "one_off_buyers"
    amounts = ["PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"]
    customers.loc[rows, amounts] = customers.loc[rows, amounts] / 2
    customers.loc[rows, "BALANCE"] = customers.loc[rows, "CREDIT_LIMIT"] * 0.45
    customers.loc[rows, "PAYMENTS"] = customers.loc[rows, "BALANCE"] * 0.4
    customers.loc[rows, "PRC_FULL_PAYMENT"] = 0.0
    assert named(customers, labels, catalogue)[4]["persona_id"] == "revolvers"


def test_a_limit_hardly_above_most_others_is_not_premium(planted, catalogue):
    """The customers who spend most, with others' limits and two fifths more."""
    customers, labels = planted[0].copy(), planted[1]
    [premium] = [one for one in named(customers, labels, catalogue) if one["persona_id"] == "premium"]
    rows = labels == premium["segment"]
    used = customers.loc[rows, "BALANCE"] / customers.loc[rows, "CREDIT_LIMIT"]
    limits = np.random.default_rng(1).choice(customers.loc[~rows, "CREDIT_LIMIT"], rows.sum()) * 1.4
    customers.loc[rows, "CREDIT_LIMIT"], customers.loc[rows, "BALANCE"] = limits, used * limits
    assert np.median(limits) > customers["CREDIT_LIMIT"].median()
    assert named(customers, labels, catalogue)[premium["segment"]]["persona_id"] != "premium"


def test_many_tickets_of_the_usual_size_are_not_premium(planted, catalogue):
    """The customers who spend most, in purchases as large as others' and a twentieth more."""
    customers, labels = planted[0].copy(), planted[1]
    [premium] = [one for one in named(customers, labels, catalogue) if one["persona_id"] == "premium"]
    rows, tickets = labels == premium["segment"], profiling.described(customers)["AVERAGE_TICKET"]
    own = np.random.default_rng(1).choice(tickets[~rows].dropna(), rows.sum()) * 1.05
    customers.loc[rows, "PURCHASES_TRX"] = (customers.loc[rows, "PURCHASES"] / own).round().clip(1)
    tickets = profiling.described(customers)["AVERAGE_TICKET"]
    assert tickets[rows].median() > tickets.median()
    assert named(customers, labels, catalogue)[premium["segment"]]["persona_id"] == "frequent_shoppers"


@pytest.mark.parametrize(("fewest", "again"), [(2, True), (1, False)])
def test_cash_once_a_year_is_not_again_and_again(catalogue, fewest, again):
    """Less than half of them draw cash in five months, the others in the fewest; as much as they buy for."""
    kinds = ("moderate_users", "dormant", "cash_advance_dependent", "premium")
    customers, truth = population(kinds, seed=5, size=400)
    labels, rows = np.array([kinds.index(kind) for kind in truth]), truth == "moderate_users"
    months = np.where(np.arange(rows.sum()) % 9 < 4, 5, fewest)
    customers.loc[rows, "CASH_ADVANCE"] = customers.loc[rows, "PURCHASES"]
    customers.loc[rows, "CASH_ADVANCE_FREQUENCY"] = months / 12
    customers.loc[rows, "CASH_ADVANCE_TRX"] = months.astype(float)
    assert (named(customers, labels, catalogue)[0]["persona_id"] == "shop_and_cash") is again


def test_a_segment_that_outdoes_a_name_says_so_in_its_own(planted, catalogue):
    """Transactors who spend more than premium customers, the customers named for spending most."""
    customers, labels = planted[0].copy(), planted[1]
    people = {one["persona_id"]: one for one in named(customers, labels, catalogue)}
    assert people["transactors"]["persona"] == "Transactors"
    rows = labels == people["transactors"]["segment"]
    amounts = ["PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"]
    customers.loc[rows, amounts] = customers.loc[rows, amounts] * 20
    again = {one["segment"]: one for one in named(customers, labels, catalogue)}
    assert again[people["transactors"]["segment"]]["persona"] == "Transactors, higher spend"


@pytest.mark.parametrize(("owed", "name"), [(0.1, "cash_users"), (0.5, "borrowers")])
def test_those_who_drew_cash_once_are_no_longer_without_a_name(catalogue, owed, name):
    """Who owes a good part of the limit is named by that."""
    kinds = ("one_off_buyers", "dormant", "instalment_buyers", "premium")
    customers, truth = population(kinds, seed=5, size=400)
    labels, rows = np.array([kinds.index(kind) for kind in truth]), truth == "one_off_buyers"
    customers.loc[rows, "CASH_ADVANCE"] = customers.loc[rows, "PURCHASES"] + 50
    customers.loc[rows, "CASH_ADVANCE_FREQUENCY"] = 1 / 12
    customers.loc[rows, "CASH_ADVANCE_TRX"] = 1.0
    customers.loc[rows, "BALANCE"] = owed * customers.loc[rows, "CREDIT_LIMIT"]
    customers.loc[rows, "PRC_FULL_PAYMENT"] = 0.0
    found = named(customers, labels, catalogue)[0]
    assert (found["persona_id"], found["no_move"]) == (name, "")
