"""What a result depends on, as content: files, parameters, source modules, package versions. Times never count."""

import ast
import contextlib
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from seg_utils.core.artefacts import sha256
from seg_utils.core.paths import PROJECT, parts

PACKAGE = "seg_utils"

# A statement that a line begins with, to its end or to the end of its brackets
IMPORT = re.compile(rb"^[ \t]*((?:from|import)[ \t](?:[^\n(]*\([^)]*\)|[^\n]*))", re.MULTILINE)

WORD = re.compile(rb"\bimport\b")


def files(paths: Iterable[Path]) -> dict[str, str]:
    """Content hash of each file by its name and that of its folder, and a number where others before it have the same;
    a missing one is said to be missing."""
    hashes: dict[str, str] = {}
    namesakes: Counter[str] = Counter()
    for path in dict.fromkeys(paths):
        key = file_key(path)
        namesakes[key] += 1
        numbered = key if namesakes[key] == 1 else f"{key} ({namesakes[key]})"
        hashes[numbered] = sha256(path) if parts(path) else "missing"
    return hashes


def file_key(path: Path) -> str:
    """How a file is named among what a result depends on."""
    return f"{path.parent.name}/{path.name}"


def notebook(path: Path) -> str:
    """Hash of what a notebook says: its cells' kind, tags and source, not its outputs or who opened it last."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    content = [[cell["cell_type"], cell["metadata"].get("tags", []), "".join(cell["source"])] for cell in cells]
    return hashlib.sha256(json.dumps(content).encode("utf-8")).hexdigest()


def notebook_modules(path: Path) -> dict[str, str]:
    """Content hash of every module of the package that a notebook imports, directly or through others."""
    return modules(_ours(notebook_imports(path)))


def notebook_imports(path: Path) -> set[str]:
    """Dotted names that a notebook's cells import; of a cell that is no Python none, as running it will say."""
    names: set[str] = set()
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            lines = "".join(cell["source"]).splitlines()
            with contextlib.suppress(SyntaxError):
                names |= _imports(ast.parse("\n".join(line for line in lines if not line.startswith(("%", "!")))))
    return names


def modules(names: Iterable[str]) -> dict[str, str]:
    """Content hash of the named modules of the package and of all they import."""
    hashes: dict[str, str] = {}
    waiting = sorted(names)
    while waiting:
        path = _source(waiting.pop())
        if path is None or (key := path.relative_to(PROJECT).as_posix()) in hashes:
            continue
        source = path.read_bytes()
        hashes[key] = hashlib.sha256(source).hexdigest()
        inside = ".".join(path.relative_to(PROJECT).with_suffix("").parts)
        package = inside.removesuffix(".__init__") if path.name == "__init__.py" else inside.rpartition(".")[0]
        waiting += sorted(_module_imports(source, package))
    return dict(sorted(hashes.items()))


def changes(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """The keys whose value is not what it was."""
    return sorted(key for key in before.keys() | now.keys() if before.get(key) != now.get(key))


@cache
def _module_imports(source: bytes, package: str) -> set[str]:
    """What a module imports. Stages share most of their modules, so each content is parsed once a process."""
    return _ours(_imports(_import_statements(source), package))


def _import_statements(source: bytes) -> ast.AST:
    """The import statements of a module, which parse twenty times as fast as all of it.

    All of it, where they cannot be told from the rest: the word stands elsewhere too, or what was cut out is no Python.
    """
    statements = IMPORT.findall(source)
    if len(WORD.findall(source)) == sum(len(WORD.findall(statement)) for statement in statements):
        with contextlib.suppress(SyntaxError):
            return ast.parse(b"\n".join(statements))
    return ast.parse(source)


def _imports(tree: ast.AST, package: str = "") -> set[str]:
    """Dotted names that a syntax tree in ``package`` imports; a name may be a module or something in one."""
    names: set[str] = set()
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parts, *([node.module] if node.module else [])])
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return names


def _ours(names: set[str]) -> set[str]:
    """The names inside our package, and what they are in."""
    inside = {name for name in names if name == PACKAGE or name.startswith(f"{PACKAGE}.")}
    return inside | {name.rpartition(".")[0] for name in inside if "." in name}


def _statements(tree: ast.AST) -> Iterator[ast.AST]:
    """All statements, nested ones too, without the expressions in them, which are ten times as many."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            inside = getattr(node, part, ())
            waiting += inside if isinstance(inside, list) else ()


@cache
def _source(name: str) -> Path | None:
    base = PROJECT.joinpath(*name.split("."))
    for path in (base / "__init__.py", base.with_suffix(".py")):
        if path.is_file():
            return path
    return None
