"""Which persona each customer is by its own figures, and what that says of a segment's name."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils import personas
from seg_utils.personas import matching, profiling
from seg_utils.personas.catalogue import KIND, LAST, UNNAMED

from .conftest import SEVEN
from .populations import population

# Of the customers drawn as one persona, at least so many are that persona by their own figures, on average
LEAST_RIGHT = 0.7


def fits_of(customers: pd.DataFrame, catalogue) -> pd.DataFrame:
    return matching.fits(profiling.described(customers), catalogue)


def test_each_customer_is_one_kind_or_none(planted, catalogue):
    fits = fits_of(planted[0], catalogue)
    kinds = catalogue.in_order(KIND)
    total = fits[kinds].sum(axis=1).round(9)
    assert set(total) <= {0.0, 1.0}
    assert total.mean() > 0.9
    strict = fits_of(planted[0], replace(catalogue, threshold=1.0))
    assert strict[kinds].sum(axis=1).mean() < total.mean()


def test_most_planted_customers_are_what_they_were_drawn_as(planted, catalogue):
    customers, labels = planted
    fits = fits_of(customers, catalogue)
    right = [fits.loc[labels == number, persona].mean() for number, persona in enumerate(SEVEN)]
    assert np.mean(right) > LEAST_RIGHT


def test_personas_that_fit_a_customer_alike_share_it(planted, catalogue):
    twin = replace(catalogue.personas[0], id="twin", name="Twin")
    both = fits_of(planted[0], replace(catalogue, personas=(*catalogue.personas, twin)))
    alone = fits_of(planted[0], catalogue)
    assert both["twin"].tolist() == both["transactors"].tolist()
    assert both["twin"].sum() == pytest.approx(alone["transactors"].sum() / 2)


def test_who_neither_buys_nor_draws_cash_may_carry_a_balance(planted, catalogue):
    """Of nothing bought and drawn, no share is cash, and none is too much."""
    customers, labels = planted[0].copy(), planted[1]
    rows = labels == SEVEN.index("revolvers")
    before = matching.fits(profiling.described(customers), catalogue)["revolvers"]
    idle = ["PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CASH_ADVANCE", "CASH_ADVANCE_FREQUENCY"]
    customers.loc[rows, idle] = 0.0
    values = profiling.described(customers)
    assert values.loc[rows, "CASH_SHARE"].isna().all()
    after = matching.fits(values, catalogue)["revolvers"]
    assert after[rows].mean() > before[rows].mean() / 2 > 0.2


def test_a_persona_of_no_behaviour_is_told_beside_the_kind(catalogue):
    customers, _ = population(("new_customers", "dormant"), seed=3, size=150)
    fits = fits_of(customers, catalogue)
    short = customers["TENURE"].to_numpy() <= 8
    assert fits.loc[short, "new_customers"].mean() > 0.9
    assert fits.loc[short].drop(columns="new_customers").sum(axis=1).mean() > 0.5
    assert fits.loc[~short, "new_customers"].max() == 0


def test_the_members_of_a_segment_are_told_the_largest_share_first(planted, people, catalogue):
    customers, labels = planted
    fits = fits_of(customers, catalogue)
    for one in people:
        shares = [member["share"] for member in one["members"]]
        assert shares == sorted(shares, reverse=True)
        assert {member["persona_id"]: member["share"] for member in one["members"]} == {
            persona: share
            for persona, share in fits[labels == one["segment"]].mean().items()
            if share >= 0.05 and persona not in set(catalogue.in_order(LAST)) - {one["persona_id"]}
        }


def test_an_average_that_is_nobody_gets_no_persona(catalogue):
    """Half of them dormant, half premium: moderate on average, and not one of them a moderate user."""
    customers, truth = population(("dormant", "premium", "revolvers", "transactors"), seed=1)
    labels = np.where(np.isin(truth, ["dormant", "premium"]), 0, np.where(truth == "revolvers", 1, 2))
    mixed = personas.match(customers, labels, personas.profile(customers, labels), catalogue)[0]
    told = {one["persona_id"]: one["share"] for one in mixed["members"]}
    assert mixed["persona_id"] in {UNNAMED, "dormant", "premium"}
    assert mixed["persona_id"] == UNNAMED or told[mixed["persona_id"]] >= catalogue.members


def test_members_are_told_of_from_a_twentieth_on(planted, catalogue):
    customers, labels = planted
    mixed = np.where(labels < 4, 0, 1)
    fits = fits_of(customers, catalogue)
    for person in personas.match(customers, mixed, personas.profile(customers, mixed), catalogue):
        inside = fits[mixed == person["segment"]].mean().drop(catalogue.in_order(LAST))
        told = {one["persona_id"] for one in person["members"]} - {*catalogue.in_order(LAST)}
        assert told == {*inside.index[inside >= 0.05]}
        assert len(told) < (inside > 0).sum()
