"""The catalogue of claims: ``data/claims.yml``, read and checked."""

from dataclasses import dataclass, replace
from inspect import signature
from pathlib import Path
from typing import Any

from seg_utils.claims import measurements, verdict
from seg_utils.claims.laboratory import ALGORITHMS, FIRST_SEED, Method
from seg_utils.claims.verdict import UNITS, Expectation
from seg_utils.core import dictionary, marked_yaml
from seg_utils.core.errors import did_you_mean
from seg_utils.core.marked_yaml import Entry
from seg_utils.core.parameters import IMPUTATIONS, SCALES
from seg_utils.core.paths import CLAIMS

PUBLISHED, OURS = "published", "ours"
READINGS = (PUBLISHED, OURS)  # a threshold is a number that is published, or our reading of words
METHODS = frozenset({"method", "over", "against"})  # arguments that name a method
FEATURES = ("feature", "other", "share", "group")  # arguments that name a feature, or a group by one
SEVERAL_FEATURES = ("features", "averages")  # arguments that hold features, as a list or as names of bounds

# Arguments that are one of a few words
CHOICES = {
    "name": (*measurements.HIGHER_IS_BETTER, "iterations"),
    "epoch": ("first", "last"),
    "counted_from": measurements.ENDS,
}


@dataclass(frozen=True)
class Claim:
    """One claim, or without ``expected`` a measurement beside the claims; ``unchecked`` says why nothing can tell.
    ``ours`` says that the threshold is our reading of words; ``own_seed`` is the seed that the system publishes."""

    id: str
    system: str
    text: str
    measure: str = ""
    arguments: tuple[tuple[str, Any], ...] = ()
    expected: Expectation | None = None
    unit: str = "decimal"
    unchecked: str = ""
    note: str = ""
    ours: bool = False
    own_seed: int | None = None

    @property
    def on_codes(self) -> bool:
        """Whether it is measured on the codes of an autoencoder."""
        return any(isinstance(value, Method) and value.encoder for _, value in self.arguments)


@dataclass(frozen=True)
class System:
    """One published system: how it is published, and what is ours where it says nothing."""

    id: str
    title: str
    method: str
    assumed: str
    claims: tuple[Claim, ...]
    context: tuple[Claim, ...]


@dataclass(frozen=True)
class Catalogue:
    """All systems, in order."""

    tolerance: float
    systems: tuple[System, ...]

    @property
    def entries(self) -> list[Claim]:
        """All claims and what is measured beside them, in order."""
        return [entry for system in self.systems for entry in (*system.claims, *system.context)]


def load(path: Path = CLAIMS) -> Catalogue:
    """Read the catalogue. Raises CatalogueError: a mistake in the file; names its line."""
    top = marked_yaml.load(path)
    top.check_keys(("tolerance", "methods", "systems"))
    tolerance = top.number("tolerance", least=0)
    methods = {name: _method(name, top.section("methods").section(name)) for name in top.section("methods")}
    section = top.section("systems")
    systems = tuple(_system(name, section.section(name), tolerance, methods) for name in section)
    catalogue = Catalogue(tolerance, systems)
    ids = [entry.id for entry in catalogue.entries]
    if twice := sorted({name for name in ids if ids.count(name) > 1}):
        raise section.error(f"the ids {', '.join(twice)} are there more than once")
    return catalogue


def _method(name: str, entry: Entry) -> Method:
    entry.check_keys(("impute", "scale", "algorithm", "seeds"), ("encoder",))
    sizes = entry.get("encoder", [])
    if not isinstance(sizes, list) or not all(isinstance(size, int) and size > 0 for size in sizes):
        raise entry.error("encoder must be a list of widths, for example [64, 32, 8]", "encoder")
    return Method(
        name=name,
        impute=entry.choice("impute", IMPUTATIONS),
        scale=entry.choice("scale", SCALES),
        algorithm=entry.choice("algorithm", ALGORITHMS),
        seeds=int(entry.number("seeds", least=1)),
        encoder=tuple(sizes),
    )


