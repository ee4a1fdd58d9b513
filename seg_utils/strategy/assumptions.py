"""The assumptions behind every amount of money: ``report/economics.yml``, read and checked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from seg_utils.core import marked_yaml
from seg_utils.core.marked_yaml import Entry
from seg_utils.core.paths import ECONOMICS

NAMES = (
    "months_covered",
    "interchange",
    "apr",
    "cash_advance_fee",
    "funding_cost",
    "loss_rate",
    "servicing_cost",
    "margin",
    "benefit_scale",
    "base_response",
)
SHARES = ("interchange", "cash_advance_fee", "margin", "base_response")
RANGE = ("label", "value", "low", "high", "source")
EXTRA_INCOME = ("interchange", "average_interchange", "interest", "cash_fees")
"""Levers that bring more income, of which ``margin`` is left."""

LEVERS = (*EXTRA_INCOME, "losses", "value")
CASES = ("low", "base", "high")
GUESS = "our guess"
"""How a source begins that is none; a reason may follow."""

CHANNEL = "contact_{}"
"""Name of the assumption that holds what one contact by a channel costs."""


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
class Move:
    """What a responder changes: ``lever`` of the annual value, by ``uplift[case]`` (a share) for a year.

    Each of ``channels`` reaches every customer contacted; ``benefit`` is what one responder is given, in currency.
    """

    lever: str
    uplift: dict[str, float]
    channels: tuple[str, ...]
    benefit: float
    source: str


@dataclass(frozen=True)
class TestDesign:
    """How a move is tried.

    Response without it and smallest extra response worth finding (both shares of customers), power, significance,
    control share.
    """

    __test__ = False  # no pytest class

    natural_response: float
    minimum_effect: float
    power: float
    significance: float
    control_share: float


@dataclass(frozen=True)
class Assumptions:
    """Everything the economics assume; ``items`` hold the cost of a contact by each channel, too."""

    items: dict[str, Assumption]
    moves: dict[str, Move]
    otherwise: Move
    test: TestDesign
    channels: dict[str, str]
    """What each channel is called."""

    def __getitem__(self, name: str) -> float:
        return self.items[name].value

    def move(self, persona_id: str) -> Move:
        """The move for a persona; ``otherwise`` for those the file does not name."""
        return self.moves.get(persona_id, self.otherwise)

    def contact_cost(self, move: Move) -> float:
        """What it costs to reach one customer by all channels of a move, in currency."""
        return sum(self[CHANNEL.format(channel)] for channel in move.channels)

    def benefit_cost(self, move: Move) -> float:
        """What one responder is given, in currency."""
        return move.benefit * self["benefit_scale"]

    def channel_labels(self, move: Move) -> list[str]:
        """What the channels of a move are called."""
        return [self.channels[channel] for channel in move.channels]

    def changed(self, name: str, value: float) -> "Assumptions":
        """The same with one figure changed."""
        return replace(self, items={**self.items, name: replace(self.items[name], value=value)})

    def table(self) -> pd.DataFrame:
        """One row an assumption: name, label, value, low, high, unit, source, guess (whether it is our guess)."""
        table = pd.DataFrame([vars(one) for one in self.items.values()])
        return table.assign(guess=table["source"].str.startswith(GUESS))


def load(path: Path = ECONOMICS, *, personas: Sequence[str] = ()) -> Assumptions:
    """Read and check the assumptions.

    Args:
        personas: ids of the catalogue; where they are given, a move for any other is a mistake.

    Raises:
        CatalogueError: any mistake in the file; names the file and the line.
    """
    top = marked_yaml.load(path)
    top.check_keys(("assumptions", "channels", "moves", "otherwise", "test"))
    section, moves, channels = (top.section(name) for name in ("assumptions", "moves", "channels"))
    section.check_keys(NAMES)
    if personas:
        moves.check_keys((), tuple(personas))
    known = tuple(channels)
    items = {name: _assumption(name, section.section(name)) for name in NAMES}
    contacts = {CHANNEL.format(name): _channel(name, channels.section(name)) for name in known}
    return Assumptions(
        items=items | contacts,
        moves={persona: _move(moves.section(persona), known) for persona in moves},
        otherwise=_move(top.section("otherwise"), known),
        test=_test(top.section("test")),
        channels={name: channels.section(name).text("label") for name in known},
    )


def _channel(name: str, entry: Entry) -> Assumption:
    entry.check_keys(RANGE)
    priced = _ranged(CHANNEL.format(name), entry, "currency a contact")
    return replace(priced, label=f"Cost of one contact: {priced.label.lower()}")


def _assumption(name: str, entry: Entry) -> Assumption:
    entry.check_keys((*RANGE, "unit"))
    return _ranged(name, entry, entry.text("unit"))


def _ranged(name: str, entry: Entry, unit: str) -> Assumption:
    low, value, high = (entry.number(key, least=0) for key in ("low", "value", "high"))
    if not low <= value <= high:
        raise entry.error(f"{name}: low {low:g}, value {value:g}, high {high:g} must not decrease", "value")
    if name in SHARES and high > 1:
        raise entry.error(f"{name}: {high:g} is more than all; a share lies between 0 and 1", "high")
    if name == "months_covered" and low == 0:
        raise entry.error("months_covered must be above 0", "low")
    return Assumption(name, entry.text("label"), value, low, high, unit, entry.text("source"))


def _move(entry: Entry, known: tuple[str, ...]) -> Move:
    entry.check_keys(("lever", "uplift", "channels", "benefit", "source"))
    channels = entry["channels"]
    if not isinstance(channels, list) or not all(one in known for one in channels):
        raise entry.error(f"'channels' is {channels!r}; it must be a list of {', '.join(known)}", "channels")
    uplift = entry.section("uplift")
    uplift.check_keys(CASES)
    shares = {case: uplift.number(case, least=0) for case in CASES}
    if not shares["low"] <= shares["base"] <= shares["high"]:
        raise uplift.error("low, base and high must not decrease")
    return Move(
        lever=entry.choice("lever", LEVERS),
        uplift=shares,
        channels=tuple(dict.fromkeys(channels)),
        benefit=entry.number("benefit", least=0),
        source=entry.text("source"),
    )


def _test(entry: Entry) -> TestDesign:
    names = ("natural_response", "minimum_effect", "power", "significance", "control_share")
    entry.check_keys(names)
    values = {name: entry.number(name) for name in names}
    for name, value in values.items():
        if not 0 < value < 1:
            raise entry.error(f"{name!r} is {value:g}; it must lie between 0 and 1", name)
    if values["control_share"] > 0.5:
        raise entry.error("'control_share' above 0.5 keeps most customers from the move", "control_share")
    return TestDesign(**values)
