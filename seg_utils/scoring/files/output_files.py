"""Which files a scoring writes, and that nothing else ever gives way to them."""

from collections.abc import Iterable
from glob import escape
from pathlib import Path
from typing import NamedTuple

from seg_utils.core.artefacts import PART, read_json
from seg_utils.core.errors import ParameterError
from seg_utils.scoring.files.request import TABLE
from seg_utils.scoring.transitions import DAMAGED

SCORED, DRIFT, SCORING, MOVES = "scored.csv", "drift.csv", "scoring.json", "moves.csv"
DESCRIPTORS = "descriptors.csv"


class Files(NamedTuple):
    """Where the scores, the comparison with training, the summary, the moves between segments and their descriptors
    go; the last two only where there are such."""

    scored: Path
    drift: Path
    scoring: Path
    moves: Path
    descriptors: Path

    @property
    def earlier(self) -> set[Path]:
        """Those of these files that the last scoring to this very place wrote, as its summary says."""
        try:
            names = set(read_json(self.scoring)["files"])
        except DAMAGED:
            return set()
        return {path for path in self if path.name in names} if self.scored.name in names else set()

    def refuse_others(self, out: Path) -> None:
        """Stop before a file is overwritten that no scoring to this very place wrote. Raises ParameterError: there is
        one; the message names it."""
        others = [path.name for path in self if path.exists() and path not in self.earlier]
        if others:
            raise ParameterError(
                f"OUT={out} would overwrite {', '.join(others)}, which no scoring to this OUT wrote; "
                "name another file or folder, for example OUT=scores, or move it away"
            )

    def refuse_read(self, out: Path, read: Iterable[Path | None]) -> None:
        """Stop before a file is overwritten that is read. Raises ParameterError: there is one; the message names it."""
        overwritten = [path.name for path in self if path in set(read)]
        if overwritten:
            raise ParameterError(
                f"OUT={out} would overwrite {overwritten[0]}, which is read; "
                "name another folder, for example OUT=scores"
            )

    def sweep(self) -> None:
        """Remove what a killed scoring to this place left half-written. The caller holds the folder's lock."""
        for path in self:
            for leftover in path.parent.glob(f"{PART}*-{escape(path.name)}"):
                leftover.unlink(missing_ok=True)


def files(target: Path) -> Files:
    """The files of a scoring to a folder, or to a .csv file, after which the others are named then."""
    if target.suffix.lower() != TABLE or target.is_dir():
        return Files(*(target / name for name in (SCORED, DRIFT, SCORING, MOVES, DESCRIPTORS)))
    beside = (DRIFT, SCORING, MOVES, DESCRIPTORS)
    return Files(target, *(target.with_name(f"{target.stem}.{name}") for name in beside))
