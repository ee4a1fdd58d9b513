"""The catalogue of personas that an analyst edits: ``report/personas.yml``, read and checked."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path

from seg_utils.core import dictionary, marked_yaml, paths
from seg_utils.core.marked_yaml import Entry
from seg_utils.personas import requirements
from seg_utils.personas.requirements import Requirement

COLOURS = 20  # colours of the report's palette (``reporting.figures.style.PALETTE``)
LEAST_EVIDENCE = 0.5  # share of a signature's weight that must be there for the persona to be considered at all
UNNAMED = "unnamed"  # persona id of a segment that resembles no persona enough
DIRECTIONS = ("high", "low", "typical")
SIDES = ("high", "low")
AUDIENCES = ("marketing", "product", "risk", "customer_success")

# A name that goes before any kind of behaviour, one of such a kind, and one so broad that it goes after them
FIRST, KIND, LAST = ORDERS = ("first", "kind", "last")


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

    However well the signature fits, a segment whose members break one of ``requires`` never gets the name, and one
    whose members break the ``premise`` does not get the strategy. ``leads`` are the features that the name promises
    most ("high") or least ("low") of. ``order`` is one of ``ORDERS``.
    """

    id: str
    name: str
    line: str
    signature: tuple[Trait, ...]
    strategy: Strategy
    audiences: dict[str, str]
    requires: tuple[Requirement, ...] = ()
    premise: tuple[Requirement, ...] = ()
    leads: dict[str, str] = field(default_factory=dict)
    order: str = KIND

    def lacking(self) -> list[str]:
        """What the name rests on and the dictionary lacks: features that it requires, else most of its signature."""
        known = {feature.name for feature in dictionary.load().described}
        required = [rule.feature for rule in self.requires if rule.feature not in known]
        traits = [trait for trait in self.signature if trait.feature not in known]
        whole = sum(trait.weight for trait in self.signature)
        unseen = sum(trait.weight for trait in traits) > (1 - LEAST_EVIDENCE) * whole
        return list(dict.fromkeys([*required, *(trait.feature for trait in traits if unseen)]))


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

    def in_order(self, order: str) -> list[str]:
        """Ids of the personas of one of ``ORDERS``."""
        return [persona.id for persona in self.personas if persona.order == order]

    def find(self, persona_id: str) -> Persona | None:
        """A persona by id; None for an unnamed segment."""
        return next((persona for persona in self.personas if persona.id == persona_id), None)

    def colours(self, persona_ids: Sequence[str]) -> list[int]:
        """The number of each segment's colour (by persona id, in segment order) in the report's palette: its persona's
        place in the catalogue, so that a persona keeps its colour in every run. Whoever shares a persona with an
        earlier segment, or has none, gets one that is no persona's or, where these run out, none's in this run."""
        own = {persona.id: place % COLOURS for place, persona in enumerate(self.personas)}
        taken = {own[persona_id] for persona_id in persona_ids if persona_id in own}
        free = [number for number in (*range(len(own), COLOURS), *range(len(own))) if number not in taken]
        others = itertools.cycle(free or range(COLOURS))
        return [own.pop(persona_id) if persona_id in own else next(others) for persona_id in persona_ids]


def load(path: Path | None = None) -> Catalogue:
    """Read and check the catalogue, the one in force by default; a CatalogueError names file and line of a mistake. The
    project's own is of cards: of other customers it names none, and proposes nothing."""
    top = marked_yaml.load(path or paths.catalogue("PERSONAS"))
    top.check_keys(("threshold", "personas", "otherwise"), ("members",))
    if path is None and not (dictionary.load().cards or paths.is_own("PERSONAS")):
        return Catalogue(1.0, (), Strategy(**{field.name: "" for field in fields(Strategy)}))
    threshold = top.share("threshold")
    members = top.share("members", 0.0)
    section = top.section("personas")
    if not section:
        raise top.error("'personas' names none", "personas")
    personas = tuple(_persona(key, section.section(key)) for key in section)
    seen: dict[str, str] = {}
    for persona in personas:
        name = persona.name.casefold()
        if name in seen:
            entry = section.section(persona.id)
            raise entry.error(f"{persona.name!r} is also the name of {seen[name]}; names must differ", "name")
        seen[name] = persona.id
    return Catalogue(threshold, personas, _strategy(top.section("otherwise")), members)


def _persona(key: str, entry: Entry) -> Persona:
    entry.check_keys(("name", "line", "signature", "strategy"), ("audiences", "requires", "premise", "leads", "order"))
    if key == UNNAMED:
        raise entry.error(f"{UNNAMED!r} is kept for segments that match no persona; choose another id")
    audiences = entry.section("audiences") if "audiences" in entry else Entry()
    if audiences:
        audiences.check_keys((), AUDIENCES)
    return Persona(
        id=key,
        name=entry.text("name"),
        line=entry.text("line"),
        signature=tuple(_trait(trait) for trait in entry.entries("signature")),
        strategy=_strategy(entry.section("strategy")),
        audiences={audience: audiences.text(audience) for audience in audiences},
        requires=_requirements(entry, "requires"),
        premise=_requirements(entry, "premise"),
        leads=_leads(entry.section("leads")) if "leads" in entry else {},
        order=entry.choice("order", ORDERS) if "order" in entry else KIND,
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
    if trait.around is not None and dictionary.described(trait.feature).kind == "amount":
        raise entry.error(
            f"{trait.feature} is an amount of money: say by 'z' where it lies among all customers", "around"
        )
    return trait


def _requirements(entry: Entry, key: str) -> tuple[Requirement, ...]:
    return tuple(
        requirements.read(rule, _features(), with_words=key == "premise") for rule in entry.entries(key, needed=False)
    )


def _leads(entry: Entry) -> dict[str, str]:
    entry.check_keys((), tuple(name for known in _dictionaries() for name in known.wordings))
    return {feature: entry.choice(feature, SIDES) for feature in entry}


def _features() -> tuple[str, ...]:
    """What a persona may be about; of cards, also what these customers' own dictionary lacks."""
    described = [feature.name for known in _dictionaries() for feature in known.described]
    return tuple(dict.fromkeys(described))


def _dictionaries() -> list[dictionary.Dictionary]:
    known = dictionary.load()
    return [known, dictionary.load(paths.CATALOGUES["DICTIONARY"])] if known.cards else [known]


def _strategy(entry: Entry) -> Strategy:
    names = tuple(field.name for field in fields(Strategy))
    entry.check_keys(names)
    return Strategy(**{name: entry.text(name) for name in names})
