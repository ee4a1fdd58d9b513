"""What is said of each move, by what was planted."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils.core.errors import DataError, ParameterError
from seg_utils.reporting import campaign_page
from seg_utils.strategy.decisions import NO_PART
from seg_utils.strategy.definitions import LEAST_SHARE
from seg_utils.strategy.results import analysis
from seg_utils.strategy.results import plan as campaign_plan
from seg_utils.strategy.results.responses import Responses

from .conftest import CAMPAIGN, KINDS

PREMIUM, ONE_OFF, DORMANT, CASH = (
    KINDS.index(kind) for kind in ("premium", "one_off_buyers", "dormant", "cash_advance_dependent")
)


def analysed(plan, frame, *, yes_no=()) -> pd.DataFrame:
    outcomes = tuple(name for name in frame if name not in ("customer_id", "row", "contacted", "cost"))
    return analysis.analyse(plan, Responses(frame, outcomes, frozenset(yes_no))).set_index("segment")


def test_what_was_planted_is_found_and_nothing_else(plan, purchases):
    income = purchases.rename(columns={"purchases": "income"})
    table = analysed(plan, income)
    assert table.loc[PREMIUM, "verdict"] == analysis.ROLL_OUT
    assert table["verdict"].tolist().count(analysis.ROLL_OUT) == 1
    assert table.loc[PREMIUM, "lift_share"] == pytest.approx(0.5, abs=0.1)
    assert (table["customers"].sum(), table["control"].sum()) == (3000, plan.drawn["control_group"].sum())
    narrower = (table["lift_high"] - table["lift_low"]) / (table["plain_high"] - table["plain_low"])
    assert narrower.median() < 0.9


def test_the_same_campaign_gives_the_same_table(plan, purchases):
    pd.testing.assert_frame_equal(analysed(plan, purchases), analysed(plan, purchases))


def test_money_is_the_lift_at_what_is_earned_less_the_cost_of_contacts(plan, purchases):
    table = analysed(plan, purchases)
    earned = plan.assumptions["interchange"] - plan.assumptions["rewards"]
    expected = earned * table["lift"] - [plan.contact_cost(segment) for segment in table.index]
    np.testing.assert_allclose(table["money"], expected, rtol=1e-6)


def test_what_was_spent_counts_in_place_of_what_was_assumed(plan, purchases):
    treated = ~plan.drawn["control_group"]
    free = analysed(plan, purchases.assign(cost=0.0))
    dear = analysed(plan, purchases.assign(cost=5.0 * treated))
    assert (free["cost"] == 0).all()
    np.testing.assert_allclose(free["money"] - dear["money"], 5.0, rtol=1e-6)
    assert dear.loc[ONE_OFF, ["verdict", "reason"]].tolist() == [analysis.STOP, "it costs more than it brings"]


@pytest.mark.parametrize("outcome", ["purchases", "closures"])
@pytest.mark.parametrize("said", [True, False])
def test_a_blank_cost_of_who_was_not_contacted_is_nothing_spent(plan, purchases, outcome, said):
    """Whether the file says who was contacted or, by the plan, those not held out are."""
    held_out = plan.drawn["control_group"]
    frame = purchases if outcome == "purchases" else closing(plan, 6, 1)
    frame = frame.assign(**({"contacted": ~held_out} if said else {}), row=range(2, 3002))
    yes_no = {"closures"} & {outcome}
    nothing = analysed(plan, frame.assign(cost=0.5 * ~held_out), yes_no=yes_no)
    blank = analysed(plan, frame.assign(cost=np.where(held_out, np.nan, 0.5)), yes_no=yes_no)
    pd.testing.assert_frame_equal(blank, nothing)
    assert blank["money"].notna().all()


@pytest.mark.parametrize("said", [True, False])
def test_a_blank_cost_of_who_was_contacted_is_refused_with_its_row(plan, purchases, said):
    held_out = plan.drawn["control_group"]
    contacted = ~held_out
    first = int(np.flatnonzero(contacted)[7])
    if said:
        first = int(np.flatnonzero(held_out)[0])
        contacted.loc[first] = True  # by mistake, at whatever that cost
    frame = purchases.assign(row=range(2, 3002), cost=0.5 * contacted, **({"contacted": contacted} if said else {}))
    frame.loc[first, "cost"] = np.nan
    says = f"1 row does not say what was spent on a customer who was contacted, the first is row {first + 2:,}; fill"
    with pytest.raises(DataError, match=re.escape(says)):
        analysed(plan, frame)


def test_what_is_the_same_for_everybody_is_named(plan, purchases):
    """The outcome, or what it earns: a closure costs nothing where customers of a segment bring nothing."""
    same = analysed(plan, purchases.assign(purchases=7.0, cost=0.0))
    assert set(same["reason"]) == {"the outcome is the same for everybody"}
    none = replace(plan, segments=plan.segments.assign(value_per_customer=-1.0))
    row = analysed(none, closing(plan, 60, 60).assign(cost=0.0), yes_no=["closures"]).loc[PREMIUM]
    assert row[["verdict", "reason"]].tolist() == [analysis.CANNOT_TELL, "its net money does not vary"]


def test_an_outcome_that_a_move_is_not_about_does_not_stop_it(plan, purchases):
    """More purchases do not pay for keeping premium customers, whose move is about closures."""
    table = analysed(plan, purchases.assign(cost=5.0 * ~plan.drawn["control_group"]))
    assert table.loc[PREMIUM, "money_high"] < 0
    assert table.loc[PREMIUM, ["verdict", "reason"]].tolist() == [
        analysis.TEST_ON,
        "closures, what it is about, are not in the file",
    ]


def test_fewer_closures_are_better_and_worth_the_years_that_they_save(plan):
    closes = np.random.default_rng(8).random(3000)
    rate = np.where((plan.drawn["segment"] == PREMIUM) & ~plan.drawn["control_group"], 0.1, 0.5)
    frame = plan.drawn[["customer_id"]].assign(closures=(closes < rate).astype(float))
    row = analysed(plan, frame, yes_no=["closures"]).loc[PREMIUM]
    assert row["lift"] == pytest.approx(-0.4, abs=0.2)
    assert row["money"] > 0
    assert row["verdict"] == analysis.ROLL_OUT


def closing(plan, held_out, contacted):
    """Closures of so many premium customers of either group, of nobody else."""
    premium = (plan.drawn["segment"] == PREMIUM).to_numpy()
    closed = np.zeros(len(premium))
    for group, count in ((plan.drawn["control_group"], held_out), (~plan.drawn["control_group"], contacted)):
        closed[np.flatnonzero(premium & group.to_numpy())[:count]] = 1.0
    return plan.drawn[["customer_id"]].assign(closures=closed)


def test_money_of_few_closures_is_their_interval_at_its_price_less_the_cost(plan):
    cost = 2.0 * ~plan.drawn["control_group"]
    row = analysed(plan, closing(plan, 6, 1).assign(cost=cost), yes_no=["closures"]).loc[PREMIUM]
    worth = plan.worth(PREMIUM, "closures", True)
    assert worth < 0
    assert row["lift"] < 0
    assert (row["lift_low"], row["lift_high"]) == (row["plain_low"], row["plain_high"])
    assert row["money"] == pytest.approx(worth * row["lift"] - 2)
    assert row["money_low"] == pytest.approx(worth * row["lift_high"] - 2)
    assert row["money_high"] == pytest.approx(worth * row["lift_low"] - 2)
    assert row["good"] == row["money"]
    assert row["error"] == pytest.approx(-worth * (row["lift_high"] - row["lift_low"]) / 3.92, rel=0.2)
    dear = analysed(plan, closing(plan, 6, 1).assign(cost=1000 * cost), yes_no=["closures"]).loc[PREMIUM]
    assert dear["money_high"] < 0
    assert (dear["p"] < 0.05, dear["verdict"]) == (True, analysis.STOP)


def test_a_share_of_customers_cannot_fall_by_more_than_all_of_it(plan):
    row = analysed(plan, closing(plan, 2, 1), yes_no=["closures"]).loc[PREMIUM]
    assert row["lift_share"] - 2 * row["lift_share_error"] < LEAST_SHARE
    assert row["pooled_low"] == LEAST_SHARE


def test_a_customer_without_a_part_in_the_plan_is_in_neither_group(plan, purchases):
    """Who buys least is worth no contact; of all that is planned, the effect is all the same."""
    no_part = (plan.customers["PURCHASES"] < plan.customers["PURCHASES"].quantile(0.3)).to_numpy()
    part = plan.drawn["campaign_part"].mask(no_part, NO_PART)
    without = plan.drawn["segment"].isin([ONE_OFF])
    fewer = replace(plan, drawn=plan.drawn.assign(campaign_part=part.mask(without, NO_PART)))
    table = analysed(fewer, purchases)
    there = fewer.drawn[fewer.drawn["campaign_part"] != NO_PART]
    assert ONE_OFF not in table.index
    assert (table["customers"] == there["segment"].value_counts().sort_index()).all()
    assert (table["control"] == there[there["control_group"]]["segment"].value_counts().sort_index()).all()
    assert (table["split_p"] == 1).all()
    assert (table["compared"] == analysis.PART).all()
    [left_out] = campaign_page.warnings(table, 3000)
    assert left_out.startswith(f"{3000 - len(there):,} customers of the file are neither to be contacted")
    only = purchases[purchases["customer_id"].isin(there["customer_id"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(analysed(fewer, only), table)


def test_a_move_that_the_plan_put_off_is_judged_whole_where_the_file_says_that_it_was_made(plan, purchases):
    later = plan.drawn["segment"].isin([ONE_OFF, DORMANT])
    put_off = replace(plan, drawn=plan.drawn.assign(campaign_part=plan.drawn["campaign_part"].mask(later, NO_PART)))
    made = ~plan.drawn["control_group"] & (plan.drawn["segment"] != DORMANT)
    table = analysed(put_off, purchases.assign(contacted=made))
    assert DORMANT not in table.index
    assert table["compared"].value_counts().to_dict() == {analysis.PART: len(KINDS) - 2, analysis.WHOLE: 1}
    assert table.loc[ONE_OFF, "compared"] == analysis.WHOLE
    assert table.loc[ONE_OFF, "customers"] == (plan.drawn["segment"] == ONE_OFF).sum()
    assert "The plan contacts none of" in campaign_page.warnings(table, 3000)[1]
    nobody = replace(plan, drawn=plan.drawn.assign(campaign_part=NO_PART))
    with pytest.raises(DataError, match=r"contacts nobody of the file .* say of whom in a column contacted"):
        analysed(nobody, purchases)


@pytest.mark.parametrize("outcome", ["purchases", "closures", "cash_advances", "outcome"])
def test_an_interval_leaves_nothing_out_where_its_p_is_small_and_only_there(plan, outcome):
    """Of what a move is judged by, whatever it costs: rare answers, frequent ones, amounts."""
    seen = set()
    for seed in range(12):
        rng = np.random.default_rng(seed)
        change = np.where(plan.drawn["control_group"], 1.0, rng.uniform(0.2, 1.8))
        values = plan.customers["PURCHASES"] / 4 * change
        if outcome in ("closures", "outcome"):
            values = (rng.random(3000) < 0.1 * change) * 1.0
        cost = rng.choice([0.0, 0.5, 20.0]) * ~plan.drawn["control_group"]
        frame = plan.drawn[["customer_id"]].assign(**{outcome: values, "cost": cost})
        table = analysed(plan, frame, yes_no=[outcome] if outcome in ("closures", "outcome") else [])
        prefix = table["judged_by"].map({analysis.MONEY: "money", analysis.LIFT: "lift"})
        for segment, row in table[table["p"].notna()].iterrows():
            low, high = row[f"{prefix[segment]}_low"], row[f"{prefix[segment]}_high"]
            assert (low > 0 or high < 0) == (row["p"] < 0.05), row
            seen.add(row["p"] < 0.05)
    assert seen == {True, False}


@pytest.mark.parametrize(("closed", "kept"), [((9, 60), False), ((10, 60), True)])
def test_shares_of_few_events_are_not_adjusted(plan, closed, kept):
    row = analysed(plan, closing(plan, *closed), yes_no=["closures"]).loc[PREMIUM]
    assert (row["lift_low"] != row["plain_low"]) == kept


@pytest.mark.parametrize(("segment", "outcome"), [(CASH, "cash_advances"), (PREMIUM, "closures")])
def test_a_test_on_is_sized_by_the_effect_that_the_plan_was_to_find(plan, segment, outcome):
    rare = np.random.default_rng(4).random(3000)
    values = plan.customers["CASH_ADVANCE"] if outcome == "cash_advances" else (rare < 0.3) * 1.0
    matters = plan.segments.at[segment, "effect_that_matters"]
    assert matters > 0
    yes_no = [outcome] if outcome == "closures" else []
    table = analysed(plan, plan.drawn[["customer_id"]].assign(**{outcome: values}), yes_no=yes_no)
    row, design = table.loc[segment], plan.assumptions.test
    sought = matters * row["control_mean"]
    if outcome == "closures":
        sought = sought * -plan.worth(segment, outcome, True) - row["cost"]
    sought = max(sought, abs(row["good"]))
    width = analysis.deviations(design.significance / table["p"].notna().sum(), design.power) * row["error"]
    more = row["customers"] * ((width / sought) ** 2 - 1)
    expected = (analysis.TEST_ON, np.ceil(more)) if more > 0 else (analysis.STOP, np.nan)
    assert (row["verdict"], row["more_customers"]) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("change", "expected"), [(0.7, [analysis.ROLL_OUT, "it works"]), (1.4, [analysis.STOP, "it does harm"])]
)
def test_a_move_of_care_is_judged_by_what_it_changes_and_less_cash_is_better(plan, change, expected):
    drawn = plan.customers["CASH_ADVANCE"] * np.where(plan.drawn["control_group"], 1.0, change)
    row = analysed(plan, plan.drawn[["customer_id"]].assign(cash_advances=drawn)).loc[CASH]
    assert row[["verdict", "reason"]].tolist() == expected
    assert (row["lift"] > 0) == (change > 1)


def test_a_response_has_no_price(plan):
    answers = np.random.default_rng(8).random(3000)
    contacted = ~plan.drawn["control_group"]
    rate = np.where((plan.drawn["segment"] == DORMANT) & contacted, 0.4, 0.1)
    table = analysed(plan, plan.drawn[["customer_id"]].assign(outcome=(answers < rate) * 1.0), yes_no=["outcome"])
    assert table["money"].isna().all()
    assert table.loc[DORMANT, ["verdict", "reason"]].tolist() == [analysis.ROLL_OUT, "it works"]
    tested = table[table["verdict"] == analysis.TEST_ON]
    assert len(tested)
    assert (tested["more_customers"] > 0).all()


def test_groups_are_compared_as_drawn_whoever_was_reached(plan, purchases):
    contacted = np.random.default_rng(2).random(3000) < 0.5
    table = analysed(plan, purchases.assign(contacted=contacted))
    np.testing.assert_allclose(table["lift"], analysed(plan, purchases)["lift"])
    held_out = plan.drawn["control_group"]
    assert table["control_contacted"].sum() == (contacted & held_out).sum()
    assert table["not_reached"].sum() == (~contacted & ~held_out).sum()


def test_a_broken_split_tells_nothing(plan, purchases):
    """The best half of the control group of one segment is missing from the file."""
    held_out = (plan.drawn["segment"] == PREMIUM) & plan.drawn["control_group"]
    bought = purchases["purchases"].where(held_out)
    kept = ~(bought > bought.median())
    table = analysed(plan, purchases[kept].reset_index(drop=True))
    assert table.loc[PREMIUM, "split_p"] < analysis.BROKEN_SPLIT
    assert table.loc[PREMIUM, ["verdict", "reason"]].tolist() == [
        analysis.CANNOT_TELL,
        "the groups are not those that were drawn",
    ]
    assert (table.drop(PREMIUM)["split_p"] == 1).all()
    assert table["p_adjusted"].notna().sum() == len(table) - 1


def test_who_has_no_outcome_is_lost(plan, purchases):
    some = purchases.assign(purchases=purchases["purchases"].where(np.arange(3000) % 50 > 0))
    table = analysed(plan, some)
    assert table["lost"].sum() == 60
    assert table["customers"].sum() == 2940


def test_a_segment_with_few_customers_in_a_group_cannot_be_told(plan, purchases):
    few = plan.drawn["segment"].ne(PREMIUM) | ~plan.drawn["control_group"] | (np.arange(3000) < 200)
    row = analysed(plan, purchases[few].reset_index(drop=True)).loc[PREMIUM]
    assert row["control"] < analysis.FEWEST
    assert row["verdict"] == analysis.CANNOT_TELL


def test_amounts_of_few_customers_bear_no_verdict_but_take_part_in_pooling(plan, purchases):
    held_out = (plan.drawn["segment"] == PREMIUM) & plan.drawn["control_group"]
    few = (~held_out | (held_out.cumsum() <= 20)).to_numpy()
    other = replace(plan, **{name: getattr(plan, name)[few].reset_index(drop=True) for name in ("customers", "drawn")})
    income = purchases[few].reset_index(drop=True).rename(columns={"purchases": "income"})
    row = analysed(other, income).loc[PREMIUM]
    assert (row["control"], row["verdict"]) == (20, analysis.TEST_ON)
    assert row["reason"] == "fewer than 30 customers in a group"
    assert row["more_customers"] >= row["customers"] / 2
    assert np.isnan(row["p"])
    assert abs(row["pooled_share"]) < abs(row["lift_share"])


def test_more_customers_are_what_a_test_of_that_size_would_need(plan, purchases):
    """At the effect measured, as many customers as are needed in all find it with the wanted power."""
    table = analysed(plan, purchases.rename(columns={"purchases": "income"}).assign(cost=0.0))
    undecided = table[table["verdict"] == analysis.TEST_ON].iloc[0]
    design, moves = plan.assumptions.test, int(table["p"].notna().sum())
    shrinks = (undecided["customers"] / (undecided["customers"] + undecided["more_customers"])) ** 0.5
    found = analysis.deviations(design.significance / moves, design.power) * undecided["error"] * shrinks
    assert found <= max(abs(undecided["good"]), 0.01 * undecided["control_mean"]) * 1.001


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda frame, _: frame.assign(customer_id="X" + frame["customer_id"]), "3,000 ids are of no customer of that"),
        (lambda frame, held: frame[held].reset_index(drop=True), "were held out in the campaign 'spring'"),
        (lambda frame, held: frame[~held].reset_index(drop=True), "were drawn to be contacted in the campaign"),
        (lambda frame, held: frame.assign(contacted=held), "yes of 0 % of those drawn to be contacted and of 100 % of"),
        (lambda frame, held: frame.assign(contacted=held | (np.arange(3000) % 4 == 0)), "yes and no are swapped"),
        (lambda frame, _: frame.assign(contacted=False), "yes of 0 % of those drawn to be contacted and of 0 % of"),
    ],
)
def test_responses_that_are_not_of_the_campaign_are_refused(plan, purchases, change, says):
    with pytest.raises(DataError, match=re.escape(says)):
        analysed(plan, change(purchases, plan.drawn["control_group"]))


def test_a_campaign_that_the_run_did_not_draw_is_refused(run_folder):
    assert campaign_plan.read(run_folder, CAMPAIGN).campaign == CAMPAIGN
    with pytest.raises(ParameterError, match=r"CAMPAIGN=autumn was not drawn in that run, .* 'spring'"):
        campaign_plan.read(run_folder, "autumn")


def test_a_folder_that_is_no_whole_run_is_refused(tmp_path):
    with pytest.raises(ParameterError, match=r"lacks segments\.csv; FROM is the folder of a whole run"):
        campaign_plan.read(tmp_path)


def test_with_an_outcome_column_for_each_move_it_is_judged_by_its_own(plan, purchases):
    """Instalment buyers' move is about instalment purchases, those with cash advances' about these."""
    frame = purchases.assign(
        instalment_purchases=plan.customers["INSTALLMENTS_PURCHASES"], cash_advances=plan.customers["CASH_ADVANCE"]
    )
    table = analysed(plan, frame)
    for segment in table.index:
        measure = plan.move(segment).measure
        assert table.loc[segment, "outcome"] == (measure if measure in frame else "purchases")


def test_no_move_is_rolled_out_by_chance_where_all_do_nothing(plan, purchases):
    rolled_out = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        noise = plan.drawn[["customer_id"]].assign(income=plan.customers["PURCHASES"] * rng.lognormal(0, 0.3, 3000))
        other = replace(plan, drawn=plan.drawn.assign(control_group=rng.random(3000) < 0.2))
        rolled_out += (analysed(other, noise.assign(cost=0.0))["verdict"] == analysis.ROLL_OUT).any()
    assert rolled_out <= 3


def test_shares_in_warnings_are_of_those_of_the_file_with_and_without_an_outcome(plan, purchases):
    held_out = plan.drawn["control_group"].to_numpy()
    slips = held_out & (np.cumsum(held_out) <= 20)
    lost = held_out & ~slips & (np.arange(3000) % 100 > 0)
    frame = purchases.assign(contacted=~held_out | slips, purchases=purchases["purchases"].mask(lost))
    [_, contacted, missing] = campaign_page.warnings(analysed(plan, frame), 3000)
    assert contacted == f"20 customers held out, yet contacted ({2000 / held_out.sum():.0f} % of those held out): " + (
        "the lift is smaller than it would be."
    )
    assert missing.startswith(f"{lost.sum()} customers of the file without an outcome, {lost.sum()} of them held out")
