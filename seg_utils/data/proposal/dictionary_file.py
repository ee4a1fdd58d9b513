"""A proposed dictionary as a YAML file: entries to edit, each with its reason as a comment."""

import json
import shlex
from collections.abc import Sequence
from pathlib import Path

import yaml

from seg_utils.core.dictionary import MEASURES
from seg_utils.core.errors import DataError
from seg_utils.data.checks.scale import LEAST_VARYING
from seg_utils.data.proposal import entries, roles
from seg_utils.data.proposal.entries import Proposed, printable
from seg_utils.data.proposal.reading import FileColumn
from seg_utils.data.proposal.roles import DESCRIPTOR, FEATURE, ID, LEFT_OUT, Role
from seg_utils.data.proposal.vocabulary import NO_SUMS, tokens
from seg_utils.data.wording import plural


def text(path: Path, columns: Sequence[FileColumn], target: Path, data: str) -> str:
    """The proposed dictionary of a file.

    Args:
        path: the customers file.
        columns: all that it holds.
        target: where the dictionary is to be written, as it may be typed.
        data: the words that name the customers on a command line.

    Raises:
        DataError: too few columns are numbers that customers could be compared by.
    """
    assigned = roles.assign(columns)
    features = [one.column for one in assigned if one.role == FEATURE]
    if len(features) < LEAST_VARYING:
        raise DataError(_too_few(path, assigned, features))
    currency = entries.currency(features)
    descriptors = [one for one in assigned if one.role == DESCRIPTOR]
    names = entries.names([*features, *(one.column for one in descriptors)])
    proposed = [entries.propose(column, name) for column, name in zip(features, names, strict=False)]
    return "\n".join(
        [
            *_head(path, len(columns[0].values), len(columns), command(data, target)),
            f"currency: {_quoted(currency)}{'' if currency else ' # no sign was found: amounts are shown as they are'}",
            "# cards: true # if these customers hold cards, and names mean what they mean in data/dictionary.yml",
            *_id(assigned),
            "",
            "features:",
            *(line for one in proposed for line in _entry(one, currency)),
            "",
            *_measures(proposed),
            *_descriptors(descriptors, names[len(features) :], command(data, target)),
            *_left_out(assigned),
            "",
        ]
    )


def command(data: str, target: Path) -> str:
    """What to type next; ``data`` are the words that name the customers."""
    return f"make report {data} DICTIONARY={shlex.quote(str(target))}"


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


def _id(assigned: Sequence[Role]) -> list[str]:
    found = next((one for one in assigned if one.role == ID), None)
    if found is None:
        return ["# No column is an id: customers are numbered, and not known again in a later file."]
    name = _name(entries.plain_name(found.column))
    return [f"id: {{name: {name}, aliases: [{_quoted(found.column.name)}]}} # {found.reason}"]


def _entry(one: Proposed, currency: str) -> list[str]:
    unit = "amount" if one.unit == "currency" and not currency else one.unit
    limits = ", ".join(f"{name}: {number:g}" for name, number in one.limits.items())
    return [
        f"  - name: {_name(one.name)}",
        f"    label: {_quoted(one.label)}",
        f"    description: {_quoted(one.description)}",
        f"    unit: {unit}",
        f"    kind: {one.kind} # {one.why_kind}",
        f"    transform: {one.transform} # {one.why_transform}",
        *([f"    limits: {{{limits}}}"] if limits else []),
        f"    aliases: [{_quoted(one.alias)}]",
    ]


def _name(name: str) -> str:
    """A name as YAML takes it: some words of capitals mean yes or no there."""
    return name if yaml.safe_load(name) == name else _quoted(name)


def _measures(proposed: Sequence[Proposed]) -> list[str]:
    """The amounts that add up over customers, so that a segment has a share of each."""
    summed = [
        one
        for one in proposed
        if one.kind == "amount" and "minimum" in one.limits and not NO_SUMS & set(tokens(one.alias))
    ][:MEASURES]
    heading = "# What is shared out among segments: amounts that add up over customers"
    return [heading, "measures:", *map(_measure, summed), ""] if summed else []


def _measure(one: Proposed) -> str:
    does = _quoted(f"account for {{}} of {one.label[:1].lower()}{one.label[1:]}")
    return f"  {one.name.lower()}: {{of: {_name(one.name)}, label: {_quoted(one.label)}, does: {does}}}"


def _descriptors(found: Sequence[Role], names: Sequence[str], following: str) -> list[str]:
    """Columns that say who customers are, as descriptors, and what to type to have segments described by them."""
    if not found:
        return []
    described = f'{following} DESCRIBE="{" ".join(names)}"'
    return [
        "# Descriptors say who customers are and are never clustered. To have segments described by them:",
        f"#   {printable(described)}",
        "descriptors:",
        *(_descriptor(one, name) for one, name in zip(found, names, strict=True)),
        "",
    ]


def _descriptor(one: Role, name: str) -> str:
    label, alias = _quoted(entries.label(one.column.name)), _quoted(one.column.name)
    entry = f"name: {_name(name)}, label: {label}, kind: category, aliases: [{alias}]"
    return f"  - {{{entry}}} # {printable(one.reason)}"


def _left_out(assigned: Sequence[Role]) -> list[str]:
    named = [one for one in assigned if one.role == LEFT_OUT]
    return ["# Left out:", *(f"#   {_line(one)}" for one in named)] if named else []


def _line(one: Role) -> str:
    return f"{printable(one.column.name) or '(no name)'}: {printable(one.reason)}"


def _too_few(path: Path, assigned: Sequence[Role], features: Sequence[FileColumn]) -> str:
    told = [one for one in assigned if one.role in (DESCRIPTOR, LEFT_OUT, ID)]
    reasons = "\n".join(f"  {_line(one)}" for one in told)
    only = f"only {printable(features[0].name)} is a number" if features else "no column is a number"
    return (
        f"{path.name}: {only} that customers could be compared by, and segments need {LEAST_VARYING} or more. "
        f"The others:\n{reasons}\nAdd columns that say what customers do, such as amounts, counts and days since."
    )
