"""The catalogue of personas that an analyst edits: ``report/personas.yml``, read and checked."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from seg_utils.core import dictionary, marked_yaml
from seg_utils.core.marked_yaml import Entry
from seg_utils.core.paths import PERSONAS

UNNAMED = "unnamed"
"""Persona id of a segment that resembles no persona enough."""

DIRECTIONS = ("high", "low", "typical")
AUDIENCES = ("marketing", "product", "risk", "customer_success")
BOUNDS = ("above", "at_least", "at_most")
OF_ALL = "all"
"""In place of a number, the median of all customers."""


@dataclass(frozen=True)
class Trait:
    """One line of a signature: a feature that should be high, low or typical, and where "high" begins.

    With ``around``, the segment's own value is compared with it, in the feature's units; without, its z-score among all
    customers is compared with ``z``. There a trait is half met; ``width`` beyond, wholly.
    """

    feature: str
    should_be: str
    weight: float
    around: float | None = None
    z: float = 0.0
    width: float = 1.0


@dataclass(frozen=True)
class Requirement:
    """What must be true of the median member for a segment to bear the name; ``than`` None is the median of all."""

    feature: str
    bound: str
    than: float | None


@dataclass(frozen=True)
class Strategy:
    """What to do with a segment, and who does it."""

    objective: str
    now: str
    later: str
    offer: str
    channel: str
    kpi: str
    guardrail: str
    owner: str


@dataclass(frozen=True)
class Persona:
    """A kind of customer the catalogue can name; ``line`` describes it in one sentence.

    However well the signature fits, a segment whose median member breaks one of ``requires`` never gets the name. One
    with ``gives_way_at`` says nothing of behaviour: it names a segment whatever its members do, unless this share of
    them or more are one of the other personas.
    """

    id: str
    name: str
    line: str
    signature: tuple[Trait, ...]
    strategy: Strategy
    audiences: dict[str, str]
    requires: tuple[Requirement, ...] = ()
    gives_way_at: float | None = None


@dataclass(frozen=True)
class Catalogue:
    """All personas in the order of the file.

    ``threshold`` is the weakest match that earns a persona's name, ``members`` the least share of a segment's customers
    who must be that persona by their own figures.
    """

    threshold: float
    personas: tuple[Persona, ...]
    otherwise: Strategy
    members: float = 0.0

    def find(self, persona_id: str) -> Persona | None:
        """A persona by id; None for an unnamed segment."""
        return next((one for one in self.personas if one.id == persona_id), None)

    def colours(self, persona_ids: Sequence[str]) -> list[int]:
        """The number of each segment's colour in the report's palette: its persona's place in the catalogue, so that a
        persona keeps its colour in every run. Whoever shares a persona with an earlier segment, or has none, gets one
        that is no persona's.

        Args:
            persona_ids: in segment order, ``unnamed`` for none.
        """
        own = {persona.id: place for place, persona in enumerate(self.personas)}
        others = itertools.count(len(own))
        return [own.pop(persona_id) if persona_id in own else next(others) for persona_id in persona_ids]


def load(path: Path = PERSONAS) -> Catalogue:
    """Read and check the catalogue.

    Raises:
        CatalogueError: any mistake in the file; names the file and the line.
    """
    top = marked_yaml.load(path)
    top.check_keys(("threshold", "personas", "otherwise"), ("members",))
    threshold = _share(top, "threshold", "a match")
    members = _share(top, "members", "a share") if "members" in top else 0.0
    section = top.section("personas")
    if not section:
        raise top.error("'personas' names none", "personas")
    personas = tuple(_persona(key, section.section(key)) for key in section)
    _refuse_duplicate_names(personas, section)
    return Catalogue(threshold, personas, _strategy(top.section("otherwise")), members)


def _share(entry: Entry, key: str, what: str) -> float:
    share = entry.number(key, least=0)
    if share > 1:
        raise entry.error(f"{key!r} is {share:g}; {what} lies between 0 and 1", key)
    return share


def _persona(key: str, entry: Entry) -> Persona:
    entry.check_keys(("name", "line", "signature", "strategy"), ("audiences", "requires", "gives_way_at"))
    if key == UNNAMED:
        raise entry.error(f"{UNNAMED!r} is kept for segments that match no persona; choose another id")
    audiences = entry.section("audiences") if "audiences" in entry else Entry()
    if audiences:
        audiences.check_keys((), AUDIENCES)
    return Persona(
        id=key,
        name=entry.text("name"),
        line=entry.text("line"),
        signature=tuple(_trait(one) for one in entry.entries("signature")),
        strategy=_strategy(entry.section("strategy")),
        audiences={audience: audiences.text(audience) for audience in audiences},
        requires=tuple(_requirement(one) for one in entry.entries("requires")) if "requires" in entry else (),
        gives_way_at=_share(entry, "gives_way_at", "a share") if "gives_way_at" in entry else None,
    )


def _trait(entry: Entry) -> Trait:
    entry.check_keys(("feature", "should_be"), ("weight", "around", "z", "width"))
    if "around" in entry and "z" in entry:
        raise entry.error("give either 'around' (own units) or 'z' (among all customers), not both", "z")
    trait = Trait(
        feature=entry.choice("feature", _features()),
        should_be=entry.choice("should_be", DIRECTIONS),
        weight=entry.number("weight", 1.0, least=0),
        around=entry.number("around") if "around" in entry else None,
        z=entry.number("z", 0.0),
        width=entry.number("width", 1.0, least=0),
    )
    for name in ("weight", "width"):
        if getattr(trait, name) == 0:
            raise entry.error(f"{name!r} must be above 0", name)
    return trait


def _requirement(entry: Entry) -> Requirement:
    entry.check_keys(("feature",), BOUNDS)
    feature = entry.choice("feature", _features())
    given = [bound for bound in BOUNDS if bound in entry]
    if len(given) != 1:
        raise entry.error(f"{feature}: give one of {', '.join(BOUNDS)}, as {{feature: {feature}, above: 0}}")
    [bound] = given
    if entry[bound] == OF_ALL:
        return Requirement(feature, bound, None)
    if isinstance(entry[bound], str):
        raise entry.error(f"{bound!r} is {entry[bound]!r}; it must be a number, or {OF_ALL} for all customers", bound)
    than = entry.number(bound)
    if than != 0 and dictionary.load()[feature].kind == "amount":
        raise entry.error(f"{feature} is an amount of money: compare it with 0, or with {OF_ALL} customers", bound)
    return Requirement(feature, bound, than)


def _features() -> tuple[str, ...]:
    known = dictionary.load()
    return (*known.names, *(one.name for one in known.derived))


def _strategy(entry: Entry) -> Strategy:
    names = tuple(one.name for one in fields(Strategy))
    entry.check_keys(names)
    return Strategy(**{name: entry.text(name) for name in names})


def _refuse_duplicate_names(personas: tuple[Persona, ...], section: Entry) -> None:
    seen: dict[str, str] = {}
    for persona in personas:
        name = persona.name.casefold()
        if name in seen:
            entry = section.section(persona.id)
            raise entry.error(f"{persona.name!r} is also the name of {seen[name]}; names must differ", "name")
        seen[name] = persona.id
