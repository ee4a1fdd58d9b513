"""Encoded features: a symmetric autoencoder trained on scaled features, of which the encoding half is kept.

Plain numbers after training: a customer is encoded by matrix products and max(0, x), so that scoring needs neither
scikit-learn nor this module's training code.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

EPOCHS = 100
BATCH = 128

DIGITS = 6
"""Significant digits of a weight. The model is the rounded numbers, so a model file is short and loses nothing."""


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


def fit(X: np.ndarray, sizes: Sequence[int], *, seed: int) -> Encoder:
    """Train an autoencoder ``features → sizes → mirrored sizes → features`` (ReLU, Adam, squared error).

    Args:
        X: scaled features, shape (n, features). The order of the rows does not matter.
        sizes: widths of the encoding layers, the codes last; (64, 32, 8) gives eight codes.
        seed: of first weights and batches.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor

    rows = X[np.lexsort(X.T[::-1])].astype(np.float32)
    network = MLPRegressor(
        hidden_layer_sizes=(*sizes, *reversed(tuple(sizes)[:-1])),
        activation="relu",
        solver="adam",
        alpha=0.0,
        batch_size=min(BATCH, len(rows)),
        max_iter=EPOCHS,
        n_iter_no_change=EPOCHS,
        random_state=seed,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the number of epochs is a choice, not a failure
        network.fit(rows, rows)
    depth = len(sizes)
    return Encoder(
        tuple(_rounded(weights) for weights in network.coefs_[:depth]),
        tuple(_rounded(bias) for bias in network.intercepts_[:depth]),
        tuple(2.0 * float(loss) for loss in network.loss_curve_),  # scikit-learn tells half the squared error
    )


def _rounded(values: np.ndarray) -> np.ndarray:
    """To ``DIGITS`` significant digits, float64."""
    values = values.astype(np.float64)
    size = np.floor(np.log10(np.abs(values), out=np.zeros_like(values), where=values != 0))
    scale = 10.0 ** (DIGITS - 1 - size)
    return np.round(values * scale) / scale
