"""Keep, watch or refit, by a written rule with hysteresis: one odd month stops no campaign.

A period is *broken* where the segments in force describe its customers much worse than fresh ones would
(``REFIT_LOSS``), or somewhat worse (``WATCH_LOSS``) while segments that hold many of them surely did not survive. It is
*strained* where one of these is so without the other, where many of a segment's customers really moved out, where
shares of segments, or what no feature shows alone, shifted against training, or a feature did by far; else *sound*.
Refit takes two broken periods running, keep two sound ones after any other; all between is watch. Nothing is refitted
by itself: that takes a person and ``make adopt``.
"""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.periods.lineage import KEPT
from seg_utils.scoring import drift

KEEP, WATCH, REFIT = "keep", "watch", "refit"
SOUND, STRAINED, BROKEN = "sound", "strained", "broken"

WATCH_LOSS = 0.02

# Shares of the spread within segments that fresh segments would save. In planted years (benchmarks/periods.py) months
# in which nothing happens save up to a hundredth, half of a segment that goes over to others two to three, half of a
# segment that becomes a kind that there was not eight to seventeen.
REFIT_LOSS = 0.05

SURE = 0.8  # a segment did not survive where it did not in so large a share of the draws

# Share of customers in segments that did not survive, or of one segment's that really moved out in one period, from
# which on it is no small matter
MANY = 0.2

# What ``scoring.drift.together`` judges, in words
TOGETHER = {
    "distance": "distances to the own segment's centre",
    "between": "the share of customers between two segments",
    "pair": "how features go together",
}


def judge(
    lineage: Mapping[str, Any],
    bridge: pd.DataFrame,
    shares: Mapping[str, Any],
    together: Mapping[str, Any],
    drifted: pd.DataFrame,
    before: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The decision as plain values for ``decision.json``.

    Args:
        lineage: ``challenger.summary``'s.
        bridge: ``flows.bridge``'s table.
        shares: ``scoring.drift.of_segments``'s, of shares of segments against training.
        together: ``scoring.drift.together``'s, of what no feature shows alone.
        drifted: ``drift.drift``'s table.
        before: the decision of the period before; None in the first.
    """
    total = sum(segment["customers"] for segment in lineage["segments"])
    lost = [segment for segment in lineage["segments"] if segment["fate"] not in KEPT and segment["sure"] >= SURE]
    broken_share = sum(segment["customers"] for segment in lost) / max(total, 1)
    left = (bridge["moved_out"] - bridge["flicker_out"]) / bridge["before"].clip(lower=1)
    far = drifted.loc[drifted["verdict"].eq(drift.LARGE), "label"].tolist()
    loss = lineage["loss"]
    reasons = []
    if loss >= WATCH_LOSS:
        reasons.append(f"fresh segments would describe these customers better by {words.percent(loss)} of their spread")
    if lost:
        names = words.listing([f"{segment['persona']} ({segment['fate']})" for segment in lost])
        reasons.append(f"{words.percent(broken_share)} of customers are in segments that did not survive: {names}")
    if (left >= MANY).any():
        names = words.listing(
            [f"{bridge['persona'][row]} ({words.percent(left[row])})" for row in left[left >= MANY].index]
        )
        reasons.append(f"many really moved out of {names}")
    shifted = [TOGETHER[name] for name in together if together[name]["verdict"] in (drift.MODERATE, drift.LARGE)]
    if shifted:
        reasons.append(f"not as in training: {words.listing(shifted)}")
    if shares["verdict"] in (drift.MODERATE, drift.LARGE):
        reasons.append(f"shares of segments are not those of training (PSI {words.measure(shares['psi'])})")
    if far:
        reasons.append(f"far from training in {words.listing(far)}")
    signal = STRAINED if reasons else SOUND
    if loss >= REFIT_LOSS or (loss >= WATCH_LOSS and broken_share >= MANY):
        signal = BROKEN
    return {
        "signal": signal,
        "decision": _decide(signal, before),
        "reasons": reasons,
        "loss": loss,
        "not_survived_share": broken_share,
        "segment_shares": dict(shares),
        "together": dict(together),
        "thresholds": {"watch_loss": WATCH_LOSS, "refit_loss": REFIT_LOSS, "sure": SURE, "many": MANY},
    }


def _decide(signal: str, before: Mapping[str, Any] | None) -> str:
    if signal == SOUND:
        return KEEP if before is None or before["signal"] == SOUND else WATCH
    return REFIT if signal == BROKEN and before is not None and before["signal"] == BROKEN else WATCH
