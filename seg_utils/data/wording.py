"""How values of a file are quoted and counted in a one-line message."""

from collections.abc import Iterable, Sequence

MAX_EXAMPLES = 5
MAX_SHOWN = 40
LEAST_PERCENT = 0.001  # smaller shares, and larger ones than what is left to 100 %, are not counted out


def show(value: object) -> str:
    """A value of the file, quoted: control characters escaped, long text cut."""
    text = str(value)
    if len(text) > MAX_SHOWN:
        text = text[: MAX_SHOWN - 1] + "…"
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) + "'"


def listing(items: Iterable[object], most: int = MAX_EXAMPLES) -> str:
    """Quoted items with commas, cut after ``most``."""
    items = list(items)
    more = f" and {len(items) - most:,} more" if len(items) > most else ""
    return ", ".join(show(item) for item in items[:most]) + more


def plural(count: int, singular: str, several: str | None = None) -> str:
    """``1 row``, ``1,234 rows``."""
    return f"{count:,} {singular if count == 1 else several or singular + 's'}"


def rounded(number: float) -> str:
    """Two digits of a positive number that is only about so large: ``2,800``, ``7.3``."""
    return f"{float(f'{number:.2g}'):,.15g}"


def joined(sentences: Sequence[str]) -> str:
    """Several complaints in one line."""
    return "; also: ".join(sentences)


def rows_of(count: int, n: int) -> str:
    """``19 of 8,950 rows (0.2 %)``."""
    return f"{count:,} of {plural(n, 'row')} ({_percent(count, n)})"


def example_of(example: dict[str, object]) -> str:
    """``'C10001' with BALANCE 12.5``."""
    customer, *values = example.items()
    return f"{show(customer[1])} with " + ", ".join(f"{name} {value}" for name, value in values)


def _percent(count: int, n: int) -> str:
    """A share that reads 100 % or 0 % only where it is."""
    percent = 100 * count / n
    if 0 < percent < LEAST_PERCENT:
        return f"under {LEAST_PERCENT:g} %"
    if count < n and percent > 100 - LEAST_PERCENT:
        return f"over {100 - LEAST_PERCENT:g} %"
    if percent < 10 or (count < n and percent >= 99.5):
        rest = min(percent, 100 - percent)
        return f"{percent:.2g} %" if percent < 10 else f"{100 - float(f'{rest:.2g}'):g} %"
    return f"{percent:.0f} %"
