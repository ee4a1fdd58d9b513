import pytest

from seg_utils.claims import verdict
from seg_utils.core import marked_yaml
from seg_utils.core.errors import CatalogueError


@pytest.fixture
def read(tmp_path):
    def read(text, tolerance=0.05):
        path = tmp_path / "one.yml"
        path.write_text(f"expect: {text}")
        return verdict.read_expectation(marked_yaml.load(path).section("expect"), tolerance)

    return read


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("{from: 0.25, to: 0.35}", (0.25, 0.3, 0.35), (0.2499, 0.3501)),
        ("{from: 3, to: 3}", (3,), (2.999, 3.001)),
        ("{from: 3}", (3, 1e9), (2.999,)),
        ("{to: 0.1}", (-5, 0.1), (0.1001,)),
        ("{value: 200}", (190, 210), (189, 211)),
        ("{value: -200}", (-190, -210), (-189, 200)),
        ("{exactly: 7}", (7,), (6, 8)),
        ("{above: 0}", (1e-9,), (0, -1)),
        ("{below: 1}", (0.999,), (1, 2)),
    ],
)
def test_what_agrees_with_a_claim(read, text, inside, outside):
    expected = read(text)
    assert all(map(expected.holds, inside))
    assert not any(map(expected.holds, outside))
    assert not expected.holds(float("nan"))


@pytest.mark.parametrize(
    ("text", "unit", "said"),
    [
        ("{from: 50000, to: 60000}", "whole", "50,000–60,000"),
        ("{from: 0.4, to: 0.5}", "share", "40.0 %–50.0 %"),
        ("{from: 0.5}", "share", "at least 50.0 %"),
        ("{to: 0.01}", "points", "at most 1.0 points"),
        ("{above: 1}", "times", "above 1.00×"),
        ("{below: 1}", "times", "below 1.00×"),
        ("{value: 0.212}", "decimal", "0.212"),
        ("{exactly: 1}", "place", "first"),
    ],
)
def test_a_claim_in_words(read, text, unit, said):
    assert read(text).text(unit) == said


@pytest.mark.parametrize("text", ["{}", "{value: 1, to: 2}", "{around: 3}", "{above: 1, below: 2}"])
def test_a_claim_told_in_no_known_way_is_refused(read, text):
    with pytest.raises(CatalogueError, match=r"expect is one of"):
        read(text)


def test_a_range_upside_down_is_refused(read):
    with pytest.raises(CatalogueError, match="from 3 is above to 2"):
        read("{from: 3, to: 2}")
