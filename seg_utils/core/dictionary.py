"""The data dictionary: what every column is called, means and may hold."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

from seg_utils.core import marked_yaml, paths
from seg_utils.core.errors import CatalogueError
from seg_utils.core.marked_yaml import Entry
from seg_utils.core.transformation import FORMULAS, Formula

KINDS = ("amount", "count", "frequency", "share", "months", "ratio", "score")
TRANSFORMS = ("none", "log1p")
DESCRIBED = ("name", "label", "description", "unit", "kind", "transform")
"""What every entry of a feature says."""

OWN = ("limits", "below_zero", "aliases", "optional")
DERIVED = (*FORMULAS, "clustered")
NUMBER, CATEGORY = DESCRIPTOR_KINDS = ("number", "category")
"""What else an entry may say: of a column of the file, and of a derived feature."""


@dataclass(frozen=True)
class Feature:
    """What customers may be compared by or described with; as such, a column of the customers file.

    ``covered`` is how many months figures cover as a rule, for a feature that says it. A file may lack what is
    ``optional``.
    ``below_zero`` says what values below ``minimum`` mean, if some cards have such, and ``below_zero_share`` up to
    which share of the customers.
    """

    name: str
    label: str
    description: str
    unit: str
    kind: str
    transform: str
    minimum: float | None = None
    maximum: float | None = None
    impossible: float | None = None
    covered: float | None = None
    below_zero: str | None = None
    below_zero_share: float = 0.0
    aliases: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, kw_only=True)
class Derived(Feature):
    """A feature computed from columns of the file; ``clustered`` where customers are compared by it too."""

    formula: Formula
    clustered: bool = False


@dataclass(frozen=True)
class Descriptor:
    """A column that segments are described by and customers never compared by: a ``NUMBER`` or a ``CATEGORY``."""

    name: str
    label: str
    kind: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wording:
    """How a feature is spoken of: a segment stands out (high, low), or differs from a sibling (higher, lower).

    ``none`` stands in place of ``low`` where nobody in the segment has any.
    """

    topic: str
    high: str
    low: str
    higher: str
    lower: str
    none: str | None = None


@dataclass(frozen=True)
class Relations:
    """What holds between columns: ``total`` is the sum of ``parts``; pairs are zero together; ``own_months`` are shares
    of the customer's ``months``; ``owed`` is at most a little above the ``limit``; ``least`` exceeds no ``larger``."""

    total: str
    parts: tuple[str, ...]
    zero_together: tuple[tuple[str, str], ...]
    months: str
    own_months: tuple[str, ...]
    limit: str
    owed: str
    least: str
    larger: tuple[str, ...]


@dataclass(frozen=True)
class Dictionary:
    """All features in canonical order, and how the customer id is called."""

    currency: str
    id_name: str
    id_aliases: tuple[str, ...]
    features: tuple[Feature, ...] = field(repr=False)
    relations: Relations = field(repr=False)
    derived: tuple[Derived, ...] = field(default=(), repr=False)
    descriptors: tuple[Descriptor, ...] = field(default=(), repr=False)
    wordings: dict[str, Wording] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> list[str]:
        """Canonical names of the file's columns, in order."""
        return [feature.name for feature in self.features]

    @property
    def clustered(self) -> dict[str, Formula]:
        """The formulas of the derived features that customers are compared by."""
        return {feature.name: feature.formula for feature in self.derived if feature.clustered}

    @property
    def clustering_features(self) -> list[str]:
        """What customers are compared by unless asked otherwise: all columns, then derived features, in order."""
        return [*self.names, *self.clustered]

    @property
    def optional(self) -> set[str]:
        """The columns that a file may lack."""
        return {feature.name for feature in self.features if feature.optional}

    def inputs(self, features: Iterable[str]) -> list[str]:
        """The columns that these clustering features are, or are computed from, in order."""
        wanted = set(features)
        parts = {part for name, formula in self.clustered.items() if name in wanted for part in formula.needs}
        return [name for name in self.names if name in wanted | parts]

    def __getitem__(self, name: str) -> Feature:
        for feature in (*self.features, *self.derived):
            if feature.name == name:
                return feature
        raise KeyError(f"{name!r} is not a feature of the dictionary; known: {', '.join(self.names)}")

    def label(self, name: str) -> str:
        """What people call a feature."""
        return self[name].label


def load(path: Path | None = None) -> Dictionary:
    """Read a dictionary, the project's own by default.

    Raises:
        CatalogueError: an entry lacks a field, or what it says is not allowed; most name the line.
    """
    return _read(Path(path or paths.DICTIONARY))


