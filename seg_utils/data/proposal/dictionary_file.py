"""A proposed dictionary, or the mapping of a file that is nearly known, as YAML: to be edited, each with its reason."""

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path

import yaml

from seg_utils.core import dictionary
from seg_utils.core.dictionary import MEASURES
from seg_utils.core.dictionary.entries import accounts_for
from seg_utils.core.errors import DataError
from seg_utils.core.marked_yaml import MOST_BYTES
from seg_utils.data.checks.scale import LEAST_VARYING
from seg_utils.data.columns import matching
from seg_utils.data.proposal import entries, roles
from seg_utils.data.proposal.entries import Proposed, printable
from seg_utils.data.proposal.reading import FileColumn
from seg_utils.data.proposal.roles import DESCRIPTOR, FEATURE, ID, LEFT_OUT, Role
from seg_utils.data.proposal.vocabulary import NO_SUMS, tokens
from seg_utils.data.wording import listing, plural, show


def text(path: Path, columns: Sequence[FileColumn], following: str) -> str:
    """The proposed dictionary of a customers file; ``following`` is what to type next. A DataError where too few
    columns are numbers to compare customers by, or rows are events of customers."""
    assigned = roles.assign(columns)
    persons = roles.of_persons(columns)
    if persons is not None and not any(role.role == ID for role in assigned):
        raise DataError(_of_events(path, persons, assigned))
    features = [role.column for role in assigned if role.role == FEATURE]
    if len(features) < LEAST_VARYING:
        others = [role for role in assigned if role.role in (DESCRIPTOR, LEFT_OUT, ID)]
        reasons = "\n".join(f"  {_line(role)}" for role in others)
        only = f"only {printable(features[0].name)} is a number" if features else "no column is a number"
        raise DataError(
            f"{path.name}: {only} that customers could be compared by, and segments need {LEAST_VARYING} or more. "
            f"The others:\n{reasons}\nAdd columns that say what customers do, such as amounts, counts and days since."
        )
    currency = entries.currency(features)
    descriptors = [role for role in assigned if role.role == DESCRIPTOR]
    names = entries.names([*features, *(role.column for role in descriptors)])
    answers = entries.on_scales(features)
    proposed = [entries.propose(*one, answers=rated) for *one, rated in zip(features, names, answers, strict=False)]
    named = [role for role in assigned if role.role == LEFT_OUT]
    written = "\n".join(
        [
            *_head(path, len(columns[0].values), len(columns), following),
            f"currency: {_quoted(currency)}{'' if currency else ' # no sign was found: amounts are shown as they are'}",
            "# cards: true # if these customers hold cards, and names mean what they mean in data/dictionary.yml",
            *_id(assigned),
            *([f"# {_not_persons(persons)}"] if persons is not None else []),
            "",
            "features:",
            *_series(proposed),
            *(line for role in proposed for line in _entry(role, currency)),
            "",
            *_measures(proposed),
            *_descriptors(descriptors, names[len(features) :], following),
            *(["# Left out:", *(f"#   {_line(role)}" for role in named)] if named else []),
            "",
        ]
    )
    if len(written.encode()) > MOST_BYTES:
        raise DataError(
            f"{path.name}: {len(features):,} columns are numbers, more than a dictionary describes; export those that "
            "say what customers do, a few dozen at most"
        )
    return written


def command(data: str, target: Path, *, drop: bool = False) -> str:
    """What to type next; ``data`` are the words that name the customers, and rows that are none are to ``drop``."""
    return f"make report {data} DICTIONARY={shlex.quote(str(target))}{' BAD_ROWS=drop' if drop else ''}"


def _head(path: Path, rows: int, width: int, following: str) -> list[str]:
    return [
        f"# A data dictionary proposed for {printable(path.name)}: {plural(rows, 'row')}, {plural(width, 'column')}.",
        "# Every line is a guess with its reason behind it. Read it, edit it, then:",
        f"#   {printable(following)}",
        "# Customers are compared by the features alone, each counting alike: leave out what should not count, and all",
        "# but one of those that say the same.",
    ]


def _quoted(text: str) -> str:
    """A text as YAML takes it, whatever it holds."""
    return json.dumps(text, ensure_ascii=False)


def _not_persons(persons: FileColumn) -> str:
    filled = persons.values.dropna()
    return (
        f"{printable(persons.name)} has {persons.distinct:,} values on {len(filled):,} rows: segments will be of rows, "
        "not of them"
    )


def _of_events(path: Path, persons: FileColumn, assigned: Sequence[Role]) -> str:
    """What to do with a table whose rows are what customers did, not customers."""
    counts = persons.values.value_counts()
    moments = [role.column.name for role in assigned if role.column.is_date]
    others = [role.column for role in assigned if role.role in (FEATURE, LEFT_OUT) and not role.column.is_date]
    given = [column.name for column in others if column is not persons and roles.is_called_id(column.name)]
    numbers = [role.column.name for role in assigned if role.role == FEATURE]
    kinds = [role.column.name for role in assigned if role.role == DESCRIPTOR]
    makes = [
        "how many rows there are of each",
        *([f"how many different {listing(given, 3)}"] if given else []),
        *([f"sums, means or largest values of {listing(numbers, 5)}"] if numbers else []),
        *([f"days since the last {show(moments[0])}"] if moments else []),
        *([f"the commonest {listing(kinds, 3)}"] if kinds else []),
    ]
    return "\n".join(
        [
            f"{path.name}: its {int(counts.sum()):,} rows are of {len(counts):,} customers by {show(persons.name)}, up "
            f"to {int(counts.max()):,} rows of one: a row is something a customer did, and segments need one row each.",
            f"Make a table with one row for each {show(persons.name)}, in a spreadsheet (pivot) or by GROUP BY, with:",
            *(f"  {what}" for what in makes),
            "and have a dictionary proposed for that.",
        ]
    )


