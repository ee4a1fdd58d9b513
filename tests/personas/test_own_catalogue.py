"""Personas of another trade: a catalogue of one's own over a dictionary of one's own, and none at all."""

import numpy as np
import pandas as pd
import pytest

from seg_utils import personas, strategy
from seg_utils.core import paths
from seg_utils.strategy import definitions

DICTIONARY = """features:
  - {name: ORDERS, label: Orders, description: O, unit: orders, kind: count, transform: log1p, limits: {minimum: 0}}
  - {name: SPENT, label: Money spent, description: S, unit: euros, kind: amount, transform: log1p, limits: {minimum: 0}}
  - {name: DAYS, label: Days since the last order, description: Days, unit: days, kind: count, transform: none}
"""
STRATEGY = "{objective: o, now: Say thanks, later: l, offer: o, channel: c, kpi: k, guardrail: g, owner: Marketing}"
PERSONAS = f"""threshold: 0.6
personas:
  regulars:
    name: Regulars
    line: Order often and lately
    signature:
      - {{feature: ORDERS, should_be: high, weight: 2}}
      - {{feature: DAYS, should_be: low}}
    requires:
      - {{feature: ORDERS, above: all}}
    strategy: {STRATEGY}
otherwise: {STRATEGY}
"""


@pytest.fixture
def customers():
    random = np.random.default_rng(4)
    kind = np.repeat([0, 1, 2], 60)
    return kind, pd.DataFrame(
        {
            "customer_id": [str(place) for place in range(len(kind))],
            "ORDERS": random.poisson(np.array([30, 2, 3])[kind]).astype(float),
            "SPENT": random.gamma(5, np.array([200, 10, 150])[kind]),
            "DAYS": random.poisson(np.array([5, 300, 100])[kind]).astype(float),
        }
    )


@pytest.fixture
def written(tmp_path):
    files = {"DICTIONARY": DICTIONARY, "PERSONAS": PERSONAS}
    for name, text in files.items():
        (tmp_path / f"{name.lower()}.yml").write_text(text, encoding="utf-8")
    return {name: tmp_path / f"{name.lower()}.yml" for name in files}


def named(customers):
    labels, frame = customers
    catalogue = personas.catalogue.load()
    return personas.match(frame, labels, personas.profile(frame, labels), catalogue), definitions.left_out(catalogue)


def test_personas_of_ones_own_name_segments_where_their_features_are(customers, written):
    with paths.in_force(**written):
        people, left_out = named(customers)
    assert people[0]["persona"] == "Regulars"
    assert people[0]["actions"]["now"] == "Say thanks"
    assert people[1]["persona_id"] == people[2]["persona_id"] == "unnamed"
    assert definitions.PERSONAS not in left_out
    assert definitions.MONEY in left_out


def test_without_personas_names_and_portraits_say_what_sets_segments_apart(customers, written):
    with paths.in_force(DICTIONARY=written["DICTIONARY"]):
        people, left_out = named(customers)
    assert definitions.PERSONAS in left_out
    assert people[0]["persona"].startswith("High orders")
    assert "high days since the last order" in people[1]["persona"].lower()
    assert any(sentence.startswith("Money spent: ") for person in people for sentence in person["portrait"])
    assert {person["match"] for person in people} == {None}
    assert {person["actions"]["now"] for person in people} == {""}


def test_the_tables_of_money_are_empty_where_nothing_is_priced(customers, written):
    labels, frame = customers
    with paths.in_force(DICTIONARY=written["DICTIONARY"]):
        people, _ = named(customers)
        assumed = strategy.assumptions.load()
        money = strategy.money(frame, labels)
        valuation = strategy.Valuation(frame, labels, people, assumed)
        economics = valuation.economics()
        plan = strategy.test_plan(valuation, economics)
        assert list(money) == ["segment", "customers", "customers_share", "spent_share"]
        assert economics.empty
        assert plan.empty
        assert valuation.inputs == {}
        assert not valuation.worth_contacting.any()
        assert strategy.customer_values(frame, assumed).shape == (len(frame), 0)
        assert set(strategy.portfolio(frame, assumed)) == {"market", "market_label"}
        assert len(strategy.table(people, money, economics, plan)) == 3
