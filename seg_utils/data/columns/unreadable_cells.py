"""What cannot be read in a file, and what is done about it: how much of which kind, and the first places, no more."""

from collections import Counter
from collections.abc import Iterable

from seg_utils.core.errors import DataError
from seg_utils.data.findings import Finding
from seg_utils.data.formats.raw_table import Flaw
from seg_utils.data.wording import plural, show

MAX_DROPPED_SHARE = 0.5
"""BAD_ROWS=drop stops here: what is left would no longer be the file."""

CORRECT = "correct the file, or leave a column that holds no numbers out with FEATURES="
NAMED_DROPPED = 1000
KINDS_SHOWN = 4
PLACES_SHOWN = 5


class Flaws:
    """Flaws counted, the first ``NAMED_DROPPED`` of them kept."""

    def __init__(self) -> None:
        self.n_rows = 0
        self._problems: Counter[str] = Counter()
        self._first: list[Flaw] = []

    def add(self, flaws: Iterable[Flaw]) -> None:
        """Count the flaws of further rows, which stand below all earlier ones."""
        flaws = sorted(flaws, key=lambda flaw: (flaw.row, flaw.column))
        self.n_rows += len({flaw.row for flaw in flaws})
        self._problems.update(flaw.problem for flaw in flaws)
        self._first += flaws[: NAMED_DROPPED - len(self._first)]

    def settle(self, n_rows: int, bad_rows: str, bias: str = "") -> list[Finding]:
        """Stop at flaws, or name the rows that are dropped because the user asked for it, and how that is biased.

        Raises:
            DataError: there are flaws and ``bad_rows`` is ``stop``, or more than half of the rows are flawed.
        """
        if not self.n_rows:
            return []
        most = self.n_rows > MAX_DROPPED_SHARE * n_rows
        if most and bad_rows == "drop":
            dropped = f"BAD_ROWS=drop would drop {self.n_rows:,} of {plural(n_rows, 'row')}, more than half"
            raise DataError(f"{self._summary()}; {dropped}: {CORRECT}")
        if most:
            raise DataError(f"{self._summary()}; {CORRECT}")
        if bad_rows == "stop":
            drop = f"drop {plural(self.n_rows, 'row')} with BAD_ROWS=drop"
            beware = f"; but {bias}: correct the file" if bias else ""
            raise DataError(f"{self._summary()}; correct the file, or {drop}{beware}")
        beware = f"; {bias}" if bias else ""
        words = {"summary": self._summary(), "beware": beware}
        examples = tuple(
            {"row": flaw.row, "column": flaw.column, "value": flaw.value[:80], "problem": flaw.problem}
            for flaw in self._first
        )
        return [Finding("warning", "bad_rows", "", self.n_rows, examples, action="dropped", parameters=words)]

    def _summary(self) -> str:
        """``12 places cannot be read`` and the like, the most frequent problem first, and where the first are."""
        places = self._problems.total()
        kinds = ", ".join(f"{count:,} × {problem}" for problem, count in self._problems.most_common(KINDS_SHOWN))
        shown = [
            f"row {flaw.row:,}{f' {flaw.column}' if flaw.column else ''} {show(flaw.value)}"
            for flaw in self._first[:PLACES_SHOWN]
        ]
        more = f" and {places - PLACES_SHOWN:,} more" if places > PLACES_SHOWN else ""
        return f"{plural(places, 'place')} cannot be read ({kinds}): {', '.join(shown)}{more}"
