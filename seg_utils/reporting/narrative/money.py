"""What is at risk, and how far to trust the amounts of money."""

from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.strategy.definitions import GUESS


def at_risk(strategy: pd.DataFrame) -> list[str]:
    """Expected losses of a year and who is to make most of them; empty where nothing is to be lost."""
    if "losses" not in strategy:
        return []
    losses = -strategy["losses"] * strategy["customers"]
    if not losses.sum() > 0:
        return []
    most = losses.idxmax()
    return [
        f"Losses of {words.money(losses.sum())} a year are already taken off, "
        f"{words.percent(losses[most] / losses.sum())} of them with {words.name(strategy.at[most, 'persona'])}."
    ]


def money_trust(portfolio: dict[str, Any], strategy: pd.DataFrame) -> str:
    """How far to trust the money: how much of it is a guess, and whether its sum is as published ones are.

    Args:
        portfolio: ``portfolio.json``.
        strategy: ``strategy.csv``.
    """
    sources = strategy.loc[strategy["effect_high"] > 0, "move_source"]
    guessed = int(sources.str.startswith(GUESS).sum())
    effects = f"{words.count(guessed)} of {words.count(len(sources))} effects of moves"
    guesses = f"{words.count(portfolio['guesses'])} of {words.count(portfolio['assumptions'])} prices"
    all_guessed = guessed == len(sources)
    said = f"{words.capitalised(guesses)} and {'every effect of a move' if all_guessed else effects} are our guess"
    found, published = portfolio["return_on_balances"], portfolio["published_return"]
    if found is None:
        return f"{said}."
    low, high = published["low"], published["high"]
    place = "within" if low <= found <= high else ("below" if found < low else "above")
    span = f"{words.tenths(low)} to {words.tenths(high)}"
    return f"{said}; all customers give {words.tenths(found)} a year on balances, {place} the {span} published."


FEW_GUESSES = 0.25
"""Up to this share of prices that are our guess, and a return within the published range, the money earns ``medium``.
``high`` it earns by measured effects alone, of which there are none in a first report."""


def level(portfolio: dict[str, Any]) -> str:
    """How far to trust the money: ``medium`` or ``low``."""
    found, published = portfolio["return_on_balances"], portfolio["published_return"]
    as_published = found is not None and published["low"] <= found <= published["high"]
    return "medium" if as_published and portfolio["guesses"] <= FEW_GUESSES * portfolio["assumptions"] else "low"
