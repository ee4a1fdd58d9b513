"""Entries of a proposed dictionary: name, label, kind, unit, transformation and limits of a column, with reasons."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seg_utils.core.transformation import signed_log1p
from seg_utils.data.proposal.reading import FileColumn
from seg_utils.data.proposal.vocabulary import (
    ACTS,
    AMOUNT_ENDINGS,
    AMOUNTS,
    COUNTS,
    CURRENCIES,
    DAYS,
    MONTHS,
    NUMBERED,
    PERCENT,
    RATIOS,
    SHORT,
    UNITS,
    YEARS,
    spans,
    tokens,
)

WIDEST_SCORE = 500  # whole numbers on both sides of 0 that lie farther apart are measured, not given
SKEWED = 1.0  # skewness from which on a few large values decide every distance (Bulmer, Principles of Statistics, 1979)
IN_THOUSANDS = re.compile(r"[kKmM]\s*([$€£]|EUR|USD|GBP)|[$€£]\s*[kKmM]\b|'?000")

# A unit behind a name, which the amounts carry anyway
IN_CURRENCY = re.compile(r"( in)?[(\[\s_](EUR|USD|GBP|INR|JPY|PLN|CHF|TL|[$€£₹¥₺]|zł)[)\]]?$", re.IGNORECASE)

QUESTION = re.compile(r"^([A-Za-z]{0,2}[0-9]{1,3})[.):] (?=\S)")  # a full stop would end the sentence that names it

SIGN_ALONE = re.compile(r"([$€£₹¥₺]|zł)(?=[\s)\]_/]|$)")

# Letters that do not come apart into one of ASCII and a mark
LETTERS = str.maketrans("ŁØĐ", "LOD")

SMALL_NUMBER = 10  # whole numbers up to here are no amounts of money, whatever they are called
FEW_ACTS = 100  # whole numbers of purchases and the like up to here are counts of them
LEAST_ANSWERS = 3  # columns of whole numbers from 1 (or 0 to 10) to the same number are answers on a scale
SCALES = {(1, 4), (1, 5), (1, 6), (1, 7), (1, 9), (1, 10), (0, 10)}

LONGEST_NAME = 50
LONGEST_LABEL = 60


@dataclass(frozen=True)
class Proposed:
    """What a dictionary is to say of one column, and why."""

    name: str
    label: str
    description: str
    unit: str
    kind: str
    why_kind: str
    transform: str
    why_transform: str
    limits: dict[str, float]
    alias: str


def propose(column: FileColumn, name: str, *, answers: bool = False) -> Proposed:
    """The entry of a feature that is to be called ``name``; ``answers`` are those of one question among several."""
    kind, unit, why = ("score", "score", _answered(column)) if answers else _kind(column)
    transform, why_transform = _transform(column, kind)
    return Proposed(
        name=name,
        label=label(column.name),
        description=f"Column {printable(column.name)} of the file",
        unit=unit,
        kind=kind,
        why_kind=why,
        transform=transform,
        why_transform=why_transform,
        limits=_limits(column, kind),
        alias=column.name,
    )


def on_scales(columns: Sequence[FileColumn]) -> list[bool]:
    """Which columns are answers of a survey: whole numbers on one scale, as several columns have it."""
    ranges = [(column.values.min(), column.values.max()) if column.is_whole else (np.nan, np.nan) for column in columns]
    alike = Counter(ranges)
    return [pair in SCALES and alike[pair] >= LEAST_ANSWERS for pair in ranges]


def _answered(column: FileColumn) -> str:
    return f"whole numbers on a scale that other columns have, too; {column.values.min():g} to {column.values.max():g}"


def names(columns: list[FileColumn]) -> list[str]:
    """A name for each column, in capitals, no two alike."""
    given: list[str] = []
    for place, column in enumerate(columns, start=1):
        name = plain_name(column, place)
        while name in given or name.replace("_", "") == "CUSTOMERID":
            name = f"{name}_{place}"
        given.append(name)
    return given


def plain_name(column: FileColumn, place: int = 1) -> str:
    """A column's own name in capitals; of one without a letter or digit that ASCII has, its place."""
    capitals = " ".join(tokens(column.name)).upper()  # of ß, too
    plain = unicodedata.normalize("NFKD", capitals.translate(LETTERS)).encode("ascii", "ignore").decode().upper()
    name = re.sub(r"[^A-Z0-9]+", "_", plain).strip("_")[:LONGEST_NAME] or f"COLUMN_{place}"
    return name if name[0].isalpha() else f"C_{name}"


def label(name: str) -> str:
    """What people call a column."""
    name = QUESTION.sub(r"\1 ", IN_CURRENCY.sub("", name.strip()))
    apart = re.sub(rf"{NUMBERED}|_+" if name.isupper() else rf"(?<=[a-z0-9])(?=[A-Z])|{NUMBERED}|_+", " ", name).strip()
    words = [SHORT.get(word.lower(), _spelt(word, name)) for word in apart.split()]
    text = printable(" ".join(words)).strip()[:LONGEST_LABEL] or "Column without letters"
    return text if text[1:2].isupper() else text[:1].upper() + text[1:]  # kWh stays


