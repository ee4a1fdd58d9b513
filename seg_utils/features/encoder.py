"""Encoded features: a symmetric autoencoder trained on scaled features, of which the encoding half is kept.

Plain numbers after training: a customer is encoded by matrix products and max(0, x), so that scoring needs neither
scikit-learn nor this module's training code.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from seg_utils.features.row_sample import drawn

# Batches trained on: with 7,000, a hundred epochs of 9,000 customers, the loss of ``64-32-8`` has levelled off
MOST_STEPS, LEAST_STEPS = 7_000, 700

# Steps times weights of the network: 700 steps of ``7-500-500-2000-10`` take most of a minute, ``64-32-8`` seconds
STEP_WEIGHTS = 1_750_000_000

MOST_EPOCHS = 500  # few customers fill few batches: they are gone through this often and no more
MOST_ROWS = 20_000  # beyond so many customers the network is trained on a random sample of so many
BATCH = 128

# Significant digits of a weight. The model is the rounded numbers, so a model file is short and loses nothing.
DIGITS = 6


@dataclass(frozen=True, eq=False)
class Encoder:
    """The encoding half: layer i maps ``x`` to ``max(0, x @ weights[i] + biases[i])``.

    ``losses`` holds the mean squared error of the reconstruction after each epoch of training.
    """

    weights: tuple[np.ndarray, ...]
    biases: tuple[np.ndarray, ...]
    losses: tuple[float, ...]

    @property
    def sizes(self) -> tuple[int, ...]:
        """Width of each layer, the codes last."""
        return tuple(len(bias) for bias in self.biases)

    def encode(self, X: np.ndarray) -> np.ndarray:
        """Codes of scaled customers: shape (n, features) to (n, codes)."""
        for weights, bias in zip(self.weights, self.biases, strict=True):
            X = np.maximum(X @ weights + bias, 0.0)
        return X

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "weights": [weights.tolist() for weights in self.weights],
            "biases": [bias.tolist() for bias in self.biases],
            "losses": list(self.losses),
        }

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "Encoder":
        """Back from ``to_dict``, equal to the bit."""
        return cls(
            tuple(np.asarray(weights, dtype=np.float64) for weights in raw["weights"]),
            tuple(np.asarray(bias, dtype=np.float64) for bias in raw["biases"]),
            tuple(raw["losses"]),
        )


def fit(
    X: np.ndarray, sizes: Sequence[int], *, seed: int, progress: Callable[[str, float], None] = lambda text, done: None
) -> Encoder:
    """Train an autoencoder ``features → sizes → mirrored sizes → features`` (ReLU, Adam, squared error) on scaled
    features (n, features) in whatever order; sizes (64, 32, 8) give eight codes."""
    from sklearn.neural_network import MLPRegressor

    random = np.random.RandomState(seed)  # one stream for all epochs: each shuffles anew
    ordered = X[np.lexsort(X.T[::-1])]
    rows = ordered[drawn(len(ordered), MOST_ROWS, seed)].astype(np.float32)
    hidden = (*sizes, *reversed(tuple(sizes)[:-1]))
    network = MLPRegressor(
        hidden_layer_sizes=hidden,
        activation="relu",
        solver="adam",
        alpha=0.0,
        batch_size=min(BATCH, len(rows)),
        random_state=random,
    )
    turns = epochs(rows.shape, hidden)
    for turn in range(turns):
        network.partial_fit(rows, rows)
        progress(f"autoencoder, epoch {turn + 1} of {turns}", (turn + 1) / turns)
    depth = len(sizes)
    return Encoder(
        tuple(_rounded(weights) for weights in network.coefs_[:depth]),
        tuple(_rounded(bias) for bias in network.intercepts_[:depth]),
        tuple(2.0 * float(loss) for loss in network.loss_curve_),  # scikit-learn tells half the squared error
    )


def epochs(shape: tuple[int, int], hidden: Sequence[int]) -> int:
    """How often the training goes through customers of that shape (n, features): fewer times for very many weights."""
    n, features = shape
    widths = (features, *hidden, features)
    weights = sum(width * following for width, following in itertools.pairwise(widths))
    steps = min(max(STEP_WEIGHTS // weights, LEAST_STEPS), MOST_STEPS)
    return min(math.ceil(steps / math.ceil(n / BATCH)), MOST_EPOCHS)


def _rounded(values: np.ndarray) -> np.ndarray:
    """To ``DIGITS`` significant digits, float64."""
    values = values.astype(np.float64)
    size = np.floor(np.log10(np.abs(values), out=np.zeros_like(values), where=values != 0))
    scale = 10.0 ** (DIGITS - 1 - size)
    return np.round(values * scale) / scale
