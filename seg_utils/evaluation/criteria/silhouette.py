"""Silhouettes of many partitions at once (Rousseeuw 1987), without ever holding all distances.

The distances of a block of customers to everyone are computed once and multiplied by the stacked one-hot labels of
every partition: one matrix product gives each customer's summed distance to each segment of each partition.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from seg_utils.core.threads import parallel
from seg_utils.features.row_sample import drawn

EXACT_ROWS = 20_000  # up to so many customers nothing is sampled

# Beyond, silhouettes come from a random sample of so many. Their cost grows with the square of it, no test of a k rests
# on them, and the mean of so many is off by about 0.003
SAMPLED_ROWS = 10_000

BLOCK_ROWS = 256
CONFIDENCE_Z = 1.959964  # half-width of a 95 % confidence interval in standard errors


@dataclass(frozen=True)
class Silhouettes:
    """Silhouette of each of the ``rows`` (m,) for every k: ``values[k]`` has shape (m,), as has ``labels[k]``."""

    rows: np.ndarray
    population: int
    values: dict[int, np.ndarray]
    labels: dict[int, np.ndarray]

    @property
    def exact(self) -> bool:
        """Whether every customer was measured against every other."""
        return len(self.rows) == self.population

    def mean(self, k: int) -> float:
        """Mean silhouette, -1 to 1."""
        return float(self.values[k].mean())

    def half_width(self, k: int) -> float:
        """Half-width of the 95 % confidence interval of the mean; 0 where it is exact."""
        if self.exact:
            return 0.0
        return float(CONFIDENCE_Z * self.values[k].std(ddof=1) / np.sqrt(len(self.rows)))

    def negative_share(self, k: int) -> float:
        """Share of customers closer to another segment than to their own."""
        return float((self.values[k] < 0).mean())

    def by_segment(self, k: int) -> list[float | None]:
        """Mean silhouette of each segment, ``None`` for one without a sampled customer."""
        labels, values = self.labels[k], self.values[k]
        present = [labels == segment for segment in range(int(labels.max()) + 1)]
        return [float(values[members].mean()) if members.any() else None for members in present]


def sample_rows(n: int, seed: int) -> np.ndarray:
    """Rows that replicates and references are made from: all, or beyond ``EXACT_ROWS`` a random sample of so many."""
    return drawn(n, EXACT_ROWS, seed)


def silhouettes(X: np.ndarray, labels_by_k: Mapping[int, np.ndarray], *, seed: int = 0) -> Silhouettes:
    """Silhouettes of all partitions in one blocked pass; working memory grows with n, not with n².

    Args:
        X: coordinates, shape (n, features).
        labels_by_k: for each k labels of shape (n,) holding 0..k-1.
        seed: draws ``SAMPLED_ROWS`` where n exceeds ``EXACT_ROWS``; silhouettes are against the sample then.

    A customer alone in its segment has silhouette 0, as in scikit-learn.
    """
    rows = drawn(len(X), SAMPLED_ROWS if len(X) > EXACT_ROWS else EXACT_ROWS, seed)
    labels = {k: np.asarray(assigned)[rows] for k, assigned in labels_by_k.items()}
    values = {} if not labels else _pass(np.ascontiguousarray(X[rows], dtype=np.float64), labels)
    return Silhouettes(rows, len(X), values, labels)


def _pass(X: np.ndarray, labels: Mapping[int, np.ndarray]) -> dict[int, np.ndarray]:
    X = X - X.mean(axis=0)  # small norms keep the cancellation in the distances small
    norms = np.einsum("ij,ij->i", X, X)
    counts = {k: np.bincount(assigned) for k, assigned in labels.items()}
    onehot = np.hstack([np.eye(len(counts[k]))[assigned] for k, assigned in labels.items()])

    edges = np.cumsum([len(count) for count in counts.values()])[:-1]

    def block(start: int) -> dict[int, np.ndarray]:
        rows = slice(start, start + BLOCK_ROWS)
        squared = norms[rows, None] + norms[None, :]
        squared -= 2.0 * (X[rows] @ X.T)
        np.maximum(squared, 0.0, out=squared)
        own = np.arange(len(squared))
        squared[own, start + own] = 0.0
        sums = np.split(np.sqrt(squared, out=squared) @ onehot, edges, axis=1)
        return {k: _from_sums(total, labels[k][rows], counts[k]) for k, total in zip(labels, sums, strict=True)}

    blocks = parallel(block, range(0, len(X), BLOCK_ROWS))
    return {k: np.concatenate([part[k] for part in blocks]) for k in labels}


def _from_sums(sums: np.ndarray, labels: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Silhouettes of a block from its summed distances to each segment, shape (block, k)."""
    own = np.arange(len(labels))
    inside = sums[own, labels] / np.maximum(counts[labels] - 1, 1)
    means = sums / np.maximum(counts, 1)
    means[:, counts == 0] = np.inf
    means[own, labels] = np.inf
    outside = means.min(axis=1)
    scale = np.maximum(inside, outside)
    alone = (counts[labels] == 1) | (scale == 0) | ~np.isfinite(outside)
    return np.where(alone, 0.0, (np.where(alone, 0.0, outside) - inside) / np.where(alone, 1.0, scale))