def _system(name: str, entry: Entry, tolerance: float, methods: dict[str, Method]) -> System:
    entry.check_keys(("title", "method", "assumed", "claims"), ("context", "seed"))
    seed = _own_seed(entry) if "seed" in entry else None
    claims = tuple(replace(_claim(name, claim, tolerance, methods), own_seed=seed) for claim in entry.entries("claims"))
    context = tuple(_context(name, claim, methods) for claim in entry.entries("context", needed=False))
    return System(name, entry.text("title"), entry.text("method"), entry.text("assumed"), claims, context)


def _own_seed(entry: Entry) -> int:
    seed = int(entry.number("seed"))
    if seed != FIRST_SEED:
        raise entry.error(f"seed is {seed}; runs begin at {FIRST_SEED}, so no other can be told apart", "seed")
    return seed


def _claim(system: str, entry: Entry, tolerance: float, methods: dict[str, Method]) -> Claim:
    if "unchecked" in entry:
        entry.check_keys(("id", "claim", "unchecked"))
        return Claim(entry.text("id"), system, entry.text("claim"), unchecked=entry.text("unchecked"))
    entry.check_keys(("id", "claim", "measure", "expect", "unit"), ("with", "note", "reading"))
    return replace(
        _measurable(system, entry, methods),
        expected=verdict.read_expectation(entry.section("expect"), tolerance),
        note=entry.text("note") if "note" in entry else "",
        ours="reading" in entry and entry.choice("reading", READINGS) == OURS,
    )


def _context(system: str, entry: Entry, methods: dict[str, Method]) -> Claim:
    entry.check_keys(("id", "claim", "measure", "unit"), ("with",))
    return _measurable(system, entry, methods)


def _measurable(system: str, entry: Entry, methods: dict[str, Method]) -> Claim:
    """What a claim and a measurement beside the claims have in common."""
    return Claim(
        id=entry.text("id"),
        system=system,
        text=entry.text("claim"),
        measure=entry.text("measure"),
        arguments=_arguments(entry, methods),
        unit=entry.choice("unit", UNITS),
    )


def _arguments(entry: Entry, methods: dict[str, Method]) -> tuple[tuple[str, Any], ...]:
    """The arguments of the measurement, methods by their name; checked against what the measurement takes."""
    measure = measurements.MEASUREMENTS[entry.choice("measure", tuple(measurements.MEASUREMENTS))]
    given = dict(entry.section("with")) if "with" in entry else {}
    try:
        signature(measure).bind(None, **given)
    except TypeError as error:
        raise entry.error(f"{entry['measure']}: {error}", "with") from None
    for name in METHODS.intersection(given):
        if given[name] not in methods:
            near = did_you_mean(given[name], methods)
            raise entry.error(f"{given[name]!r} is no method; known: {', '.join(methods)}{near}", "with")
        given[name] = methods[given[name]]
    for name, allowed in CHOICES.items():
        if name in given and given[name] not in allowed:
            raise entry.error(f"{name} is {given[name]!r}; it must be one of {', '.join(allowed)}", "with")
    if unknown := [scale for scale in given.get("scales", ()) if scale not in SCALES]:
        raise entry.error(f"scales holds {unknown[0]!r}; allowed: {', '.join(SCALES)}", "with")
    if measure is measurements.loss and not given["method"].encoder:
        raise entry.error(f"the method {given['method'].name} has no encoder, and so no loss", "with")
    several = [feature for name in SEVERAL_FEATURES for feature in given.get(name, ())]
    _check_features(entry, [*(given[name] for name in FEATURES if name in given), *several])
    return tuple(given.items())


def _check_features(entry: Entry, named: list[str]) -> None:
    """Features stand alone, or in a group behind a word: ``highest PURCHASES``."""
    for name in named:
        if name in measurements.BY_SIZE:
            continue
        end, _, feature = name.rpartition(" ")
        if end not in ("", *measurements.ENDS):
            raise entry.error(f"{name!r} is no group; use largest, smallest, highest FEATURE or lowest FEATURE", "with")
        try:
            dictionary.load()[feature]
        except KeyError:
            near = did_you_mean(feature, [known.name for known in dictionary.load().described])
            raise entry.error(f"{feature!r} is not a feature of the dictionary{near}", "with") from None
