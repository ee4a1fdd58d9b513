"""No pattern and no loop that sees text from outside takes time that grows faster than the text.

What it buys: a cell, the name of a column or a request may be a hundred thousand letters long, and a pattern that tries
them in pairs then stops a report or the server, though it is right on every text that other tests read. One that looked
for currencies behind names took 2.2 seconds on 40,000 spaces; as it is now it takes a millisecond. A new pattern has to
be named in USES, and is tried on texts made of the letters that it knows.
"""

import importlib
import pkgutil
import re
from functools import partial

import pytest
from fastapi.exceptions import RequestValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

import seg_utils
from seg_utils.core.errors import UserError
from seg_utils.data.columns import junk_rows, likeness, matching
from seg_utils.data.formats import delimited, header, number_parsing
from seg_utils.serving import batch_input, bodies

from .growth import grows

# Rooms whose patterns see what this package itself has written
OURS = (
    "seg_utils.reporting.rendering",
    "seg_utils.reporting.figures",
    "seg_utils.core.artefacts",
    "seg_utils.reporting.markdown",
    "seg_utils.reporting.model_card",
    "seg_utils.pipeline.state.fingerprint",
)

# How each pattern that sees text from outside is used
USES = {
    "search": {
        "delimited.EXPONENT", "chunks.WIDE", "workbook.FORMULA", "guard.PORT",
        "batch_input.HINTS[0]", "batch_input.HINTS[1]", "table_address.SECRET", "entries.IN_THOUSANDS",
        "entries.IN_CURRENCY", "entries.QUESTION", "entries.SIGN_ALONE", "number_parsing.MINUS_BEHIND",
    },
    "match": {"delimited.SEPARATOR_LINE"},
    "fullmatch": {
        "number_parsing.DECORATED", "number_parsing.SCIENTIFIC",
        "number_parsing.ROUNDED_SCIENTIFIC", "number_parsing.DATE",
        *(f"number_parsing.SHAPES[{place}]" for place in range(len(number_parsing.SHAPES))),
        "entries.NAME", "reading.DATE", "reading.DURATION",
        "parameters.PERIOD", "values.PERIOD", "header.NUMBER", "header.PLAIN", "matching.COMPONENT", "junk_rows.TOTAL",
    },
}  # fmt: skip

# What looks at no more than so many characters from each place
BOUNDED = {"batch_input.HINTS[0]": 1000, "messages": 1000}

FUNCTIONS = {
    "numbers": lambda text: number_parsing._take_apart(text) or number_parsing._why_no_number(text),
    "names": matching.normalised,
    "nearest names": lambda text: likeness.nearest_text("BALANCE_FREQUENCY", text.split(" ")),
    "header": lambda text: header._looks_like_data([text, *text.split(",")]),
    "totals": junk_rows.TOTAL.fullmatch,
    "messages": batch_input._advised,
    "JSON": lambda text: _refused(bodies.parsed, f'["{text}"]'.encode()),
    "names in JSON": lambda text: _refused(bodies.parsed, _names(len(text) // 10)),
    "ends": lambda text: delimited._longer(text.encode(), b"," + text[-1:].encode(), b","),
}
KINDS = st.tuples(*(st.text("0123456789.,'’ \u0301\u0323$€%+-eE=#T:/x\n\t\"[]{}or", max_size=3),) * 3)
HARD = ("$ x", "1 x", "1,x", "or or", "'1'", "1e1", "0000", "1.1.", "  x", "a\u0301\u0323", "total", "\\u0000", "::1")
HARD_KINDS = [(first, repeated, last) for first in ("", "$", "1") for repeated in HARD[3:] for last in ("", "x")]
HARD_KINDS += [(one[0], one[1:-1] or " ", one[-1]) for one in HARD]
FEW = settings(max_examples=25, derandomize=True, deadline=None)


def _names(count):
    """An object of so many names, the last of them twice."""
    listed = ", ".join(f'"{name}": 1' for name in [*range(count), count - 1])
    return f"{{{listed}}}".encode()


def _refused(function, *arguments):
    try:
        return function(*arguments)
    except (UserError, RequestValidationError) as error:
        return error


def patterns():
    """Every compiled pattern of the package by module and name, but for those that see our own text only."""
    found = {}
    for module in pkgutil.walk_packages(seg_utils.__path__, "seg_utils."):
        if module.name.startswith(OURS) or module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            short = f"{module.name.rpartition('.')[2]}.{name}"
            if isinstance(value, re.Pattern):
                found[short] = value
            elif isinstance(value, tuple):
                several = [one for part in value for one in (part if isinstance(part, tuple) else (part,))]
                several = [one for one in several if isinstance(one, re.Pattern)]
                found |= {f"{short}[{place}]": one for place, one in enumerate(several)}
    return found


def called(pattern, how):
    """A pattern as the package uses it, on texts."""
    act = getattr(pattern, how)
    return (lambda text: act(text.encode())) if isinstance(pattern.pattern, bytes) else act


PATTERNS = patterns()


def kinds_of(pattern):
    """Texts of a beginning, a part that repeats and an end, in the letters that a pattern knows."""
    source = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    letters = sorted({*source, *"0 .,x\n"})
    return st.tuples(*(st.text(st.sampled_from(letters), max_size=2),) * 3)


def long(kind, length):
    beginning, repeated, end = kind
    return beginning + (repeated or "1") * (length // max(len(repeated), 1)) + end


HOW = {name: how for how, names in USES.items() for name in names}

# What is called with a text from outside, and the kinds of text that it is called with
CASES = {name: (called(one, HOW[name]), kinds_of(one)) for name, one in PATTERNS.items() if name in HOW}
CASES |= {name: (function, KINDS) for name, function in FUNCTIONS.items()}


def test_every_pattern_says_how_it_is_used():
    assert set(PATTERNS) == set(HOW), "a pattern that sees text from outside belongs into USES"


@pytest.mark.parametrize("name", sorted(CASES))
def test_nothing_takes_more_than_its_share(name):
    (function, kinds), least = CASES[name], BOUNDED.get(name, 0)

    @FEW
    @given(kind=kinds)
    def holds(kind):
        assert not grows(function, partial(long, kind), least)

    holds()
    for kind in HARD_KINDS:
        assert not grows(function, partial(long, kind), least)


@pytest.mark.parametrize(
    "broken",
    [
        re.compile(rf"(?:{number_parsing.CURRENCY})?\s*(?:[0-9., ]+?)\s*(?:%)?").fullmatch,
        re.compile(r"[+-]?[0-9.,' ]*[0-9][0-9.,' ]*%?").fullmatch,
        lambda text: [one for place, one in enumerate(text) if one in text[:place].replace(one, "")],
    ],
    ids=["cubic", "quadratic", "a loop in a loop"],
)
def test_a_pattern_that_takes_more_is_seen(broken):
    assert any(grows(broken, partial(long, kind)) for kind in (("$", " ", "x"), ("1", "1", "x"), ("", "ab", "")))
