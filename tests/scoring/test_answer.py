"""One customer in, one answer out: what is read, refused, noted, and said."""

import base64
import math

import numpy as np
import pytest

from seg_utils.clustering import OUTLIERS
from seg_utils.scoring.answer import Answerer, drivers
from seg_utils.scoring.inputs import CUSTOMER
from seg_utils.scoring.payload import fits, form, payload


@pytest.fixture(scope="module")
def answerer(models):
    return Answerer(models.made())


def fields(notes):
    return [note.field for note in notes]


def test_the_example_customer_gets_every_field(answerer, models):
    made = answerer.model
    answer = answerer.answer(answerer.inputs.read(models.EXAMPLE))
    placed = made.place(models.sample().head(1).assign(**models.EXAMPLE)).iloc[0]
    assert answer["cluster_id"] == placed["segment"]
    assert answer["cluster_name"] == made.segments[answer["cluster_id"]]["persona"]
    assert answer["cluster_description"] == made.segments[answer["cluster_id"]]["description"]
    assert answer["confidence_score"] == placed["confidence"]
    assert answer["distance_to_center"] == placed["distance"]
    assert [near["cluster_id"] for near in answer["nearest_segments"]][:2] == [
        placed["segment"],
        placed["next_segment"],
    ]
    assert len(answer["nearest_segments"]) == 3
    assert answer["actions"] == made.segments[answer["cluster_id"]]["actions"]
    assert answer["imputed"] == answer["warnings"] == []


