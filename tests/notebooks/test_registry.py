"""What 03 does for an algorithm by what the registry says of it."""

from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pytest

from seg_utils.core import artefacts, paths
from seg_utils.core.algorithms import Algorithm


@pytest.mark.parametrize("gives_them", [True, False])
def test_03_writes_probabilities_of_any_algorithm_that_gives_them(tmp_path, gives_them):
    cells = nbformat.read(paths.NOTEBOOKS / "03_clustering.ipynb", as_version=4).cells
    [source] = [cell.source for cell in cells if '"memberships.parquet"' in cell.source]
    shares = np.array([[0.75, 0.25], [0.5, 0.5], [0.0, 1.0]])
    registry = SimpleNamespace(ALGORITHMS={"own": Algorithm("an algorithm of one's own", memberships=gives_them)})
    found = SimpleNamespace(rule=SimpleNamespace(memberships=lambda X: shares))
    customers = pd.DataFrame({"customer_id": [*"abc"]})
    names = {"algorithm": "own", "algorithms": registry, "found": found, "X": shares, "k": 2, "customers": customers}
    exec(source, names | {"run": tmp_path, "artefacts": artefacts, "np": np, "pd": pd})
    path = tmp_path / "memberships.parquet"
    assert path.exists() == gives_them
    if gives_them:
        assert pd.read_parquet(path).columns.tolist() == ["customer_id", "segment_0", "segment_1"]