@lru_cache
def _read(path: Path) -> Dictionary:
    try:
        return _dictionary(marked_yaml.load(path), path.name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CatalogueError(
            f"{path.name} is not built as the dictionary is ({type(error).__name__}: {error}); "
            "compare it with the one of this version"
        ) from None


def _dictionary(raw: Entry, source: str) -> Dictionary:
    features = tuple(Feature(**_described(entry, OWN), optional=entry.flag("optional")) for entry in raw["features"])
    columns = {feature.name for feature in features}
    derived = tuple(_derived(entry, columns) for entry in raw.get("derived", ()))
    names: set[str] = set()
    described = raw.entries("descriptors") if "descriptors" in raw else []
    for entry in (*raw["features"], *raw.get("derived", ()), *described):
        if entry["name"] in names:
            raise entry.error(f"{entry['name']} stands twice", "name")
        names.add(entry["name"])
    return Dictionary(
        currency=raw["currency"],
        id_name=raw["id"]["name"],
        id_aliases=tuple(raw["id"].get("aliases", ())),
        features=features,
        relations=_relations(raw["relations"], columns, source),
        derived=derived,
        descriptors=tuple(map(_descriptor, described)),
        wordings=_wordings(raw.get("wording", {}), names - {entry["name"] for entry in described}, source),
    )


def _descriptor(entry: Entry) -> Descriptor:
    entry.check_keys(("name", "label", "kind"), ("aliases",))
    entry.choice("kind", DESCRIPTOR_KINDS)
    aliases = tuple(entry.texts("aliases")) if "aliases" in entry else ()
    return Descriptor(entry.text("name"), entry.text("label"), entry["kind"], aliases)


def _relations(raw: dict, known: set[str], source: str) -> Relations:
    relations = Relations(
        total=raw["sum"]["total"],
        parts=tuple(raw["sum"]["parts"]),
        zero_together=tuple((amount, other) for amount, other in raw["zero_together"]),
        months=raw["own_months"]["months"],
        own_months=tuple(raw["own_months"]["shares"]),
        limit=raw["limit"]["of"],
        owed=raw["limit"]["owed"],
        least=raw["at_most"]["least"],
        larger=tuple(raw["at_most"]["of"]),
    )
    alone = (relations.total, relations.months, relations.limit, relations.owed, relations.least)
    several = (*relations.parts, *relations.own_months, *relations.larger, *sum(relations.zero_together, ()))
    named = dict.fromkeys([*alone, *several])
    unknown = [name for name in named if name not in known]
    if unknown:
        raise CatalogueError(f"{source}: relations name unknown {', '.join(unknown)}")
    return relations


def _derived(entry: Entry, columns: set[str]) -> Derived:
    derived = Derived(**_described(entry, DERIVED), formula=_formula(entry, columns), clustered=entry.flag("clustered"))
    if derived.clustered and derived.formula.fifth:
        raise entry.error(
            f"{derived.name} cannot be clustered on: a fifth is a place among all customers of a file, which one "
            "customer alone does not have; use a ratio or a weighted sum, or leave 'clustered' out",
            "clustered",
        )
    return derived


def _formula(entry: Entry, columns: set[str]) -> Formula:
    given = [kind for kind in FORMULAS if kind in entry]
    if len(given) != 1:
        raise entry.error(f"{entry['name']} needs exactly one formula: {' or '.join(FORMULAS)}")
    if given == ["ratio"]:
        ratio = entry.section("ratio")
        ratio.check_keys(("of", "to"), ("at_most",))
        parts = [*ratio.texts("of"), *ratio.texts("to")]
        if "at_most" in ratio:
            ratio.number("at_most", least=0)
    elif given == ["fifth"]:
        parts = entry.texts("fifth")
    else:
        parts = [*entry.section("weighted")]
        for name in parts:
            entry["weighted"].number(name)
    unknown = [name for name in parts if name not in columns]
    if unknown:
        raise entry.error(f"{entry['name']} reads unknown {', '.join(unknown)}; a formula reads columns", given[0])
    return Formula.from_dict(entry)


def _wordings(raw: dict, known: set[str], source: str) -> dict[str, Wording]:
    expected = {part.name for part in fields(Wording)} - {"none"}
    for name, words in raw.items():
        if name not in known:
            raise CatalogueError(f"{source}: wording for {name!r}, which is not a feature")
        if set(words) - {"none"} != expected:
            raise CatalogueError(f"{source}: wording of {name} needs exactly {', '.join(sorted(expected))}")
    return {name: Wording(**words) for name, words in raw.items()}


def _described(entry: Entry, optional: tuple[str, ...]) -> dict[str, Any]:
    """What every feature's entry says, as fields of ``Feature``."""
    entry.check_keys(DESCRIBED, optional)
    entry.choice("kind", KINDS)
    entry.choice("transform", TRANSFORMS)
    limits, below_zero = entry.get("limits", {}), entry.get("below_zero", {})
    return {
        **{key: entry[key] for key in DESCRIBED},
        "minimum": limits.get("minimum"),
        "maximum": limits.get("maximum"),
        "impossible": limits.get("impossible"),
        "covered": limits.get("covered"),
        "below_zero": below_zero.get("meaning"),
        "below_zero_share": below_zero.get("share", 0.0),
        "aliases": tuple(entry.get("aliases", ())),
    }
