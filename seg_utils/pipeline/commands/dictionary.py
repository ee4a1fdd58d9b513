"""``make dictionary``: a data dictionary proposed for any customers file, or a mapping for one that is nearly known."""

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from seg_utils.core import artefacts, parameters, paths
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import console, large

if TYPE_CHECKING:
    from seg_utils.data.loading import Customers

TAKES = ("DATA", "TABLE", "OUT", "REPLACE", "OUTPUTS")
HOW_READ = ("encoding", "sheet")  # findings that make a proposal look strange, or be of another table


def propose(words: Iterable[str]) -> list[Path]:
    """Write the proposal for a file beside it, or where ``OUT=`` says; returns it, nothing where the file needs none. A
    ParameterError where DATA is missing or the proposal would overwrite a file; a DataError where the file cannot be
    read, or holds too little to compare customers by."""
    given = parameters.as_given(words, TAKES, "a dictionary is proposed from the file alone")
    if "DATA" not in given:
        raise ParameterError("DATA= is missing; DATA is the customers file, for example DATA=customers.csv")
    asked = parameters.from_mapping(given)
    large.bring_in(asked.table, asked.data, None)
    from seg_utils.data.columns import matching  # pandas: only when there is something to read
    from seg_utils.data.proposal import dictionary_file, reading

    columns = reading.read(asked.data)
    seen = matching.nearest([column.name for column in columns])
    shown = _as_typed(asked)
    if dictionary_file.worth_it(seen):
        target = _target(asked, ".columns.yml")
        console.say(f"{asked.data.name} holds most of what {dictionary_file.KNOWN} describes.")
        if seen.near:
            artefacts.write_text(target, dictionary_file.mapping_text(asked.data, seen))
        console.say(f"next: {dictionary_file.mapping_command(shown, seen, Path(paths.shown(target)))}")
        return [target] if seen.near else []
    target = _target(asked, ".dictionary.yml")
    following = dictionary_file.command(shown, Path(paths.shown(target)))
    artefacts.write_text(target, dictionary_file.text(asked.data, columns, following))
    try:
        loaded = _load(asked.data, target)
    except DataError as error:
        console.say(f"By this dictionary the file is refused as it is: {error}")
        following = dictionary_file.command(shown, Path(paths.shown(target)), drop=True)
        try:
            loaded = _load(asked.data, target, "drop")
        except DataError:
            console.say("next: mend the file, then make dictionary again with REPLACE=yes")
            return [target]
        artefacts.write_text(target, dictionary_file.text(asked.data, columns, following))
    _tell(loaded, target, len(columns))
    console.say(f"next: read it, edit it, then {following}")
    return [target]


def _as_typed(asked: Parameters) -> str:
    """The words that name the customers of a request."""
    if asked.table:
        return f"DATA={shlex.quote(asked.table.database)} TABLE={shlex.quote(asked.table.table)}"
    return f"DATA={shlex.quote(paths.shown(asked.data))}"


def _target(asked: Parameters, ending: str) -> Path:
    """Where the proposal goes, beside the file unless asked otherwise; one that is there may be edited already."""
    whole = asked.data if asked.data.exists() else asked.data.parent  # of a glob, its folder
    usual = (Path.cwd() if asked.table else whole.parent) / f"{paths.stem_of(asked.data)}{ending}"
    target = paths.home_of(asked.out).resolve() if asked.out else usual
    if target.is_dir() or target == asked.data:
        raise ParameterError(f"OUT={asked.out} cannot be written; OUT is the path of a file, for example OUT=my.yml")
    if target.exists() and not asked.replace:
        raise ParameterError(
            f"{paths.shown(target)} is there already; to overwrite it add REPLACE=yes, or name another file with OUT="
        )
    return target


def _load(data: Path, target: Path, bad_rows: str = "stop") -> "Customers":
    """The customers by the proposal."""
    from seg_utils.data import load

    with paths.in_force(DICTIONARY=target):
        return load(data, bad_rows=bad_rows)


def _tell(loaded: "Customers", target: Path, width: int) -> None:
    """How the file was read by the proposal, and what came of its columns."""
    from seg_utils.core import dictionary, words

    for finding in loaded.findings:
        if finding.rule in HOW_READ:
            console.say(finding.message)
    known = dictionary.load(target)
    describing, has_id = len(known.descriptors), bool(known.id_aliases)
    others = width - len(loaded.features) - describing - has_id
    console.say(f"{len(loaded.frame):,} customers, compared by {words.plural(len(loaded.features), 'feature')}.")
    if describing or others:
        console.say(f"Other columns: {describing} may describe segments, {others} left out, each with a reason there.")
