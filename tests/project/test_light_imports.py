"""What reads results, names segments or places customers starts without the libraries that cluster them."""

import subprocess
import sys

from seg_utils.core.paths import PROJECT

LIGHT = (
    "seg_utils.evaluation",
    "seg_utils.personas",
    "seg_utils.reporting.narrative",
    "seg_utils.reporting.run_artefacts",
    "seg_utils.reporting.sections",
    "seg_utils.scoring.files.scoring",
    "seg_utils.strategy",
)


def test_scikit_learn_and_scipy_are_imported_where_they_compute():
    script = f"import sys, {', '.join(LIGHT)}; sys.exit(' '.join({{'sklearn', 'scipy'}} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_engine_is_imported_only_where_there_is_a_table():
    imports = "import sys; from seg_utils import data; from seg_utils.core import paths"
    imports += "; from seg_utils.pipeline import driver"
    engine = "sys.exit(' '.join({'ibis', 'duckdb', 'sqlglot'} & set(sys.modules)) or 0)"
    script = f"{imports}; data.load(paths.SAMPLE); {engine}"
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
