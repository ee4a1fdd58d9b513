"""What is said of scored customers, from small tables: what is worth a word, in what order, and what goes unsaid."""

from pathlib import Path

import pandas as pd
import pytest

from seg_utils.scoring.drift import LARGE, MODERATE, NO_SHIFT
from seg_utils.scoring.files import messages
from seg_utils.scoring.files.output_files import files

USUAL = {
    "feature": "TENURE", "label": "Tenure", "psi": 0.01, "verdict": NO_SHIFT, "missing_share": 0.0,
    "training_missing_share": 0.0, "below_share": 0.0, "above_share": 0.0, "training_low": 6.0, "training_high": 12.0,
    "outside": False,
}  # fmt: skip
SHIFTED = USUAL | {"psi": 0.3, "verdict": LARGE}
LIKE_TRAINING = {
    "customers": 1000,
    "outside_training_range": 0,
    "segments": [{"customers": 300, "share": 0.3, "persona": "A"}, {"customers": 700, "share": 0.7, "persona": "B"}],
    "segment_shares": {"psi": 0.01, "verdict": NO_SHIFT},
    "together": {
        "distance": {"psi": 0.01, "verdict": NO_SHIFT},
        "between": {"verdict": NO_SHIFT, "share": 0.2, "training_share": 0.1},
        "pair": {"verdict": NO_SHIFT, "first": "BALANCE", "second": "PURCHASES", "correlation": 0.5,
                 "training_correlation": 0.1},
    },
    "findings": [],
}  # fmt: skip


def said(*features, where=None, **summary):
    """What is said after the line on where the customers are."""
    first, *others = messages.sentences(LIKE_TRAINING | summary, pd.DataFrame([USUAL, *features]), where)
    assert first == "1,000 customers scored; the most, 70 %, are B." or "customers" in summary
    return others


def noted(count):
    finding = {"severity": "warning", "message": "Odd."}
    return [finding | {"severity": "info"}, *([finding] * count)]


def test_of_customers_like_those_of_training_nothing_more_is_said():
    assert said() == []


@pytest.mark.parametrize(
    ("missing", "before", "reasons"),
    [
        (0.07, 0.01, "large shift (PSI 0.30); missing in 7 % of customers, 1 % in training"),
        (0.01, 0.07, "large shift (PSI 0.30); missing in 1 % of customers, 7 % in training"),
        (0.05, 0.01, "large shift (PSI 0.30)"),
    ],
)
def test_missing_values_are_a_reason_where_they_differ_by_a_twentieth(missing, before, reasons):
    shifted = SHIFTED | {"missing_share": missing, "training_missing_share": before}
    assert said(shifted) == [f"warning: Tenure: {reasons}."]
    assert said(shifted | {"verdict": NO_SHIFT}) == []


def test_values_beyond_those_of_training_are_counted_on_both_sides():
    outside = USUAL | {"outside": True, "below_share": 0.02, "above_share": 0.05}
    assert said(outside) == ["warning: Tenure: 7 % lie outside the training range, 6 to 12."]


@pytest.mark.parametrize(("count", "more"), [(5, []), (6, ["1 more feature differs"]), (7, ["2 more features differ"])])
def test_the_five_worst_features_are_named_and_others_counted(count, more):
    features = [SHIFTED | {"label": f"F{place}", "psi": 0.2 + place / 100} for place in range(count)]
    lines = said(*features)
    named = [line.split(": ")[1] for line in lines[:5]]
    assert named == [f"F{place}" for place in reversed(range(count))][:5]
    assert lines[5:] == [f"warning: {text}." for text in more]
    where = files(Path("there"))
    assert said(*features, where=where)[5:] == [f"warning: {text}; {where.drift.name} lists them." for text in more]


@pytest.mark.parametrize(("count", "more"), [(3, []), (4, ["1 more note"]), (5, ["2 more notes"])])
def test_three_notes_on_the_file_are_told_and_others_counted(count, more):
    lines = said(findings=noted(count))
    assert lines[:3] == ["note: Odd."] * 3
    assert lines[3:] == [f"note: {text} on the file." for text in more]


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("distance", "distances to the segments' centres: moderate shift (PSI 0.15)."),
        ("between", "20 % of the customers stand between two segments, 10 % in training."),
        ("pair", "Balance and Purchases go together otherwise: rank correlation 0.50, 0.10 in training."),
    ],
)
def test_what_no_feature_shows_alone_is_told(what, line):
    together = LIKE_TRAINING["together"]
    shifted = together[what] | {"verdict": MODERATE, "psi": 0.15}
    assert said(together=together | {what: shifted}) == [f"warning: {line}"]


def test_shares_of_segments_that_moved_come_before_the_features():
    lines = said(SHIFTED, segment_shares={"psi": 0.12, "verdict": MODERATE})
    assert lines[0] == "warning: segments: moderate shift (PSI 0.12); their shares are not those of training."
    assert len(lines) == 2


@pytest.mark.parametrize(
    ("customers", "outside", "lines"),
    [
        (1, 1, ["1 customer is too few", "1 of them has a value that no training customer had."]),
        (2, 2, ["2 customers are too few", "2 of them have a value that no training customer had."]),
        (2, 0, ["2 customers are too few"]),
    ],
)
def test_of_few_customers_it_is_said_that_they_are(customers, outside, lines):
    found = said(customers=customers, outside_training_range=outside)
    assert len(found) == len(lines)
    assert all(line in text for line, text in zip(lines, found, strict=True))


def test_whose_segment_changed_is_counted_among_those_met_before():
    moved = pd.DataFrame({"from_segment": [0, 0, 1], "to_segment": [0, 1, 1], "customers": [90, 7, 3]})
    assert messages.changed(moved) == "7 of 100 customers met before changed segment."
