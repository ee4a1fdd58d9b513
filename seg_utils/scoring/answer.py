"""What is said about one customer: the segment, how sure that is, what comes next, what drove it and what to do."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from seg_utils.clustering import OUTLIERS
from seg_utils.core import dictionary
from seg_utils.evaluation.between_segments import CLEAR, LEAST, SURENESS
from seg_utils.scoring.inputs import MOSTLY, Inputs, Reading
from seg_utils.scoring.model import Located, SegmentModel

NEAREST = 3  # how many segments an answer lists, nearest first

# What a confidence says, by kind of placement
MEANING = {
    "centres": "Confidence is 0 on the border to the next segment and 1 at the segment's centre.",
    "exemplars": "Confidence is 0 between two segments and 1 beside a training customer of this one.",
    "mixture": "Confidence is the probability of this segment.",
}

OUTLIER_NAME = "Outliers"
OUTLIER_DESCRIPTION = "Like none of the segments."
NO_ACTIONS = {"now": "", "later": ""}


class Segment(NamedTuple):
    """The words on one segment."""

    name: str
    description: str
    actions: dict[str, str]


class Answerer:
    """Answers for one model; what every answer needs is looked up once."""

    def __init__(self, model: SegmentModel) -> None:
        self.model = model
        self.inputs = Inputs.of(model)
        self.segments = segments(model)
        self._labels = [(name, dictionary.load().label(name)) for name in model.space.features]
        kind = model.placement.kind
        self._steps = (LEAST[kind], CLEAR[kind])

    def answer(self, reading: Reading) -> dict[str, Any]:
        """The answer for one customer whose reading has no problems."""
        return next(self.answers(reading.values[None, :], [reading]))

    def answers(self, values: np.ndarray, readings: Sequence[Reading]) -> Iterator[dict[str, Any]]:
        """An answer for each customer, given in original units as (n, inputs), NaN for missing."""
        located = self.model.locate_values(values)
        driven = drivers(self.model, located)
        positions = self.model.plane.project(located.coordinates).tolist()
        order = located.order[:, :NEAREST].tolist()
        confidence = located.confidence.tolist()
        distances = located.distances.tolist()
        features, high = driven.features.tolist(), driven.high.tolist()
        for row, segment in enumerate(located.segment.tolist()):
            name, description, actions = self.segments[segment]
            yield {
                "cluster_id": segment,
                "cluster_name": name,
                "cluster_description": description,
                "confidence_score": confidence[row],
                "confidence": self.sureness(confidence[row], len(readings[row].imputed)),
                "distance_to_center": distances[row][order[row][0]],
                "nearest_segments": [self._near(near, distances[row]) for near in order[row]],
                "drivers": [self._driver(*pair) for pair in zip(features[row], high[row], strict=True) if pair[0] >= 0],
                "actions": actions,
                "imputed": readings[row].imputed,
                "warnings": [note._asdict() for note in readings[row].warnings],
                "position": positions[row],
            }

    def sureness(self, confidence: float, imputed: int = 0) -> str:
        """A confidence in words: never clear where most of the features are ``imputed``."""
        unsure, clear = self._steps
        known = imputed <= MOSTLY * len(self.inputs.all)
        return SURENESS[(confidence >= unsure) + (confidence >= clear and known)]

    def _near(self, segment: int, distances: list[float]) -> dict[str, Any]:
        return {"cluster_id": segment, "cluster_name": self.segments[segment].name, "distance": distances[segment]}

    def _driver(self, place: int, high: bool) -> dict[str, str]:
        name, label = self._labels[place]
        return {"feature": name, "label": label, "direction": "high" if high else "low"}


def segments(model: SegmentModel) -> dict[int, Segment]:
    """The words on each segment, and on customers in none."""
    described = {
        number: Segment(words["persona"], words["description"], dict(words["actions"]))
        for number, words in enumerate(model.segments)
    }
    nameless = {number: Segment(f"Segment {number}", "", NO_ACTIONS) for number in range(len(model.centroids))}
    return {OUTLIERS: Segment(OUTLIER_NAME, OUTLIER_DESCRIPTION, NO_ACTIONS)} | nameless | described


def colour(model: SegmentModel, segment: int) -> int:
    """The number of a segment's colour in the report's palette; its own where the model names none."""
    return int(model.segments[segment].get("colour", segment)) if model.segments else segment


TOP = 3


@dataclass(frozen=True)
class Drivers:
    """``features`` (n, ``TOP``): columns of the model's features, most telling first, -1 where fewer of them speak for
    the segment; ``high`` (n, ``TOP``): whether the customer's value is above the average training customer's."""

    features: np.ndarray
    high: np.ndarray


def drivers(model: SegmentModel, located: Located) -> Drivers:
    """The features that bring a customer closer to the own segment's centre than to the next one's.

    A squared distance is a sum over features, so the difference of the two distances is one too; the largest summands
    are what drove it. They are its Shapley values against the point halfway between the two centres, where neither
    segment is nearer: SHAP would add samples and time, and no other number. Always in scaled features, in which centres
    have a meaning even where codes were clustered. For a customer in no segment the two nearest segments are compared.
    What was filled in drives nothing.
    """
    own, following = located.order[:, :2].T
    to_own = (located.scaled - model.scaled_centroids[own]) ** 2
    gain = (located.scaled - model.scaled_centroids[following]) ** 2 - to_own
    gain = np.where(located.known, gain, -np.inf)
    columns = (-gain).argsort(axis=1, kind="stable")[:, :TOP]
    speaks = np.take_along_axis(gain, columns, axis=1) > 0
    high = np.take_along_axis(located.scaled, columns, axis=1) > 0
    return Drivers(np.where(speaks, columns, -1), high)
