"""The scoring model: everything needed to place a customer, as plain numbers and words in JSON."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from seg_utils.clustering import OUTLIERS, Clustering, Placement
from seg_utils.clustering import placement as placing
from seg_utils.clustering.partition import means_of
from seg_utils.clustering.placement import Centres, Plane
from seg_utils.core import dictionary
from seg_utils.core.artefacts import read_json, write_json
from seg_utils.core.errors import DataError
from seg_utils.evaluation.between_segments import LEAST
from seg_utils.features.feature_space import FeatureSpace
from seg_utils.scoring import reference
from seg_utils.scoring.reference import Reference

SCHEMA_VERSION = 3

WORDS = ("persona", "colour", "description", "share", "actions")  # what the model keeps of the words on a segment


class Located(NamedTuple):
    """``segment`` (n,), ``order`` (n, k): segments nearest first, ``confidence`` (n,), ``distances`` (n, k): to each
    segment's centre in units of the space, ``scaled`` (n, features): the customers' scaled features, ``known``
    (n, features): false where a feature was filled in, ``coordinates`` (n, dimensions): where they are in the space."""

    segment: np.ndarray
    order: np.ndarray
    confidence: np.ndarray
    distances: np.ndarray
    scaled: np.ndarray
    known: np.ndarray
    coordinates: np.ndarray

    @property
    def nearest(self) -> np.ndarray:
        """The nearest segment (n,): a customer's own, and for an outlier the one that comes closest."""
        return self.order[:, 0]

    @property
    def distance(self) -> np.ndarray:
        """Distance (n,) to the centre of the nearest segment, in units of the space."""
        return np.take_along_axis(self.distances, self.nearest[:, None], axis=1)[:, 0]


