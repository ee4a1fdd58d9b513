"""YAML files that analysts edit, read so that every mistake can name its line."""

from functools import cache
from math import inf
from pathlib import Path
from typing import Any

import yaml

from seg_utils.core import paths
from seg_utils.core.errors import CatalogueError, did_you_mean
from seg_utils.core.paths import PROJECT

MOST_BYTES = 256 << 10
MOST_NESTED = 50
MOST_NODES = 100_000  # ten times what any file of this project holds, and read within seconds


class Entry(dict):
    """A YAML mapping that knows its file, its line and the line of each key."""

    source: str
    line: int
    lines: dict[str, int]

    def error(self, message: str, key: str | None = None) -> CatalogueError:
        """A mistake at this entry, or at one of its keys."""
        return CatalogueError(f"{self.source}, line {self.lines.get(key, self.line)}: {message}")

    def check_keys(self, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
        """Raise where a key is missing or unknown."""
        for key in self:
            if key not in required + optional:
                hint = did_you_mean(key, required + optional) or "."
                raise self.error(f"{key!r} is not known here{hint} Allowed: {', '.join(required + optional)}", key)
        for key in required:
            if key not in self:
                raise self.error(f"{key!r} is missing; needed: {', '.join(required)}")

    def text(self, key: str) -> str:
        """A non-empty text on one line."""
        if not isinstance(self.get(key), str) or not self[key].strip():
            raise self.error(f"{key!r} must be text, not {self.get(key)!r}", key)
        return " ".join(self[key].split())

    def number(self, key: str, default: float | None = None, *, least: float | None = None) -> float:
        """A finite number, at least ``least``."""
        value = self.get(key, default)
        wrong = isinstance(value, bool) or not isinstance(value, int | float) or value != value or abs(value) > 1e300
        if wrong or (least is not None and value < least):
            raise self.error(f"{key!r} must be a number{f' of {least:g} or more' if least is not None else ''}", key)
        return float(value)

    def share(self, key: str, default: float | None = None) -> float:
        """A number from 0 to 1."""
        value = self.number(key, default, least=0)
        if value > 1:
            raise self.error(f"{key!r} is {value:g}; it must lie between 0 and 1", key)
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        if self.get(key) not in allowed:
            near = did_you_mean(self.get(key), allowed)
            raise self.error(f"{key!r} is {self.get(key)!r}; allowed: {', '.join(allowed)}{near}", key)
        return self[key]

    def flag(self, key: str) -> bool:
        """True or false; false where it is not said."""
        if not isinstance(self.get(key, False), bool):
            raise self.error(f"{key!r} must be true or false, not {self[key]!r}", key)
        return self.get(key, False)

    def texts(self, key: str) -> list[str]:
        """A non-empty list of texts."""
        value = self.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
            raise self.error(f"{key!r} must be a list of names, as [PURCHASES], not {value!r}", key)
        return value

    def section(self, key: str) -> "Entry":
        if not isinstance(self.get(key), Entry):
            raise self.error(f"{key!r} must hold named entries, not {self.get(key)!r}", key)
        return self[key]

    def entries(self, key: str, *, needed: bool = True) -> list["Entry"]:
        """A non-empty list of mappings below ``key``, which may be missing where it is not ``needed``."""
        if not needed and key not in self:
            return []
        value = self.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(entry, Entry) for entry in value):
            raise self.error(f"{key!r} must be a list of entries, each '- {{name: value, ...}}'", key)
        return value


def load(path: Path) -> Entry:
    """Read a YAML file whose top level is a mapping. Raises CatalogueError: no such file, not YAML, a key given twice,
    or no mapping at the top; names the line."""
    path = Path(path)
    called = path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path.name
    return _as_mapping(parsed(path, str(called), _Loader), str(called))


def loads(text: str, called: str) -> Entry:
    """``load`` of a text that is called so in messages."""
    return _as_mapping(_value(text, called, _Loader), called)


def _as_mapping(document: Any, called: str) -> Entry:
    if not isinstance(document, Entry):
        raise CatalogueError(f"{called}, line 1: must hold 'name: value' entries")
    return document


