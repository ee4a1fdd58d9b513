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
