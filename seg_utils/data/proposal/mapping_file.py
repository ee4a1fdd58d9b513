"""For a file that holds most of what the dictionary in force describes: the mapping of its columns, to be edited."""

import json
import shlex
from pathlib import Path

from seg_utils.core import dictionary
from seg_utils.data.columns import matching

KNOWN = "data/dictionary.yml"
MOST = 0.5
"""From this share of the features on, a mapping is less work than a dictionary."""


def worth_it(nearest: matching.Nearest) -> bool:
    """Whether most features of the dictionary are in the file, by name or by one that is near."""
    known = dictionary.load().names
    return len(nearest.found) + len(nearest.near) >= MOST * len(known)


def text(path: Path, nearest: matching.Nearest) -> str:
    """The mapping of a file's columns, as ``COLUMNS=`` takes it."""
    lines = [f"{_quoted(column)}: {feature}" for feature, column in nearest.near.items()]
    others = [f"# {_quoted(column)}: " for column in nearest.free]
    return "\n".join(
        [
            f"# Columns of {json.dumps(path.name)} that are perhaps features under another name: check every line.",
            *lines,
            *(["# Not near any feature:", *others] if others else []),
            "",
        ]
    )


def command(data: str, nearest: matching.Nearest, target: Path) -> str:
    """What to type next; ``data`` are the words that name the customers."""
    known = dictionary.load().names
    there = {*nearest.found, *nearest.near}
    lacking = [name for name in known if name not in there]
    columns = [f"COLUMNS={shlex.quote(str(target))}"] if nearest.near else []
    chosen = [matching.features_parameter(known, lacking)] if lacking else []
    return " ".join(["make report", data, *columns, *chosen])


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
