"""What each criterion would choose by itself, to show where they disagree."""

from typing import Any

import pandas as pd

from seg_utils.evaluation.criteria.gap_statistic import first_within_error
from seg_utils.evaluation.criteria.internal import elbow_by_range

PUBLISHED_STRENGTH = 0.8
PUBLISHED_JACCARD = 0.75


def votes(scores: pd.DataFrame) -> list[dict[str, Any]]:
    """One entry a criterion: ``criterion``, ``chooses`` (k, or None where it chooses none), ``note``."""
    if scores.empty:
        return []
    ks = scores["k"].tolist()
    best = {"silhouette": ("idxmax", "highest mean"), "davies_bouldin": ("idxmin", "lowest")}
    best |= {"calinski_harabasz": ("idxmax", "highest"), "lookalike_gap": ("idxmax", "farthest from lookalikes")}
    entries = [_entry("elbow", *_elbow(ks, scores["inertia"].tolist()))]
    for name, (pick, note) in best.items():
        entries.append(_entry(name, int(scores.loc[getattr(scores[name], pick)(), "k"]), note))
    stops = first_within_error(ks, scores["gap"].tolist(), scores["gap_se"].tolist())
    note = "rises to the end of the range" if stops is None else "first k within one standard error of the next"
    entries.append(_entry("gap", stops, note))
    for name, floor in (("prediction_strength", PUBLISHED_STRENGTH), ("min_jaccard", PUBLISHED_JACCARD)):
        passed = scores.loc[scores[name] >= floor, "k"]
        entries.append(_entry(name, int(passed.max()) if len(passed) else None, f"largest k with at least {floor}"))
    return entries


def _entry(criterion: str, chooses: int | None, note: str) -> dict[str, Any]:
    return {"criterion": criterion, "chooses": chooses, "note": note}


def _elbow(ks: list[int], inertias: list[float]) -> tuple[int | None, str]:
    """The elbow over the whole range, and the first of every other range that has another one."""
    elbows = elbow_by_range(ks, inertias)
    if not elbows:
        return None, "needs at least three k"
    whole = elbows[ks[-1]]
    parts: list[str] = []
    seen: object = object()
    for end, k in elbows.items():
        if k is not None and k != seen:
            parts.append(f"{k} from k = {end} on")
            seen = k
    return whole, "depends on the range looked at: " + ", ".join(parts) if parts else "no elbow"
