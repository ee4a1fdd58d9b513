"""How often the verdict is right, by kind of population: planted ones, and ones without any structure.

``python benchmarks/verdicts.py [populations of each kind] [first seed]``. Every population is drawn afresh from its
seed, with its own number of customers, features, sizes, separations and shapes; the rate that is wanted is 95 %. A
verdict that is too close to call counts as right where what is planted is among the numbers it names.
"""

import sys
import time
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from sklearn.metrics import adjusted_rand_score

from seg_utils import evaluation
from seg_utils.core.paths import PROJECT
from seg_utils.data import sample
from seg_utils.features import feature_space

sys.path.insert(0, str(PROJECT / "tests" / "selection"))

from planted import CURVED, STRUCTURELESS, blobs, persona_space, standardised

KMAX_BEYOND = 3
"""How far beyond the planted k is looked: the largest k that passes decides, so this is where a verdict goes wrong."""

STRUCTURELESS_KMAX = 8

UNEQUAL = {
    "minority of 10 %": [9, 1],
    "minority of 6 %": [15, 1],
    "one big, three small": [7, 1, 1, 1],
    "twelve groups": [1] * 12,
    "sixteen groups": [1] * 16,
}
"""Shares of planted groups that a rule for a handful of equal ones misses."""

WITHOUT_GROUPS = [*STRUCTURELESS, *CURVED]

Drawn = tuple[str, np.ndarray, np.ndarray | None, int | None]


def planted(seed: int) -> Iterator[Drawn]:
    """Blobs, personas and the bundled generator: kind, coordinates, truth, planted k."""
    for k in (3, 5, 8):
        random = np.random.default_rng([seed, k])
        equal, geometric = [1.0] * k, (0.75 ** np.arange(k)).tolist()
        shares = [equal, geometric, random.uniform(1, 6, k).tolist()][random.integers(3)]
        X, truth = blobs(
            random,
            shares,
            n=int(random.choice([80, 150, 300])) * k,
            features=int(random.choice([2, 3, 5, 9, 17])),
            separation=float(random.choice([4, 5, 7, 10])),
            stretch=float(random.choice([1, 1, 2.5])),
            spread=float(random.choice([1, 2])),
            tails=[None, None, 5][random.integers(3)],
        )
        yield f"{k} blobs", X, truth, k
        X, truth = persona_space(random, k, int(random.choice([100, 300])) * k)
        yield f"{k} card personas", X, truth, k
    for number, (kind, shares) in enumerate(UNEQUAL.items()):
        random = np.random.default_rng([seed, 300, number])
        X, truth = blobs(
            random,
            shares,
            n=int(random.choice([900, 3_000, 8_000])),
            features=int(random.choice([2, 4, 8])),
            separation=float(random.choice([5, 6, 8])),
            spread=float(random.choice([1, 2])),
        )
        yield kind, X, truth, len(shares)
    customers, truth = sample.generate(1_500, seed)
    X = feature_space.fit(customers, scale="log", impute="median").transform(customers)
    yield "bundled generator", X, np.unique(truth.iloc[:, -1], return_inverse=True)[1], 7


def structureless(seed: int) -> Iterator[Drawn]:
    """One population of each structureless kind."""
    for number, (kind, draw) in enumerate(STRUCTURELESS.items()):
        random = np.random.default_rng([seed, 100, number])
        n, features = int(random.choice([200, 400, 900])), int(random.choice([2, 4, 8, 17]))
        yield kind, standardised(draw(random, n, features)), None, None
    for number, (kind, draw) in enumerate(CURVED.items()):
        random = np.random.default_rng([seed, 200, number])
        yield kind, standardised(draw(random, int(random.choice([900, 2_000, 5_000])))), None, None


def main(populations: int, first_seed: int) -> None:
    """Print every wrong verdict as it comes, then the rates."""
    right: dict[str, list[bool]] = defaultdict(list)
    started = time.perf_counter()
    for seed in range(first_seed, first_seed + populations):
        for kind, X, truth, k in (*planted(seed), *structureless(seed)):
            ks = range(2, (k + KMAX_BEYOND if k else STRUCTURELESS_KMAX) + 1)
            evidence = evaluation.gather(X, ks, seed=42)
            verdict = evaluation.judge(evidence)
            found = verdict["recommended_k"]
            right[kind].append(found == k or k in verdict["too_close_to_call"]["between"])
            if not right[kind][-1]:
                agreement = "" if k is None else f", K-Means at k = {k}: ARI {_ari(truth, evidence.labels[k]):.2f}"
                print(f"wrong: {kind}, seed {seed}, n {X.shape}: {found} instead of {k}{agreement}", flush=True)
        so_far = [result for results in right.values() for result in results]
        print(f"seed {seed}: {sum(so_far)} of {len(so_far)} right so far", flush=True)
    _print_rates(right, time.perf_counter() - started)


def _ari(truth: np.ndarray, labels: np.ndarray) -> float:
    return float(adjusted_rand_score(truth, labels))


def _print_rates(right: dict[str, list[bool]], seconds: float) -> None:
    for kind, results in right.items():
        print(f"{kind:<22}{sum(results):>4} of {len(results)}")
    for title, kinds in (
        ("planted", [k for k in right if k not in WITHOUT_GROUPS]),
        ("structureless", WITHOUT_GROUPS),
    ):
        results = [result for kind in kinds for result in right[kind]]
        print(f"{title}: {np.mean(results):.1%} of {len(results)} right")
    print(f"{seconds:.0f} s")


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:3]]
    main(*given, *(3, 1000)[len(given) :])
