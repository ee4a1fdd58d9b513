"""Presets: parameters of published systems, one YAML file each."""

from collections.abc import Callable, Mapping
from itertools import takewhile

from seg_utils.core import paths
from seg_utils.core.errors import ParameterError

MAY_SET = ("K", "FEATURES", "SCALE", "IMPUTE", "ENCODER", "ALGORITHM", "SUBSEGMENT", "KMAX", "SEED")
"""What a preset may set: what the segments depend on, and nothing of where they come from and go to."""


def names() -> list[str]:
    """The presets there are: ``presets/b.yml`` is what ``PRESET=b`` stands for."""
    return sorted(path.stem for path in paths.PRESETS.glob("*.yml"))


def about(name: str) -> str:
    """What a preset is: the first sentence of the comment at the top of its file."""
    lines = (paths.PRESETS / f"{name}.yml").read_text(encoding="utf-8").splitlines()
    comment = " ".join(line.removeprefix("#").strip() for line in takewhile(lambda line: line.startswith("#"), lines))
    first, stop, _ = comment.partition(". ")
    return first + (stop.strip() if stop else "")


def read(given: Mapping[str, str], check: Callable[[Mapping[str, str]], object]) -> dict[str, str]:
    """What the preset asked for stands for, checked value by value so that a mistake names the file and the line.

    Args:
        given: values by name of parameter, ``PRESET`` among them or not.
        check: raises ``ParameterError`` at a value that is not allowed.
    """
    if "PRESET" not in given:
        return {}
    from seg_utils.core import marked_yaml  # YAML: `make help` runs before there is an environment

    known = names()  # only one of these ever becomes a path
    asked = given["PRESET"].strip().lower().removeprefix("presets/").removesuffix(".yml")
    if asked not in known:
        choices = ", ".join(known)
        raise ParameterError(f"PRESET={given['PRESET']} is not known; known are {choices}, for example PRESET=a")
    entry = marked_yaml.load(paths.PRESETS / f"{asked}.yml")
    entry.check_keys((), MAY_SET)
    for name, value in entry.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise entry.error(f"{name!r} must be text or a whole number, not {value!r}; put it in quotes", name)
        try:
            check({name: str(value)})
        except ParameterError as error:
            raise entry.error(str(error), name) from None
    return {name: str(value) for name, value in entry.items()}
