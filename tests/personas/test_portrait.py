"""Which sentences make up a segment's portrait, and the numbers in them."""

import pandas as pd
import pytest

from seg_utils.personas import portrait


def told(share=0.1, size=1234, **features):
    """A portrait of features given as (value, that of all) or (value, that of all, z), means and medians alike."""
    known = {name: (*values, 0.0)[:3] for name, values in features.items()}
    rows = pd.DataFrame.from_dict(known, orient="index", columns=["median", "population_median", "z"])
    rows = rows.assign(mean=rows["median"], population_mean=rows["population_median"])
    return portrait.sentences(rows.rename_axis("feature").reset_index(), size, share)


def test_where_the_typical_customer_has_none_it_is_told_of_half_of_them():
    """As the chart beside it shows it; a mean of the few who have any would say the contrary."""
    features = ["PURCHASES", "CASH_ADVANCE", "BALANCE", "PRC_FULL_PAYMENT", "PURCHASES_FREQUENCY"]
    rows = pd.DataFrame({"feature": features, "mean": 0.3, "population_mean": 0.3, "median": 0.0, "z": 0.3})
    said = " ".join(portrait.sentences(rows.assign(population_median=0.1), 10, 0.1))
    for what in ("buy nothing", "draw no cash", "owe nothing; the typical", "never pay in full; the typical"):
        assert f"At least half of them {what}" in said
    assert "They typically" not in said
    rows = rows[rows["feature"] != "PURCHASES_FREQUENCY"]
    like_all = " ".join(portrait.sentences(rows.assign(population_median=0.0), 10, 0.1))
    assert "cash" not in like_all
    assert "in full" not in like_all
    alone = " ".join(portrait.sentences(rows.assign(median=0.3, population_median=0.0), 10, 0.1))
    assert "They typically draw $0.30 in cash; the typical customer does not." in alone
    assert "They typically pay in full in 30 % of months; the typical customer never does." in alone


def test_size_and_share_come_first():
    assert told(share=0.25, BALANCE=(100, 100))[0] == "25 % of all customers (1,234)."


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ({"PURCHASES": (1099, 1000)}, "They typically spend $1,099 on purchases, about as much as the"),
        ({"PURCHASES": (900, 1000)}, "$900 on purchases, about as much as"),
        ({"PURCHASES": (1120, 1000)}, "purchases, 1.1 times what"),
        ({"PURCHASES": (880, 1000)}, "purchases, 88 % of what"),
        ({"PURCHASES": (50, 1000)}, "They typically spend $50 on purchases"),
        ({"PURCHASES": (49, 1000)}, "buy hardly anything with the card: $49"),
        ({"PURCHASES": (0, 1000)}, "They buy nothing with the card."),
        ({"CASH_ADVANCE": (0, 1000)}, "They draw no cash."),
        ({"BALANCE": (0, 1000)}, "They owe nothing; the typical customer owes $1,000."),
        ({"PRC_FULL_PAYMENT": (0, 0.15)}, "They never pay in full; the typical customer does in 15 % of months."),
        ({"CASH_ADVANCE": (49, 1000)}, "hardly any cash: $49"),
        ({"CASH_ADVANCE": (500, 1000)}, "They typically draw $500 in cash, 50 % of what the typical customer does."),
        ({"CASH_ADVANCE": (500, 1000), "CASH_ADVANCE_FREQUENCY": (0.3, 0.1)}, "$500 in cash in 30 % of months, 50 %"),
        ({"BALANCE": (1500, 2000)}, "They typically owe $1,500."),
        ({"BALANCE": (-1500, 2000)}, "They typically are in credit by $1,500."),
        ({"CASH_ADVANCE": (50, 1000)}, "They typically draw $50 in cash"),
        ({"PURCHASES_FREQUENCY": (0.025, 0.5)}, "They typically buy in 2 % of months"),
        ({"PURCHASES": (49, 1000), "CASH_ADVANCE": (490, 600)}, "For every $1 of purchases they draw $10 in cash."),
        ({"BALANCE": (1500, 2000), "CREDIT_LIMIT": (9000, 4000)}, "on a limit of $9,000."),
        (  # beside both, a reader would divide them and get another share than the typical customer's
            {"BALANCE": (1500, 2000), "CREDIT_LIMIT": (9000, 4000), "UTILISATION": (0.3, 0.4)},
            "They typically owe $1,500, and use 30 % of their limit.",
        ),
        ({"BALANCE": (1500, 2000), "UTILISATION": (0.3, 0.4)}, "$1,500, and use 30 % of their limit."),
        ({"PRC_FULL_PAYMENT": (0.2, 0.15)}, "in full in 20 % of months; the typical customer does in 15 %."),
        ({"TENURE": (9, 11.5, -0.5)}, "typically cover 9 months, against 11.5 among all customers."),
        ({"PURCHASES": (1400, 1000)}, "Of every $100 spent on purchases, $14 is theirs."),
        ({"CASH_ADVANCE": (3000, 1000)}, "Of every $100 drawn in cash, $30 is theirs."),
        ({"BALANCE": (3000, 1000)}, "Of every $100 owed, $30 is theirs."),
        ({"BALANCE": (200, 1000)}, "They typically owe $200; the typical customer owes $1,000."),
        ({"PURCHASES": (20, 1000), "CASH_ADVANCE": (500, 600)}, "For every $1 of purchases they draw $25 in cash."),
        (
            {"PURCHASES": (0, 1000), "CASH_ADVANCE": (500, 600)},
            "They buy nothing with the card, and typically draw $500 in cash.",
        ),
        # next to nothing is not nothing
        ({"PURCHASES": (0.5, 1000)}, "They typically buy hardly anything with the card: $0.50 over the period."),
        ({"CASH_ADVANCE": (0.5, 1000)}, "They typically draw hardly any cash: $0.50."),
        ({"BALANCE": (0.5, 1000)}, "They typically owe $0.50; the typical customer owes $1,000."),
        ({"PRC_FULL_PAYMENT": (0.004, 0.15)}, "They typically pay in full in 0.4 % of months"),
        (
            {"PURCHASES": (0.5, 1000), "CASH_ADVANCE": (500, 600)},
            "For every $1 of purchases they draw $1,000 in cash.",
        ),
        (
            {
                "PURCHASES_FREQUENCY": (0.5, 0.5),
                "ONEOFF_PURCHASES": (0.35, 600),
                "INSTALLMENTS_PURCHASES": (0.15, 400),
            },
            "They typically buy in 50 % of months; of all that they spend, 70 % is paid in one go.",
        ),
    ],
)
def test_what_is_said(features, said):
    assert said in " ".join(told(**features))


