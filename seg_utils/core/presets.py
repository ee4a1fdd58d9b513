"""Named sets of parameters, one YAML file each: ``presets/b.yml`` is what ``PRESET=b`` stands for."""

from collections.abc import Sequence
from itertools import takewhile

from seg_utils.core import marked_yaml, paths
from seg_utils.core.errors import ParameterError
from seg_utils.core.marked_yaml import Entry

EXAMPLE = "a"


def names() -> list[str]:
    """The presets there are."""
    return sorted(path.stem for path in paths.PRESETS.glob("*.yml"))


def load(name: str, allowed: Sequence[str]) -> Entry:
    """A preset's parameters: each of ``allowed`` at most once, a text or a number.

    Args:
        name: whatever its case, also as ``presets/b.yml``; only one of ``names`` ever becomes a path.

    Raises:
        ParameterError: there is no such preset; its text lists those there are.
        CatalogueError: a mistake in the file, with its line.
    """
    known = names()
    asked = name.strip().lower().removeprefix("presets/").removesuffix(".yml")
    if asked not in known:
        raise ParameterError(f"PRESET={name} is not known; known are {', '.join(known)}, for example PRESET={EXAMPLE}")
    entry = marked_yaml.load(paths.PRESETS / f"{asked}.yml")
    entry.check_keys((), tuple(allowed))
    for key, value in entry.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise entry.error(f"{key!r} must be text or a whole number, not {value!r}; put it in quotes", key)
    return entry


def about(name: str) -> str:
    """What a preset is: the first sentence of the comment at the top of its file."""
    lines = (paths.PRESETS / f"{name}.yml").read_text(encoding="utf-8").splitlines()
    comment = " ".join(line.removeprefix("#").strip() for line in takewhile(lambda line: line.startswith("#"), lines))
    first, stop, _ = comment.partition(". ")
    return first + (stop.strip() if stop else "")