def _spelt(word: str, name: str) -> str:
    """A word of a name as a label has it: small where it is one, unless the name is prose, with small words of its own,
    whose capitals are meant."""
    prose = any(other[:1].islower() for other in name.split()[1:])
    return word.lower() if _is_word(word, name.isupper()) and not prose else word


def _is_word(text: str, loud: bool) -> bool:
    """Whether letters are a word rather than an abbreviation, which has no vowel, is in mixed case, or in capitals in a
    name that is not ``loud``, in capitals as a whole."""
    return text[1:].islower() or (loud and text.isupper() and any(letter in "AEIOU" for letter in text))


def printable(text: str) -> str:
    """Text in one line, without what a page or a comment would take for something else."""
    return "".join(character if character.isprintable() and character not in "<>`{}|" else " " for character in text)


def currency(columns: list[FileColumn]) -> str:
    """The sign that amounts carry, or that a name holds; empty where none does, or amounts are in thousands of it."""
    carried = [CURRENCIES.get(column.sign.lower(), column.sign) for column in columns if column.sign not in ("", "%")]
    whole = [column.name for column in columns if not IN_THOUSANDS.search(column.name)]
    named = [match[0] for name in whole for match in SIGN_ALONE.finditer(name)]
    coded = {CURRENCIES[word] for name in whole for word in tokens(name) if word in CURRENCIES}
    return next(iter([*carried, *named, *(coded if len(coded) == 1 else ())]), "")


def _kind(column: FileColumn) -> tuple[str, str, str]:
    """Kind, unit and reason."""
    filled, words = column.values.dropna(), set(tokens(column.name)) - spans(column.name)
    low, high = float(filled.min()), float(filled.max())
    shown = f"{low:,.6g} to {high:,.6g}"
    if column.sign and column.sign != "%":
        return "amount", "currency", f"its cells carry {column.sign}; {shown}"
    if column.sign:
        return "share", "share", f"its cells carry %; {shown}"
    if low >= 0 and high <= 1 and not column.is_whole:
        return "share", "share", f"between 0 and 1; {shown}"
    if words & MONTHS and low >= 0:
        return "months", "months", f"named so; {shown}"
    unit = next((unit for unit, named in (("years", YEARS), ("days", DAYS)) if words & named), "")
    if IN_CURRENCY.search(column.name.strip()):
        return "amount", "currency", f"named so; {shown}"
    unit = unit or next((UNITS[word] for word in tokens(column.name) if word in UNITS), "")
    if column.is_whole and low >= 0 and (unit or words & COUNTS):
        return "count", unit or "number", f"whole numbers; {shown}"
    if column.is_whole and low < 0 and high - low <= WIDEST_SCORE:
        return "score", "score", f"whole numbers below and above 0; {shown}"
    if ("%" in column.name or words & PERCENT) and low >= 0 and high <= 100:
        return "ratio", "percent", f"named so; {shown}"
    if words & RATIOS and not words & CURRENCIES.keys():
        return "ratio", "number", f"named so; {shown}"
    counted = column.is_whole and (high <= SMALL_NUMBER or (words & ACTS and high <= FEW_ACTS))
    if not counted and (words & AMOUNTS or any(word.endswith(AMOUNT_ENDINGS) for word in words)) and not unit:
        return "amount", "currency", f"named so; {shown}"
    if column.is_whole and low >= 0:
        return "count", "number", f"whole numbers; {shown}"
    found = "whole numbers below and above 0, far apart" if column.is_whole else "numbers with fractions"
    return "ratio", unit or "number", f"{found}; {shown}"


def _transform(column: FileColumn, kind: str) -> tuple[str, str]:
    """log1p where a few large values would decide every distance, and it helps."""
    if kind in ("share", "score", "months"):
        return "none", "evenly spread enough, and bounded" if kind == "share" else "steps, not sizes"
    filled = column.values.dropna()
    before, after = float(filled.skew()), float(signed_log1p(filled).skew())
    reason = f"skewness {before:.1f}, as log1p {after:.1f}"
    heavy = abs(before) >= SKEWED and abs(after) < abs(before)
    return ("log1p", f"a few large values: {reason}") if heavy and np.isfinite(after) else ("none", reason)


def _limits(column: FileColumn, kind: str) -> dict[str, float]:
    low, high = float(column.values.min()), float(column.values.max())
    if kind == "score" and low >= 0:
        return {"minimum": low, "maximum": high}
    if kind == "share":
        most = max(1, math.ceil(high))
        return {"minimum": min(0, math.floor(low)), "maximum": most, "impossible": 10 * most}
    return {} if low < 0 else {"minimum": 0}
