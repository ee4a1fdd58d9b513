"""Which column of the file is which feature: by canonical name, by alias, or by the analyst's mapping."""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from seg_utils.core import dictionary, marked_yaml
from seg_utils.core.dictionary import normalised
from seg_utils.core.errors import CatalogueError, DataError, OtherSchemaError, ParameterError, did_you_mean
from seg_utils.data.columns import descriptors
from seg_utils.data.columns.likeness import MOST_COMPARED, NEAR, likeness, nearest_text
from seg_utils.data.findings import Finding
from seg_utils.data.wording import listing, plural, show

ID = "customer_id"

# Column names that principal components and encodings go by
COMPONENT = re.compile(r"(pca?|principal ?component|component|comp|dim|factor|v)[ _-]?\d+", re.IGNORECASE)
MOSTLY = 0.5  # of a file's columns are called so; a few of them beside others are columns like any

# The same where most features are missing and any column is a candidate: a wrong hint is worse than none
SURELY_NEAR = 0.88

MOST_COLUMNS = 16_384  # as many as a spreadsheet holds


@dataclass(frozen=True)
class Nearest:
    """Columns of a file beside the features of the dictionary: ``found`` by name, by feature; ``near`` a feature, by
    that; and ``free``, which are near none."""

    found: dict[str, str]
    near: dict[str, str]
    free: list[str]


@dataclass(frozen=True)
class Matched:
    """Positions of the wanted columns; several where more than one column of the file answers to a feature.

    ``id_column`` is None where the file has no ids; ``described`` are the columns that only describe.
    """

    features: dict[str, list[int]]
    id_column: int | None
    findings: list[Finding]
    described: dict[str, int] = field(default_factory=dict)

    @property
    def places(self) -> tuple[list[int], list[int]]:
        """Positions of the columns to read: those that may hold numbers, and those that are texts."""
        ids = [] if self.id_column is None else [self.id_column]
        return [place for columns in self.features.values() for place in columns], [*ids, *self.described.values()]

    def among(self, places: Sequence[int]) -> "Matched":
        """The same in a table that has only the columns at these positions, in this order."""
        at = {place: number for number, place in enumerate(places)}
        return replace(
            self,
            features={name: [at[place] for place in columns] for name, columns in self.features.items()},
            id_column=None if self.id_column is None else at[self.id_column],
            described={name: at[place] for name, place in self.described.items()},
        )


class Names:
    """Every spelling the dictionary and the mapping know."""

    def __init__(self, mapping: Mapping[str, str]) -> None:
        known = dictionary.load()
        self.mapping = {name.strip(): target for name, target in mapping.items()}
        self._mapped = set(map(normalised, self.mapping))
        self.canonical = {normalised(feature.name): feature.name for feature in known.features}
        self.canonical |= {normalised(descriptor.name): descriptor.name for descriptor in known.descriptors}
        self.canonical |= {normalised(name): ID for name in (known.id_name, ID)}
        self.aliases = {normalised(alias): f.name for f in known.features for alias in f.aliases}
        self.aliases |= {normalised(alias): ID for alias in known.id_aliases}

    def recognise(self, name: str) -> bool:
        """Whether a name means a feature or the id."""
        key = normalised(name)
        return key in self._mapped or key in self.canonical or key in self.aliases

    def spelt_as(self, file_names: Sequence[str]) -> "Names":
        """The same with the mapping's names spelt as the file does; case, accents' encoding and the like may differ."""
        by_key: dict[str, list[str]] = {}
        for other in file_names if self.mapping else ():
            by_key.setdefault(normalised(other), []).append(other)
        in_file = set(file_names)
        spelt = {}
        for name, target in self.mapping.items():
            alike = by_key.get(normalised(name), [])
            spelt[name if name in in_file or len(alike) != 1 else alike[0]] = target
        return Names(spelt)

    def rank(self, name: str) -> tuple[int, str] | None:
        """What a column is (a feature, the id) and how surely: 0 by mapping, 1 by name, 2 by alias."""
        key = normalised(name)
        if name in self.mapping:
            return (0, self.mapping[name])
        if key in self.canonical:
            return (1, self.canonical[key])
        return (2, self.aliases[key]) if key in self.aliases else None


def wanted_features(features: Sequence[str] | None) -> list[str]:
    """The features to compare customers by, in the dictionary's order: columns, and derived ones that are clustered.
    Raises ParameterError: a name is no feature, or none is given."""
    known = dictionary.load()
    if features is None:
        return known.clustering_features
    by_key = {normalised(name): name for name in known.clustering_features}
    unknown = [name for name in features if normalised(name) not in by_key]
    if unknown or not features:
        what = f"FEATURES names {listing(unknown)}" if unknown else "FEATURES names no feature"
        hint = did_you_mean(unknown[0], by_key.values()) if unknown else ""
        example = hint or f"; for example FEATURES='{' '.join(known.names[:2])}'"
        raise ParameterError(f"{what}; allowed: {', '.join(by_key.values())}{example}")
    chosen = {by_key[normalised(name)] for name in features}
    return [name for name in known.clustering_features if name in chosen]


