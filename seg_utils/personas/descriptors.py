"""Segments described by columns that customers were not compared by, and how far segments differ in them.

No distance looks at such a column, so it may differ between segments or not: where it does, the segments say something
about customers beyond what they were made of. That is a test of outside validity, which no feature that segments were
made of can give: those differ by construction, and a p-value on them would say nothing.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS
from seg_utils.core import dictionary
from seg_utils.core.dictionary import CATEGORY, NUMBER
from seg_utils.data.columns.descriptors import MOST_LEVELS
from seg_utils.data.columns.matching import ID
from seg_utils.data.proposal import entries
from seg_utils.features.row_sample import drawn

EFFECT = ("effect_measure", "effect", "effect_by_chance", "effect_size")
PROFILE = (
    "descriptor", "label", "kind", "segment", "persona", "level", "customers", "share", "q25", "median", "q75",
    "population_share", "population_q25", "population_median", "population_q75", *EFFECT,
)  # fmt: skip
TEXTS = ("descriptor", "label", "kind", "persona", "level", "effect_measure", "effect_size")
WHOLE = ("segment", "customers")

OTHER, MISSING = "other", "missing"
ETA, CRAMER = "eta squared of ranks", "Cramér's V"

SHUFFLES = 200
ROWS = 20_000  # customers that a shuffle is of, at most; the bound of fewer customers is the wider one
CHANCE = 0.99  # an effect is more than chance where it exceeds that of so large a share of the shuffles
NONE = "no more than chance"
SIZES = ("negligible", "small", "medium", "large")

# From where on effects are called so (Cohen, Statistical Power Analysis, 1988), V as w = V √(levels - 1)
BOUNDS = {ETA: (0.01, 0.06, 0.14), CRAMER: (0.1, 0.3, 0.5)}


def profile(descriptors: pd.DataFrame, segments: np.ndarray, names: Mapping[int, str], *, seed: int) -> pd.DataFrame:
    """One row a descriptor, segment and level, columns ``PROFILE``; outliers are told as a segment of their own.

    A number has one level, named by nothing, with quartiles; a category those that customers have, at most
    ``MOST_LEVELS``, the last of them ``OTHER`` where there are more. Customers without a value are the level
    ``MISSING`` of either. Shares are of all customers of the segment.

    ``effect`` says how far segments differ in the descriptor: eta squared of the ranks (Kruskal and Wallis), less what
    chance gives (Kelley's epsilon squared), of numbers, and Cramér's V, less the same (Bergsma, 2013), of categories;
    NaN where all customers are alike. ``effect_by_chance`` is what ``CHANCE`` of ``SHUFFLES`` draws stay below in which
    customers swap their segments. Outliers and customers without a value are left out of both.

    Args:
        descriptors: customer_id, then numbers, or texts, null where missing, one row a customer.
        segments: shape (n,).
    """
    segments = np.asarray(segments)
    tables = [
        _profile(name, descriptors[name], segments).assign(**_effect(descriptors[name], segments, seed))
        for name in descriptors
        if name != ID
    ]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=PROFILE)
    table = table.assign(persona=table["segment"].map(names))[[*PROFILE]]
    return table.astype({name: "int64" if name in WHOLE else "str" if name in TEXTS else "float64" for name in PROFILE})


def _about(name: str, values: pd.Series) -> dict[str, str]:
    labels = {descriptor.name: descriptor.label for descriptor in dictionary.load().descriptors}
    return {
        "descriptor": name,
        "label": labels.get(name) or (entries.label(name) if name.isascii() and name.isupper() else name),
        "kind": NUMBER if _is_number(values) else CATEGORY,
    }


def _is_number(values: pd.Series) -> bool:
    return values.dtype.kind == "f"


def _levels(values: pd.Series) -> pd.Series:
    """The level of each customer, in which what is not among the commonest is ``OTHER``."""
    if _is_number(values):
        return values.notna().map({True: "", False: MISSING})
    commonest = sorted(values.value_counts().items(), key=lambda level: (-level[1], level[0]))
    kept = [level for level, _ in commonest[: MOST_LEVELS if len(commonest) <= MOST_LEVELS else MOST_LEVELS - 1]]
    return values.where(values.isin(kept) | values.isna(), OTHER).fillna(MISSING)


def _profile(name: str, values: pd.Series, segments: np.ndarray) -> pd.DataFrame:
    levels = _levels(values)
    everyone = levels.value_counts()
    last = {OTHER: 1, MISSING: 2}
    order = sorted(everyone.index, key=lambda level: (last.get(level, 0), -everyone[level], level))
    counts = pd.crosstab(segments, levels.to_numpy())[order]
    table = counts.stack().rename_axis(["segment", "level"]).rename("customers").reset_index()
    table["share"] = table["customers"] / table["segment"].map(counts.sum(axis=1))
    table["population_share"] = table["level"].map(everyone / len(values))
    quartiles = {"q25": 0.25, "median": 0.5, "q75": 0.75}
    for column, part in quartiles.items():
        number = _is_number(values)
        own = values.groupby(segments).quantile(part) if number else pd.Series(dtype="float64")
        typical = table["level"] == ""
        table[column] = table["segment"].map(own).where(typical)
        table[f"population_{column}"] = float(values.quantile(part)) if number else np.nan
        table.loc[~typical, f"population_{column}"] = np.nan
    return table.assign(**_about(name, values))


def _effect(values: pd.Series, segments: np.ndarray, seed: int) -> dict[str, str | float]:
    """``EFFECT`` of one descriptor."""
    known = (segments != OUTLIERS) & values.notna().to_numpy()
    own = np.unique(segments[known], return_inverse=True)[1]
    if _is_number(values):
        measure, effect = ETA, _epsilon_squared
        codes = values[known].rank().to_numpy()
    else:
        levels, codes = np.unique(_levels(values)[known].to_numpy(dtype=str), return_inverse=True)
        measure, effect = CRAMER, partial(_cramers_v, levels=len(levels))
    strength = effect(codes, own)
    random = np.random.default_rng(seed)
    rows = drawn(len(codes), ROWS, seed)
    shuffled = [effect(codes[rows], random.permutation(own[rows])) for _ in range(SHUFFLES)]
    chance = float(np.quantile(shuffled, CHANCE))
    scale = 1.0 if measure == ETA else np.sqrt(max(min(len(np.unique(codes)), len(np.unique(own))) - 1, 1))
    size = SIZES[np.searchsorted(BOUNDS[measure], strength * scale, "right")] if strength > chance else NONE
    return dict(zip(EFFECT, (measure, strength, chance, size), strict=True))


def _epsilon_squared(values: np.ndarray, segments: np.ndarray) -> float:
    """Share of the spread that lies between segments, less what chance gives; NaN where nothing varies."""
    n, sizes = len(values), np.bincount(segments)
    k = np.count_nonzero(sizes)
    total = ((values - values.mean()) ** 2).sum() if n else 0.0
    if n <= k or k < 2 or total == 0:
        return float("nan")
    means = np.bincount(segments, values) / np.maximum(sizes, 1)
    within = ((values - means[segments]) ** 2).sum()
    return float(max(1 - (within / (n - k)) / (total / (n - 1)), 0.0))


def _cramers_v(codes: np.ndarray, segments: np.ndarray, levels: int) -> float:
    """Association of two categories, from 0 to 1, less what chance gives; NaN where one of them does not vary."""
    n = len(codes)
    table = np.bincount(segments * levels + codes, minlength=(segments.max(initial=0) + 1) * levels).reshape(-1, levels)
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    r, c = table.shape
    if min(r, c) < 2 or n < 2:
        return float("nan")
    expected = np.outer(table.sum(axis=1), table.sum(axis=0)) / n
    phi = max(((table - expected) ** 2 / expected).sum() / n - (r - 1) * (c - 1) / (n - 1), 0.0)
    return float(np.sqrt(phi / (min(r - (r - 1) ** 2 / (n - 1), c - (c - 1) ** 2 / (n - 1)) - 1)))
