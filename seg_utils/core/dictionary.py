"""The data dictionary: what every column is called, means and may hold."""

import json
import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from seg_utils.core import marked_yaml, paths
from seg_utils.core.transformation import Formula

KINDS = ("amount", "count", "frequency", "share", "months", "ratio", "score")
TRANSFORMS = ("none", "log1p")
MEASURES = 5
"""So many amounts are shared out among segments where the dictionary does not say which."""

NUMBER, CATEGORY = DESCRIPTOR_KINDS = ("number", "category")
"""What a descriptor may be."""

AN_ID = "CUSTOMER_ID"
"""How the id is called where the dictionary does not say."""

LONGEST_NAME = 1000


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

    @property
    def floor(self) -> float:
        """``minimum``, where there is one."""
        return -math.inf if self.minimum is None else self.minimum

    @property
    def ceiling(self) -> float:
        """``maximum``, where there is one."""
        return math.inf if self.maximum is None else self.maximum

    @property
    def damage(self) -> float:
        """``impossible``, where there is such a value."""
        return math.inf if self.impossible is None else self.impossible


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
    of the customer's ``months``; ``owed`` is at most a little above the ``limit``; ``least`` exceeds no ``larger``.
    What is not said to hold is empty."""

    total: str = ""
    parts: tuple[str, ...] = ()
    zero_together: tuple[tuple[str, str], ...] = ()
    months: str = ""
    own_months: tuple[str, ...] = ()
    limit: str = ""
    owed: str = ""
    least: str = ""
    larger: tuple[str, ...] = ()


@dataclass(frozen=True)
class Measure:
    """An amount that is shared out among segments: ``does`` says what a segment does with a share ``{}`` of it."""

    name: str
    column: str
    label: str
    does: str


@dataclass(frozen=True)
class Dictionary:
    """All features in canonical order, and how the customer id is called.

    ``cards`` where the customers are of cards, and features of the project's names mean what they mean there.
    ``key_numbers`` are the features whose figures the report's tables have, the most telling first.
    """

    currency: str
    id_name: str
    id_aliases: tuple[str, ...]
    features: tuple[Feature, ...] = field(repr=False)
    relations: Relations = field(default=Relations(), repr=False)
    derived: tuple[Derived, ...] = field(default=(), repr=False)
    descriptors: tuple[Descriptor, ...] = field(default=(), repr=False)
    wordings: dict[str, Wording] = field(default_factory=dict, repr=False)
    measures: tuple[Measure, ...] = field(default=(), repr=False)
    key_numbers: tuple[str, ...] = field(default=(), repr=False)
    cards: bool = False

    @property
    def names(self) -> list[str]:
        """Canonical names of the file's columns, in order."""
        return [feature.name for feature in self.features]

    @property
    def described(self) -> tuple[Feature, ...]:
        """All features, columns and then derived ones."""
        return (*self.features, *self.derived)

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
        for feature in self.described:
            if feature.name == name:
                return feature
        raise KeyError(f"{name!r} is not a feature of the dictionary; known: {', '.join(self.names)}")

    def label(self, name: str) -> str:
        """What people call a feature."""
        return self[name].label


def normalised(name: str) -> str:
    """A column name without case, spaces, underscores, hyphens and dots; an endless one is known by no other name."""
    if len(name) > LONGEST_NAME:  # accents are put in order in time that grows with the square of their number
        return name
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def load(path: Path | None = None) -> Dictionary:
    """Read a dictionary, the one in force by default; of a model (``.json``) the one that it was made with.

    Raises:
        CatalogueError: a mistake in the file; names the file and the line.
    """
    path = Path(path or paths.catalogue("DICTIONARY"))
    return _of_model(path, path.stat().st_mtime_ns) if path.suffix == ".json" else _read(path)


def own_text() -> str | None:
    """What the dictionary in force says, where it is another than the project's: a model made with it keeps it."""
    if not paths.is_own("DICTIONARY"):
        return None
    path = paths.catalogue("DICTIONARY")
    return text_of_model(path) if path.suffix == ".json" else path.read_text(encoding="utf-8-sig")


def own_id() -> str:
    """The id that an analyst's dictionary names; empty where it names none, or the one in force is no analyst's."""
    analysts = paths.is_own("DICTIONARY") and paths.catalogue("DICTIONARY").suffix != ".json"
    return load().id_name if analysts and load().id_name != AN_ID else ""


def text_of_model(path: Path) -> str | None:
    """The dictionary that a model file carries, as it was written; None of one made with the project's own."""
    try:
        return json.loads(path.read_text(encoding="utf-8")).get("dictionary")
    except (OSError, ValueError, AttributeError, RecursionError):
        return None  # whoever reads the model says what is wrong with it


def unfamiliar() -> set[str]:
    """The features in force that the project's own dictionary does not know, so that no sentence is about them."""
    known = load()
    names = {feature.name for feature in known.described}
    cards = load(paths.CATALOGUES["DICTIONARY"]).described if known.cards else ()
    return names - {feature.name for feature in cards}


def described(name: str) -> Feature:
    """What the dictionary in force says of a feature; of one that it lacks, what the project's own does.

    Raises:
        KeyError: neither knows it.
    """
    known = load()
    its = any(feature.name == name for feature in known.described)
    return (known if its else load(paths.CATALOGUES["DICTIONARY"]))[name]


@lru_cache
def _read(path: Path) -> Dictionary:
    from seg_utils.core import dictionary_entries  # it builds what is defined here

    return dictionary_entries.dictionary(marked_yaml.load(path))


@lru_cache
def _of_model(path: Path, stamp: int) -> Dictionary:
    """The dictionary of a model, read anew where the file has changed (``stamp``)."""
    from seg_utils.core import dictionary_entries

    text = text_of_model(path)
    if text is None:
        return load(paths.CATALOGUES["DICTIONARY"])
    return dictionary_entries.dictionary(marked_yaml.loads(text, f"the dictionary in {path.name}"))
