"""The feature space customers are compared in: imputation, transformation, scaling, and encoding where asked for.

A space is fitted once, on the customers of a run, and is plain numbers afterwards: what places a customer next month
is exactly what placed this month's. Its inputs are the columns of a customers file that it reads; its features, what
customers are compared by, are inputs or computed from them; its coordinates are the scaled features or their codes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.core.transformation import Formula, signed_log1p
from seg_utils.features import encoder as encoding
from seg_utils.features.encoder import Encoder


@dataclass(frozen=True)
class FeatureSpace:
    """Imputation, transformation and scaling of ``features``, one number a feature each.

    ``fill`` is in original units; ``center`` and ``spread`` are in transformed units. With an ``encoder`` the space's
    coordinates are its codes; without one they are the scaled features themselves. ``formulas`` are those of derived
    features, by name.
    """

    features: tuple[str, ...]
    impute: str
    scale: str
    log1p: tuple[bool, ...]
    fill: tuple[float, ...]
    center: tuple[float, ...]
    spread: tuple[float, ...]
    encoder: Encoder | None = None
    formulas: Mapping[str, Formula] = field(default_factory=dict)

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """The columns that are read: features of the file itself, then what only formulas read."""
        own = [name for name in self.features if name not in self.formulas]
        return tuple(dict.fromkeys([*own, *(name for formula in self.formulas.values() for name in formula.needs)]))

    @property
    def columns(self) -> tuple[str, ...]:
        """All that is known of a customer: the inputs, then the derived features."""
        return (*self.inputs, *self.formulas)

    def with_derived(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Customers with this space's derived features, NaN where a part is missing or the divisor is 0."""
        return _with_derived(customers, self.formulas)

    def feature_values(self, values: np.ndarray) -> np.ndarray:
        """Features (n, features) of inputs (n, inputs), both in original units and in their order, NaN for missing."""
        if not self.formulas:
            return values
        columns = dict(zip(self.inputs, values.T, strict=True))
        columns |= {name: formula.compute(columns) for name, formula in self.formulas.items()}
        return np.stack([columns[name] for name in self.features], axis=1)

    def impute_missing(self, customers: pd.DataFrame) -> pd.DataFrame:
        """The features in original units with missing values filled, shape (n, features)."""
        features = self.with_derived(customers)[list(self.features)]
        return features.fillna(dict(zip(self.features, self.fill, strict=True)))

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
        return self.scaled_values(self.feature_values(customers[list(self.inputs)].to_numpy(dtype=np.float64)))

    def scaled_values(self, values: np.ndarray) -> np.ndarray:
        """``scaled`` of features in original units, shape (n, features) in their order, NaN for missing."""
        whole = np.where(np.isnan(values), self.fill, values)
        return (_transformed(whole, self.log1p) - np.asarray(self.center)) / np.asarray(self.spread)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        plain = {field.name: getattr(self, field.name) for field in fields(self)}
        plain = {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}
        plain |= {"encoder": self.encoder.to_dict() if self.encoder else None}
        formulas = {name: formula.to_dict() for name, formula in plain.pop("formulas").items()}
        return plain | ({"formulas": formulas} if formulas else {})

    @classmethod
    def from_dict(cls, raw: dict[str, Any]) -> "FeatureSpace":
        """Back from ``to_dict``, equal to the bit; models made before there were formulas have none."""
        plain = {name: tuple(value) if isinstance(value, list) else value for name, value in raw.items()}
        plain |= {"encoder": Encoder.from_dict(raw["encoder"]) if raw["encoder"] else None}
        formulas = {name: Formula.from_dict(formula) for name, formula in raw.get("formulas", {}).items()}
        return cls(**plain | {"formulas": formulas})


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
        customers: one row a customer; must hold the inputs of ``features``.
        features: columns, and derived features that the dictionary says are clustered; by default those of both that
            ``customers`` holds, in the dictionary's order.
        encoder: widths of the encoding layers, the codes last; none means that the features themselves are used.
    """
    known = dictionary.load()
    names = list(features or [name for name in known.clustering_features if name in customers])
    formulas = {name: formula for name, formula in known.clustered.items() if name in names}
    frame = _with_derived(customers, formulas)[names]
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
        formulas=formulas,
    )
    if not encoder:
        return fitted
    return replace(fitted, encoder=encoding.fit(fitted.scaled(customers), encoder, seed=seed, progress=progress))


def _with_derived(customers: pd.DataFrame, formulas: Mapping[str, Formula]) -> pd.DataFrame:
    if not formulas:  # no copy of a million customers
        return customers
    return customers.assign(**{name: formula.compute(customers) for name, formula in formulas.items()})


def _transformed(values: np.ndarray, log1p: Sequence[bool]) -> np.ndarray:
    out = values.copy()
    columns = np.flatnonzero(log1p)
    out[:, columns] = signed_log1p(out[:, columns])
    return out


def _robust(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    lower, center, upper = np.percentile(values, [25, 50, 75], axis=0)
    spread = upper - lower
    return center, np.where(spread > 0, spread, values.std(axis=0))
