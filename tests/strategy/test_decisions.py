"""One decision a segment, which tables, model and customers' parts follow."""

import numpy as np
import pandas as pd
import pytest

from seg_utils.evaluation.resampling.stability import FIRM, WEAK
from seg_utils.strategy import decide, parts, with_decisions
from seg_utils.strategy.decisions import (
    CONTACT,
    FOR_CARE,
    HELD_OUT,
    LEAVE_ALONE,
    LOOK_AGAIN,
    MAKE,
    NO_CAMPAIGN,
    NO_CHANNEL,
    NO_OFFER,
    NO_PART,
    NOT_A_SEGMENT,
    NOT_NOW,
    TRY,
    UNCONTACTED,
    UNDERSTAND,
)

ASKED = {"now": "Call them", "later": "Call again", "offer": "A song", "channel": "Telephone"}
AUDIENCES = {"marketing": "Songs for all", "risk": "Watch them", "customer_success": "Call them"}
GOOD = {"campaign_value_base": 400.0, "break_even_effect": 0.02, "effect_base": 0.1, "effect_high": 0.2}
SMALL = GOOD | {"campaign_value_base": 19.0}
CARE = GOOD | {"purpose": "care", "campaign_value_base": -90.0}


def people_of(count):
    actions = {"now": ASKED["now"], "later": ASKED["later"]}
    said = {"strategy": ASKED | {"owner": "Marketing"}, "actions": actions, "audiences": AUDIENCES}
    person = {"persona_id": "spenders"} | said
    return [person | {"segment": segment} for segment in range(count)]


def table_of(*rows):
    same = {"purpose": "profit", "contacted": 50, "segment_value": 1000.0, "persona": "Some"}
    asked = {"action_now": ASKED["now"], "action_later": ASKED["later"]}
    asked |= {name: ASKED[name] for name in ("offer", "channel")}
    frame = pd.DataFrame([same | asked | row for row in rows])
    frame.insert(0, "segment", range(len(rows)))
    frame.insert(1, "persona", frame.pop("persona"))
    return frame.assign(rank_base=frame["campaign_value_base"].rank(ascending=False, method="first").astype(int))


def decisions(table, grades=None, *, has_segments=True):
    grades = grades or [FIRM] * len(table)
    return decide(table, people_of(len(table)), grades, has_segments=has_segments)


@pytest.mark.parametrize(
    ("row", "decision"),
    [
        (GOOD, MAKE),
        (SMALL, TRY),
        (GOOD | {"break_even_effect": 0.06}, TRY),
        (GOOD | {"campaign_value_base": -1.0}, NOT_NOW),
        (GOOD | {"break_even_effect": 0.3, "campaign_value_base": -1.0}, LEAVE_ALONE),
        (GOOD | {"effect_base": 0.0, "effect_high": 0.0, "campaign_value_base": 0.0}, UNDERSTAND),
        (CARE, FOR_CARE),
    ],
)
def test_a_segment_is_decided_by_its_own_numbers(row, decision):
    told = decisions(table_of(row, GOOD | {"campaign_value_base": 500.0})).iloc[0]
    assert told["decision"] == decision
    same = decision in (MAKE, TRY, FOR_CARE, UNDERSTAND)
    assert (told["action_now"] == ASKED["now"]) == same
    left = (told["offer"], told["channel"], told["action_later"]) == (NO_OFFER, NO_CHANNEL, LOOK_AGAIN)
    assert left == (decision == LEAVE_ALONE)


@pytest.mark.parametrize(
    ("brings", "why"),
    [
        (-1.0, "at our best guess it would not pay"),
        (0.0, "at our best guess it would not pay"),
        (0.64, "it would bring less than $1"),
        (4.38, "it would bring $4"),
        (70.2, "it would bring $70"),
    ],
)
def test_what_a_move_that_waits_would_bring_is_told_in_whole_amounts(brings, why):
    rows = [GOOD | {"segment_value": 200_000.0}] * 3
    told = decisions(table_of(*rows, GOOD | {"campaign_value_base": brings, "segment_value": 200_000.0}))
    assert told["action_now"].iloc[-1] == f"Not now, {why}: call them"


def test_a_small_move_is_small_beside_customers_who_cost_more_than_they_bring():
    losing = GOOD | {"segment_value": -100_000.0}
    tiny, small, large = (losing | {"campaign_value_base": value} for value in (26.0, 900.0, 4000.0))
    assert decisions(table_of(tiny, small, large))["decision"].tolist() == [NOT_NOW, TRY, MAKE]


def test_beyond_three_others_go_first():
    told = decisions(table_of(SMALL, CARE, GOOD, CARE | {"contacted": 70}, GOOD))
    assert told["decision"].tolist() == [NOT_NOW, NOT_NOW, MAKE, FOR_CARE, MAKE]
    assert told["action_now"][:2].tolist() == [
        "Not now, it would bring $19: call them",
        "Not now, others go first: call them",
    ]


def test_no_campaign_aims_at_what_does_not_come_back():
    assert decisions(table_of(GOOD, GOOD), [FIRM, WEAK])["decision"].tolist() == [MAKE, NO_CAMPAIGN]
    cloud = decisions(table_of(GOOD, CARE), has_segments=False)
    assert cloud["decision"].tolist() == [NO_CAMPAIGN] * 2
    assert (cloud["action_now"] == f"Aim no campaign at these customers as a segment: {NOT_A_SEGMENT}").all()
    unpriced = table_of(GOOD, GOOD)[["segment", "persona", "action_now", "action_later", "offer", "channel"]]
    assert decisions(unpriced, [FIRM, WEAK])["decision"].tolist() == ["", NO_CAMPAIGN]


def test_a_table_that_is_decided_is_decided_alike_when_read_again(tmp_path):
    told = decisions(table_of(GOOD, GOOD | {"break_even_effect": 0.3, "campaign_value_base": -1.0}))
    told.to_csv(tmp_path / "strategy.csv", index=False)
    pd.testing.assert_frame_equal(pd.read_csv(tmp_path / "strategy.csv"), told, check_dtype=False)


def test_model_and_report_have_the_words_of_the_decision():
    told = decisions(table_of(GOOD, GOOD), [FIRM, WEAK])
    first, second = with_decisions(people_of(2), told)
    assert first == people_of(1)[0]
    assert second["actions"] == {"now": told["action_now"][1], "later": told["action_later"][1]}
    assert second["strategy"]["now"] == second["actions"]["now"]
    assert (second["strategy"]["offer"], second["strategy"]["owner"]) == (NO_OFFER, "Marketing")
    assert second["strategy"]["channel"] == NO_CHANNEL
    assert second["audiences"] == AUDIENCES | UNCONTACTED
    nameless = [person | {"actions": {"now": "", "later": ""}} for person in people_of(2)]
    assert [person["actions"]["now"] for person in with_decisions(nameless, told)] == ["", ""]


def test_customers_are_contacted_or_held_out_in_the_moves_that_go_first():
    told = decisions(table_of(GOOD, GOOD | {"campaign_value_base": -1.0}))
    segments = pd.Series([0, 0, 0, 1, -1])
    worth, held_out = np.array([True, True, False, True, True]), np.array([False, True, True, True, False])
    assert parts(told, segments, worth, held_out).tolist() == [CONTACT, HELD_OUT, NO_PART, NO_PART, NO_PART]
    assert parts(told, segments, False, held_out).tolist() == [NO_PART] * 5
