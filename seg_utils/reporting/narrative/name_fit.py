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


def level(people: list[dict[str, Any]]) -> str:
    """How far to trust the names: ``high`` where they fit most customers of every named segment, ``medium`` where of at
    least half of them, else ``low``."""
    named, most = _named_and_fitting(people)
    return "high" if most == named else "medium" if most >= named / 2 else "low"


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
    named, most = _named_and_fitting(people)
    if not named:
        return ""
    of = "every named segment" if most == named else f"{most} of {words.plural(named, 'named segment')}"
    which = f"in {of} they fit" if most else "in no segment do they fit"
    return f"Names describe the typical customer of a segment; {which} most customers, taken one by one."


def _named_and_fitting(people: list[dict[str, Any]]) -> tuple[int, int]:
    """How many segments bear a persona's name, and of how many of these it fits most customers."""
    shares = [share for person in people if (share := fitting(person)) is not None]
    return len(shares), sum(share > MOST for share in shares)
