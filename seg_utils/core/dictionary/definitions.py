"""What a data dictionary consists of: features, derived ones, descriptors, wordings, relations, measures."""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from seg_utils.core.transformation import Formula

KINDS = ("amount", "count", "frequency", "share", "months", "ratio", "score")
TRANSFORMS = ("none", "log1p")
MEASURES = 5  # so many amounts are shared out among segments where the dictionary does not say which
NUMBER, CATEGORY = DESCRIPTOR_KINDS = ("number", "category")  # what a descriptor may be
AN_ID = "CUSTOMER_ID"  # how the id is called where the dictionary does not say
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
        return -math.inf if self.minimum is None else self.minimum

    @property
    def ceiling(self) -> float:
        return math.inf if self.maximum is None else self.maximum

    @property
    def damage(self) -> float:
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


def within(label: str) -> str:
    """A label within a sentence: its first letter small, unless it is an abbreviation, or later words begin with
    capitals, as German ones do."""
    keeps = not label[1:2].islower() or re.search(r"[\W_][^\W\d_a-z]?[A-ZÄÖÜ][a-zäöüß]{2}", label)
    return label if keeps else label[:1].lower() + label[1:]
