"""How often the verdict is right, by kind of population: planted groups, minorities, and no structure at all.

``python benchmarks/verdicts.py [populations of each kind] [first seed] [kinds]``. Populations are those of
``populations.py``, or of ``kinds`` alone. A verdict that is too close to call counts as right where the planted number
is among those it names; without structure it may name none. Wanted: 95 % of the planted, 90 % of minorities, 97 % of
the structureless. Of the wrong ones it is told how many hold groups that K-Means does not find either, given their
number: the verdict is on segments that K-Means can find.
"""

import sys
import time
from collections import defaultdict

import numpy as np
from sklearn.metrics import adjusted_rand_score

from seg_utils import evaluation
from seg_utils.core.paths import PROJECT

sys.path.insert(0, str(PROJECT / "tests" / "evaluation"))

import populations

# How far beyond the planted k is looked: the largest k that passes decides, so this is where a verdict goes wrong
KMAX_BEYOND = 3

STRUCTURELESS_KMAX = 8

# From this adjusted Rand index on K-Means finds the planted groups, given their number
FOUND = 0.8


def main(draws: int, first_seed: int, kinds: list[str]) -> None:
    """Print every wrong verdict as it comes, then the rates."""
    right: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    doubted = beyond = 0
    started = time.perf_counter()
    for seed in range(first_seed, first_seed + draws):
        for sort, kind, X, truth, k in populations.drawn(seed):
            if kinds and kind not in kinds:
                continue
            evidence = evaluation.gather(X, range(2, (k + KMAX_BEYOND if k else STRUCTURELESS_KMAX) + 1), seed=42)
            verdict = evaluation.judge(evidence, X=X)
            named = {verdict["recommended_k"], *verdict["too_close_to_call"]["between"]}
            right[sort][kind].append(k in named if k else named == {None})
            doubted += k in named and verdict["recommended_k"] != k
            if not right[sort][kind][-1]:
                agreement = 1.0 if truth is None else adjusted_rand_score(truth, evidence.labels[k])
                beyond += agreement < FOUND
                _print_wrong(f"{kind}, seed {seed}, n {X.shape}", verdict, agreement, k)
        print(f"seed {seed} done, {time.perf_counter() - started:.0f} s", flush=True)
    for sort, results in right.items():
        for kind, hits in results.items():
            print(f"{kind:<24}{sum(hits):>4} of {len(hits)}")
        every = [hit for hits in results.values() for hit in hits]
        print(f"{sort}: {np.mean(every):.1%} of {len(every)} right")
    print(f"{doubted} of the right ones by what is too close to call; {time.perf_counter() - started:.0f} s")
    print(f"{beyond} of the wrong ones hold groups that K-Means does not find, given their number")


def _print_wrong(population: str, verdict: dict, agreement: float, k: int | None) -> None:
    by_k_means = "" if k is None else f", K-Means at k = {k}: ARI {agreement:.2f}"
    failures = verdict["failures"].get(str(k), [])
    print(f"wrong: {population}: {verdict['recommended_k']} instead of {k}{by_k_means} {failures}", flush=True)


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:3]]
    main(*given, *(5, 1000)[len(given) :], sys.argv[3:])
