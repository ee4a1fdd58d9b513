import numpy as np
import pandas as pd
import pytest

from seg_utils import strategy
from seg_utils.data import sample
from seg_utils.strategy import assumptions as reading
from seg_utils.strategy import formulas, grouping

from . import plain_economics as plain


def annual_streams(customers, assumptions):
    """Income and cost of each customer in currency a year, one column a stream; costs are negative."""
    values = grouping.valued(customers, assumptions)
    return pd.DataFrame({name: values[name] for name in formulas.STREAMS}, index=customers.index)


@pytest.fixture(scope="module")
def portfolio():
    """Three hundred customers as they come, some of their values missing."""
    frame = sample.generate(300, seed=7)[0].reset_index(drop=True)
    frame.loc[::17, "CREDIT_LIMIT"] = np.nan
    frame.loc[5, "BALANCE"] = -40.0
    return frame


@pytest.fixture
def priced(assumptions):
    """Round prices to reckon with."""
    prices = {
        "months_covered": 12, "interchange": 0.02, "rewards": 0.01, "apr": 0.2, "cash_advance_fee": 0.04,
        "funding_cost": 0.05, "loss_rate": 0.1, "loss_by_utilisation": 0, "loss_by_cash": 0, "servicing_cost": 10,
        "operating_cost": 0.01, "closure": 0.1, "discount": 0.2, "years": 2,
    }  # fmt: skip
    for name, value in prices.items():
        assumptions = assumptions.changed(name, value)
    return assumptions


def segment_values(customers, labels, assumptions):
    """The economics of segments whom nobody has a campaign for."""
    people = [
        {"segment": segment, "persona": "P", "persona_id": "unnamed", "size": int((labels == segment).sum())}
        for segment in np.unique(labels)
    ]
    nobody = np.zeros(len(customers), dtype=bool)
    return strategy.Valuation(customers, labels, people, assumptions, nobody).economics().set_index("segment")


@pytest.mark.parametrize("market", ["us", "eu", "uk"])
def test_every_customers_value_is_the_formulas(portfolio, market):
    assumed, price = reading.load(market=market), plain.prices(market)
    found = grouping.customer_values(portfolio, assumed)
    expected = plain.annual_values(portfolio.to_dict("records"), price)
    np.testing.assert_allclose(found["annual_value"], expected, rtol=1e-10, atol=1e-9)
    np.testing.assert_allclose(found["lifetime_value"], np.array(expected) * plain.years_kept(price), rtol=1e-10)


def test_what_formulas_need_of_each_customer(assumptions):
    longest = assumptions.items["months_covered"].high
    customers = pd.DataFrame(
        {
            "TENURE": [6.0, 0.0, np.nan, longest + 1, 1.0], "BALANCE": [100.0, -5.0, 400.0, np.nan, 50.0],
            "CREDIT_LIMIT": [1000.0, 500.0, 200.0, 10.0, 0.0], "PRC_FULL_PAYMENT": [0.25, 0.0, 1.5, np.nan, -0.5],
            "PURCHASES": [30.0, 0.0, -4.0, 5.0, 0.0], "CASH_ADVANCE": [10.0, 0.0, 7.0, np.nan, -3.0],
        }
    )  # fmt: skip
    found = {name: column.tolist() for name, column in grouping.rows(customers, assumptions).items()}
    assert found["tenure"] == [6, longest, longest, longest, 1]
    assert found["owed"] == [100, 0, 400, 0, 50]
    assert found["revolving"] == [75, 0, 0, 0, 50]
    assert found["revolving_used"] == [7.5, 0, 0, 0, 25], "of an unknown limit, half"
    assert found["revolving_cash"] == [75 * 0.25, 0, 0, 0, 0]
    assert found["revolving_both"] == [7.5 * 0.25, 0, 0, 0, 0]


def test_annual_value_by_hand(customers, labels, priced):
    table = segment_values(customers, labels, priced)
    first, second, third = (table.loc[segment] for segment in range(3))
    assert (first["interchange"], first["rewards"]) == (20, -10)
    assert first["interest"] == 0
    assert first["value_per_customer"] == pytest.approx(20 - 10 - 5 - 10 - 1)
    assert second["interest"] == 400
    assert second["losses"] == pytest.approx(-200)
    assert second["value_per_customer"] == pytest.approx(400 + 120 - 100 - 200 - 10 - 20)
    assert third["interest"] == 40
    assert second["balance"] == 2000


def test_losses_grow_with_use_of_the_limit_and_with_cash_and_sum_to_the_rate(customers, labels, priced):
    riskier = priced.changed("loss_by_utilisation", 2).changed("loss_by_cash", 1)
    flat, steep = (grouping.valued(customers, one) for one in (priced, riskier))
    rates = [steep["losses"][labels == one].sum() / steep["revolving"][labels == one].sum() for one in (1, 2)]
    assert rates[0] / rates[1] == pytest.approx((1 + 2 * 0.4) * 2 / (1 + 2 * 0.08))  # 2000 of 5000, all cash; 400
    assert steep["all.losses"] == pytest.approx(flat["all.losses"])
    assert flat["all.losses"] == pytest.approx(-0.1 * flat["all.revolving"])


def test_an_unknown_limit_counts_as_half_used(customers, priced):
    riskier = priced.changed("loss_by_utilisation", 2)
    half = grouping.valued(customers.assign(CREDIT_LIMIT=2 * customers["BALANCE"]), riskier)["losses"]
    unknown = grouping.valued(customers.drop(columns="CREDIT_LIMIT"), riskier)["losses"]
    np.testing.assert_allclose(unknown, half)


