"""The feature space customers are compared in: imputation, transformation, scaling, and encoding where asked for.

A space is fitted once, on the customers of a run, and is plain numbers afterwards: what places a customer next month
is exactly what placed this month's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.transformation import signed_log1p
from seg_utils.features import encoder as encoding
from seg_utils.features.encoder import Encoder


@dataclass(frozen=True)
class FeatureSpace:
    """Imputation, transformation and scaling of ``features``, one number a feature each.

    ``fill`` is in original units; ``center`` and ``spread`` are in transformed units. With an ``encoder`` the space's
    coordinates are its codes; without one they are the scaled features themselves.
    """

    features: tuple[str, ...]
    impute: str
    scale: str
    log1p: tuple[bool, ...]
    fill: tuple[float, ...]
    center: tuple[float, ...]
    spread: tuple[float, ...]
    encoder: Encoder | None = None

    def impute_missing(self, customers: pd.DataFrame) -> pd.DataFrame:
        """The features in original units with missing values filled, shape (n, features)."""
        return customers[list(self.features)].fillna(dict(zip(self.features, self.fill, strict=True)))

    def transform(self, customers: pd.DataFrame) -> np.ndarray:
        """Coordinates of customers in this space, shape (n, features or codes), C-contiguous float64."""
        scaled = self.scaled(customers)
        return scaled if self.encoder is None else self.encoder.encode(scaled)

    def get_feature_names_out(self) -> list[str]:
        """Names of the coordinates, under the name scikit-learn's transformers have for it: the features, or the codes
        ``code_0`` and on."""
        if self.encoder is None:
            return list(self.features)
        return [f"code_{number}" for number in range(self.encoder.sizes[-1])]

    def scaled(self, customers: pd.DataFrame) -> np.ndarray:
        """Scaled features of customers, shape (n, features): the common space that every encoding starts from."""
        return self.scaled_values(customers[list(self.features)].to_numpy(dtype=np.float64))

    def scaled_values(self, values: np.ndarray) -> np.ndarray:
        """``scaled`` of values in original units, shape (n, features) in the order of ``features``, NaN for missing."""
        whole = np.where(np.isnan(values), self.fill, values)
        return (_transformed(whole, self.log1p) - np.asarray(self.center)) / np.asarray(self.spread)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
        return plain | {"encoder": self.encoder.to_dict() if self.encoder else None}

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "FeatureSpace":
        """Back from ``to_dict``, equal to the bit."""
        plain = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
        return cls(**plain | {"encoder": Encoder.from_dict(raw["encoder"]) if raw["encoder"] else None})


def fit(
    customers: pd.DataFrame,
    *,
    scale: str,
    impute: str,
    features: Sequence[str] | None = None,
    encoder: Sequence[int] = (),
    seed: int = 42,
    progress: Callable[[str, float], None] = lambda text, done: None,
) -> FeatureSpace:
    """Fit a space on customers in original units.

    ``log`` is log1p (mirrored below zero) on the features the dictionary says so, then mean and standard deviation;
    ``standard`` is mean and standard deviation (of the population, as scikit-learn's StandardScaler); ``robust`` is
    median and interquartile range, falling back to the standard deviation where the middle half of the customers is
    equal.

    Args:
        customers: one row a customer; must hold ``features``.
        features: defaults to the dictionary's features that ``customers`` holds, in the dictionary's order.
        encoder: widths of the encoding layers, the codes last; none means that the features themselves are used.
        seed: of the encoder's training; without an encoder nothing is random.
        progress: told of the encoder's training.
    """
    known = dictionary.load()
    names = list(features) if features is not None else [name for name in known.names if name in customers]
    frame = customers[names]
    fill = frame.median() if impute == "median" else frame.mean()
    log1p = tuple(scale == "log" and known[name].transform == "log1p" for name in names)
    values = _transformed(frame.fillna(fill).to_numpy(dtype=np.float64), log1p)
    center, spread = _robust(values) if scale == "robust" else (values.mean(axis=0), values.std(axis=0))
    spread = np.where(np.ptp(values, axis=0) > 0, spread, 1.0)  # a constant feature is 0 for all, not NaN or noise
    center = np.where(np.ptp(values, axis=0) > 0, center, values[0])
    fitted = FeatureSpace(
        features=tuple(names),
        impute=impute,
        scale=scale,
        log1p=log1p,
        fill=tuple(fill.tolist()),
        center=tuple(center.tolist()),
        spread=tuple(spread.tolist()),
    )
    if not encoder:
        return fitted
    return replace(fitted, encoder=encoding.fit(fitted.scaled(customers), encoder, seed=seed, progress=progress))


def _transformed(values: np.ndarray, log1p: Sequence[bool]) -> np.ndarray:
    out = values.copy()
    columns = np.flatnonzero(log1p)
    out[:, columns] = signed_log1p(out[:, columns])
    return out


def _robust(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lower, center, upper = np.percentile(values, [25, 50, 75], axis=0)
    spread = upper - lower
    return center, np.where(spread > 0, spread, values.std(axis=0))
