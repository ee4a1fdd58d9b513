"""The rooms of the package, in the order of the road: a room imports from rooms above it, never from below."""

import ast
import re

import pytest

from seg_utils import paths

PACKAGE = paths.PROJECT / "seg_utils"


def order():
    """Rooms in the order that CONTRIBUTING.md lists them in."""
    text = (paths.PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.split("| room | what it knows | stop |")[1].split("\n\n")[0]
    return re.findall(r"`([a-z_]+)/?`", "\n".join(line.split("|")[1] for line in table.splitlines() if "|" in line))


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(path):
    """Rooms that a module imports at its top, and inside functions too."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "seg_utils":
            parts = node.module.split(".")
            names |= {parts[1]} if len(parts) > 1 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("seg_utils.")}
    return names


MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def test_the_list_names_every_room_and_no_other():
    assert set(order()) == {room_of(path) for path in MODULES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_room_imports_only_from_rooms_above_it(path):
    rooms = order()
    below = rooms[rooms.index(room_of(path)) + 1 :]
    assert imported_rooms(path) & set(below) == set()


def test_modules_and_functions_fit_a_screen_or_two():
    long_modules = [path.name for path in MODULES if len(path.read_text(encoding="utf-8").splitlines()) > 350]
    long_functions = [
        f"{path.name}:{node.name}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 60
    ]
    assert long_modules + long_functions == []