def _id(assigned: Sequence[Role]) -> list[str]:
    own_id = next((role for role in assigned if role.role == ID), None)
    if own_id is None:
        return ["# No column is an id: customers are numbered, and not known again in a later file."]
    name = _name(entries.plain_name(own_id.column))
    return [f"id: {{name: {name}, aliases: [{_quoted(own_id.column.name)}]}} # {own_id.reason}"]


def _entry(proposed: Proposed, currency: str) -> list[str]:
    unit = "amount" if proposed.unit == "currency" and not currency else proposed.unit
    limits = ", ".join(f"{name}: {number:g}" for name, number in proposed.limits.items())
    return [
        f"  - name: {_name(proposed.name)}",
        f"    label: {_quoted(proposed.label)}",
        f"    description: {_quoted(proposed.description)}",
        f"    unit: {unit}",
        f"    kind: {proposed.kind} # {proposed.why_kind}",
        f"    transform: {proposed.transform} # {proposed.why_transform}",
        *([f"    limits: {{{limits}}}"] if limits else []),
        f"    aliases: [{_quoted(proposed.alias)}]",
    ]


def _series(proposed: Sequence[Proposed]) -> list[str]:
    """A remark on columns that differ by a number alone, such as months: together they count as often as there are."""
    alike: dict[str, list[Proposed]] = {}
    for entry in proposed:
        if (stem := re.sub("[0-9]+", "", entry.name)) != entry.name:
            alike.setdefault(stem, []).append(entry)
    return [
        f"  # {series[0].name} to {series[-1].name} look like one series and count {len(series)} times: their sum "
        "counts once"
        for series in alike.values()
        if len(series) >= SERIES
    ]


def _name(name: str) -> str:
    """A name as YAML takes it: some words of capitals mean yes or no there."""
    return name if yaml.safe_load(name) == name else _quoted(name)


def _measures(proposed: Sequence[Proposed]) -> list[str]:
    """The amounts that add up over customers, so that a segment has a share; where there are none, the counts of which
    some have far more than others: a height or a pressure is none."""
    able = [entry for entry in proposed if "minimum" in entry.limits and not NO_SUMS & set(tokens(entry.alias))]
    amounts, counts = ([entry for entry in able if entry.kind == kind] for kind in ("amount", "count"))
    uneven = [entry for entry in counts if entry.transform != "none" and entry.unit not in ("days", "years", "points")]
    summed = (amounts or uneven)[:MEASURES]
    if not summed:
        return ["# What is shared out among segments: nothing here adds up over customers", "measures: {}", ""]
    heading = f"# What is shared out among segments: {'amounts' if amounts else 'counts'} that add up over customers"
    return [heading, "measures:", *map(_measure, summed), ""]


def _measure(proposed: Proposed) -> str:
    does = _quoted(accounts_for(proposed.label))
    return f"  {proposed.name.lower()}: {{of: {_name(proposed.name)}, label: {_quoted(proposed.label)}, does: {does}}}"


def _descriptors(roles: Sequence[Role], names: Sequence[str], following: str) -> list[str]:
    """Columns that say who customers are, as descriptors, and what to type to have segments described by them."""
    if not roles:
        return []
    described = f'{following} DESCRIBE="{" ".join(names)}"'
    return [
        "# Descriptors say who customers are and are never clustered. To have segments described by them:",
        f"#   {printable(described)}",
        "descriptors:",
        *(_descriptor(role, name) for role, name in zip(roles, names, strict=True)),
        "",
    ]


def _descriptor(role: Role, name: str) -> str:
    label, alias = _quoted(entries.label(role.column.name)), _quoted(role.column.name)
    entry = f"name: {_name(name)}, label: {label}, kind: category, aliases: [{alias}]"
    return f"  - {{{entry}}} # {printable(role.reason)}"


def _line(role: Role) -> str:
    return f"{printable(role.column.name) or '(no name)'}: {printable(role.reason)}"


SERIES = 3
KNOWN = "data/dictionary.yml"
MOST = 0.5  # from this share of the features on, a mapping is less work than a dictionary


def worth_it(nearest: matching.Nearest) -> bool:
    """Whether most features of the dictionary are in the file, by name or by one that is near."""
    known = dictionary.load().names
    return len(nearest.found) + len(nearest.near) >= MOST * len(known)


def mapping_text(path: Path, nearest: matching.Nearest) -> str:
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


def mapping_command(data: str, nearest: matching.Nearest, target: Path) -> str:
    """What to type next; ``data`` are the words that name the customers."""
    known = dictionary.load().names
    matched = {*nearest.found, *nearest.near}
    lacking = [name for name in known if name not in matched]
    columns = [f"COLUMNS={shlex.quote(str(target))}"] if nearest.near else []
    chosen = [matching.features_parameter(known, lacking)] if lacking else []
    return " ".join(["make report", data, *columns, *chosen])
