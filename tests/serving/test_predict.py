"""One customer by request."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seg_utils.scoring.answer import Answerer


def problems(response):
    assert response.status_code == 422, response.text
    return {".".join(map(str, one["loc"])): one["msg"] for one in response.json()["detail"]}


def test_the_example_customer_is_answered_as_in_python(client, models):
    answerer = Answerer(models.made())
    response = client.post("/predict", json={"features": models.EXAMPLE})
    assert response.status_code == 200
    answer, expected = response.json(), answerer.answer(answerer.inputs.read(models.EXAMPLE))
    assert answer.pop("former_segment") is None  # the model lies beside no customers
    assert answer.pop("position") == pytest.approx(expected.pop("position"))
    assert answer == expected


def test_every_bundled_customer_gets_the_segment_and_distance_of_python(client, models):
    made = models.made()
    frame = models.sample()
    names = list(made.space.features)
    values = models.values(frame, made).tolist()
    rows = [{name: None if x != x else x for name, x in zip(names, row, strict=True)} for row in values]
    sent = [{"id": name, "features": row} for name, row in zip(frame["customer_id"], rows, strict=True)]
    found = []
    for start in range(0, len(sent), 3000):
        found += client.post("/predict/batch", json=sent[start : start + 3000]).json()
    placed = made.place(frame)
    assert [one["id"] for one in found] == frame["customer_id"].tolist()
    assert [one["cluster_id"] for one in found] == placed["segment"].tolist()
    assert [one["distance_to_center"] for one in found] == pytest.approx(placed["distance"].tolist(), abs=1e-9)
    assert [one["confidence_score"] for one in found] == pytest.approx(placed["confidence"].tolist(), abs=1e-9)


@pytest.mark.parametrize(
    ("body", "where", "what"),
    [
        (b"", "body", "not JSON"),
        (b"{", "body", "not JSON"),
        (b"null", "body", "must be an object"),
        (b"[]", "body", "must be an object"),
        (b"{}", "body.features", "must be an object of numbers"),
        (b'{"features": {}}', "body.features", "give at least one value"),
        (b'{"features": {"BALANCE": null, "CUST_ID": 5}}', "body.features", "give at least one value"),
        (b'{"features": []}', "body.features", "must be an object of numbers"),
        (b'{"features": {}, "more": 1}', "body.more", "is not known here"),
        (b'{"features": {"BALANCE": NaN}}', "body", "NaN is not a number"),
        (b'{"features": {"BALANCE": -Infinity}}', "body", "-Infinity is not a number"),
        (b'{"features": {"BALANCE": 1e999}}', "body.features.BALANCE", "must be between"),
        (b'{"features": {"BALANCE": ' + b"9" * 5000 + b"}}", "body", "a number is too long"),
        (b'{"features": {"BALANCE": ' + b"9" * 4000 + b"}}", "body.features.BALANCE", "must be between"),
        (b'{"features": {"BALANCE": true}}', "body.features.BALANCE", "must be a number"),
        (b'{"features": {"BALANCE": "12"}}', "body.features.BALANCE", "must be a number"),
        (b'{"features": {"BALANCE": 1, "BALANCE": 2}}', "body", "'BALANCE' stands twice"),
        (b'{"features": {"BALANCE": 1, "balance": 2}}', "body.features.balance", "one more value for BALANCE"),
        (b'{"features": {"BALENCE": 1}}', "body.features.BALENCE", "is no feature of this model"),
        (b'{"features": {"\xff": 1}}', "body", "not UTF-8"),
        (b'{"features": {"\\ud800": 1}}', "body", "not UTF-8"),
        (b"[" * 50_000, "body", "nested too deeply"),
        (b'{"a":' * 10_000, "body", "nested too deeply"),
    ],
)
def test_bad_input_is_answered_with_field_and_reason(client, body, where, what):
    told = problems(client.post("/predict", content=body))
    assert what in told[where]


def test_markup_and_formulas_come_back_as_json_text_and_nothing_else(client):
    name = "<script>alert(1)</script>=HYPERLINK()"
    response = client.post("/predict", json={"features": {name: 1}})
    assert response.headers["content-type"] == "application/json"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert name[:40] in response.text


def test_what_curl_sends_without_a_content_type_is_understood(client, models):
    sent = json.dumps({"features": models.EXAMPLE})
    response = client.post("/predict", content=sent, headers={"content-type": "application/x-www-form-urlencoded"})
    assert response.status_code == 200


def test_segments_and_health_and_form(client, models):
    made = models.made()
    told = client.get("/segments").json()
    assert [one["cluster_name"] for one in told] == [one["persona"] for one in made.segments]
    assert [one["customers"] for one in told] == list(made.sizes)
    assert [one["share"] for one in told] == [size / sum(made.sizes) for size in made.sizes]
    health = client.get("/health").json()
    assert (health["status"], health["model"], health["problem"]) == ("ok", made.to_dict()["sha256"], None)
    assert [one["name"] for one in client.get("/form").json()["inputs"]] == list(made.space.features)


@pytest.mark.parametrize(
    "path", ["/assets/../model.json", "/assets/%2e%2e%2fmodel.json", "/assets/x.js", "/model.json"]
)
def test_no_other_file_can_be_had(client, path):
    assert client.get(path).status_code == 404


NAMES = ["features", "BALANCE", "id", "é"]
BROKEN = st.one_of(
    st.binary(max_size=200),
    st.builds(
        lambda body, place, noise: body[: place % len(body)] + noise + body[place % len(body) :],
        st.just(json.dumps({"features": {"BALANCE": 1500.5, "TENURE": 12, "PURCHASES": None}}).encode()),
        st.integers(0, 1000),
        st.binary(min_size=1, max_size=5),
    ),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=10),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
        max_leaves=8,
    ).map(lambda value: json.dumps(value).encode()),
)  # fmt: skip


@pytest.mark.parametrize("path", ["/predict", "/predict/batch"])
def test_nothing_that_is_sent_is_a_fault_of_the_server_or_answered_otherwise_than_described(client, path):
    described = client.get("/openapi.json").json()["paths"][path]["post"]["responses"].keys()

    @given(BROKEN, st.sampled_from(["application/json", "text/csv", "multipart/form-data; boundary=x", "x/y", ""]))
    @settings(max_examples=120, derandomize=True, deadline=None, database=None)
    def hold(body, kind):
        status = client.post(path, content=body, headers={"content-type": kind}).status_code
        assert status in (200, 413, 415, 422)
        assert str(status) in described

    hold()
