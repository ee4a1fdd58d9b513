"""How far the segments' names are true of their customers, taken one by one."""

from typing import Any

from seg_utils.core import words
from seg_utils.personas.catalogue import UNNAMED

MOST = 0.5
"""Above this share, most."""


def fitting(person: dict[str, Any]) -> float | None:
    """Share of a segment's customers who are its persona by their own figures; None where it has no persona."""
    if person["persona_id"] == UNNAMED:
        return None
    return next((one["share"] for one in person["members"] if one["persona_id"] == person["persona_id"]), 0.0)


GRADES = {"high": 0.75, "medium": MOST, "low": 0.0}
"""From which share of the customers in named segments on, who fit their name by their own figures, a grade begins."""


def level(people: list[dict[str, Any]]) -> str:
    """How far to trust the names: ``high``, ``medium`` or ``low``, by the share of customers they are true of."""
    named = [person for person in people if person["persona_id"] != UNNAMED]
    everyone = sum(person["size"] for person in named)
    true_of = sum((fitting(person) or 0.0) * person["size"] for person in named)
    share = true_of / everyone if everyone else 0.0
    return next(grade for grade, least in GRADES.items() if share >= least)


def caveat(person: dict[str, Any]) -> str:
    """What is to be said in the same breath as a segment's name, for brackets after it; empty where most of the
    segment's customers fit the name, and where it has no persona."""
    share = fitting(person)
    return "" if share is None or share > MOST else f"{words.percent(share)} of them fit this name one by one"


def no_move(person: dict[str, Any]) -> str:
    """Why nothing is proposed for a segment, as a sentence; empty where its persona's action is."""
    return f"No action is proposed: {person['no_move']}." if person.get("no_move") else ""


def names_hold(people: list[dict[str, Any]]) -> str:
    """Of how many segments most customers fit the persona; empty where no segment bears a persona's name."""
    shares = [fitting(one) for one in people]
    named = [share for share in shares if share is not None]
    if not named:
        return ""
    most = sum(share > MOST for share in named)
    of = "every named segment" if most == len(named) else f"{most} of {words.plural(len(named), 'named segment')}"
    which = f"in {of} they fit" if most else "in no segment do they fit"
    return f"Names describe the typical customer of a segment; {which} most customers, taken one by one."
