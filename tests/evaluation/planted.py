"""Populations whose number of segments is known: planted ones, and ones without any structure."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.datasets import make_moons

from seg_utils.core import dictionary
from seg_utils.features import feature_space

Population = Callable[[np.random.Generator, int, int], np.ndarray]
Groups = tuple[np.ndarray, np.ndarray]


def standardised(X: np.ndarray) -> np.ndarray:
    """Every column with mean 0 and standard deviation 1."""
    return (X - X.mean(axis=0)) / X.std(axis=0)


def centers(random: np.random.Generator, k: int, features: int, separation: float) -> np.ndarray:
    """Random centers, the two nearest ``separation`` apart."""
    drawn = random.normal(size=(k, features))
    apart = np.sqrt(((drawn[:, None] - drawn[None]) ** 2).sum(axis=2))[np.triu_indices(k, 1)]
    return drawn * separation / apart.min()


def blobs(
    random: np.random.Generator,
    shares: list[float],
    *,
    n: int,
    features: int,
    separation: float,
    stretch: float = 1.0,
    spread: float = 1.0,
    tails: float | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """Planted blobs and their truth, standardised.

    Args:
        shares: relative size of each blob.
        separation: distance of the nearest two centers in standard deviations of the widest blob.
        stretch: largest ratio of a blob's standard deviations along its axes.
        spread: largest ratio of the blobs' sizes.
        tails: degrees of freedom of Student's t; Gaussian by default.
    """
    counts = np.maximum((n * np.array(shares) / sum(shares)).astype(int), 2)
    parts = []
    for center, count in zip(centers(random, len(shares), features, separation), counts, strict=True):
        noise = random.normal(size=(count, features))
        if tails is not None:
            noise = random.standard_t(tails, size=(count, features)) / np.sqrt(tails / (tails - 2))
        axes = np.linalg.qr(random.normal(size=(features, features)))[0]
        noise = noise @ (axes * random.uniform(1 / stretch, 1, size=features))
        parts.append(center + noise * random.uniform(1 / spread, 1))
    return standardised(np.vstack(parts)), np.repeat(np.arange(len(shares)), counts)


def cigars(random: np.random.Generator, n: int = 900) -> Groups:
    """Three parallel groups, eight times as long as thick and turned."""
    truth = random.integers(3, size=n)
    X = random.normal(size=(n, 3)) * [8, 1, 1]
    X[:, 1] += 6 * truth
    return standardised(X @ np.linalg.qr(random.normal(size=(3, 3)))[0]), truth


def lattice(random: np.random.Generator, n: int = 1_400) -> Groups:
    """Nine groups at the crossings of a lattice, and a feature that says nothing."""
    truth = random.integers(9, size=n)
    crossings = 6.0 * np.column_stack([truth // 3, truth % 3]) + random.normal(size=(n, 2))
    return standardised(np.column_stack([crossings, random.normal(size=n)])), truth


def flagged(random: np.random.Generator, n: int) -> Groups:
    """Three groups, one of them 8 % of all, by four amounts and six flags, some of which go with no group."""
    truth = random.choice(3, size=n, p=[0.55, 0.37, 0.08])
    shares = np.array([[0.95, 0.95, 0.05, 0.05, 0.9, 0.1], [0.05, 0.05, 0.95, 0.95, 0.9, 0.1], [0.05, 0.95] * 3])
    amounts = np.array([[0, 0, 0, 0], [4, 0, 4, 0], [0, 5, 0, 5]])[truth] + random.normal(size=(n, 4))
    return standardised(np.hstack([amounts, random.random((n, 6)) < shares[truth]])), truth


def unequal(random: np.random.Generator, n: int = 900) -> Groups:
    """A wide group and two small dense ones beside it."""
    truth = random.choice(3, p=[0.8, 0.1, 0.1], size=n)
    spread = np.array([3.0, 0.5, 0.5])[truth, None]
    return standardised(12.0 * np.eye(3)[truth] + spread * random.normal(size=(n, 3))), truth


def moons(random: np.random.Generator, n: int = 900) -> Groups:
    """Two interlocking arcs."""
    return make_moons(n, noise=0.08, random_state=int(random.integers(1_000)))


def persona_customers(random: np.random.Generator, k: int, n: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Card-like customers of k planted personas, in original units, and their truth.

    A persona buys one-off, in instalments, or takes cash, or does not, and differs in how much it owes and pays.
    """
    habits = random.permutation([[a, b, c, d] for a in (0, 1) for b in (0, 1) for c in (0, 1) for d in (0, 1)])[:k]
    truth = random.integers(k, size=n)
    one_off, instalments, cash, payer = habits[truth].T

    def amount(flag: np.ndarray, scale: float) -> np.ndarray:
        return np.where(flag == 1, np.exp(random.normal(np.log(scale), 0.6, n)), 0.0)

    def months(flag: np.ndarray, value: np.ndarray) -> np.ndarray:
        return np.where(value > 0, np.round(12 * random.beta(6, 3, n)) / 12, 0.0)

    single, parts, advances = amount(one_off, 600), amount(instalments, 400), amount(cash, 1500)
    frame = pd.DataFrame(
        {
            "BALANCE": np.exp(random.normal(np.where(payer == 1, 5.0, 7.6), 0.5)),
            "PURCHASES": single + parts,
            "ONEOFF_PURCHASES": single,
            "INSTALLMENTS_PURCHASES": parts,
            "CASH_ADVANCE": advances,
            "ONEOFF_PURCHASES_FREQUENCY": months(one_off, single),
            "PURCHASES_INSTALLMENTS_FREQUENCY": months(instalments, parts),
            "CASH_ADVANCE_FREQUENCY": months(cash, advances),
            "PRC_FULL_PAYMENT": np.where(payer == 1, random.beta(6, 2, n), 0.0),
            "CREDIT_LIMIT": np.exp(random.normal(8.2, 0.7, n)),
        }
    )
    return frame, truth


