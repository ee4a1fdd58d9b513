import json

import numpy as np
import pytest

from seg_utils.strategy import formulas
from seg_utils.strategy.formulas import Computed, given_names, tree


def test_formulas_are_computed_when_asked_for():
    given = {"price.a": 2.0, "x": np.array([1.0, -3.0, 5.0])}
    found = Computed(
        {
            "double": "price.a * x",
            "share": "double / all.double if all.double > 0 and price.a == 2 else nothing",
            "least": "min(x, -x ** 2 + 1)",
            "unknown": "1 / (x - x) if x > 9 else nothing",
        },
        given,
    )
    assert found["share"].tolist() == pytest.approx([2 / 6, -6 / 6, 10 / 6])
    assert found["least"].tolist() == [0, -8, -24]
    assert np.isnan(found["unknown"]).all()
    assert given_names(found.formulas, "share") == {"price.a", "x", "nothing"}


@pytest.mark.parametrize("formula", ["x @ y", "__import__('os')", "[1]", "x or y", "1 < x < 2", "f(x)", "x.y.z"])
def test_nothing_else_is_a_formula(formula):
    with pytest.raises((ValueError, KeyError)):
        tree(formula)


def test_every_formula_can_be_written_as_json():
    for formula in (formulas.PRICES | formulas.GROUPS | dict(formulas.SEGMENTS)).values():
        assert json.loads(json.dumps(tree(formula))) == tree(formula)
