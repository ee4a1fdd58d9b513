"""What is computed from columns: derived features by their formulas (a ratio, a weighted sum or a fifth of the
customers), and the transformation of amounts and counts, one for spaces, profiles and figures."""

import operator
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd

FORMULAS = ("ratio", "fifth", "weighted")
FIFTHS = 5


@dataclass(frozen=True)
class Formula:
    """Exactly one of three formulas: ``of`` to ``to`` and ``at_most`` so much, ``fifth``, or ``weighted``."""

    of: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    at_most: float | None = None
    fifth: tuple[str, ...] = ()
    weighted: tuple[tuple[str, float], ...] = ()

    @property
    def needs(self) -> list[str]:
        """The columns the formula reads."""
        return list(dict.fromkeys([*self.of, *self.to, *self.fifth, *(name for name, _ in self.weighted)]))

    def compute(self, columns: Mapping[str, np.ndarray | pd.Series]) -> np.ndarray:
        """The derived feature of each customer (n,); NaN where a part is missing, or where the divisor is not above 0.

        Args:
            columns: at least what the formula ``needs``, each of shape (n,), original units, NaN where missing.
        """
        values = {name: np.asarray(columns[name], dtype=np.float64) for name in self.needs}
        if self.fifth:
            return np.ceil(pd.Series(_sum(values[name] for name in self.fifth)).rank(pct=True).to_numpy() * FIFTHS)
        if self.weighted:
            return _sum(np.maximum(values[name], 0.0) * weight for name, weight in self.weighted)
        dividend, divisor = (_sum(values[name] for name in names) for names in (self.of, self.to))
        with np.errstate(over="ignore", invalid="ignore"):
            ratio = np.divide(dividend, divisor, out=np.full(divisor.shape, np.nan), where=divisor > 0)
        return np.clip(np.where(np.isinf(ratio), np.nan, ratio), 0.0, self.at_most)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, in the data dictionary's words."""
        if self.fifth:
            return {"fifth": list(self.fifth)}
        if self.weighted:
            return {"weighted": dict(self.weighted)}
        limit = {} if self.at_most is None else {"at_most": self.at_most}
        return {"ratio": {"of": list(self.of), "to": list(self.to), **limit}}

    def in_words(self) -> str:
        """As people write it."""
        if self.fifth:
            return f"fifth of the customers by {' + '.join(self.fifth)}, 1 the lowest, 5 the highest"
        if self.weighted:
            return " + ".join(f"{weight:g} × {name}" for name, weight in self.weighted)
        of, to = (names[0] if len(names) == 1 else f"({' + '.join(names)})" for names in (self.of, self.to))
        capped = "" if self.at_most is None else f"; what is above {self.at_most:g} counts as that"
        return f"{of} / {to}, empty where the divisor is 0{capped}"

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "Formula":
        """Back from ``to_dict``, and from an entry of the data dictionary."""
        ratio = raw.get("ratio", {})
        return cls(
            of=tuple(ratio.get("of", ())),
            to=tuple(ratio.get("to", ())),
            at_most=ratio.get("at_most"),
            fifth=tuple(raw.get("fifth", ())),
            weighted=tuple(raw.get("weighted", {}).items()),
        )


def _sum(terms: Iterable[np.ndarray]) -> np.ndarray:
    """Added from left to right, as a page's JavaScript does."""
    return reduce(operator.add, terms)


def signed_log1p(values: np.ndarray) -> np.ndarray:
    """log1p of what is above zero, and its mirror image below: sign(x) · log(1 + |x|), elementwise.

    An account in credit by 50 is as far from zero as one that owes 50. Source: John and Draper, An alternative family
    of transformations, Applied Statistics 29 (1980), with exponent 0.
    """
    return np.copysign(np.log1p(np.abs(values)), values)
