"""What was noticed about a customers file, and how a value of the file is quoted in a message."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

MAX_EXAMPLES = 5
MAX_SHOWN = 40
SET_ASIDE = "set aside"
"""What is done about a column that the segmentation goes on without."""


@dataclass(frozen=True)
class Finding:
    """One thing noticed about the file.

    ``severity`` is info, warning or error; ``column`` is a feature, the id or empty when the whole file is meant;
    ``count`` is the number of rows, cells or columns concerned; ``examples`` hold plain JSON values; ``action`` says
    what was done; ``message`` is one sentence for people.
    """

    severity: str
    rule: str
    message: str
    column: str = ""
    count: int = 0
    examples: tuple[Any, ...] = field(default=())
    action: str = "kept"

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, in the order quality.json promises."""
        raw = asdict(self)
        order = ("severity", "rule", "column", "count", "examples", "action", "message")
        return {name: list(raw[name]) if name == "examples" else raw[name] for name in order}


def show(value: object) -> str:
    """A value of the file, quoted for a one-line message: control characters escaped, long text cut."""
    text = str(value)
    if len(text) > MAX_SHOWN:
        text = text[: MAX_SHOWN - 1] + "…"
    return "'" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text) + "'"


def listing(items: Iterable[object], most: int = MAX_EXAMPLES) -> str:
    """Quoted items with commas, cut after ``most``."""
    items = list(items)
    more = f" and {len(items) - most:,} more" if len(items) > most else ""
    return ", ".join(show(item) for item in items[:most]) + more


def plural(count: int, one: str, many: str | None = None) -> str:
    """``1 row``, ``1,234 rows``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def rounded(number: float) -> str:
    """Two digits of a positive number that is told as ``about``: ``2,800``, ``7.3``."""
    return f"{float(f'{number:.2g}'):,.15g}"


def joined(sentences: Sequence[str]) -> str:
    """Several complaints in one line."""
    return "; also: ".join(sentences)
