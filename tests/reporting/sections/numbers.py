"""Which figures a text holds, and which figures a run's artefacts can give rise to."""

import re
from dataclasses import fields
from numbers import Number

import pandas as pd

from seg_utils.core import words
from seg_utils.reporting import narrative

FIGURE = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
# Every way in which a page may write a number
WRITTEN = (
    words.count,
    words.percent,
    words.money,
    words.decimal,
    lambda value: f"{value:.1f}",
    lambda value: f"{value:.2f}",
    lambda value: f"{value:.3f}",
    lambda value: f"{100 * value:.0f}",
    lambda value: f"{100 * value:.1f}",
    lambda value: f"{100 * value:g}",
    lambda value: f"{value:g}",
)


def figures(text):
    """All figures of a text, markup aside."""
    bare = re.sub(r"\{[^}]*\}|`[^`]*`|@[a-z-]+\d*|^\d+\. ", "", text.replace("\\", ""), flags=re.MULTILINE)
    return set(FIGURE.findall(bare))


def known(run):
    """Every figure that stands in an artefact, however it is written."""
    found = {str(run.k)}
    for part in fields(run):
        for value in _leaves(getattr(run, part.name)):
            if isinstance(value, str):
                found |= figures(value)
            elif isinstance(value, Number) and not pd.isna(value):
                found |= {one for write in WRITTEN for one in figures(write(float(value)))}
    return found


def of_moves(run):
    """What page one adds up from the tables: moves together and beside what all segments bring, income given up, losses
    and who is to make most of them."""
    told = [move.segment for move in narrative.moves(run.strategy)]
    moves = run.strategy.set_index("segment").loc[told]
    together = moves[[f"campaign_value_{case}" for case in ("low", "base", "high")]].sum()
    losses = run.strategy["losses"] * run.strategy["customers"]
    given_up = moves["contacted"] * moves["given_up"]
    added = [
        moves["campaign_cost"].round().sum(),
        given_up.round().sum(),
        moves["campaign_cost"].round().sum() - given_up.round().sum(),
        abs(moves["campaign_value_base"].round().sum()),
    ]
    amounts = [*together, *added, *given_up, -losses.sum()]
    shares = [together["campaign_value_base"] / run.strategy["segment_value"].sum(), losses.min() / losses.sum()]
    return {one for amount in amounts for one in figures(words.money(amount))} | {
        one for share in shares for one in figures(words.percent(share))
    }


def _leaves(value):
    if isinstance(value, pd.DataFrame):
        yield from (cell for column in value for cell in value[column].tolist())
    elif isinstance(value, dict):
        for name, inside in value.items():
            yield name
            yield from _leaves(inside)
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from _leaves(inside)
    else:
        yield value