@dataclass(frozen=True)
class SegmentModel:
    """A feature space, what places customers in it, and what was known of the customers it was made from.

    ``centroids`` (k, dimensions of the space) and ``scaled_centroids`` (k, features) are the segments' means, in the
    space and before any encoding. ``segments`` holds each segment's words, in segment order, once they are known.
    """

    space: FeatureSpace
    placement: Placement
    centroids: np.ndarray
    scaled_centroids: np.ndarray
    sizes: tuple[int, ...]
    outliers: int
    algorithm: str
    seed: int
    reference: Reference
    plane: Plane
    segments: tuple[Mapping[str, Any], ...] = ()
    # The data dictionary that its features are of, as written; None for the project's own
    dictionary: str | None = None

    def locate(self, customers: pd.DataFrame) -> Located:
        """Where customers are, given in original units with missing values allowed."""
        return self.locate_values(customers[list(self.space.inputs)].to_numpy(dtype=np.float64))

    def locate_values(self, values: np.ndarray) -> Located:
        """``locate`` of inputs in original units, shape (n, inputs) in the space's order, NaN for missing."""
        features = self.space.feature_values(values)
        scaled = self.space.scaled_values(features)
        X = scaled if self.space.encoder is None else self.space.encoder.encode(scaled)
        distances = placing.euclidean(X, self.centroids)
        by_these = isinstance(self.placement, Centres) and np.array_equal(self.placement.centres, self.centroids)
        placed = self.placement.placed(distances) if by_these else self.placement.place(X)
        return Located(*placed, distances, scaled, ~np.isnan(features), X)

    def place(self, customers: pd.DataFrame) -> pd.DataFrame:
        """One row a customer, in input order: ``segment, confidence, next_segment, distance``.

        ``segment`` is ``OUTLIERS`` for customers in none; their next segment is the nearest one. ``distance`` is to the
        centre of the segment (for outliers: the next one) in units of the space. Confidence is the placement's.
        """
        located = self.locate(customers)
        following = np.where(located.segment == OUTLIERS, located.nearest, located.order[:, 1])
        return pd.DataFrame(
            {
                "segment": located.segment,
                "confidence": located.confidence,
                "next_segment": following,
                "distance": located.distance,
            },
            index=customers.index,
        )

    def described(self, segments: Sequence[Mapping[str, Any]]) -> "SegmentModel":
        """The same model with the ``WORDS`` of each segment, in segment order."""
        return replace(self, segments=tuple({name: segment[name] for name in WORDS} for segment in segments))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, with a hash of all the others as ``sha256``."""
        content = {
            "schema_version": SCHEMA_VERSION,
            "algorithm": self.algorithm,
            "seed": self.seed,
            "space": self.space.to_dict(),
            "placement": self.placement.to_dict(),
            "centroids": self.centroids.tolist(),
            "scaled_centroids": self.scaled_centroids.tolist(),
            "sizes": list(self.sizes),
            "outliers": self.outliers,
            "segments": [dict(segment) for segment in self.segments],
            "reference": self.reference.to_dict(),
            "plane": self.plane.to_dict(),
        }
        content |= {} if self.dictionary is None else {"dictionary": self.dictionary}
        return content | {"sha256": digest(content)}

    def save(self, path: Path) -> None:
        """Write the model as JSON."""
        write_json(path, self.to_dict())


def build(
    customers: pd.DataFrame, space: FeatureSpace, clustering: Clustering, *, algorithm: str, seed: int
) -> SegmentModel:
    """The model of a partition of exactly these customers, given in original units."""
    scaled, X = space.scaled(customers), space.transform(customers)
    placed = clustering.placement.place(X)
    distance = np.take_along_axis(placing.euclidean(X, clustering.centroids), placed.order[:, :1], axis=1)[:, 0]
    unsure = (placed.confidence < LEAST[clustering.placement.kind]) & (placed.segment != OUTLIERS)
    return SegmentModel(
        space=space,
        placement=clustering.placement,
        centroids=clustering.centroids,
        scaled_centroids=clustering.centroids if space.encoder is None else means_of(scaled, clustering.labels),
        sizes=tuple(clustering.sizes.tolist()),
        outliers=clustering.outliers,
        algorithm=algorithm,
        seed=seed,
        reference=reference.describe(space.with_derived(customers), space.columns, distance, int(unsure.sum())),
        plane=placing.principal_components(X),
        dictionary=dictionary.own_text(),
    )


def load(path: Path) -> SegmentModel:
    """Read a model back, equal to the bit. Nothing in the file is run. Raises DataError: the file is of another schema
    version, was changed since it was written, or is no model."""
    name = Path(path).name
    try:
        raw = read_json(path)
        version = raw["schema_version"]
        if version != SCHEMA_VERSION:
            raise DataError(
                f"{name} has model schema {version!r}, this version reads {SCHEMA_VERSION}; "
                "make the report again to get a model that fits"
            )
        recorded = raw.pop("sha256", None)
        if recorded != digest(raw):
            raise DataError(
                f"{name} was changed after it was written (its hash does not fit); make the report again to get it back"
            )
        return from_dict(raw)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        raise DataError(f"{name} is not a model of this project; make the report again to get one") from None


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of plain values, whatever the order of their keys."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def from_dict(raw: Mapping[str, Any]) -> SegmentModel:
    """Back from ``SegmentModel.to_dict``, equal to the bit; for values that were checked already."""
    return SegmentModel(
        space=FeatureSpace.from_dict(raw["space"]),
        placement=placing.from_dict(raw["placement"]),
        centroids=np.asarray(raw["centroids"], dtype=np.float64),
        scaled_centroids=np.asarray(raw["scaled_centroids"], dtype=np.float64),
        sizes=tuple(raw["sizes"]),
        outliers=raw["outliers"],
        algorithm=raw["algorithm"],
        seed=raw["seed"],
        reference=Reference.from_dict(raw["reference"]),
        plane=Plane.from_dict(raw["plane"]),
        segments=tuple(raw["segments"]),
        dictionary=raw.get("dictionary"),
    )