def read_mapping(path: Path) -> dict[str, str]:
    """A mapping file, ``their name: CANONICAL_NAME`` on each line; an empty right side ignores a column. Raises
    DataError: the file is missing, no such mapping, or names an unknown feature."""
    where = f"COLUMNS={path.name}"
    try:
        raw = marked_yaml.parsed(path, where, _TextLoader)
    except CatalogueError as error:
        raise DataError(f"{error}; write one line a column, their name: {dictionary.load().names[0]}") from None
    if not isinstance(raw, dict) or not all(isinstance(v, str) for pair in raw.items() for v in pair):
        raise DataError(f"{where} is no mapping; write one line a column, their name: {dictionary.load().names[0]}")
    names = Names({})
    targets: dict[str, str] = {}
    for theirs, target in raw.items():
        canonical = names.canonical.get(normalised(target)) if target.strip() else ""
        if canonical is None:
            allowed = [dictionary.load().id_name, *dictionary.load().names]
            raise DataError(
                f"{where} maps {show(theirs)} to {show(target)}, which is no column; allowed: {', '.join(allowed)}"
                f"{did_you_mean(target, allowed)}"
            )
        if canonical and canonical in targets.values():
            both = listing([name for name, other in targets.items() if other == canonical] + [theirs])
            raise DataError(f"{where} maps two columns ({both}) to {canonical}; keep one of them")
        targets[theirs] = canonical
    return targets


class _TextLoader(marked_yaml.BoundedLoader):
    """YAML whose plain words stay text (a column may be called ``no`` or ``2024``) and whose keys do not repeat."""

    yaml_implicit_resolvers: dict = {}  # noqa: RUF012 - the parent's own shape

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        keys = Counter(key.value for key, _ in node.value if isinstance(key.value, str))
        for key, count in keys.items():
            if count > 1:
                raise yaml.constructor.ConstructorError(None, None, f"{show(key)} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def match(
    file_names: Sequence[str],
    wanted: Sequence[str],
    names: Names,
    mapping_name: str = "",
    optional: Collection[str] = (),
    describe: Sequence[str] = (),
) -> Matched:
    """Assign columns of the file to the id and the wanted features; ``optional`` ones may be missing. ``describe`` are
    columns that are read beside them, by whatever name the file has for them. A DataError names all features that are
    missing, with the nearest column, or a mapped column that is."""
    if len(file_names) > MOST_COLUMNS:
        raise DataError(
            f"the file has {len(file_names):,} columns, and {MOST_COLUMNS:,} are the most that are read; "
            "leave out those that are not needed"
        )
    names = names.spelt_as(file_names)
    absent = [name for name in names.mapping if name not in file_names]
    if absent:
        near = "; ".join(f"{show(name)}{nearest_text(name, file_names)}" for name in absent)
        raise DataError(f"COLUMNS={mapping_name} names columns the file does not have: {near}; correct the mapping")
    candidates = _candidates(file_names, names)
    wanted = [name for name in wanted if name in candidates or name not in optional]
    missing = [name for name in wanted if name not in candidates]
    if missing:
        raise DataError(_missing_message(missing, wanted, file_names, candidates))
    features = {name: candidates[name] for name in wanted}
    ids = candidates.get(ID, [])
    compared = {place for places in features.values() for place in places}
    used = compared | set(ids[:1])
    findings = [_matched_finding(file_names, features, ids)]
    ignored = [name or f"(column {i + 1} without a name)" for i, name in enumerate(file_names) if i not in used]
    if ignored:
        findings.append(Finding("info", "extra_columns", "", len(ignored), tuple(ignored), action="left aside"))
    if not ids and (own := dictionary.own_id()):
        near = nearest_text(own, file_names)
        raise DataError(f"{own}, the dictionary's id, is not in the file{near}; correct it, or leave id: out of it")
    if not ids:
        findings.append(Finding("warning", "no_id", ID, count=1, action="numbered"))
    id_column = ids[0] if ids else None
    described = descriptors.positions(describe, file_names, compared, id_column)
    return Matched(features, id_column, findings, described)


def id_of(file_names: Sequence[str], names: Names) -> str | None:
    """The column that holds the ids; None where there is none."""
    return next((file_names[place] for place in _candidates(file_names, names).get(ID, [])), None)


def check_present(wanted: Sequence[str], file_names: Sequence[str], names: Names, source: str, fix: str) -> None:
    """Refuse a file or another source that lacks a whole feature, which a model cannot make up. Raises DataError: one
    is missing; ``fix`` says what to do where it goes by another name."""
    ranks = [names.rank(name) for name in file_names]
    missing = [name for name in wanted if name not in {rank[1] for rank in ranks if rank}]
    if missing:
        unmatched = [name for name, rank in zip(file_names, ranks, strict=True) if rank is None and name]
        others = f" (columns not matched: {listing(unmatched)})" if unmatched else ""
        raise DataError(
            f"the model needs {', '.join(missing)}, which the {source} does not have{others}; no typical value stands "
            f"in for a whole column: add it, or {fix}"
        )


