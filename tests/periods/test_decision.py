import pandas as pd
import pytest

from seg_utils.periods import decision
from seg_utils.periods.decision import BROKEN, KEEP, REFIT, SOUND, STRAINED, WATCH
from seg_utils.scoring import drift

BRIDGE = pd.DataFrame({"persona": ["A", "B"], "before": [100, 100], "moved_out": [5, 5], "flicker_out": [2, 2]})
FLAT = pd.DataFrame({"label": ["Balance"], "verdict": [drift.NO_SHIFT]})
AS_TRAINED = {"psi": 0.0, "verdict": drift.NO_SHIFT}
ALIKE = dict.fromkeys(decision.TOGETHER, AS_TRAINED)


def lineage(loss=0.0, fate="survived", sure=1.0, customers=60):
    return {
        "loss": loss,
        "segments": [
            {"persona": "A", "customers": customers, "fate": fate, "sure": sure},
            {"persona": "B", "customers": 100 - customers, "fate": "survived", "sure": 1.0},
        ],
    }


def judge(traced, bridge=BRIDGE, shares=AS_TRAINED, together=ALIKE, drifted=FLAT, before=None):
    return decision.judge(traced, bridge, shares, together, drifted, before)


@pytest.mark.parametrize(
    ("signal", "given"),
    [
        (SOUND, {"traced": lineage()}),
        (SOUND, {"traced": lineage(loss=0.01, fate="split", sure=0.5)}),
        (STRAINED, {"traced": lineage(loss=0.03)}),
        (STRAINED, {"traced": lineage(fate="split")}),
        (STRAINED, {"traced": lineage(), "shares": {"psi": 0.12, "verdict": drift.MODERATE}}),
        (STRAINED, {"traced": lineage(), "together": ALIKE | {"pair": {"verdict": drift.MODERATE}}}),
        (STRAINED, {"traced": lineage(), "drifted": FLAT.assign(verdict=drift.LARGE)}),
        (STRAINED, {"traced": lineage(), "bridge": BRIDGE.assign(moved_out=[30, 5])}),
        (SOUND, {"traced": lineage(), "bridge": BRIDGE.assign(moved_out=[30, 5], flicker_out=[29, 2])}),
        (BROKEN, {"traced": lineage(loss=0.03, fate="vanished")}),
        (STRAINED, {"traced": lineage(loss=0.03, fate="vanished", customers=10)}),
        (BROKEN, {"traced": lineage(loss=0.05)}),
        (STRAINED, {"traced": lineage(loss=0.0499)}),
        (STRAINED, {"traced": lineage(loss=0.02)}),
        (SOUND, {"traced": lineage(loss=0.0199)}),
        (STRAINED, {"traced": lineage(fate="split", sure=0.8)}),
        (SOUND, {"traced": lineage(fate="split", sure=0.79)}),
        (BROKEN, {"traced": lineage(loss=0.02, fate="vanished", customers=20)}),
        (STRAINED, {"traced": lineage(loss=0.02, fate="vanished", customers=19)}),
        (STRAINED, {"traced": lineage(), "bridge": BRIDGE.assign(moved_out=[5, 22])}),
        (SOUND, {"traced": lineage(), "bridge": BRIDGE.assign(moved_out=[21, 21])}),
        (STRAINED, {"traced": lineage(), "shares": {"psi": 0.3, "verdict": drift.LARGE}}),
        (STRAINED, {"traced": lineage(), "together": ALIKE | {"between": {"verdict": drift.LARGE}}}),
        (SOUND, {"traced": lineage(), "drifted": FLAT.assign(verdict=drift.MODERATE)}),
    ],
)
def test_a_period_is_sound_strained_or_broken_by_the_rule(signal, given):
    told = judge(**given)
    assert told["signal"] == signal
    assert bool(told["reasons"]) == (signal != SOUND)


def test_one_odd_period_changes_nothing_and_two_call_for_a_refit():
    sound, strained, broken = lineage(), lineage(loss=0.03), lineage(loss=0.2)
    course = [sound, broken, sound, sound, strained, broken, broken, broken, sound, sound]
    decisions, last = [], None
    for traced in course:
        last = judge(traced, before=last)
        decisions.append(last["decision"])
    assert decisions == [KEEP, WATCH, WATCH, KEEP, WATCH, WATCH, REFIT, REFIT, WATCH, KEEP]


def test_reasons_name_who_and_how_much():
    bridge = pd.DataFrame({"persona": ["A", "B"], "before": [0, 50], "moved_out": [0, 20], "flicker_out": [0, 5]})
    drifted = pd.DataFrame({"label": ["Balance", "Tenure"], "verdict": [drift.MODERATE, drift.LARGE]})
    told = judge(lineage(loss=0.031, fate="vanished", customers=30), bridge, drifted=drifted)
    assert told["not_survived_share"] == pytest.approx(0.3)
    assert told["reasons"] == [
        "fresh segments would describe these customers better by 3 % of their spread",
        "30 % of customers are in segments that did not survive: A (vanished)",
        "many really moved out of B (30 %)",
        "far from training in Tenure",
    ]