def years_kept(assumptions):
    return formulas.priced({}, assumptions.prices, {})["price.years_kept"]


def test_years_that_a_customer_counts_for(priced):
    assert years_kept(priced) == pytest.approx(1 + 0.9 / 1.2)
    assert years_kept(priced.changed("years", 1)) == pytest.approx(1)
    assert years_kept(priced.changed("closure", 0).changed("discount", 0)) == 2


def test_the_range_of_a_lifetime_is_over_every_price_alone(portfolio, assumptions):
    values = grouping.customer_values(portfolio, assumptions)
    price = plain.prices()
    ends = []
    for name in grouping.PRICES_OF_A_LIFETIME:
        for end in (assumptions.items[name].low, assumptions.items[name].high):
            changed = price | {name: end}
            annual = np.array(plain.annual_values(portfolio.to_dict("records"), changed))
            ends.append(annual * plain.years_kept(changed))
    expected = [values["lifetime_value"], *ends]
    np.testing.assert_allclose(values["lifetime_value_low"], np.min(expected, axis=0), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(values["lifetime_value_high"], np.max(expected, axis=0), rtol=1e-9, atol=1e-9)


def test_what_no_range_names_changes_no_value(portfolio, assumptions):
    """Else the range of a lifetime value would leave it out."""

    def lifetimes(assumed):
        return annual_streams(portfolio, assumed).sum(axis=1) * years_kept(assumed)

    values = lifetimes(assumptions)
    for item in assumptions.items.values():
        for end in (item.low, item.high):
            again = lifetimes(assumptions.changed(item.name, end))
            assert again.equals(values) == (item.name not in grouping.PRICES_OF_A_LIFETIME or end == item.value)


def test_a_segments_lifetime_is_its_average_customers(portfolio, assumptions):
    labels = np.arange(300) % 3
    values = grouping.customer_values(portfolio, assumptions).groupby(labels).mean()
    table = segment_values(portfolio, labels, assumptions)
    np.testing.assert_allclose(table["lifetime_value"], values["lifetime_value"])
    assert (table["lifetime_value_low"] >= values["lifetime_value_low"] - 1e-9).all()
    assert (table["lifetime_value_high"] <= values["lifetime_value_high"] + 1e-9).all()
    assert (table["lifetime_value_low"] <= table["lifetime_value"]).all()


def test_all_customers_together(portfolio, assumptions):
    found = grouping.portfolio(portfolio, assumptions)
    values = grouping.customer_values(portfolio, assumptions)
    owed = portfolio["BALANCE"].clip(lower=0).sum()
    assert found["return_on_balances"] == pytest.approx(values["annual_value"].sum() / owed)
    assert found["lifetime_value"] == pytest.approx(values["lifetime_value"].sum())
    assert found["lifetime_value_low"] < found["lifetime_value"] < found["lifetime_value_high"]
    assert (found["assumptions"], found["guesses"]) == (len(assumptions.items), assumptions.table()["guess"].sum())
    assert grouping.portfolio(portfolio.assign(BALANCE=0.0), assumptions)["return_on_balances"] is None


@pytest.mark.parametrize("market", ["us", "eu", "uk"])
def test_the_public_file_returns_what_is_published(public_file, market):
    """Published returns on card balances lie between 3 and 7 %."""
    found = grouping.portfolio(public_file, reading.load(market=market))
    assert 0.03 < found["return_on_balances"] < 0.07
    assert found["chosen_for_return"] == ["other running costs"]
    published = found["published_return"]
    assert published["low"] < found["return_on_balances"] < published["high"]


def test_money_scales_with_the_months_the_amounts_cover(customers, labels, priced):
    half = segment_values(customers, labels, priced.changed("months_covered", 6))
    whole = segment_values(customers, labels, priced)
    np.testing.assert_allclose(half["interchange"], 2 * whole["interchange"])
    np.testing.assert_allclose(half["interest"], whole["interest"])


def test_amounts_of_a_short_tenure_are_of_its_months(customers, priced):
    """A customer of six months has bought in six; twelve are what the amounts cover at most."""
    for tenure, factor in ((6, 2), (12, 1), (24, 1), (0, 1), (np.nan, 1)):
        streams = annual_streams(customers.assign(TENURE=tenure), priced)
        assert streams.loc[0, "interchange"] == pytest.approx(20 * factor)
        assert streams.loc[50, "cash_fees"] == pytest.approx(120 * factor)
        assert streams.loc[50, "interest"] == pytest.approx(400)
    half = annual_streams(customers.assign(TENURE=8), priced.changed("months_covered", 6))
    assert half.loc[0, "interchange"] == pytest.approx(40)
    without = annual_streams(customers.drop(columns="TENURE"), priced)
    assert without.loc[0, "interchange"] == pytest.approx(20)


def test_columns_a_run_does_not_use_count_as_nothing(customers, assumptions):
    assert (annual_streams(customers.drop(columns="CASH_ADVANCE"), assumptions)["cash_fees"] == 0).all()


def test_an_account_in_credit_owes_nothing(customers, priced):
    credit = annual_streams(customers.assign(BALANCE=-500.0), priced)
    empty = annual_streams(customers.assign(BALANCE=0.0), priced)
    np.testing.assert_array_equal(credit.to_numpy(), empty.to_numpy())
