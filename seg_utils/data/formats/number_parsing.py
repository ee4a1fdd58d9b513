"""Texts to numbers: which sign is the decimal one, thousands separators, currency and percent signs.

The decimal sign is decided once for the whole file, on cells that can only be read one way; a cell that then does not
fit is not guessed at but handed back as a flaw.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from seg_utils.core.errors import DataError
from seg_utils.data.columns.unreadable_cells import CORRECT
from seg_utils.data.findings import Finding
from seg_utils.data.formats.raw_table import DASHES, MISSING
from seg_utils.data.wording import listing, plural

SPACES = " \t\r\n\u00a0\u202f\u2009\ufeff"
CURRENCIES = (
    *("R$", "US$", "A$", "C$", "NT$", "HK$", "$", "€", "£", "¥", "₹", "₽", "₩", "₺", "zł", "kr.", "kr", "Fr."),
    *("USD", "EUR", "GBP", "JPY", "INR", "CHF", "BRL", "CAD", "AUD", "SEK", "NOK", "DKK", "PLN", "CZK", "ZAR"),
)
CURRENCY = "|".join(map(re.escape, CURRENCIES))

# Spaces belong to the body, and nothing is given back: a long cell takes time in proportion to its length
DECORATED = re.compile(rf"(?P<before>{CURRENCY})?(?P<body>[0-9.,'’\s]*+)(?P<after>{CURRENCY}|%)?")

PLAIN_POINT = r"^-?[0-9]+(\.[0-9]+)?$"
PLAIN_COMMA = r"^-?[0-9]+(,[0-9]+)?$"
SURE_POINT = r"^-?([0-9]{4,}\.[0-9]+|0[0-9]*\.[0-9]+|[0-9]+\.([0-9]{1,2}|[0-9]{4,}))$"
SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]{1,3}")

# How a spreadsheet displays, and exports, a number too wide for its column: three digits are left of it
ROUNDED_SCIENTIFIC = re.compile(r"-?[0-9]([.,][0-9]{2})?E[+-][0-9]{2}")

GROUP = r"['’ \u00a0\u202f\u2009]"
SHAPES = (  # (pattern, the decimal sign it proves or "", the grouping sign it uses or "")
    (re.compile(r"[0-9]+"), "", ""),
    (re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+"), ".", ","),
    (re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+,[0-9]+"), ",", "."),
    (re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}"), ".", ","),
    (re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3}){2,}"), ",", "."),
    (re.compile(r"[1-9][0-9]{0,2},[0-9]{3}"), "", ","),  # 1,234: a thousand or a fraction
    (re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}"), "", "."),
    (re.compile(r"[0-9]*\.[0-9]*"), ".", ""),
    (re.compile(r"[0-9]*,[0-9]*"), ",", ""),
    (re.compile(rf"[1-9][0-9]{{0,2}}(?:{GROUP}[0-9]{{3}})+\.[0-9]+"), ".", " "),
    (re.compile(rf"[1-9][0-9]{{0,2}}(?:{GROUP}[0-9]{{3}})+,[0-9]+"), ",", " "),
    (re.compile(rf"[1-9][0-9]{{0,2}}(?:{GROUP}[0-9]{{3}})+"), "", " "),
)
DATE = re.compile(
    r"\d{4}-\d\d?-\d\d?([T ].*)?|\d\d?[./-]\d\d?[./-]\d{2,4}|\d\d?[.-]? ?[A-Za-z]{3}[a-z]*\.?(-\d+)?|[A-Za-z]{3}-\d\d"
)
MANY_DASHES = 0.1

# So many cells of a long column, from its top to its end, are looked at first, and how many may be no numbers
SAMPLED_CELLS, MOST_WRONG = 2000, 0.75

ZERO = r"^0+([.,]0*)?$"
MINUS_BEHIND = re.compile(r"[.,][0-9]+-$")  # how SAP writes amounts below zero


@dataclass(frozen=True)
class CellFlaw:
    """A cell (by its position among the rows) that is no number."""

    position: int
    value: str
    problem: str


@dataclass
class Parsed:
    """Numbers of one column, shape (n,), NaN where missing or flawed."""

    values: np.ndarray
    flaws: list[CellFlaw] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


@dataclass(frozen=True)
class _Odd:
    """A cell text taken apart: its digits and signs, the decorations, what it proves."""

    sign: str
    body: str
    decoration: str
    proves: str
    groups: str


def parse(columns: Mapping[str, pa.ChunkedArray], kinds: Mapping[str, str]) -> dict[str, Parsed]:
    """Numbers of all text columns of a file, texts by feature, null where a cell has no text. By the dictionary's
    ``kinds`` only amounts take currency signs, only shares percent signs. A DataError where the decimal sign is
    uncertain, or digits were lost to scientific notation."""
    texts = {name: _without_missing(name, column) for name, column in columns.items()}
    for name, text in texts.items():
        _check_numbers(name, text)
    point = _decimal_sign(texts)
    return {name: _parse_column(name, text, kinds[name], point) for name, text in texts.items()}


def amounts(name: str, texts: pd.Series) -> Parsed:
    """Numbers of one column of texts, read as ``parse`` reads amounts."""
    return parse({name: pa.chunked_array([pa.array(texts, pa.string())])}, {name: "amount"})[name]


def missing_as_null(trimmed: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
    """Texts without outer spaces, null where they stand for a missing value."""
    return pc.if_else(pc.is_in(trimmed, pa.array([*DASHES, *sorted(MISSING)])), pa.scalar(None, pa.string()), trimmed)


def _without_missing(name: str, column: pa.ChunkedArray) -> pa.Array:
    """Texts without outer spaces, null where missing.

    Raises:
        DataError: a dash stands for many cells of a column that writes no zero; accounting formats show zeros so.
    """
    text = pc.utf8_trim(pa.concat_arrays([pa.array([], pa.string()), *column.chunks]), SPACES)
    dashes = pc.sum(pc.is_in(text, pa.array(DASHES))).as_py() or 0
    if dashes > MANY_DASHES * len(text) and not pc.any(pc.match_substring_regex(text, ZERO)).as_py():
        raise DataError(
            f"{name}: {plural(dashes, 'cell')} hold a dash and none a zero, so a dash may mean zero (as accounting "
            "formats show it) or missing; export the column as plain numbers"
        )
    return missing_as_null(text)


def _check_numbers(name: str, text: pa.Array) -> None:
    """Refuse a long column by some of its cells where hardly any is a number, as each would be a flaw.

    Raises:
        DataError: far more than half of them cannot be read.
    """
    if len(text) <= SAMPLED_CELLS:
        return
    cells = text.take(np.linspace(0, len(text) - 1, SAMPLED_CELLS).astype(np.int64)).drop_null().to_pylist()
    wrong = [cell for cell in cells if _take_apart(cell) is None]
    if len(wrong) > MOST_WRONG * SAMPLED_CELLS:
        raise DataError(
            f"{name}: {len(wrong):,} of {SAMPLED_CELLS:,} cells cannot be read as numbers, such as "
            f"{listing(wrong, 3)}; {CORRECT}"
        )


def _decimal_sign(texts: Mapping[str, pa.Array]) -> str:
    """Point or comma, whichever more cells prove; a lone dissenter becomes a flaw later."""
    proofs = {".": 0, ",": 0}
    unsure: list[str] = []
    for text in texts.values():
        proofs["."] += pc.sum(pc.match_substring_regex(text, SURE_POINT)).as_py() or 0
        rest = text.filter(pc.invert(pc.match_substring_regex(text, rf"{SURE_POINT}|^[0-9]+$")))
        counted = pc.value_counts(rest)
        for cell, count in zip(counted.field(0).to_pylist(), counted.field(1).to_pylist(), strict=True):
            odd = _take_apart(cell)
            if odd is None:
                continue
            if odd.proves:
                proofs[odd.proves] += count
            elif odd.groups in {",", "."}:
                unsure.append(cell)
    if proofs["."] == proofs[","] and (unsure or proofs["."]):
        raise DataError(
            f"cells such as {listing(unsure or ['1,5', '1.5'], 3)} may be thousands or fractions and nothing in the "
            "file tells which; export it again with a decimal point and without thousands separators"
        )
    return "," if proofs[","] > proofs["."] else "."


def _take_apart(cell: str) -> _Odd | None:
    """The parts of a number-like text, or None where it is no number."""
    if SCIENTIFIC.fullmatch(cell):
        proves = "." if "." in cell else "," if "," in cell else ""
        return _Odd("", cell, "", proves, "")
    sign, rest = (cell[0], cell[1:]) if cell[:1] in {"+", "-"} else ("", cell)
    if MINUS_BEHIND.search(rest) and not sign:
        sign, rest = "-", rest[:-1]
    decorated = DECORATED.fullmatch(rest)
    if decorated is None or (decorated["before"] and decorated["after"]):
        return None
    body = decorated["body"].strip()
    for pattern, proves, groups in SHAPES:
        if pattern.fullmatch(body) and any(c.isdigit() for c in body):
            return _Odd(sign, body, decorated["before"] or decorated["after"] or "", proves, groups)
    return None


def _parse_column(name: str, text: pa.Array, kind: str, point: str) -> Parsed:
    """One column: in one go where all cells are bare digits, else each distinct cell is taken apart."""
    bare = pc.match_substring_regex(text, PLAIN_POINT if point == "." else PLAIN_COMMA)
    if pc.all(bare).as_py() is not False:
        digits = pc.replace_substring(text, ",", ".") if point == "," else text
        return Parsed(pc.cast(digits, pa.float64()).to_numpy(zero_copy_only=False).copy())
    coded = text.dictionary_encode()
    codes = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    cells = coded.dictionary.to_pylist()
    counts = np.bincount(codes[codes >= 0], minlength=len(cells))
    apart = [_take_apart(cell) for cell in cells]
    decoration = _decoration(apart, counts, kind)
    mixed = _groups_only_some(apart, point)
    problems = [_problem(cell, odd, decoration, point, mixed) for cell, odd in zip(cells, apart, strict=True)]
    numbers = np.array(
        [np.nan if problem else _number(odd, point) for odd, problem in zip(apart, problems, strict=True)] + [np.nan]
    )
    for i, value in enumerate(numbers[:-1]):
        if np.isinf(value):
            numbers[i], problems[i] = np.nan, "too large for a number"
    parsed = Parsed(numbers[codes])
    wrong = np.array([bool(problem) for problem in problems] + [False])
    for row in np.flatnonzero(wrong[codes]).tolist():
        parsed.flaws.append(CellFlaw(row, cells[codes[row]], problems[codes[row]]))
    if decoration:
        done = "divided by 100" if decoration == "%" else "sign removed"
        sign = {"sign": decoration}
        parsed.findings.append(
            Finding("info", "decorated_numbers", name, int(counts.sum()), action=done, parameters=sign)
        )
    return parsed


def _decoration(apart: Sequence[_Odd | None], counts: np.ndarray, kind: str) -> str:
    """The currency or percent sign that most cells of the column carry, where such a column may carry one."""
    carried: dict[str, int] = {}
    for odd, count in zip(apart, counts.tolist(), strict=True):
        if odd is not None:
            carried[odd.decoration] = carried.get(odd.decoration, 0) + (0 if _is_zero(odd) else count)
    most = max(carried, key=lambda sign: carried[sign], default="")
    allowed = kind in {"frequency", "share"} if most == "%" else kind == "amount"
    return most if allowed else ""


def _groups_only_some(apart: Sequence[_Odd | None], point: str) -> bool:
    """Whether some thousands are grouped and others are not: then a grouped one may be a misread fraction."""
    known = [odd for odd in apart if odd is not None]
    doubtful = any(odd.groups in {",", "."} and odd.groups != point and not odd.proves for odd in known)
    return doubtful and any(not odd.groups and re.match(r"[0-9]{4}", odd.body) for odd in known)


def _problem(cell: str, odd: _Odd | None, decoration: str, point: str, mixed: bool) -> str:
    """What is wrong with a cell, or nothing."""
    if odd is None:
        return _why_no_number(cell)
    if ROUNDED_SCIENTIFIC.fullmatch(cell):
        return "rounded to three digits by a spreadsheet's scientific display"
    if odd.decoration != decoration and not (_is_zero(odd) and not odd.decoration):
        if odd.decoration:
            return f"sign {odd.decoration} in a column of other numbers"
        return f"lacks the sign {decoration} of its column"
    if odd.proves and odd.proves != point:
        return "decimal comma in a file with decimal points" if point == "." else "decimal point in a file with commas"
    if mixed and odd.groups in {",", "."} and odd.groups != point and not odd.proves:
        return "thousands separator in some cells only"
    return ""


def _why_no_number(cell: str) -> str:
    if "\0" in cell:
        return "NUL byte"
    if cell.lower().lstrip("+-") in {"inf", "infinity", "∞", "1.#inf"}:
        return "infinite"
    if DATE.fullmatch(cell):
        return "a date, perhaps made by a spreadsheet"
    if cell.startswith("(") and cell.endswith(")") and any(c.isdigit() for c in cell):
        return "an amount in parentheses, as accountants write negative ones: export it with a minus sign"
    if cell.startswith("="):
        return "a formula without a stored result"
    if cell.startswith("#"):
        return "a spreadsheet error or too narrow a column"
    return "not a number"


def _number(odd: _Odd, point: str) -> float:
    """The value of a cell; a percentage is shifted as text, so that 81.8182 % is 0.818182 to the last bit."""
    body = re.sub(r"[^0-9.,eE+-]", "", odd.body)
    body = body.replace("," if point == "." else ".", "").replace(point, ".")
    return float(odd.sign + body + ("e-2" if odd.decoration == "%" else ""))


def _is_zero(odd: _Odd) -> bool:
    return not any(c in "123456789" for c in odd.body)