def persona_space(random: np.random.Generator, k: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """``persona_customers`` on the log scale, shape (n, features)."""
    customers, truth = persona_customers(random, k, n)
    names = [name for name in dictionary.load().names if name in customers and customers[name].nunique() > 1]
    return feature_space.fit(customers, scale="log", impute="median", features=names).transform(customers), truth


def _zero_heavy(random: np.random.Generator, n: int, features: int) -> np.ndarray:
    active = random.random((n, features)) > random.uniform(0.3, 0.8, features)
    return active * np.exp(random.normal(6, 1.2, size=(n, features)))


def _mixed(random: np.random.Generator, n: int, features: int) -> np.ndarray:
    kinds = (
        lambda: random.normal(size=n),
        lambda: random.beta(0.4, 0.4, size=n),
        lambda: np.log1p(_zero_heavy(random, n, 1)[:, 0]),
        lambda: random.exponential(size=n),
    )
    return np.stack([kinds[column % 4]() for column in range(features)], axis=1)


def switched(random: np.random.Generator, n: int, features: int, members: int = 3) -> np.ndarray:
    """Independent yes/no habits, each with ``members`` columns that are zero together; and columns besides."""
    habits = max(1, features // (members + 1))
    columns = []
    for _ in range(habits):
        active = random.random(n) < random.uniform(0.25, 0.75)
        columns.append(np.where(active, random.normal(6, 1.2, n), 0.0))
        columns.append(np.where(active, random.integers(1, 13, n) / 12, 0.0))
        columns += [np.log1p(np.where(active, 1 + random.poisson(5, n), 0)) for _ in range(members - 2)]
    columns += [random.normal(size=n) for _ in range(features - len(columns))]
    return np.stack(columns[:features], axis=1)


# Each draws n customers with d features; none holds groups beyond its columns, correlations and switches
STRUCTURELESS: dict[str, Population] = {
    "uniform box": lambda r, n, d: r.uniform(size=(n, d)),
    "ball": lambda r, n, d: (z := r.normal(size=(n, d))) / np.linalg.norm(z, axis=1, keepdims=True) * r.random((n, 1)),
    "one Gaussian": lambda r, n, d: r.normal(size=(n, d)),
    "correlated Gaussian": lambda r, n, d: r.normal(size=(n, d)) @ r.normal(size=(d, d)),
    "one strong factor": lambda r, n, d: 0.8 * r.normal(size=(n, 1)) + 0.6 * r.normal(size=(n, d)),
    "two factors": lambda r, n, d: r.normal(size=(n, 2)) @ r.normal(size=(2, d)) + 0.5 * r.normal(size=(n, d)),
    "skewed": lambda r, n, d: np.exp(r.normal(size=(n, d))),
    "skewed, correlated": lambda r, n, d: np.exp(0.6 * r.normal(size=(n, 1)) + 0.6 * r.normal(size=(n, d))),
    "exponential": lambda r, n, d: r.exponential(size=(n, d)),
    "gamma, shared": lambda r, n, d: r.gamma(2, size=(n, 1)) + r.gamma(1.5, size=(n, d)),
    "heavy tails": lambda r, n, d: r.standard_t(3, size=(n, d)),
    "heavy tails, joint": lambda r, n, d: r.normal(size=(n, d)) / np.sqrt(r.chisquare(3, size=(n, 1)) / 3),
    "zero-heavy": lambda r, n, d: _zero_heavy(r, n, d),
    "zero-heavy, log": lambda r, n, d: np.log1p(_zero_heavy(r, n, d)),
    "frequencies": lambda r, n, d: r.binomial(12, r.beta(0.7, 0.7, size=(n, d))) / 12,
    "mixed columns": _mixed,
    "switches": switched,
    "switches, pairs": lambda r, n, d: switched(r, n, d, members=2),
}


def ring(random: np.random.Generator, n: int, *, noise: float = 0.1, features: int = 2) -> np.ndarray:
    """Uniform on a circle, with noise in every direction."""
    angle = random.uniform(0, 2 * np.pi, n)
    flat = np.zeros((n, features - 2))
    return np.column_stack([np.cos(angle), np.sin(angle), flat]) + noise * random.normal(size=(n, features))


def arc(random: np.random.Generator, n: int, *, noise: float = 0.1) -> np.ndarray:
    """Uniform on half a circle: a gradient that bends."""
    angle = random.uniform(0, np.pi, n)
    return np.column_stack([np.cos(angle), np.sin(angle)]) + noise * random.normal(size=(n, 2))


def bent(random: np.random.Generator, n: int, *, noise: float = 0.1) -> np.ndarray:
    """A curve in three dimensions that bends in all of them."""
    t = random.uniform(-1.5, 1.5, n)
    return np.column_stack([np.sin(1.3 * t), t**2, t]) + noise * random.normal(size=(n, 3))


# Each draws n customers along one curve: no groups, however it is cut
CURVED: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "ring": ring,
    "thick ring": lambda r, n: ring(r, n, noise=0.25),
    "ring in six dimensions": lambda r, n: ring(r, n, features=6),
    "arc": arc,
    "bent curve": bent,
}


def wave(random: np.random.Generator, n: int) -> np.ndarray:
    """A steep wave: few customers between its turns, where it climbs."""
    at = random.uniform(0, 3 * np.pi, n)
    return np.column_stack([at, 1.5 * np.sin(at), random.normal(size=n)]) + 0.15 * random.normal(size=(n, 3))


def horseshoe(random: np.random.Generator, n: int) -> np.ndarray:
    """Most of a circle, rising as it goes round."""
    angle = random.uniform(0.15 * np.pi, 1.85 * np.pi, n)
    return np.column_stack([np.cos(angle), np.sin(angle), 0.5 * angle]) + 0.12 * random.normal(size=(n, 3))


def s_curve(random: np.random.Generator, n: int, *, features: int = 17) -> np.ndarray:
    """A band in the shape of an S, turned into many features."""
    at = random.uniform(-1.5 * np.pi, 1.5 * np.pi, n)
    band = np.column_stack([np.sin(at), np.sign(at) * (np.cos(at) - 1), 2 * random.random(n)])
    turned = np.linalg.qr(random.normal(size=(features, features)))[0][:3]
    return band / band.std() @ turned + 0.12 * random.normal(size=(n, features))


# Each draws n customers along one curve whose pieces have few customers between them; no groups
STEEP: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "wave": wave,
    "horseshoe": horseshoe,
    "S in seventeen dimensions": s_curve,
}


def figure_of_eight(random: np.random.Generator, n: int, *, noise: float = 0.07) -> np.ndarray:
    """A curve that crosses itself: where it does, twice as many customers stand as beside it."""
    at = random.uniform(0, 2 * np.pi, n)
    return np.column_stack([np.sin(at), 0.6 * np.sin(2 * at)]) + noise * random.normal(size=(n, 2))


def helix(random: np.random.Generator, n: int) -> np.ndarray:
    """Two turns that rise: half the customers, averaged, lie inside it."""
    at = random.uniform(0, 4 * np.pi, n)
    return np.column_stack([np.cos(at), np.sin(at), 0.3 * at]) + 0.1 * random.normal(size=(n, 3))


# Each draws n customers along lines that one smooth curve does not follow; no groups
WINDING: dict[str, Callable[[np.random.Generator, int], np.ndarray]] = {
    "figure of eight": figure_of_eight,
    "helix": helix,
}
