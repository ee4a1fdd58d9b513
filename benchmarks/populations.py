"""Kinds of populations, each with the number of groups it holds; None for none. No rule was tuned on them, but that the
wave and the horseshoe were told as segments is what lookalikes along a curve were made for, and the figure of eight and
the helix what those along branches were, that answers from one to five and products were cut in more segments what
lookalikes of fewer segments were, and that Lissajous's curve was told as segments what mended how borders are compared
with those of branches; and for cigars, unequal groups and moons, which K-Means cuts, a second model is asked.

Other shapes than those of the tests: gamma and uniform groups, groups within factors, lattices, subspaces, card
personas with a rare one; edges, spirals, gradients and copulas without groups. Every kind draws its own number of
customers, 900 to 20,000, features and distances.
"""

from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd
from planted import (
    centers,
    cigars,
    figure_of_eight,
    flagged,
    helix,
    horseshoe,
    moons,
    persona_space,
    standardised,
    unequal,
    wave,
)
from scipy.spatial import Delaunay
from scipy.stats import norm
from sklearn.datasets import make_moons

from seg_utils.core.paths import RAW
from seg_utils.data import fetch
from seg_utils.features import feature_space

SIZES = (900, 1_500, 3_000, 6_000, 20_000)

Groups = tuple[np.ndarray, np.ndarray, int]


def _groups(
    random: np.random.Generator, shares: list[float], noise: Callable[[tuple[int, int]], np.ndarray], apart: float
) -> Groups:
    """Groups of the given shares about random centres, the nearest two ``apart`` standard deviations apart."""
    n, features = int(random.choice(SIZES)), int(random.choice([2, 3, 6, 10]))
    counts = np.round(n * np.array(shares) / sum(shares)).astype(int)
    placed = centers(random, len(shares), features, apart)
    X = np.vstack([center + noise((count, features)) for center, count in zip(placed, counts, strict=True)])
    return standardised(X), np.repeat(np.arange(len(shares)), counts), len(shares)


def _normal(random: np.random.Generator, k: int, apart: float = 6.0) -> Groups:
    return _groups(random, [1] * k, lambda shape: random.normal(size=shape), apart)


def _gamma(random: np.random.Generator) -> Groups:
    k = int(random.integers(3, 7))
    return _groups(random, [1] * k, lambda shape: random.gamma(3, 1 / np.sqrt(3), size=shape), 8)


def _cubes(random: np.random.Generator) -> Groups:
    k = int(random.integers(3, 7))
    return _groups(random, [1] * k, lambda shape: np.sqrt(12) * (random.random(shape) - 0.5), 5)


