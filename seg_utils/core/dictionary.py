"""The data dictionary: what every column is called, means and may hold."""

from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

from seg_utils.core import marked_yaml
from seg_utils.core.errors import CatalogueError
from seg_utils.core.marked_yaml import Entry
from seg_utils.core.paths import DICTIONARY

KINDS = ("amount", "count", "frequency", "share", "months", "ratio", "score")
TRANSFORMS = ("none", "log1p")


@dataclass(frozen=True)
class Feature:
    """One column of the customers file that the segmentation may use.

    ``covered`` is how many months figures cover as a rule, for a feature that says it.
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


@dataclass(frozen=True)
class Derived(Feature):
    """A feature computed from others, by exactly one of three formulas."""

    of: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    at_most: float | None = None
    fifth: tuple[str, ...] = ()
    weighted: tuple[tuple[str, float], ...] = ()

    @property
    def needs(self) -> list[str]:
        """The columns the formula reads."""
        return list(dict.fromkeys([*self.of, *self.to, *self.fifth, *(name for name, _ in self.weighted)]))


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
    """What holds between columns: ``total`` is the sum of ``parts``; pairs are zero together; own months are whole."""

    total: str
    parts: tuple[str, ...]
    zero_together: tuple[tuple[str, str], ...]
    own_months: tuple[str, ...]


@dataclass(frozen=True)
class Dictionary:
    """All features in canonical order, and how the customer id is called."""

    currency: str
    id_name: str
    id_aliases: tuple[str, ...]
    features: tuple[Feature, ...] = field(repr=False)
    relations: Relations = field(repr=False)
    derived: tuple[Derived, ...] = field(default=(), repr=False)
    wordings: dict[str, Wording] = field(default_factory=dict, repr=False)

    @property
    def names(self) -> list[str]:
        """Canonical feature names, in order."""
        return [feature.name for feature in self.features]

    def __getitem__(self, name: str) -> Feature:
        for feature in (*self.features, *self.derived):
            if feature.name == name:
                return feature
        raise KeyError(f"{name!r} is not a feature of the dictionary; known: {', '.join(self.names)}")

    def label(self, name: str) -> str:
        """What people call a feature."""
        return self[name].label


@lru_cache
def load(path: Path = DICTIONARY) -> Dictionary:
    """Read the dictionary.

    Raises:
        CatalogueError: an entry lacks a field, or its kind or transform is unknown.
    """
    path = Path(path)
    try:
        return _dictionary(marked_yaml.load(path), path.name)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CatalogueError(
            f"{path.name} is not built as the dictionary is ({type(error).__name__}: {error}); "
            "compare it with the one of this version"
        ) from None


def _dictionary(raw: Entry, source: str) -> Dictionary:
    features = tuple(_feature(entry, source) for entry in raw["features"])
    derived = tuple(_derived(entry, source) for entry in raw.get("derived", ()))
    _check_formulas(derived, {feature.name for feature in features}, source)
    return Dictionary(
        currency=raw["currency"],
        id_name=raw["id"]["name"],
        id_aliases=tuple(raw["id"].get("aliases", ())),
        features=features,
        relations=_relations(raw["relations"], {feature.name for feature in features}, source),
        derived=derived,
        wordings=_wordings(raw.get("wording", {}), {feature.name for feature in (*features, *derived)}, source),
    )


def _relations(raw: dict, known: set[str], source: str) -> Relations:
    relations = Relations(
        total=raw["sum"]["total"],
        parts=tuple(raw["sum"]["parts"]),
        zero_together=tuple((amount, other) for amount, other in raw["zero_together"]),
        own_months=tuple(raw["own_months"]),
    )
    named = [relations.total, *relations.parts, *relations.own_months, *sum(relations.zero_together, ())]
    unknown = [name for name in named if name not in known]
    if unknown:
        raise CatalogueError(f"{source}: relations name unknown {', '.join(unknown)}")
    return relations


def _derived(entry: dict, source: str) -> Derived:
    ratio = entry.get("ratio", {})
    return Derived(
        **vars(_feature(entry, source)),
        of=tuple(ratio.get("of", ())),
        to=tuple(ratio.get("to", ())),
        at_most=ratio.get("at_most"),
        fifth=tuple(entry.get("fifth", ())),
        weighted=tuple(entry.get("weighted", {}).items()),
    )


def _check_formulas(derived: tuple[Derived, ...], known: set[str], source: str) -> None:
    for feature in derived:
        unknown = [name for name in feature.needs if name not in known]
        if unknown:
            raise CatalogueError(f"{source}: derived feature {feature.name} reads unknown {', '.join(unknown)}")
        if not feature.needs:
            raise CatalogueError(f"{source}: derived feature {feature.name} needs a ratio, fifth or weighted formula")


def _wordings(raw: dict, known: set[str], source: str) -> dict[str, Wording]:
    expected = {part.name for part in fields(Wording)} - {"none"}
    for name, words in raw.items():
        if name not in known:
            raise CatalogueError(f"{source}: wording for {name!r}, which is not a feature")
        if set(words) - {"none"} != expected:
            raise CatalogueError(f"{source}: wording of {name} needs exactly {', '.join(sorted(expected))}")
    return {name: Wording(**words) for name, words in raw.items()}


def _feature(entry: dict, source: str) -> Feature:
    limits, below_zero = entry.get("limits", {}), entry.get("below_zero", {})
    try:
        feature = Feature(
            name=entry["name"],
            label=entry["label"],
            description=entry["description"],
            unit=entry["unit"],
            kind=entry["kind"],
            transform=entry["transform"],
            minimum=limits.get("minimum"),
            maximum=limits.get("maximum"),
            impossible=limits.get("impossible"),
            covered=limits.get("covered"),
            below_zero=below_zero.get("meaning"),
            below_zero_share=below_zero.get("share", 0.0),
            aliases=tuple(entry.get("aliases", ())),
        )
    except KeyError as error:
        raise CatalogueError(f"{source}: feature {entry.get('name', entry)!r} lacks {error}") from None
    if feature.kind not in KINDS:
        raise CatalogueError(f"{source}: {feature.name} has kind {feature.kind!r}; allowed: {', '.join(KINDS)}")
    if feature.transform not in TRANSFORMS:
        raise CatalogueError(
            f"{source}: {feature.name} has transform {feature.transform!r}; allowed: {', '.join(TRANSFORMS)}"
        )
    return feature
