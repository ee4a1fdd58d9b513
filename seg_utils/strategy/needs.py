"""What economics and personas need of the data dictionary, and what is left out where it lacks that."""

from seg_utils.core import dictionary, paths, words
from seg_utils.personas.catalogue import Catalogue
from seg_utils.strategy.definitions import AMOUNTS

ESSENTIAL = ("PURCHASES", "BALANCE", "PRC_FULL_PAYMENT")
"""Features without which no amount of money is told; what else the prices are of counts as 0 where it is lacking."""

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
    told = {}
    meant = dictionary.load().cards or paths.is_own("ECONOMICS")
    if missing := lacking():
        why = f"The data dictionary has {_none_of(missing)}" if meant else "Prices and moves are those of another trade"
        told[MONEY] = (
            f"{why}, so nothing is said of what customers are worth, of what a campaign would bring or how to test it."
        )
    elif unpriced := [name for name in AMOUNTS.values() if name not in dictionary.load().names]:
        told[PRICES] = f"The data dictionary has {_none_of(unpriced)}: the economics count them as 0."
    lacks = {persona.name: persona.lacking() for persona in catalogue.personas}
    silent = [name for name, features in lacks.items() if features]
    if len(silent) == len(lacks):
        rests = f"The data dictionary has {_none_of(_of(lacks, silent))}, which the personas rest on" if silent else ""
        told[PERSONAS] = (
            f"{rests or 'The personas are those of another trade'}: segments are named by what sets them apart, and no "
            "action is proposed. PERSONAS= names a catalogue of your own."
        )
    elif silent:
        told[SOME_PERSONAS] = (
            f"The data dictionary has {_none_of(_of(lacks, silent))}, so no segment is called {_or(silent)}."
        )
    return told


def _kind(name: str) -> str:
    return dictionary.load(paths.CATALOGUES["DICTIONARY"])[name].kind


def _of(lacks: dict[str, list[str]], names: list[str]) -> list[str]:
    return list(dict.fromkeys(feature for name in names for feature in lacks[name]))


def _none_of(features: list[str]) -> str:
    """``no balance and no purchases``."""
    return words.listing([f"no {dictionary.described(name).label.lower()}" for name in features])


def _or(names: list[str]) -> str:
    return " or ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
