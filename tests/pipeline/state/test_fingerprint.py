import ast
import json
from pathlib import Path

import pytest

from seg_utils.core import paths
from seg_utils.pipeline import stages
from seg_utils.pipeline.state import fingerprint
from seg_utils.pipeline.state.layout import Layout


def notebook(path, *sources, **extra):
    cells = [{"cell_type": "code", "metadata": {}, "source": source, "outputs": [], **extra} for source in sources]
    path.write_text(json.dumps({"cells": cells}))
    return path


def test_files_of_one_name_in_folders_of_one_name_are_told_apart(tmp_path):
    """Campaigns of two runs may be called the same; a file that is named twice is one."""
    paths_given = [tmp_path / run / "first" / "measured.yml" for run in ("k5", "k7", "k7")]
    for path in paths_given[:2]:
        path.parent.mkdir(parents=True)
        path.write_text(str(path))
    before = fingerprint.files(paths_given)
    assert list(before) == ["first/measured.yml", "first/measured.yml (2)"]
    assert fingerprint.files(paths_given[:1]).items() <= before.items()
    for path, key in zip(paths_given, before, strict=False):
        path.write_text("other")
        now = fingerprint.files(paths_given)
        assert fingerprint.changes(before, now) == [key]
        before = now


def test_outputs_do_not_change_a_notebooks_hash(tmp_path):
    plain = fingerprint.notebook(notebook(tmp_path / "a.ipynb", "x = 1"))
    executed = notebook(tmp_path / "b.ipynb", "x = 1", execution_count=3, outputs=[{"output_type": "stream"}])
    assert fingerprint.notebook(executed) == plain


def test_source_changes_a_notebooks_hash(tmp_path):
    one = fingerprint.notebook(notebook(tmp_path / "a.ipynb", "x = 1"))
    assert fingerprint.notebook(notebook(tmp_path / "a.ipynb", "x = 2")) != one


def test_a_notebook_depends_on_what_its_imports_import(tmp_path):
    path = notebook(tmp_path / "a.ipynb", "%matplotlib inline\nfrom seg_utils.scoring import model\nmodel")
    found = fingerprint.notebook_modules(path)
    assert {
        "seg_utils/scoring/model.py",
        "seg_utils/features/feature_space.py",
        "seg_utils/clustering/__init__.py",
    } <= set(found)
    assert "seg_utils/pipeline/driver.py" not in found


def test_the_clustering_stops_do_not_depend_on_personas():
    for name in ("01_eda", "02_k_selection", "03_clustering"):
        found = fingerprint.notebook_modules(paths.NOTEBOOKS / f"{name}.ipynb")
        assert not [module for module in found if module.startswith(("seg_utils/personas", "seg_utils/strategy"))]


def test_the_notebooks_import_no_pipeline():
    for path in [*paths.NOTEBOOKS.glob("*.ipynb"), paths.REPORT / "report.ipynb"]:
        found = fingerprint.notebook_modules(path)
        assert not [
            module for module in found if module.startswith(("seg_utils/pipeline", "seg_utils/reporting/rendering"))
        ]


def test_a_change_to_exports_or_the_model_card_runs_no_notebook_again():
    exports = set(fingerprint.modules([stages.exports(Layout(Path("d"), Path("s")), 7).module]))
    assert {"seg_utils/reporting/model_card.py", "seg_utils/reporting/exports/files.py"} <= exports
    for path in [*paths.NOTEBOOKS.glob("*.ipynb"), paths.REPORT / "report.ipynb"]:
        found = fingerprint.notebook_modules(path)
        own = ("seg_utils/reporting/exports", "seg_utils/reporting/model_card", "seg_utils/reporting/run_exports")
        assert not [module for module in found if module.startswith(own)]


def test_changes_names_what_came_went_or_differs():
    assert fingerprint.changes({"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 2, "d": 1}) == ["b", "c", "d"]


def test_an_import_is_found_wherever_it_stands(tmp_path):
    source = """
if 1:
    def f():
        try:
            from seg_utils.core import words
        except ImportError:
            import seg_utils.core.errors
        else:
            match 1:
                case 1:
                    with open(""): import seg_utils.core.paths
        finally:
            import seg_utils.core.threads
"""
    found = fingerprint.notebook_modules(notebook(tmp_path / "a.ipynb", source))
    assert {f"seg_utils/core/{name}.py" for name in ("words", "errors", "paths", "threads")} <= set(found)


def test_import_statements_alone_say_what_a_module_imports():
    for path in sorted(paths.PROJECT.joinpath("seg_utils").rglob("*.py")):
        source = path.read_bytes()
        whole = fingerprint._ours(fingerprint._imports(ast.parse(source), "seg_utils.core"))
        assert fingerprint._module_imports(source, "seg_utils.core") == whole, path


@pytest.mark.parametrize(
    "source",
    [
        "import seg_utils.core.words; import seg_utils.core.paths",
        "x = 1; import seg_utils.core.paths",
        "if True: import seg_utils.core.paths",
        "from seg_utils.core import (  # words)\n    paths,\n)",
        "from seg_utils.core import words, \\\n    paths",
        "from seg_utils.core import (words,\n\n   paths)",
        "from .core import paths",
        "from.core import paths",
        "import seg_utils.core.words, \\\n    seg_utils.core.paths\nimport os",
        '"""\nimport what it needs\n"""\nimport seg_utils.core.paths',
        '"""\nfrom (one\n"""\nimport seg_utils.core.paths as here',
    ],
)
def test_imports_of_any_form_are_seen(source):
    assert "seg_utils.core.paths" in fingerprint._module_imports(source.encode(), "seg_utils")
