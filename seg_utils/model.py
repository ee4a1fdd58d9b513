"""The scoring model: everything needed to place a customer, as plain numbers and words in JSON."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.artefacts import read_json, write_json
from seg_utils.clustering import assign
from seg_utils.errors import DataError
from seg_utils.space import FeatureSpace

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class SegmentModel:
    """A feature space and the centroids in it, shape (k, features); ``personas`` names the segments in order."""

    space: FeatureSpace
    centroids: np.ndarray
    sizes: tuple[int, ...]
    seed: int
    personas: tuple[str, ...] = ()

    def place(self, customers: pd.DataFrame) -> pd.DataFrame:
        """Place customers, given in original units with missing values allowed.

        Returns:
            One row a customer, in input order: ``segment, confidence, next_segment, distance``. ``distance`` is to the
            segment's centre in units of the space; ``confidence`` is one minus the ratio of that distance to the one to
            the next segment: 1 at the centre, 0 on the border between the two.
        """
        labels, distances = assign(self.space.transform(customers), self.centroids)
        rows = np.arange(len(labels))
        nearest = distances[rows, labels]
        others = distances.copy()
        others[rows, labels] = np.inf
        following = others.argmin(axis=1)
        beyond = others[rows, following]
        ratio = np.divide(nearest, beyond, out=np.ones_like(nearest), where=beyond > 0)
        return pd.DataFrame(
            {"segment": labels, "confidence": 1.0 - ratio, "next_segment": following, "distance": nearest},
            index=customers.index,
        )

    def named(self, personas: Sequence[str]) -> "SegmentModel":
        """The same model with a name for each segment, in segment order."""
        return replace(self, personas=tuple(personas))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "schema_version": SCHEMA_VERSION,
            "algorithm": "kmeans",
            "seed": self.seed,
            "space": self.space.to_dict(),
            "centroids": self.centroids.tolist(),
            "sizes": list(self.sizes),
            "personas": list(self.personas),
        }

    def save(self, path: Path) -> None:
        """Write the model as JSON."""
        write_json(path, self.to_dict())


def load(path: Path) -> SegmentModel:
    """Read a model back, equal to the bit.

    Raises:
        DataError: the file is of another schema version.
    """
    raw = read_json(path)
    if raw.get("schema_version") != SCHEMA_VERSION:
        raise DataError(
            f"{Path(path).name} has model schema {raw.get('schema_version')!r}, this version reads {SCHEMA_VERSION}; "
            "make the report again to get a model that fits"
        )
    return SegmentModel(
        space=FeatureSpace.from_dict(raw["space"]),
        centroids=np.asarray(raw["centroids"], dtype=np.float64),
        sizes=tuple(raw["sizes"]),
        seed=raw["seed"],
        personas=tuple(raw["personas"]),
    )
