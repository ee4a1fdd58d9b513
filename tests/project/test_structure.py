"""What keeps the package easy to find one's way in. The order of its packages is import-linter's to check."""

import ast
import importlib

import nbformat
import pytest

from seg_utils.core import paths

PACKAGE = paths.PROJECT / "seg_utils"
MODULES = sorted(PACKAGE.rglob("*.py"))
NOTEBOOKS = sorted([*paths.NOTEBOOKS.glob("*.ipynb"), *paths.REPORT.glob("*.ipynb")])


def test_every_module_is_in_a_package():
    assert sorted(path.name for path in PACKAGE.glob("*.py")) == ["__init__.py", "__main__.py"]


def test_contributing_lists_every_package():
    text = (paths.PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    packages = {path.parent.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("__init__.py")} - {"."}
    assert [package for package in sorted(packages) if f"`{package}/`" not in text] == []


def test_modules_and_functions_fit_a_screen_or_two():
    long_modules = [path.name for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 350]
    long_functions = [
        f"{path.name}:{node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 60
    ]
    assert long_modules + long_functions == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_import_what_there_is(path):
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    nodes = [node for source in cells for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom)]
    imports = [(node.module, name.name) for node in nodes for name in node.names if node.module.startswith("seg_utils")]
    assert imports
    for module, name in imports:
        if not hasattr(importlib.import_module(module), name):
            importlib.import_module(f"{module}.{name}")