def test_an_answer_that_fills_most_features_in_is_never_clear(answerer, models):
    features = [feature.name for feature in answerer.inputs.all]
    few = {features[0]: models.EXAMPLE[features[0]]}
    assert answerer.answer(answerer.inputs.read(few))["confidence"] != "clear"
    assert answerer.sureness(0.9, imputed=len(features) // 2) == "clear"
    assert answerer.sureness(0.9, imputed=len(features) // 2 + 1) == "likely"


@pytest.mark.parametrize("kind", ["centres", "mixture", "exemplars", "encoded"])
def test_one_customer_and_many_get_the_same_numbers(models, kind):
    answerer = Answerer(models.made(kind))
    values = models.values(models.sample().head(60), answerer.model)
    together = answerer.answers(values, [answerer.inputs.noted(row) for row in values])
    for row, among_many in zip(values, together, strict=True):
        alone = answerer.answer(answerer.inputs.noted(row))
        assert alone["cluster_id"] == among_many["cluster_id"]
        assert alone["distance_to_center"] == pytest.approx(among_many["distance_to_center"], abs=1e-9)
        assert alone["confidence_score"] == pytest.approx(among_many["confidence_score"], abs=1e-9)


def test_each_answer_holds_the_customers_own_segments_distances_and_drivers(answerer, models):
    made = answerer.model
    values = models.values(models.sample().head(60), made)
    located = made.locate_values(values)
    driven, names = drivers(made, located), made.space.features
    assert (driven.features == 0).any(), "the first feature drives some, too"
    told = answerer.answers(values, [answerer.inputs.noted(row) for row in values])
    for row, answer in enumerate(told):
        pairs = zip(driven.features[row], driven.high[row], strict=True)
        expected = [(names[column], "high" if high else "low") for column, high in pairs if column >= 0]
        assert [(one["feature"], one["direction"]) for one in answer["drivers"]] == expected
        nearest = [(one["cluster_id"], one["distance"]) for one in answer["nearest_segments"]]
        assert nearest == [(near, located.distances[row, near]) for near in located.order[row, : len(nearest)]]
        assert answer["cluster_name"] == models.words(answer["cluster_id"])["persona"]


def test_names_may_be_spelt_as_in_a_file(answerer):
    reading = answerer.inputs.read({"balance": 5, "Credit line": 9, "PRCFULLPAYMENT": 0.5, "cust id": "A1"})
    assert reading.problems == []
    given = dict(zip((one.name for one in answerer.inputs.all), reading.values, strict=True))
    assert (given["BALANCE"], given["CREDIT_LIMIT"], given["PRC_FULL_PAYMENT"]) == (5, 9, 0.5)


def test_what_is_absent_or_null_is_imputed_as_in_training(answerer, models):
    made = answerer.model
    reading = answerer.inputs.read({"BALANCE": None, "TENURE": 12})
    assert reading.imputed == [name for name in made.space.features if name != "TENURE"]
    whole = dict(zip(made.space.features, made.space.fill, strict=True)) | {"TENURE": 12}
    filled, blank = answerer.answer(answerer.inputs.read(whole)), answerer.answer(reading)
    assert blank["distance_to_center"] == filled["distance_to_center"]
    assert blank["imputed"] == reading.imputed


@pytest.mark.parametrize("features", [{}, {"BALANCE": None}, {"CUST_ID": 7}])
def test_a_customer_of_whom_nothing_is_known_is_refused(answerer, features):
    (problem,) = answerer.inputs.read(features).problems
    assert problem == (CUSTOMER, "no value in any feature; give at least one value")


def test_more_filled_in_than_given_is_noted(answerer, models):
    names = [one.name for one in answerer.inputs.all]
    half = len(names) // 2
    few, most = ({name: models.EXAMPLE[name] for name in names[-count:]} for count in (half, half + 1))
    (warning,) = answerer.inputs.read(few).warnings
    assert warning.field == CUSTOMER
    assert warning.message.startswith(f"{len(names) - half} of {len(names)} features are filled in")
    assert answerer.inputs.read(most).warnings == []


@pytest.mark.parametrize("kind", ["centres", "mixture", "exemplars", "encoded"])
def test_only_given_values_drive(models, kind):
    answerer = Answerer(models.made(kind))
    for name, value in models.EXAMPLE.items():
        answer = answerer.answer(answerer.inputs.read({name: value}))
        assert {driver["feature"] for driver in answer["drivers"]} <= {name}


def test_purchases_that_are_not_their_sum_are_noted(answerer, models):
    def noted(**changed):
        return fields(answerer.inputs.read(models.EXAMPLE | changed).warnings)

    assert noted(PURCHASES=1001.4) == []
    assert noted(PURCHASES=1002) == ["PURCHASES"]
    assert noted(PURCHASES=1002, ONEOFF_PURCHASES=None) == []
    message = answerer.inputs.read(models.EXAMPLE | {"PURCHASES": 1002}).warnings[0].message
    assert message == "Purchases are not the sum of one-off purchases and instalment purchases"


@pytest.mark.parametrize(("name", "value"), [("TENURE", 11.5), ("PURCHASES_TRX", 3.7)])
def test_a_fraction_of_a_count_is_noted_and_used(answerer, models, name, value):
    reading = answerer.inputs.read(models.EXAMPLE | {name: value})
    assert (fields(reading.problems), fields(reading.warnings)) == ([], [name])
    assert f"of {value} is no whole number" in reading.warnings[0].message


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (-0.01, "must be between 0 and 1,000,000,000,000"),
        (1e13, "must be between"),
        (10**400, "must be between"),
        (math.inf, "must be between"),
        (math.nan, "must be between"),
        ("5", "must be a number"),
        (True, "must be a number"),
        ([], "must be a number"),
        ({"BALANCE": 1}, "must be a number"),
    ],
)
def test_what_no_customer_can_have_is_refused_with_field_and_reason(answerer, value, reason):
    reading = answerer.inputs.read({"CREDIT_LIMIT": value})
    assert fields(reading.problems) == ["CREDIT_LIMIT"]
    assert reading.problems[0].message.startswith(reason)


