"""The API held against its own description."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from seg_utils.scoring.answer import Answerer

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


ADDRESSES = {
    "/predict": "POST", "/predict/batch": "POST", "/drift": "POST",
    "/segments": "GET", "/health": "GET", "/form": "GET",
}  # fmt: skip
CASES = [(path, GenerationMode.POSITIVE) for path in ADDRESSES]
CASES += [(path, GenerationMode.NEGATIVE) for path, method in ADDRESSES.items() if method == "POST"]


@pytest.fixture(scope="module")
def described(client):
    return schemathesis.openapi.from_url(f"{client.base_url}/openapi.json")


@pytest.mark.parametrize(("path", "mode"), CASES)
def test_answers_are_as_described(described, path, mode):
    """Whatever is sent, meant well or not."""

    @given(described[path][ADDRESSES[path]].as_strategy(generation_mode=mode))
    @settings(max_examples=30, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    def hold(case):
        case.call_and_validate(checks=CHECKS)

    hold()


def test_every_address_is_described(client):
    told = client.get("/openapi.json").json()
    assert told["openapi"].startswith("3.0.")
    assert {path: next(iter(said)).upper() for path, said in told["paths"].items()} == ADDRESSES
    example = told["components"]["schemas"]["Customer"]["example"]
    assert client.post("/predict", json=example).status_code == 200


def test_limits_are_those_of_the_model(client, models):
    described = client.get("/openapi.json").json()["components"]["schemas"]["Features"]["properties"]
    inputs = Answerer(models.made()).inputs.all
    assert {one.maximum for one in inputs if one.kind == "frequency"} == {1, 2}
    for one in inputs:
        assert (described[one.name]["minimum"], described[one.name]["maximum"]) == (one.minimum, one.maximum)
        largest = client.post("/predict", json={"features": {one.name: described[one.name]["maximum"]}})
        assert largest.status_code == 200
        beyond = client.post("/predict", json={"features": {one.name: 1.01 * described[one.name]["maximum"]}})
        assert beyond.status_code == 422


def test_the_least_that_is_described_is_the_least_that_is_taken(client):
    described = client.get("/openapi.json").json()["components"]["schemas"]
    example = described["Customer"]["example"]
    assert (described["Customers"]["minItems"], described["Features"]["minProperties"]) == (1, 1)
    one_feature = {"features": dict([next(iter(example["features"].items()))])}
    for address, taken, refused in (
        ("/predict", one_feature, {"features": {}}),
        ("/predict/batch", [one_feature], []),
        ("/drift", [example], []),
    ):
        assert client.post(address, json=taken).status_code == 200
        assert client.post(address, json=refused).status_code == 422