def _lattice(random: np.random.Generator) -> Groups:
    """Nine groups at the crossings of a 3 by 3 lattice, the other features noise."""
    n, others = int(random.choice(SIZES)), int(random.choice([0, 1, 2]))
    truth = random.integers(9, size=n)
    flat = np.column_stack([truth // 3, truth % 3]) * 6.0 + random.normal(size=(n, 2))
    return standardised(np.column_stack([flat, 2 * random.normal(size=(n, others))])), truth, 9


def _subspaces(random: np.random.Generator) -> Groups:
    """Four groups, each apart from the others in a pair of features of its own."""
    n = int(random.choice(SIZES))
    truth = random.integers(4, size=n)
    X = random.normal(size=(n, 8))
    for group in range(4):
        X[truth == group, 2 * group : 2 * group + 2] += 6
    return standardised(X), truth, 4


def _factor(random: np.random.Generator) -> Groups:
    """Three groups whose features share a factor that runs alike in all of them."""
    n, features = int(random.choice(SIZES)), 6
    truth = random.integers(3, size=n)
    noise = 0.6 * random.normal(size=(n, 1)) + 0.8 * random.normal(size=(n, features))
    return standardised(centers(random, 3, features, 7)[truth] + noise), truth, 3


def _answers(random: np.random.Generator) -> Groups:
    """Four camps in a survey of nine questions, answered from one to five."""
    n = int(random.choice(SIZES))
    truth = random.choice(4, size=n, p=[0.4, 0.28, 0.2, 0.12])
    camps = np.repeat([[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]], 3, axis=1)
    answers = 1.5 + 3 * camps[truth] + 0.75 * random.normal(size=(n, 9)) + 0.25 * random.normal(size=(n, 1))
    return standardised(np.clip(np.rint(answers), 1, 5)), truth, 4


def _rare_persona(random: np.random.Generator) -> Groups:
    """Five kinds of card customers, one of them only 7 % of all."""
    X, truth = persona_space(random, 5, int(random.choice([3_000, 6_000, 12_000])))
    rare = np.flatnonzero(truth == 0)
    kept = np.ones(len(X), dtype=bool)
    kept[rare[round(0.07 * (truth != 0).sum() / 0.93) :]] = False
    return X[kept], truth[kept], 5


def _minority(random: np.random.Generator, share: float, others: int = 1, tails: int = 0) -> Groups:
    def noise(shape: tuple[int, int]) -> np.ndarray:
        return random.standard_t(tails, size=shape) if tails else random.normal(size=shape)

    return _groups(random, [(1 - share) / others] * others + [share], noise, 7)


PLANTED: dict[str, Callable[[np.random.Generator], Groups]] = {
    "two groups": lambda r: _normal(r, 2),
    "four groups": lambda r: _normal(r, 4),
    "six groups": lambda r: _normal(r, 6),
    "ten groups": lambda r: _normal(r, 10, 7),
    "gamma groups": _gamma,
    "cubes": _cubes,
    "lattice": _lattice,
    "subspaces": _subspaces,
    "groups on a factor": _factor,
    "four personas": lambda r: (*persona_space(r, 4, int(r.choice([900, 3_000, 9_000]))), 4),
    "seven personas": lambda r: (*persona_space(r, 7, int(r.choice([1_500, 3_000, 9_000]))), 7),
    "cigars": lambda r: (*cigars(r, int(r.choice(SIZES))), 3),
    "wide and dense groups": lambda r: (*unequal(r, int(r.choice(SIZES))), 3),
    "moons": lambda r: (*moons(r, int(r.choice(SIZES))), 2),
    "answers from one to five": _answers,
}
MINORITIES: dict[str, Callable[[np.random.Generator], Groups]] = {
    "5 % beside one": lambda r: _minority(r, 0.05),
    "8 % beside one": lambda r: _minority(r, 0.08),
    "6 % beside three": lambda r: _minority(r, 0.06, others=3),
    "10 % with tails": lambda r: _minority(r, 0.10, others=2, tails=6),
    "rare persona": _rare_persona,
    "other products": lambda r: (*flagged(r, int(r.choice(SIZES))), 3),
}


def _ellipse(random: np.random.Generator, n: int) -> np.ndarray:
    angle = random.uniform(0, 2 * np.pi, n)
    return np.column_stack([2 * np.cos(angle), np.sin(angle)]) + 0.1 * random.normal(size=(n, 2))


def _spiral(random: np.random.Generator, n: int) -> np.ndarray:
    turn = 3 * np.pi * np.sqrt(random.uniform(0.05, 1, n))
    return np.column_stack([turn * np.cos(turn), turn * np.sin(turn)]) + 0.4 * random.normal(size=(n, 2))


def _hull_of_moons(random: np.random.Generator, n: int) -> np.ndarray:
    """Uniform over the convex hull of two moons."""
    hull = Delaunay(make_moons(500)[0])
    points = random.uniform([-1.0, -0.5], [2.0, 1.0], size=(2 * n, 2))
    return points[hull.find_simplex(points) >= 0][:n]


def _gradient(random: np.random.Generator, n: int) -> np.ndarray:
    """One long gradient, skewed, that all features follow with noise of their own."""
    return random.beta(1, 2.5, size=(n, 1)) * [3, 2, 4, 1, 2] + 0.35 * random.normal(size=(n, 5))


def _simplex(random: np.random.Generator, n: int) -> np.ndarray:
    """Shares of four uses that sum to one, every mixture as likely."""
    return random.dirichlet([1, 1, 1, 1], size=n)[:, :3]


def _zeros(random: np.random.Generator, n: int) -> np.ndarray:
    used = random.random((n, 6)) < random.uniform(0.2, 0.9, size=6)
    return np.where(used, random.gamma(2, 2, size=(n, 6)), 0)


def _sphere(random: np.random.Generator, n: int) -> np.ndarray:
    points = random.normal(size=(n, 3))
    return points / np.linalg.norm(points, axis=1, keepdims=True) + 0.1 * random.normal(size=(n, 3))


def _laplace(random: np.random.Generator, n: int) -> np.ndarray:
    return random.laplace(size=(n, 5)) @ (np.eye(5) + 0.5)


def _lognormal(random: np.random.Generator, n: int) -> np.ndarray:
    return np.exp(0.8 * random.normal(size=(n, 1)) + 0.7 * random.normal(size=(n, 4)))


def _cross(random: np.random.Generator, n: int) -> np.ndarray:
    """Two lines that cross."""
    along, steep = random.uniform(-1, 1, n), random.choice([-0.6, 0.6], n)
    return np.column_stack([along, steep * along]) + 0.07 * random.normal(size=(n, 2))


def _lissajous(random: np.random.Generator, n: int) -> np.ndarray:
    along = random.uniform(0, 2 * np.pi, n)
    return np.column_stack([np.sin(3 * along + 0.4), np.sin(2 * along)]) + 0.08 * random.normal(size=(n, 2))


STRUCTURELESS: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "ellipse's edge": _ellipse,
    "spiral": _spiral,
    "wave": wave,
    "horseshoe": horseshoe,
    "sphere": _sphere,
    "hull of moons": _hull_of_moons,
    "gradient": _gradient,
    "simplex": _simplex,
    "zeros": _zeros,
    "Laplace, correlated": _laplace,
    "lognormal": _lognormal,
    "Student's t, 2.5": lambda r, n: r.standard_t(2.5, size=(n, 6)),
    "figure of eight": figure_of_eight,
    "helix": helix,
    "cross": _cross,
    "Lissajous's curve": _lissajous,
}


def permuted(random: np.random.Generator, X: np.ndarray) -> np.ndarray:
    """Every column shuffled by itself."""
    return np.column_stack([random.permutation(column) for column in X.T])


def copula(random: np.random.Generator, X: np.ndarray) -> np.ndarray:
    """The columns of X, joined by a Gaussian with X's rank correlations."""
    ranks = pd.DataFrame(X).rank(method="average").to_numpy() / (len(X) + 1)
    latent = random.multivariate_normal(np.zeros(X.shape[1]), np.corrcoef(norm.ppf(ranks).T), len(X), method="eigh")
    order = latent.argsort(axis=0).argsort(axis=0)
    return np.take_along_axis(np.sort(X, axis=0), order, axis=0)


def drawn(seed: int) -> Iterator[tuple[str, str, np.ndarray, np.ndarray | None, int | None]]:
    """One population of every kind: its sort, its kind, coordinates (n, features), truth (n,) and number of groups.

    What is made from the public file is left out where ``make data`` has not fetched it.
    """
    for sort, kinds in (("planted", PLANTED), ("minority", MINORITIES)):
        for number, (kind, draw) in enumerate(kinds.items()):
            yield sort, kind, *draw(np.random.default_rng([seed, len(sort), number]))
    for number, (kind, shape) in enumerate(STRUCTURELESS.items()):
        random = np.random.default_rng([seed, 500, number])
        yield "structureless", kind, standardised(shape(random, int(random.choice(SIZES)))), None, None
    if not (RAW / fetch.NAME).exists():
        print(f"left out: permuted and copula versions of {fetch.NAME}, which is not in {RAW}; make data fetches it")
        return
    customers = pd.read_csv(RAW / fetch.NAME)
    X = feature_space.fit(customers, scale="log", impute="median").transform(customers)
    for kind, version in (("public file, permuted", permuted), ("public file, copula", copula)):
        random = np.random.default_rng([seed, 600, len(kind)])
        rows = random.permutation(len(X))[: int(random.choice(SIZES))]
        yield "structureless", kind, standardised(version(random, X[rows])), None, None
