"""How new customers compare with those of training, in a few plain lines."""

from typing import Any

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.scoring import drift
from seg_utils.scoring.files.output_files import Files

MOST_NAMED = 5
MOST_NOTES = 3
MISSING_MORE = 0.05  # a share of missing values is named when it differs from training's by so much
SHIFTED = (drift.MODERATE, drift.LARGE)


def sentences(summary: dict[str, Any], compared: pd.DataFrame, files: Files | None = None) -> list[str]:
    """What to say of scored customers: a line on where they are, then warnings, the worst features first; ``files`` are
    where more can be read, if anything is written."""
    n = summary["customers"]
    largest = max(summary["segments"], key=lambda segment: segment["customers"])
    most = ":" if n == 1 else f"; the most, {words.percent(largest['share'])}, are"
    first = f"{words.plural(n, 'customer')} scored{most} {largest['persona']}."
    return [first, *_warnings(summary, compared, files)]


def changed(moved: pd.DataFrame) -> str:
    """How many of those met before are in another segment; ``moved`` as ``transitions.table`` gives it."""
    other = moved.loc[moved["from_segment"] != moved["to_segment"], "customers"].sum()
    return (
        f"{words.count(other)} of {words.plural(int(moved['customers'].sum()), 'customer')} met before changed segment."
    )


def _warnings(summary: dict[str, Any], compared: pd.DataFrame, files: Files | None) -> list[str]:
    lines = []
    n, outside = summary["customers"], summary["outside_training_range"]
    if n < drift.MIN_CUSTOMERS:
        are = "is" if n == 1 else "are"
        lines.append(f"{words.plural(n, 'customer')} {are} too few to tell whether they are like those of training.")
        if outside:
            lines.append(
                f"{outside} of them {'has' if outside == 1 else 'have'} a value that no training customer had."
            )
    shares = summary["segment_shares"]
    if shares["verdict"] in SHIFTED:
        lines.append(f"warning: segments: {_shift(shares)}; their shares are not those of training.")
    worst = drift.worst_first(compared)
    lines += [
        f"warning: {feature['label']}: {_reasons(feature)}." for feature in worst.head(MOST_NAMED).to_dict("records")
    ]
    if len(worst) > MOST_NAMED:
        where = f"; {files.drift.name} lists them" if files else ""
        more = len(worst) - MOST_NAMED
        lines.append(f"warning: {words.plural(more, 'more feature')} {'differs' if more == 1 else 'differ'}{where}.")
    lines += _together(summary["together"])
    notes = [finding["message"] for finding in summary["findings"] if finding["severity"] == "warning"]
    lines += [f"note: {note}" for note in notes[:MOST_NOTES]]
    if len(notes) > MOST_NOTES:
        more = words.plural(len(notes) - MOST_NOTES, "more note")
        lines.append(f"note: {more} on the file{f' in {files.scoring.name}' if files else ''}.")
    return lines


def _together(judged: dict[str, Any]) -> list[str]:
    """What no feature shows alone."""
    distance, between, pair = judged["distance"], judged["between"], judged["pair"]
    lines = []
    if pair["verdict"] in SHIFTED:
        first, second = (dictionary.load().label(pair[name]) for name in ("first", "second"))
        now, before = (words.measure(pair[name]) for name in ("correlation", "training_correlation"))
        lines.append(
            f"warning: {first} and {second} go together otherwise: rank correlation {now}, {before} in training."
        )
    if between["verdict"] in SHIFTED:
        now, before = (words.percent(between[name]) for name in ("share", "training_share"))
        lines.append(f"warning: {now} of the customers stand between two segments, {before} in training.")
    if distance["verdict"] in SHIFTED:
        lines.append(f"warning: distances to the segments' centres: {_shift(distance)}.")
    return lines


def _shift(judged: dict[str, Any]) -> str:
    return f"{judged['verdict']} (PSI {judged['psi']:.2f})"


def _reasons(feature: dict[str, Any]) -> str:
    reasons = [_shift(feature)] if feature["verdict"] in SHIFTED else []
    missing, before = feature["missing_share"], feature["training_missing_share"]
    if reasons and abs(missing - before) >= MISSING_MORE:
        reasons.append(f"missing in {words.percent(missing)} of customers, {words.percent(before)} in training")
    if feature["outside"]:
        low, high = (words.value(feature["feature"], feature[f"training_{end}"]) for end in ("low", "high"))
        share = words.percent(feature["below_share"] + feature["above_share"])
        reasons.append(f"{share} lie outside the training range, {low} to {high}")
    return "; ".join(reasons)
