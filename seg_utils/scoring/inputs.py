"""What may be asked of one customer: the model's inputs as a form or a request gives them, checked field by field."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from seg_utils.core import dictionary, words
from seg_utils.core.dictionary import normalised
from seg_utils.data.columns.matching import ID, Names
from seg_utils.scoring.model import SegmentModel
from seg_utils.scoring.reference import Range

# Under which heading a form asks for an input, by its kind
GROUPS = {
    "amount": "Amounts",
    "frequency": "Shares of months",
    "share": "Shares of months",
    "count": "Counts and months",
    "months": "Counts and months",
    "ratio": "Ratios and scores",
    "score": "Ratios and scores",
}

OVERSHOOT = 2  # how many times its maximum a value may be, where training customers went beyond it
WHOLE = ("count", "months")  # kinds of features whose values are whole numbers
ROUNDED = 1.5  # by how much amounts in whole units may miss their sum
MOSTLY = 0.5  # from more than this share of imputed features on, an answer says so
CUSTOMER = "features"  # the field of a note that is about all features together
NOTHING = "no value in any feature; give at least one value"

SHOWN = 60  # characters of a name from outside that a message repeats


@dataclass(frozen=True)
class Input:
    """One feature: what people call it, what is refused (outside ``minimum`` to ``maximum``), what training customers
    had (``low`` to ``high``) and the typical value, in original units."""

    name: str
    label: str
    description: str
    unit: str
    kind: str
    group: str
    minimum: float
    maximum: float
    low: float
    high: float
    typical: float

    def problem(self, value: Any) -> str | None:
        """Why a value cannot be used, or None."""
        if type(value) is not float and type(value) is not int:
            return "must be a number, or null where it is not known"
        if not self.minimum <= value <= self.maximum:  # NaN too is not inside
            return f"must be between {_plain(self.minimum)} and {_plain(self.maximum)}"
        return None

    def note(self, value: float) -> str | None:
        """What to mind about a value that no training customer had, or that is not whole; NaN is neither."""
        if value < self.low or value > self.high:
            return (
                f"{self.label} of {words.value(self.name, value)} lies outside what the training customers had "
                f"({words.value(self.name, self.low)} to {words.value(self.name, self.high)})"
            )
        if self.kind in WHOLE and value % 1 > 0:
            return f"{self.label} of {_plain(value)} is no whole number, as counts and months usually are"
        return None


class Note(NamedTuple):
    """Something about one field, in words."""

    field: str
    message: str


@dataclass
class Reading:
    """``values`` (features,), NaN where imputed; what was imputed, what to mind, and what cannot be used."""

    values: np.ndarray
    imputed: list[str] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    problems: list[Note] = field(default_factory=list)


class Inputs:
    """The inputs of a model, in its order; names are matched as in a customers file."""

    def __init__(self, names: Iterable[str], ranges: Mapping[str, Range]) -> None:
        self.all = tuple(_input(name, ranges[name]) for name in names)
        self._place = {feature.name: place for place, feature in enumerate(self.all)}
        relations = dictionary.load().relations
        summed = (relations.total, *relations.parts)
        self.summed = summed if all(name in self._place for name in summed) else ()
        """A total and its parts, where the model has them all."""
        self._known = Names({})
        spellings = self._known.aliases | self._known.canonical
        self._spelled = {key: self._place[name] for key, name in spellings.items() if name in self._place}

    @classmethod
    def of(cls, model: SegmentModel) -> "Inputs":
        """The inputs of a scoring model."""
        return cls(model.space.inputs, model.reference.ranges)

    def read(self, features: Mapping[str, Any]) -> Reading:
        """Read one customer. A feature that is absent or None is imputed; everything wrong is listed at once.

        A customer of whom nothing is known is a problem: imputed values alone are nobody's.
        """
        reading = Reading(np.full(len(self.all), np.nan))
        given: set[int] = set()
        for name, value in features.items():
            place = self._place.get(name)
            if place is None and (place := self._spelled.get(normalised(name))) is None:
                self._stranger(reading, name)
            elif place in given:
                reading.problems.append(Note(_shown(name), f"is one more value for {self.all[place].name}; give one"))
            else:
                given.add(place)
                self._take(reading, place, value)
        if not reading.problems and np.isnan(reading.values).all():
            reading.problems.append(Note(CUSTOMER, NOTHING))
        return self._as_a_whole(reading)

    def noted(self, values: np.ndarray) -> Reading:
        """A reading of values (features,) that were checked before, NaN where missing."""
        reading = Reading(values)
        for feature, value in zip(self.all, values.tolist(), strict=True):
            if note := feature.note(value):
                reading.warnings.append(Note(feature.name, note))
        return self._as_a_whole(reading)

    def _as_a_whole(self, reading: Reading) -> Reading:
        """What only all values together tell."""
        missing = np.isnan(reading.values).tolist()
        reading.imputed = [feature.name for feature, absent in zip(self.all, missing, strict=True) if absent]
        if len(reading.imputed) > MOSTLY * len(self.all):
            message = (
                f"{len(reading.imputed)} of {len(self.all)} features are filled in, more than half; "
                "the segment rests mostly on typical values"
            )
            reading.warnings.append(Note(CUSTOMER, message))
        if self.summed:
            total, *parts = (float(reading.values[self._place[name]]) for name in self.summed)
            if abs(total - sum(parts)) > ROUNDED:  # not where one is NaN
                labels = [self.all[self._place[name]].label for name in self.summed]
                message = f"{labels[0]} are not the sum of {words.listing([label.lower() for label in labels[1:]])}"
                reading.warnings.append(Note(self.summed[0], message))
        return reading

    def _take(self, reading: Reading, place: int, value: Any) -> None:
        if value is None:
            return
        feature = self.all[place]
        if problem := feature.problem(value):
            reading.problems.append(Note(feature.name, problem))
            return
        reading.values[place] = value
        if note := feature.note(value):
            reading.warnings.append(Note(feature.name, note))

    def _stranger(self, reading: Reading, name: str) -> None:
        """A name that is none of the inputs: a customer's id is fine, a feature the model lacks is left out."""
        meant = self._known.rank(name)
        if meant is None:
            known = ", ".join(feature.name for feature in self.all)
            reading.problems.append(Note(_shown(name), f"is no feature of this model; it knows {known}"))
        elif meant[1] != ID:
            reading.warnings.append(Note(meant[1], "is not used: the model was made without it"))


def _input(name: str, trained_range: Range) -> Input:
    known = dictionary.load()[name]
    largest = known.damage
    return Input(
        name=name,
        label=known.label,
        description=known.description,
        unit=known.unit if known.unit != "currency" else dictionary.load().currency,
        kind=known.kind,
        group=GROUPS[known.kind],
        minimum=-largest if known.minimum is None or known.below_zero else known.minimum,
        maximum=largest if known.maximum is None else _highest(known.maximum, trained_range),
        low=trained_range.low,
        high=trained_range.high,
        typical=trained_range.median,
    )


def _highest(maximum: float, trained_range: Range) -> float:
    """A few real shares lie a little above 1: where training customers had such, new ones may have them too."""
    return float(maximum if trained_range.high <= maximum else max(OVERSHOOT * maximum, trained_range.high))


def _plain(number: float) -> str:
    return f"{number:,.15g}"


def _shown(name: str) -> str:
    return name if len(name) <= SHOWN else f"{name[:SHOWN]}…"
