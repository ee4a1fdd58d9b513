"""What keeps the package easy to find one's way in. The order of its packages is import-linter's to check."""

import ast

from seg_utils.core import paths

PACKAGE = paths.PROJECT / "seg_utils"
MODULES = sorted(PACKAGE.rglob("*.py"))


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
