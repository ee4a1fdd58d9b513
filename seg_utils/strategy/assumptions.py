"""The assumptions behind every amount of money: ``report/economics.yml``, read and checked."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from seg_utils.core import marked_yaml, paths
from seg_utils.core.errors import did_you_mean
from seg_utils.core.marked_yaml import Entry
from seg_utils.core.parameters import Parameters
from seg_utils.strategy.definitions import (
    CASES,
    CHANNEL,
    LEVERS,
    MEASURED,
    MEASURES,
    PURPOSES,
    Assumption,
    Assumptions,
    Move,
    Published,
    TestDesign,
)

NAMES = (
    "months_covered", "interchange", "rewards", "apr", "cash_advance_fee", "funding_cost", "loss_rate",
    "loss_by_utilisation", "loss_by_cash", "servicing_cost", "operating_cost", "attrition", "closure", "discount",
    "years", "answer_rate", "plan_margin", "benefit_scale",
)  # fmt: skip
SHARES = ("interchange", "rewards", "cash_advance_fee", "attrition", "closure", "answer_rate", "plan_margin")
ABOVE_ZERO = ("months_covered", "years")
RANGE = ("label", "value", "low", "high", "source")


def load(path: Path | None = None, *, personas: Sequence[str] = (), market: str = Parameters.market) -> Assumptions:
    """Read and check the assumptions, those in force by default, with the prices of one of its ``markets``; where ids
    of ``personas`` are given, a move for any other is a mistake. A CatalogueError names file and line of any mistake.
    """
    path = path or paths.catalogue("ECONOMICS")
    top = marked_yaml.load(path)
    top.check_keys(("assumptions", "markets", "published", "channels", "moves", "otherwise", "test"), (MEASURED,))
    section, moves, channels, all_markets = (
        top.section(name) for name in ("assumptions", "moves", "channels", "markets")
    )
    section.check_keys(NAMES)
    if personas:
        moves.check_keys((), tuple(personas))
    if market not in all_markets:
        near = did_you_mean(market, all_markets)
        raise top.error(f"market {market!r} is not known; known are {', '.join(all_markets)}{near}", "markets")
    known = tuple(channels)
    items = {name: _assumption(name, section.section(name)) for name in NAMES}
    by_market = {name: _market(all_markets.section(name), items) for name in all_markets}
    contacts = {CHANNEL.format(name): _channel(name, channels.section(name)) for name in known}
    assumed = {persona: _move(moves.section(persona), known) for persona in moves}
    return Assumptions(
        items=items | by_market[market] | contacts,
        moves=_with_measured(assumed, marked_yaml.named_files(path, MEASURED)),
        otherwise=_move(top.section("otherwise"), known),
        test=_test(top.section("test")),
        channels={name: channels.section(name).text("label") for name in known},
        market=market,
        market_label=all_markets.section(market).text("label"),
        return_on_balances=_published(top.section("published")),
    )


def _market(entry: Entry, items: dict[str, Assumption]) -> dict[str, Assumption]:
    """What a market replaces, by name; labels and units stay."""
    entry.check_keys(("label",), NAMES)
    changed = {}
    for name in (name for name in entry if name != "label"):
        given = entry.section(name)
        given.check_keys(tuple(key for key in RANGE if key != "label"))
        changed[name] = _ranged(name, given, items[name].label, items[name].unit)
    return changed


def _channel(name: str, entry: Entry) -> Assumption:
    entry.check_keys(RANGE)
    label = f"Cost of one contact: {entry.text('label').lower()}"
    return _ranged(CHANNEL.format(name), entry, label, "currency a contact")


def _assumption(name: str, entry: Entry) -> Assumption:
    entry.check_keys((*RANGE, "unit"))
    return _ranged(name, entry, entry.text("label"), entry.text("unit"))


def _ranged(name: str, entry: Entry, label: str, unit: str) -> Assumption:
    low, value, high = (entry.number(key, least=0) for key in ("low", "value", "high"))
    if not low <= value <= high:
        raise entry.error(f"{name}: low {low:g}, value {value:g}, high {high:g} must not decrease", "value")
    if name in SHARES and high > 1:
        raise entry.error(f"{name}: {high:g} is more than all; a share lies between 0 and 1", "high")
    if name in ABOVE_ZERO and low == 0:
        raise entry.error(f"{name} must be above 0", "low")
    return Assumption(name, label, value, low, high, unit, entry.text("source"))


def _published(entry: Entry) -> Published:
    entry.check_keys(("return_on_balances",))
    range_entry = entry.section("return_on_balances")
    range_entry.check_keys(("low", "high", "source"))
    low, high = range_entry.number("low"), range_entry.number("high")
    if low > high:
        raise range_entry.error(f"low {low:g} is above high {high:g}", "low")
    return Published(low, high, range_entry.text("source"))


def _move(entry: Entry, known: tuple[str, ...]) -> Move:
    needed = ("purpose", "lever", "measure", "effect", "first", "then", "takers", "benefit", "source")
    entry.check_keys(needed, ("rate_cut", "fees_forgone"))
    return Move(
        purpose=entry.choice("purpose", PURPOSES),
        lever=entry.choice("lever", LEVERS),
        measure=entry.choice("measure", MEASURES),
        effect=_ordered(entry.section("effect"), least=0),
        first=_channels(entry, "first", known),
        then=_channels(entry, "then", known),
        takers=entry.share("takers", 0.0),
        benefit=entry.number("benefit", least=0),
        rate_cut=entry.share("rate_cut", 0.0),
        fees_forgone=entry.share("fees_forgone", 0.0),
        source=entry.text("source"),
    )


def _with_measured(moves: dict[str, Move], files: Sequence[Path]) -> dict[str, Move]:
    """The moves, with what campaigns measured (``results.measured``) in place of what was assumed; the last one counts.

    A measured effect may lie below 0.
    """
    for file in files:
        measured = marked_yaml.load(file).section("moves")
        measured.check_keys((), tuple(moves))
        for persona in measured:
            entry = measured.section(persona)
            entry.check_keys(("source",), ("effect", "fees_forgone"))
            source, move = entry.text("source"), moves[persona]
            if "effect" in entry:
                move = replace(move, effect=_ordered(entry.section("effect")), source=source)
            if "fees_forgone" in entry:  # the effect itself rests on what it did
                move = replace(
                    move, fees_forgone=entry.share("fees_forgone", 0.0), source=f"{move.source}; fees forgone {source}"
                )
            moves = moves | {persona: move}
    return moves


def _ordered(effect: Entry, least: float | None = None) -> dict[str, float]:
    """The effect in each case."""
    effect.check_keys(CASES)
    shares = {case: effect.number(case, least=least) for case in CASES}
    if not shares["low"] <= shares["base"] <= shares["high"]:
        raise effect.error("low, base and high must not decrease")
    return shares


def _channels(entry: Entry, key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    channels = entry[key]
    if not isinstance(channels, list) or not all(channel in known for channel in channels):
        raise entry.error(f"{key!r} is {channels!r}; it must be a list of {', '.join(known)}", key)
    return tuple(dict.fromkeys(channels))


def _test(entry: Entry) -> TestDesign:
    names = tuple(TestDesign.__dataclass_fields__)
    entry.check_keys(names)
    values = {name: entry.number(name) for name in names}
    for name, value in values.items():
        if not 0 < value < 1:
            raise entry.error(f"{name!r} is {value:g}; it must lie between 0 and 1", name)
    if values["control_share"] > 0.5:
        raise entry.error("'control_share' above 0.5 keeps most customers from the move", "control_share")
    return TestDesign(**values)