def _candidates(file_names: Sequence[str], names: Names) -> dict[str, list[int]]:
    """Positions that answer to each name, only those of the surest kind."""
    ranked: dict[str, list[tuple[int, int]]] = {}
    for position, name in enumerate(file_names):
        if (meaning := names.rank(name)) is not None and meaning[1]:
            ranked.setdefault(meaning[1], []).append((meaning[0], position))
    return {
        target: [position for rank, position in columns if rank == min(columns)[0]]
        for target, columns in ranked.items()
    }


def _matched_finding(file_names: Sequence[str], features: Mapping[str, list[int]], ids: Sequence[int]) -> Finding:
    pairs = [(ID, file_names[ids[0]])] if ids else []
    pairs += [(name, file_names[positions[0]]) for name, positions in features.items()]
    renamed = [f"{theirs} → {name}" for name, theirs in pairs if theirs != name and name != ID]
    examples = tuple({"feature": name, "column": theirs} for name, theirs in pairs)
    words = {"case": "renamed", "parameters": {"n_renamed": len(renamed), "renamed": renamed}} if renamed else {}
    return Finding("info", "columns", "", len(features), examples, action="matched", **words)


def _missing_message(
    missing: Sequence[str], wanted: Sequence[str], file_names: Sequence[str], matched: Mapping[str, list[int]]
) -> str:
    components = [name for name in file_names if COMPONENT.fullmatch(name)]
    if len(components) >= max(2, MOSTLY * len(file_names)) and 2 * len(missing) > len(wanted):
        return (
            f"the columns look like principal components or encodings ({listing(components, 3)}); "
            f"give the customers in original units, with columns such as {' and '.join(dictionary.load().names[:2])}"
        )
    if 2 * len(missing) > len(wanted):
        raise OtherSchemaError(_other_schema(wanted, file_names))
    used = {position for positions in matched.values() for position in positions}
    free = [name for i, name in enumerate(file_names) if i not in used and name]
    near = {name: nearest_text(name, free) for name in missing}
    mapping = "COLUMNS=mapping.yml (a line for each, their name: CANONICAL_NAME)"
    fix = f"rename the columns, map them with {mapping}"
    if free and not all(near.values()):
        fix = f"if the file has them under other names (not matched: {listing(free)}), map them with {mapping}"
    fix += f", or run without them: {features_parameter(wanted, missing)}"
    twice = [name for name, positions in matched.items() if len(positions) > 1]
    also = f", while {listing(twice)} heads more than one column" if twice else ""
    missed = "; ".join(name + hint for name, hint in near.items())
    return f"{plural(len(missing), 'feature is', 'features are')} missing: {missed}{also}; {fix}"


def nearest(file_names: Sequence[str], least: float = NEAR) -> Nearest:
    """What of a file answers to a feature, and which other column is near one by at least so much, each once."""
    names = Names({})
    certain = {target: file_names[places[0]] for target, places in _candidates(file_names, names).items()}
    free = [name for name in dict.fromkeys(file_names) if name and names.rank(name) is None]
    features = {target: column for target, column in certain.items() if target != ID}
    pairs = sorted(
        (-alike, column, feature)
        for column in free[:MOST_COMPARED]
        for feature in dictionary.load().names
        if feature not in features and (alike := likeness(feature, column)) >= least
    )
    near: dict[str, str] = {}
    for _, column, feature in pairs:
        if feature not in near and column not in near.values():
            near[feature] = column
    near = {name: near[name] for name in dictionary.load().names if name in near}
    return Nearest(features, near, [name for name in free if name not in near.values()])


def _other_schema(wanted: Sequence[str], file_names: Sequence[str]) -> str:
    """One screen on a file that lacks most features: what was found, what is near, what would run."""
    seen = nearest(file_names, SURELY_NEAR)
    matched = [name for name in wanted if name in seen.found]
    were = "was" if len(matched) == 1 else "were"
    lines = [
        f"{len(matched)} of the {plural(len(wanted), 'feature')} {were} found, so this is a file of another schema."
    ]
    if matched:
        lines.append(f"  found: {', '.join(f'{show(seen.found[name])} ({name})' for name in matched)}")
    for feature, column in seen.near.items():
        lines.append(f"  near a feature: {show(column)}; if it is {feature}, say so with COLUMNS=mapping.yml")
    if seen.free:
        lines.append(f"  near none: {listing(seen.free, MOST_LISTED)}")
    if len(matched) > 1:  # by one, customers are sorted and not segmented
        lacking = [name for name in wanted if name not in matched]
        lines.append(f"On what was found alone it would run with {features_parameter(wanted, lacking)}")
    return "\n".join(lines)


MOST_LISTED = 60  # columns that one screen has room for


def features_parameter(features: Sequence[str], without: Sequence[str]) -> str:
    """The parameter that runs on all of these columns but some, as it is typed.

    Where they are all columns there are, with the derived features that the others suffice for.
    """
    known = dictionary.load()
    remaining = [name for name in features if name not in without]
    clustered = known.clustered if set(features) == set(known.names) else {}
    derived = [name for name, formula in clustered.items() if set(formula.needs) <= set(remaining)]
    return f'FEATURES="{" ".join([*remaining, *derived])}"'