def test_shares_above_one_are_refused_unless_training_customers_had_them(models):
    inputs = Answerer(models.made()).inputs
    assert fields(inputs.read({"PURCHASES_FREQUENCY": 1.01}).problems) == ["PURCHASES_FREQUENCY"]
    highest = models.made().reference.ranges["CASH_ADVANCE_FREQUENCY"].high
    assert highest > 1
    assert fields(inputs.read({"CASH_ADVANCE_FREQUENCY": highest}).warnings) == [CUSTOMER]
    a_little_more = inputs.read({"CASH_ADVANCE_FREQUENCY": 2})
    assert fields(a_little_more.problems) == []
    assert fields(a_little_more.warnings) == ["CASH_ADVANCE_FREQUENCY", CUSTOMER]
    assert fields(inputs.read({"CASH_ADVANCE_FREQUENCY": 2.01}).problems) == ["CASH_ADVANCE_FREQUENCY"]


def test_everything_wrong_is_told_at_once(answerer):
    reading = answerer.inputs.read({"CREDIT_LIMIT": -1, "nonsense": 1, "TENURE": "x", "tenure": 5})
    assert fields(reading.problems) == ["CREDIT_LIMIT", "nonsense", "TENURE", "tenure"]


def test_a_long_name_is_not_repeated_whole(answerer):
    reading = answerer.inputs.read({"x" * 10_000: 1})
    assert len(reading.problems[0].field) < 100


def test_outside_the_training_range_is_noted(answerer, models):
    assert answerer.inputs.read({"BALANCE": -12.5}).problems == []
    reading = answerer.inputs.read(models.EXAMPLE | {"BALANCE": 1e6})
    assert fields(reading.warnings) == ["BALANCE"]
    assert "lies outside what the training customers had" in reading.warnings[0].message


def test_a_feature_that_the_model_was_made_without_is_noted(models):
    inputs = Answerer(models.made(features=("BALANCE", "PURCHASES", "TENURE"))).inputs
    reading = inputs.read(models.EXAMPLE)
    assert reading.problems == []
    assert "CREDIT_LIMIT" in fields(reading.warnings)


def test_a_customer_in_no_segment_is_said_to_be_in_none(models):
    answerer = Answerer(models.made("exemplars"))
    placement = answerer.model.placement
    place = int(np.flatnonzero(placement.segments == OUTLIERS)[0])
    values = models.values(models.sample().iloc[[place]], answerer.model)
    answer = answerer.answer(answerer.inputs.noted(values[0]))
    assert (answer["cluster_id"], answer["cluster_name"]) == (OUTLIERS, "Outliers")
    assert answer["distance_to_center"] == answer["nearest_segments"][0]["distance"]


@pytest.mark.parametrize(("confidence", "words"), [(0.0, "between two segments"), (0.1, "likely"), (0.25, "clear")])
def test_confidence_in_words(answerer, confidence, words):
    assert answerer.sureness(confidence) == words


def test_a_payload_holds_what_places_and_nothing_of_training(models):
    made = models.made()
    told = payload(made)
    assert set(told) - set(form(made)) == {"features", "space", "placement", "centroids", "scaled_centroids"}
    assert [one["name"] for one in told["inputs"]] == list(made.space.features)
    assert fits(told)


def test_segments_of_a_form_have_their_colours_and_customers_in_none_have_no_such(models):
    segments = form(models.made("exemplars"))["segments"]
    coloured = {number for number, words in segments.items() if "colour" in words}
    assert coloured == {str(number) for number in range(len(segments) - 1)}
    assert set(segments) - coloured == {str(OUTLIERS)}


def test_large_arrays_of_a_payload_are_packed_and_small_ones_are_not(models):
    made = models.made("exemplars")
    placement, told = made.placement.to_dict(), payload(made)["placement"]
    assert {name for name, value in told.items() if isinstance(value, dict)} == {"points"}
    points = np.frombuffer(base64.b64decode(told["points"]["float64"]), dtype="<f8").reshape(told["points"]["shape"])
    assert points.tolist() == placement["points"]
    assert told["segments"] == placement["segments"]
