"""What the economics need of a dictionary, and assume: prices with range and source, moves, the design of a test."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from seg_utils.core import dictionary, paths, words
from seg_utils.personas.catalogue import Catalogue

GUESS = "our guess"  # how a source begins that is none; a reason may follow
CHOSEN = f"{GUESS}: chosen so that the return on balances"  # how a source begins that is made to meet published ones
MEASURED = "measured"  # how a source begins that is a campaign's results
CHANNEL = "contact_{}"  # name of the assumption that holds what one contact by a channel costs
KEEP = "keep"
LEVERS = ("spend", "average_spend", "plan", KEEP, "losses")
PROFIT, CARE = PURPOSES = ("profit", "care")

# Measures of a test that are amounts, and their columns; the others are shares of customers
AMOUNTS = {"purchases": "PURCHASES", "instalment_purchases": "INSTALLMENTS_PURCHASES", "cash_advances": "CASH_ADVANCE"}

CLOSURES = "closures"
RATES = (CLOSURES, "defaults")
LEAST_SHARE = -1.0  # a share of customers cannot fall by more than all of it
MEASURES = (*AMOUNTS, *RATES)
CASES = ("low", "base", "high")


def basis(sources: Iterable[str]) -> str:
    """What effects rest on, in a word: ``guessed``, ``measured``, ``assumed`` by somebody else, or several of these;
    ``guessed`` where there is none."""
    firsts = {GUESS: "guessed", MEASURED: MEASURED}
    found = {
        next((word for start, word in firsts.items() if source.startswith(start)), "assumed") for source in sources
    }
    return " or ".join(word for word in ("guessed", "assumed", MEASURED) if word in (found or {"guessed"}))


@dataclass(frozen=True)
class Assumption:
    """One figure that is not in the data, its plausible range and where it is from."""

    name: str
    label: str
    value: float
    low: float
    high: float
    unit: str
    source: str


@dataclass(frozen=True)
class Published:
    """A range that others report, and where."""

    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Move:
    """What a move changes: ``lever`` by ``effect[case]``, a share, averaged over all who are contacted.

    ``first`` reaches every customer contacted, ``then`` those who answer. ``takers`` is the share of the contacted who
    take the benefit (in currency) or the lower rate (``rate_cut``, a year); ``fees_forgone`` is the share of
    cash-advance fees no longer earned. ``measure`` is what a test compares.
    """

    purpose: str
    lever: str
    measure: str
    effect: dict[str, float]
    first: tuple[str, ...]
    then: tuple[str, ...]
    takers: float
    benefit: float
    rate_cut: float
    fees_forgone: float
    source: str


@dataclass(frozen=True)
class TestDesign:
    """How a move is tried.

    Power and significance of all moves together; how well amounts before a test foretell those during it (correlation);
    the share of all customers held out of a campaign, and the response to a move without it, as a share of customers.
    """

    __test__ = False  # no pytest class

    power: float
    significance: float
    correlation: float
    control_share: float
    natural_response: float


@dataclass(frozen=True)
class Assumptions:
    """Everything the economics assume in one market; ``items`` hold the cost of a contact by each channel, too."""

    items: dict[str, Assumption]
    moves: dict[str, Move]
    otherwise: Move
    test: TestDesign
    channels: dict[str, str]  # what each channel is called
    market: str
    market_label: str
    return_on_balances: Published

    def __getitem__(self, name: str) -> float:
        return self.items[name].value

    def move(self, persona_id: str) -> Move:
        """The move for a persona; ``otherwise`` for those the file does not name."""
        return self.moves.get(persona_id, self.otherwise)

    def move_of(self, person: dict[str, Any]) -> Move:
        """The move for a segment of ``personas.match``: its persona's, unless its data contradict that."""
        return self.otherwise if person.get("no_move") else self.move(person["persona_id"])

    @property
    def prices(self) -> dict[str, float]:
        """Every figure by name."""
        return {name: item.value for name, item in self.items.items()}

    def channel_labels(self, channels: Sequence[str]) -> list[str]:
        return [self.channels[channel] for channel in channels]

    def changed(self, name: str, value: float) -> "Assumptions":
        return replace(self, items={**self.items, name: replace(self.items[name], value=value)})

    def table(self) -> pd.DataFrame:
        """One row an assumption: name, label, value, low, high, unit, source, guess (whether it is our guess)."""
        table = pd.DataFrame([vars(item) for item in self.items.values()])
        return table.assign(guess=table["source"].str.startswith(GUESS))


# Features without which no amount of money is told; what else the prices are of counts as 0 where it is lacking
ESSENTIAL = ("PURCHASES", "BALANCE", "PRC_FULL_PAYMENT")

MONEY, PERSONAS, PRICES, SOME_PERSONAS = "money", "personas", "prices", "some personas"


def lacking() -> list[str]:
    """The features that economics cannot do without and the dictionary lacks; all where customers are not of cards,
    unless they have economics of their own."""
    known = dictionary.load()
    meant = known.cards or paths.is_own("ECONOMICS")
    return [name for name in ESSENTIAL if not (meant and name in known.names and known[name].kind == _kind(name))]


def left_out(catalogue: Catalogue) -> dict[str, str]:
    """Why the report says nothing of ``MONEY`` or ``PERSONAS``, of ``PRICES`` or ``SOME_PERSONAS``, in a sentence each;
    what is told has none."""
    reasons = {}
    meant = dictionary.load().cards or paths.is_own("ECONOMICS")
    if missing := lacking():
        why = f"The data dictionary has {_none_of(missing)}" if meant else "Prices and moves are those of another trade"
        reasons[MONEY] = (
            f"{why}, so nothing is said of what customers are worth, of what a campaign would bring or how to test it."
        )
    elif unpriced := [name for name in AMOUNTS.values() if name not in dictionary.load().names]:
        reasons[PRICES] = f"The data dictionary has {_none_of(unpriced)}: the economics count them as 0."
    lacks = {persona.name: persona.lacking() for persona in catalogue.personas}
    silent = [name for name, features in lacks.items() if features]
    if len(silent) == len(lacks):
        rests = f"The data dictionary has {_none_of(_of(lacks, silent))}, which the personas rest on" if silent else ""
        reasons[PERSONAS] = (
            f"{rests or 'The personas are those of another trade'}: segments are named by what sets them apart, and no "
            "action is proposed. PERSONAS= names a catalogue of your own."
        )
    elif silent:
        reasons[SOME_PERSONAS] = (
            f"The data dictionary has {_none_of(_of(lacks, silent))}, so no segment is called {words.either(silent)}."
        )
    return reasons


def _kind(name: str) -> str:
    return dictionary.load(paths.CATALOGUES["DICTIONARY"])[name].kind


def _of(lacks: dict[str, list[str]], names: list[str]) -> list[str]:
    return list(dict.fromkeys(feature for name in names for feature in lacks[name]))


def _none_of(features: list[str]) -> str:
    """``no balance and no purchases``."""
    return words.listing([f"no {dictionary.within(dictionary.described(name).label)}" for name in features])
