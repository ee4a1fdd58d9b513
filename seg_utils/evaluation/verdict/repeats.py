"""Does the verdict come again: on customers drawn anew, on another scale, without one of the features?

Each time everything is done anew, imputation and scaling included, and the rule is asked for its k. Only numbers of
segments that the first verdict did not rule out are looked at, from the largest down, each by one round of replicates
and a few lookalikes, and only until a test fails. So the k of one repeat hangs on chance a little more than the
verdict's does.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.clustering import Clustering
from seg_utils.core.errors import ParameterError
from seg_utils.core.parameters import SCALES
from seg_utils.core.processes import in_processes
from seg_utils.evaluation.criteria.silhouette import sample_rows
from seg_utils.evaluation.evidence import Evidence, worthwhile
from seg_utils.evaluation.resampling.lookalike_gap import FEW_LOOKALIKES, lookalike_scores
from seg_utils.evaluation.resampling.replicates import HOPELESS_JACCARD, HOPELESS_STRENGTH, Replicated, passing_kmeans
from seg_utils.evaluation.row_order import Ordered, ordered
from seg_utils.evaluation.verdict.rule import passes
from seg_utils.evaluation.zero_patterns import common_values
from seg_utils.features import feature_space

REPEATS = 30

# Share of the customers that a repeat draws, each once: those that a bootstrap holds, without its doubles, which
# would be in both halves of a split and make them agree
DRAWN = 0.632

BEYOND = 1  # how many numbers beyond the largest that was not ruled out are looked at as well


def drawn(customers: int, seed: int, repeat: int) -> np.ndarray:
    """Numbers of the customers that a repeat draws, rising."""
    return np.sort(np.random.default_rng([seed, 6, repeat]).permutation(customers)[: round(DRAWN * customers)])


def worth_repeating(evidence: Evidence) -> list[int]:
    """The numbers of segments up to the largest that the evidence does not rule out, and ``BEYOND``."""
    scores = evidence.scores
    able = (scores["prediction_strength"] > HOPELESS_STRENGTH) & (scores["min_jaccard"] > HOPELESS_JACCARD)
    last = int(scores.loc[able, "k"].max()) if able.any() else int(scores["k"].min())
    return [k for k in scores["k"].tolist() if k <= last + BEYOND]


def recommended(X: np.ndarray, ks: Sequence[int], *, seed: int, acceptable: Sequence[int] = ()) -> int | None:
    """The k that the rule recommends for coordinates X, shape (n, features): the first from above that passes.

    Whether its segments are but pieces of fewer ones is asked of those that the first verdict found ``acceptable``.
    """
    same = ordered(X)
    fewer = worthwhile(same, sorted(acceptable)) if common_values(same.X) else []
    return next((k for k in sorted(worthwhile(same, ks), reverse=True) if _passes(same, k, fewer, seed)), None)


def _passes(same: Ordered, k: int, fewer: list[int], seed: int) -> bool:
    """Whether k passes every test, the cheap ones first; lookalikes are drawn only where it passes all others."""
    rows = sample_rows(len(same.X), seed)

    def found(k: int) -> tuple[Clustering, Replicated] | None:
        with suppress(ParameterError):  # customers that differ by rounding only
            return passing_kmeans(same.X, k, rows, _all_pass, seed=seed)
        return None

    own = found(k)
    if own is None:
        return False
    before = next(((other, pair) for other in reversed(fewer) if other < k and (pair := found(other))), None)
    known = dict([before, (k, own)] if before else [(k, own)])
    clusterings, replicated = ({one: pair[part] for one, pair in known.items()} for part in (0, 1))
    gap = lookalike_scores(same.X, rows, clusterings, replicated, seed=seed, most=FEW_LOOKALIKES)
    return _all_pass({name: values[-1] for name, values in gap.items()})


def _all_pass(scores: dict[str, float]) -> bool:
    return bool(passes(pd.DataFrame([scores])).item())


def repeated(
    customers: pd.DataFrame,
    ks: Sequence[int],
    *,
    scale: str,
    impute: str,
    features: Sequence[str],
    acceptable: Sequence[int] = (),
    seed: int = 42,
    repeats: int = REPEATS,
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> list[int | None]:
    """The k recommended in each repeat of imputation, scaling and the rule on customers drawn anew; None for none.

    ``acceptable`` are the numbers of segments that pass in the first verdict.
    """

    def found(repeat: int) -> int | None:
        progress(f"the whole procedure on customers drawn anew, {repeat + 1} of {repeats}", repeat / repeats)
        few = customers.iloc[drawn(len(customers), seed, repeat)]
        space = feature_space.fit(few, scale=scale, impute=impute, features=features)
        return recommended(space.transform(few), ks, seed=seed + repeat, acceptable=acceptable)

    return in_processes(found, range(repeats))


def otherwise(
    customers: pd.DataFrame,
    ks: Sequence[int],
    *,
    scale: str,
    impute: str,
    features: Sequence[str],
    leave_out: bool,
    acceptable: Sequence[int] = (),
    seed: int = 42,
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> list[dict[str, Any]]:
    """The k recommended on every scale, and without each feature in turn: ``scale, without, recommended_k``.

    Args:
        scale: of the run; features are left out on it.
        leave_out: whether features are left out; ``without`` is None on all features.
        acceptable: numbers of segments that pass in the first verdict.
    """
    asked = list(_choices(scale, features, leave_out))

    def row(number: int) -> dict[str, Any]:
        other, without = asked[number]
        progress(f"the verdict without {without}" if without else f"the verdict on {other}", number / len(asked))
        kept = [name for name in features if name != without]
        space = feature_space.fit(customers, scale=other, impute=impute, features=kept)
        found = recommended(space.transform(customers), ks, seed=seed, acceptable=acceptable)
        return {"scale": other, "without": without, "recommended_k": found}

    return in_processes(row, range(len(asked)))


def _choices(scale: str, features: Sequence[str], leave_out: bool) -> Iterator[tuple[str, str | None]]:
    yield from ((other, None) for other in SCALES)
    if leave_out and len(features) > 1:
        yield from ((scale, name) for name in features)
