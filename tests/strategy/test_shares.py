import numpy as np

from seg_utils import strategy


def concentration(customers, labels):
    return strategy.concentration(customers, strategy.money(customers, labels))


def test_shares_by_hand(customers, labels):
    table = strategy.money(customers, labels)
    assert table["customers"].tolist() == [50, 30, 20]
    assert table["customers_share"].tolist() == [0.5, 0.3, 0.2]
    np.testing.assert_allclose(table["purchases_share"], [50 / 60, 0, 10 / 60])
    np.testing.assert_allclose(table["balances_share"], [5 / 73, 60 / 73, 8 / 73])
    np.testing.assert_allclose(table["credit_lines_share"], [0.5, 0.3, 0.2])


def test_every_share_sums_to_one_with_missing_values(customers, labels):
    customers.loc[::7, "CREDIT_LIMIT"] = np.nan
    shares = strategy.money(customers, labels).filter(like="_share")
    np.testing.assert_allclose(shares.sum(), 1)


def test_money_nobody_has_is_nobodys(customers, labels):
    customers["CASH_ADVANCE"] = 0.0
    assert strategy.money(customers, labels)["cash_advances_share"].tolist() == [0, 0, 0]
    assert "cash_advances" not in set(concentration(customers, labels)["measure"])


def test_concentration_by_hand(customers, labels):
    customers["PURCHASES"] = np.arange(100.0)
    table = concentration(customers, labels).set_index("measure")
    np.testing.assert_allclose(table.at["purchases", "top_share"], np.arange(90, 100).sum() / np.arange(100).sum())
    assert table.at["cash_advances", "segment"] == 1
    assert table.at["cash_advances", "segment_share"] == 1
    assert table.at["cash_advances", "segment_customers_share"] == 0.3


def test_an_account_in_credit_has_no_share_of_what_is_owed(customers, labels):
    customers["BALANCE"] = np.where(labels == 0, -500.0, 10.0)
    np.testing.assert_allclose(strategy.money(customers, labels)["balances_share"], [0, 0.6, 0.4])
    assert concentration(customers, labels).set_index("measure").at["balances", "top_share"] == 0.2


def test_the_top_tenth_of_four_customers_is_one(customers, labels):
    few = customers.head(4).assign(PURCHASES=[1.0, 2.0, 3.0, 4.0])
    assert concentration(few, labels[:4]).set_index("measure").at["purchases", "top_share"] == 0.4