def named_files(path: Path, key: str) -> list[Path]:
    """The files that a YAML file names under a key, one or a list of them, relative to its own folder; often none.
    Raises CatalogueError: the value names no files, or one cannot be read."""
    path = Path(path)
    top = _read_once(path, path.stat().st_mtime_ns if path.exists() else 0)
    given = [top[key]] if isinstance(top.get(key), str) else top.texts(key) if key in top else []
    files = [path.parent / paths.home_of(name) for name in given]
    for name, file in zip(given, files, strict=True):
        if problem := paths.problem(file):
            raise top.error(f"{key!r} names {name}, which {problem}; paths are relative to this file", key)
    return files


@cache
def _read_once(path: Path, changed: int) -> Entry:
    """``load`` of a file in the state of one moment, in nanoseconds: every stage asks what it names."""
    return load(path)


def parsed(path: Path, called: str, loader_class: type["BoundedLoader"]) -> Any:
    """The value of a YAML file, whatever it is. Raises CatalogueError: no such file, too large, not YAML, or nested or
    repeated beyond reason; names the line."""
    if problem := paths.problem(path):
        raise CatalogueError(f"{called} cannot be read: it {problem}")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CatalogueError(f"{called} is larger than {MOST_BYTES >> 10} KB, which no file of this kind needs")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{called} cannot be read as UTF-8 text: {' '.join(str(error).split())}") from None
    return _value(text, called, loader_class)


def _value(text: str, called: str, loader_class: type["BoundedLoader"]) -> Any:
    try:
        loader = loader_class(text)
    except yaml.YAMLError as error:
        raise CatalogueError(f"{called} cannot be read as UTF-8 text: {' '.join(str(error).split())}") from None
    loader.source = called
    try:
        return loader.get_single_data()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        problem = " ".join(str(getattr(error, "problem", error)).split())
        raise CatalogueError(f"{called}{where}: not valid YAML: {problem}") from None
    finally:
        loader.dispose()


class BoundedLoader(yaml.SafeLoader):
    """Plain values only; what is nested or repeated beyond reason, or is not what its tag says, names its line."""

    source: str = ""
    _depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node:
        """A node of the document. Raises ComposerError: it is nested too deeply."""
        self._depth += 1
        if self._depth > MOST_NESTED:
            mark = self.peek_event().start_mark
            raise yaml.composer.ComposerError(None, None, f"nested more than {MOST_NESTED} levels deep", mark)
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1

    def construct_document(self, node: yaml.Node) -> Any:
        """The value of a document. Raises ConstructorError: aliases repeat it beyond reason, or make it hold itself."""
        if _size(node, {}) > MOST_NODES:
            message = f"its aliases stand for more than {MOST_NODES:,} values, or for what they are in"
            raise yaml.constructor.ConstructorError(None, None, message, node.start_mark)
        return super().construct_document(node)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        """The value of a node. Raises ConstructorError: it is not what its tag says."""
        try:
            return super().construct_object(node, deep)
        except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError):
            kind = node.tag.rpartition(":")[2]
            shown = f"{node.value[:40]!r} " if isinstance(node, yaml.ScalarNode) else "this "
            raise yaml.constructor.ConstructorError(None, None, f"{shown}is no {kind}", node.start_mark) from None


def _size(node: yaml.Node, known: dict[int, float]) -> float:
    """How many values a node stands for, those behind aliases counted each time; endless where it holds itself."""
    if id(node) not in known:
        known[id(node)] = inf
        inside: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            inside = [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            inside = node.value
        known[id(node)] = 1 + sum(_size(part, known) for part in inside)
    return known[id(node)]


class _Loader(BoundedLoader):
    """Mappings become entries."""


def _construct_entry(loader: _Loader, node: yaml.MappingNode) -> Any:
    entry = Entry()
    entry.source, entry.line, entry.lines = loader.source, node.start_mark.line + 1, {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        line = key_node.start_mark.line + 1
        if not isinstance(key, str):
            raise CatalogueError(f"{loader.source}, line {line}: the name {key!r} must be text; put it in quotes")
        if key in entry:
            raise CatalogueError(
                f"{loader.source}, line {line}: {key!r} is there twice, first in line {entry.lines[key]}"
            )
        entry.lines[key] = line
        entry[key] = loader.construct_object(value_node, deep=True)
    return entry


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _construct_entry)
