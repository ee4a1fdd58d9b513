"""The assumptions behind every amount of money: ``report/economics.yml``, read and checked."""

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from seg_utils import marked_yaml
from seg_utils.marked_yaml import Entry
from seg_utils.paths import ECONOMICS

NAMES = (
    "months_covered",
    "interchange",
    "apr",
    "cash_advance_fee",
    "funding_cost",
    "loss_rate",
    "servicing_cost",
    "margin",
    "contact_cost",
    "base_response",
)
SHARES = ("interchange", "cash_advance_fee", "margin", "base_response")
LEVERS = ("interchange", "interest", "cash_fees", "income", "losses", "average_interchange")
CASES = ("low", "base", "high")
GUESS = "our guess"


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
    """What a responder changes: ``lever`` of the annual value, by ``uplift[case]`` (a share) for a year."""

    lever: str
    uplift: dict[str, float]
    source: str


@dataclass(frozen=True)
class TestDesign:
    """How a move is tried: smallest effect worth finding (share of customers), power, significance, control share."""

    __test__ = False  # no pytest class

    minimum_effect: float
    power: float
    significance: float
    control_share: float


@dataclass(frozen=True)
class Assumptions:
    """Everything the economics assume."""

    items: dict[str, Assumption]
    moves: dict[str, Move]
    otherwise: Move
    test: TestDesign

    def __getitem__(self, name: str) -> float:
        return self.items[name].value

    def move(self, persona_id: str) -> Move:
        """The move for a persona; ``otherwise`` for those the file does not name."""
        return self.moves.get(persona_id, self.otherwise)

    def changed(self, name: str, value: float) -> "Assumptions":
        """The same with one figure changed."""
        return replace(self, items={**self.items, name: replace(self.items[name], value=value)})

    def table(self) -> pd.DataFrame:
        """One row an assumption: name, label, value, low, high, unit, source, guess (whether it is our guess)."""
        table = pd.DataFrame([vars(one) for one in self.items.values()])
        return table.assign(guess=table["source"] == GUESS)


def load(path: Path = ECONOMICS) -> Assumptions:
    """Read and check the assumptions.

    Raises:
        CatalogueError: any mistake in the file; names the file and the line.
    """
    top = marked_yaml.load(path)
    top.check_keys(("assumptions", "moves", "otherwise", "test"))
    section, moves = top.section("assumptions"), top.section("moves")
    section.check_keys(NAMES)
    return Assumptions(
        items={name: _assumption(name, section.section(name)) for name in NAMES},
        moves={persona: _move(moves.section(persona)) for persona in moves},
        otherwise=_move(top.section("otherwise")),
        test=_test(top.section("test")),
    )


def _assumption(name: str, entry: Entry) -> Assumption:
    entry.check_keys(("label", "value", "low", "high", "unit", "source"))
    low, value, high = (entry.number(key, least=0) for key in ("low", "value", "high"))
    if not low <= value <= high:
        raise entry.error(f"{name}: low {low:g}, value {value:g}, high {high:g} must not decrease", "value")
    if name in SHARES and high > 1:
        raise entry.error(f"{name}: {high:g} is more than all; a share lies between 0 and 1", "high")
    if name == "months_covered" and low == 0:
        raise entry.error("months_covered must be above 0", "low")
    return Assumption(name, entry.text("label"), value, low, high, entry.text("unit"), entry.text("source"))


def _move(entry: Entry) -> Move:
    entry.check_keys(("lever", "uplift", "source"))
    uplift = entry.section("uplift")
    uplift.check_keys(CASES)
    shares = {case: uplift.number(case, least=0) for case in CASES}
    if not shares["low"] <= shares["base"] <= shares["high"]:
        raise uplift.error("low, base and high must not decrease")
    return Move(entry.choice("lever", LEVERS), shares, entry.text("source"))


def _test(entry: Entry) -> TestDesign:
    names = ("minimum_effect", "power", "significance", "control_share")
    entry.check_keys(names)
    values = {name: entry.number(name) for name in names}
    for name, value in values.items():
        if not 0 < value < 1:
            raise entry.error(f"{name!r} is {value:g}; it must lie between 0 and 1", name)
    if values["control_share"] > 0.5:
        raise entry.error("'control_share' above 0.5 keeps most customers from the move", "control_share")
    return TestDesign(**values)
