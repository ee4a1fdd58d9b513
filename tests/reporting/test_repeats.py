import pytest

from seg_utils.reporting.narrative import repeats


def verdict(ks=None, otherwise=None, recommended=6):
    return {"repeats": ks, "otherwise": otherwise, "recommended_k": recommended}


def row(k, scale="log", without=None):
    return {"scale": scale, "without": without, "recommended_k": k}


def test_what_was_not_computed_is_said():
    assert "not computed" in repeats.came_again(verdict())
    assert repeats.same_again(verdict()) is None
    assert repeats.on_scales(verdict()) == repeats.without_features(verdict()) == repeats.disagreement(verdict()) == ""
    assert repeats.names_again([{"persona": "Savers", "name_survives": None}]) == ""


def test_how_often_each_number_of_segments_won():
    asked = verdict([6] * 25 + [None] * 3 + [5] * 2)
    assert repeats.came_again(asked).endswith("25 of the 30 came to 6 segments, 3 to no segments, 2 to 5 segments.")
    assert repeats.same_again(asked) == (25, 30)


def test_the_verdict_by_scale_and_without_features():
    asked = verdict(
        otherwise=[
            row(6), row(None, "standard"), row(None, "robust"),
            row(5, without="BALANCE"), row(6, without="PURCHASES"), row(None, without="TENURE"),
        ]
    )  # fmt: skip
    assert repeats.on_scales(asked) == "The rule's verdict by scale: log, 6 segments; standard and robust, no segments."
    assert "without Balance, 5 segments; without Tenure, no segments; without any other one, 6 segments" in (
        repeats.without_features(asked)
    )
    assert "on another scale (standard and robust, no segments) and without one of 2 features" in (
        repeats.disagreement(asked)
    )


def test_no_disagreement_is_no_sentence():
    asked = verdict(otherwise=[row(6), row(6, "standard"), row(6, without="BALANCE")])
    assert repeats.disagreement(asked) == ""
    assert "still says 6 segments" in repeats.without_features(asked)


@pytest.mark.parametrize(("share", "says"), [(0.95, "Every name"), (0.4, "Savers in 40 %; the other 1 in at least")])
def test_names_that_come_back(share, says):
    people = [{"persona": "Savers", "name_survives": share}, {"persona": "Dormant", "name_survives": 1.0}]
    assert says in repeats.names_again(people)