@pytest.mark.parametrize(
    ("features", "unsaid"),
    [
        ({"PURCHASES": (1390, 1000)}, "is theirs"),
        ({"BALANCE": (210, 1000)}, "the typical customer owes"),
        ({"BALANCE": (-10, 1000)}, "the typical customer owes"),
        ({"TENURE": (9, 11, -0.49)}, "cover"),
        ({"PURCHASES": (50, 1000), "CASH_ADVANCE": (500, 600)}, "For every"),
        ({"PURCHASES": (20, 1000), "CASH_ADVANCE": (20, 600)}, "For every"),
        ({"PURCHASES_FREQUENCY": (0.01, 0.5)}, "buy in"),
    ],
)
def test_what_is_not_said(features, unsaid):
    assert unsaid not in " ".join(told(**features))


@pytest.mark.parametrize(
    ("one_off", "instalments", "said"),
    [
        (60, 40, "of all that they spend, 60 % is paid in one go"),
        (59, 41, "of all that they spend, 59 % is paid in one go, the rest in instalments"),
        (41, 59, "of all that they spend, 41 % is paid in one go, the rest in instalments"),
        (39, 61, "of all that they spend, 61 % is paid in instalments"),
        (0, 0, "in 40 % of months."),
    ],
)
def test_how_purchases_are_paid(one_off, instalments, said):
    features = {"ONEOFF_PURCHASES": (one_off, 50), "INSTALLMENTS_PURCHASES": (instalments, 50)}
    assert said in " ".join(told(PURCHASES_FREQUENCY=(0.4, 0.5), **features))


def test_the_least_usual_contrast_leads_and_makes_its_plain_sentence_idle():
    features = {"BALANCE": (100, 1000, -1.5), "PRC_FULL_PAYMENT": (0.5, 0.1, 1.2), "PURCHASES": (2000, 1000, 0.9)}
    assert [text.split(" ")[2] for text in told(**features)[1:]] == ["owe", "pay", "spend"]
    assert sum("owe" in text for text in told(**features)) == 1, "what leads is not said again"
    leads = told(**features | {"PRC_FULL_PAYMENT": (0.5, 0.1, 1.6)})
    assert leads[1].startswith("They typically pay in full in 50 %")
    assert "50 %" not in " ".join(told(**features | {"PRC_FULL_PAYMENT": (0.49, 0.1, 1.6)})[1:2])


def test_the_rest_is_told_by_how_unusual_it_is_and_no_more_than_that_many():
    features = {
        "PURCHASES": (800, 1000, 0.1), "PURCHASES_FREQUENCY": (0.5, 0.5, 0.6), "CASH_ADVANCE": (900, 1000, -0.5),
        "BALANCE": (900, 1000, 0.2), "PRC_FULL_PAYMENT": (0.2, 0.2, -0.4), "TENURE": (9, 11, -0.55),
    }  # fmt: skip
    said = told(**features)
    assert said[1].startswith("Their figures typically cover"), "the one contrast"
    assert [text.split(" ")[2] for text in said[2:]] == ["buy", "draw", "pay", "owe"]
    assert len(said) == 2 + portrait.KEPT


def test_a_segment_of_which_nothing_stands_out_says_so():
    assert told(MINIMUM_PAYMENTS=(100, 100))[1:] == [portrait.USUAL]
    assert portrait.USUAL not in told(PURCHASES=(0, 1000))
