"""What goes in and comes out, as OpenAPI says it. Bodies are read and checked by our own code, which is faster and
stricter than a generated one; the tests hold both together."""

import math
from typing import Any

from seg_utils.core import dictionary
from seg_utils.scoring.inputs import Inputs

NUMBER = {"type": "number"}
TEXT = {"type": "string"}
WHOLE = {"type": "integer"}

# A customer whose figures fit together; of other columns the example holds the typical value
EXAMPLE = {
    "BALANCE": 1500, "BALANCE_FREQUENCY": 0.9, "PURCHASES": 1000, "ONEOFF_PURCHASES": 500,
    "INSTALLMENTS_PURCHASES": 500, "CASH_ADVANCE": 300, "PURCHASES_FREQUENCY": 0.8,
    "ONEOFF_PURCHASES_FREQUENCY": 0.3, "PURCHASES_INSTALLMENTS_FREQUENCY": 0.5, "CASH_ADVANCE_FREQUENCY": 0.2,
    "CASH_ADVANCE_TRX": 5, "PURCHASES_TRX": 30, "CREDIT_LIMIT": 5000, "PAYMENTS": 2000, "MINIMUM_PAYMENTS": 100,
    "PRC_FULL_PAYMENT": 0.3, "TENURE": 12,
}  # fmt: skip


def record(properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties, **more}


def listed(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _features(inputs: Inputs) -> dict[str, Any]:
    """A value for each feature of the model, within its limits; others of the dictionary are known but not used."""
    known = {
        feature.name: {
            "type": "number",
            "nullable": True,
            "description": f"{feature.description}; not used by this model",
        }
        for feature in dictionary.load().features
    }
    for feature in inputs.all:
        limits = {"minimum": feature.minimum, "maximum": feature.maximum}
        known[feature.name] = {
            "type": "number",
            "nullable": True,
            "description": f"{feature.description} ({feature.unit})",
            **{name: value for name, value in limits.items() if math.isfinite(value)},
        }
    return known


ACTIONS = record({"now": TEXT, "later": TEXT})
NEAR = record({"cluster_id": WHOLE, "cluster_name": TEXT, "distance": NUMBER})
DRIVER = record({"feature": TEXT, "label": TEXT, "direction": {"type": "string", "enum": ["high", "low"]}})
WARNING = record({"field": TEXT, "message": TEXT})
ANSWER = {
    "cluster_id": {**WHOLE, "description": "-1 for a customer who is in no segment"},
    "cluster_name": TEXT,
    "cluster_description": TEXT,
    "confidence_score": {"type": "number", "minimum": 0, "maximum": 1},
    "confidence": TEXT,
    "distance_to_center": {"type": "number", "minimum": 0},
    "nearest_segments": listed(NEAR, maxItems=3),
    "drivers": listed(DRIVER, maxItems=3),
    "actions": ACTIONS,
    "imputed": listed(TEXT),
    "warnings": listed(WARNING),
    "position": listed(NUMBER, minItems=2, maxItems=2),
    "former_segment": record(
        {"cluster_id": WHOLE, "cluster_name": TEXT, "period": {"type": "string", "nullable": True}}, nullable=True
    ),
}
SEGMENT = record(
    {"cluster_id": WHOLE, "cluster_name": TEXT, "cluster_description": TEXT, "customers": WHOLE, "share": NUMBER,
     "actions": ACTIONS, "position": listed(NUMBER, minItems=2, maxItems=2)}
)  # fmt: skip
HEALTH = record(
    {"status": TEXT, "version": TEXT, "model": TEXT, "algorithm": TEXT, "segments": WHOLE, "features": WHOLE,
     "customers": WHOLE, "problem": {"type": "string", "nullable": True}}
)  # fmt: skip
SHARE = {"type": "number", "minimum": 0, "maximum": 1}
SHIFT = {"psi": NUMBER, "noise": {**NUMBER, "description": "the PSI that chance alone may bring"}, "verdict": TEXT}
DRIFT = record(
    {
        "customers": WHOLE,
        "outside_training_range": {**WHOLE, "description": "customers with a value that no training customer had"},
        "warnings": listed(TEXT, description="What make score would say of them, the worst feature first"),
        "segments": listed(
            record({"segment": WHOLE, "persona": TEXT, "customers": WHOLE, "share": SHARE, "training_share": SHARE})
        ),
        "segment_shares": record(SHIFT),
        "together": record(
            {"distance": record(SHIFT),
             "between": record({"share": SHARE, "training_share": SHARE, "noise": NUMBER, "verdict": TEXT}),
             "pair": record({"first": TEXT, "second": TEXT, "correlation": NUMBER, "training_correlation": NUMBER,
                             "verdict": TEXT})}
        ),
        "features": listed(
            record(
                {"feature": TEXT, "label": TEXT, **SHIFT, "missing_share": SHARE, "training_missing_share": SHARE,
                 "below_share": SHARE, "above_share": SHARE, "training_low": NUMBER, "training_high": NUMBER,
                 "outside": {"type": "boolean"}}
            )
        ),
    }
)  # fmt: skip
PROBLEM = record({"type": TEXT, "loc": listed({"anyOf": [TEXT, WHOLE]}), "msg": TEXT})


def components(inputs: Inputs) -> dict[str, Any]:
    """All named schemas, for a model of these inputs."""
    features = {"properties": _features(inputs), "minProperties": 1, "additionalProperties": False}
    return {
        "Features": {"type": "object", "description": "At least one value of the model's features", **features},
        "Customer": {
            "type": "object",
            "required": ["features"],
            "properties": {"id": {"type": "string"}, "features": ref("Features")},
            "additionalProperties": False,
            "example": {
                "features": {feature.name: EXAMPLE.get(feature.name, feature.typical) for feature in inputs.all}
            },
        },
        "Customers": listed(ref("Customer"), minItems=1),
        "Answer": record(ANSWER),
        "BatchAnswer": listed(record({"id": TEXT, **ANSWER})),
        "Drift": DRIFT,
        "ScoredAndCompared": record({"drift": ref("Drift"), "scored": {**TEXT, "description": "The answer as CSV"}}),
        "Segments": listed(SEGMENT),
        "Health": HEALTH,
        "Problems": record({"detail": listed(PROBLEM)}),
        "Refusal": record({"detail": TEXT}),
    }


def body(**content: dict[str, Any]) -> dict[str, Any]:
    """A request body by media type, as ``openapi_extra`` takes it."""
    return {"requestBody": {"required": True, "content": content}}


def response(schema: str, description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": ref(schema)}}}


# What every request with a body may be answered
REFUSALS: dict[int, dict[str, Any]] = {
    400: response("Refusal", "The Host header names another server, or the request is no HTTP this server understands"),
    401: response("Refusal", "A token is needed"),
    408: response("Refusal", "The body took too long"),
    413: response("Refusal", "The body is too large"),
    422: response("Problems", "What is wrong, and where"),
}

# What every request may be answered
QUIET: dict[int, dict[str, Any]] = {status: REFUSALS[status] for status in (400, 401, 413)}
