"""A model as the page's JavaScript needs it: nothing but what places one customer, and the words to say it."""

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from seg_utils.clustering import OUTLIERS
from seg_utils.core import dictionary
from seg_utils.evaluation.between_segments import CLEAR, LEAST, SURENESS
from seg_utils.scoring.answer import MEANING, NEAREST, TOP, colour, segments
from seg_utils.scoring.inputs import MOSTLY, ROUNDED, WHOLE, Inputs
from seg_utils.scoring.model import SegmentModel

# Characters of a model that a page may carry: with figures and text the report stays under 3 MB and opens at once.
# Reached by an encoder of about 150,000 weights, or by 8,950 exemplars of 17 features twice.
LARGEST = 1_600_000

# Arrays of more numbers are packed as little-endian float64 in base64, which is exact and half as long as JSON
PACKED = 1000


def payload(model: SegmentModel) -> dict[str, Any]:
    """The form's fields and the scorer's numbers, as plain values for JSON."""
    return form(model) | {
        "features": [{"feature": name, "label": dictionary.load().label(name)} for name in model.space.features],
        "space": _packed({**model.space.to_dict(), "inputs": model.space.inputs, "encoder": _encoder(model)}),
        "placement": _packed(model.placement.to_dict()),
        "centroids": _packed(model.centroids.tolist()),
        "scaled_centroids": _packed(model.scaled_centroids.tolist()),
    }


def form(model: SegmentModel) -> dict[str, Any]:
    """What a form needs whose answers are computed elsewhere."""
    kind, space = model.placement.kind, model.space
    inputs, fill = Inputs.of(model), dict(zip(space.features, space.fill, strict=True))
    return {
        "inputs": [asdict(feature) for feature in inputs.all],
        "notes": {"whole": WHOLE, "summed": inputs.summed, "rounded": ROUNDED, "mostly": MOSTLY},
        "impute": space.impute,
        "fill": [fill.get(name) for name in space.inputs],
        "currency": dictionary.load().currency,
        "segments": {
            str(number): {"name": segment.name, "description": segment.description, "actions": segment.actions}
            | ({} if number == OUTLIERS else {"colour": colour(model, number)})
            for number, segment in segments(model).items()
        },
        "sureness": {"words": SURENESS, "steps": [LEAST[kind], CLEAR[kind]], "meaning": MEANING[kind]},
        "nearest": NEAREST,
        "drivers": TOP,
    }


def fits(content: Mapping[str, Any]) -> bool:
    """Whether a page may carry this payload."""
    return len(json.dumps(content)) <= LARGEST


def _encoder(model: SegmentModel) -> dict[str, Any] | None:
    if model.space.encoder is None:
        return None
    encoder = model.space.encoder.to_dict()
    return {"weights": encoder["weights"], "biases": encoder["biases"]}


def _packed(value: Any) -> Any:
    """The same value with large arrays of numbers packed."""
    if isinstance(value, dict):
        return {name: _packed(part) for name, part in value.items()}
    if not isinstance(value, list) or not value or isinstance(value[0], str):
        return value
    try:
        array = np.asarray(value, dtype=np.float64)
    except ValueError:  # ragged: the layers of an encoder
        return [_packed(part) for part in value]
    if array.size <= PACKED:
        return value
    return {"shape": list(array.shape), "float64": base64.b64encode(array.astype("<f8").tobytes()).decode("ascii")}
