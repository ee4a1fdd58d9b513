"""Scoring a file from the command line: which files come of it, and what is said meanwhile."""

import hashlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from seg_utils import artefacts
from seg_utils.artefacts import read_json, sha256, write_csv, write_json
from seg_utils.customers.batches import Batches
from seg_utils.errors import ParameterError
from seg_utils.model import SegmentModel
from seg_utils.pipeline import console
from seg_utils.pipeline.layout import HASH_LENGTH, slug
from seg_utils.pipeline.lock import folder_lock
from seg_utils.scoring import drift, file, request, which
from seg_utils.scoring.moves import Earlier
from seg_utils.scoring.request import TABLE, Request
from seg_utils.scoring.telling import changed, sentences

SCORES = "scores"
SCORED = "scored.csv"
SAY_EVERY_SECONDS = 2.0


def score(words: Iterable[str]) -> list[Path]:
    """Score a file as asked and return what was written.

    Raises:
        UserError: of a kind that says what is wrong; earlier scores stand.
    """
    asked = request.parse(words)
    model = which.read(asked.model)
    target = _target(asked)
    batches = Batches(asked.data, model.space.features, columns=asked.columns, bad_rows=asked.bad_rows)
    with folder_lock(target.parent, lambda: console.stop_line("score", "waiting for another run")):
        artefacts.sweep(target.parent)
        earlier = Earlier.of_run(asked.model.parent, len(model.sizes)) if batches.has_ids else None
        done = file.score(batches, model, target, earlier=earlier, tell=_teller())
        return _beside(asked, model, target, done)


def _target(asked: Request) -> Path:
    """The file that the scores go to.

    Raises:
        ParameterError: it, or a file that is written beside it, is one that is read.
    """
    target = asked.out or _folder(asked)
    if target.suffix.lower() != TABLE or target.is_dir():
        target /= SCORED
    written = {target, *map(target.with_name, (file.DRIFT, file.SCORING, file.MOVES))}
    if overwritten := written & {asked.data, asked.model, asked.columns}:
        raise ParameterError(
            f"OUT={asked.out or target.parent} would overwrite {overwritten.pop().name}, which is read; "
            "name another folder, for example OUT=scores"
        )
    return target


def _beside(asked: Request, model: SegmentModel, target: Path, done: file.Scored) -> list[Path]:
    """Write and say how the new customers compare with those of training."""
    compared = drift.by_feature(model, done.tally)
    summary = file.summary(model, done)
    told = sentences(summary, compared)
    for line in told:
        console.say(line)
    written = [target, target.with_name(file.DRIFT), target.with_name(file.SCORING)]
    again = written[2].is_file()
    write_csv(written[1], compared)
    write_json(written[2], {**_provenance(asked), **summary, "warnings": told[1:]})
    moved, kept = file.moved(model, done), target.with_name(file.MOVES)
    if moved is None and again:
        kept.unlink(missing_ok=True)  # of an earlier file in the same place
    if moved is None:
        return written
    console.say(changed(moved))
    write_csv(kept, moved)
    return [*written, kept]


def _provenance(asked: Request) -> dict[str, Any]:
    return {
        "input": {"name": asked.data.name, "path": str(asked.data), "sha256": sha256(asked.data)},
        "model": {"run": asked.model.parent.name, "sha256": which.sha256(asked.model)},
    }


def _folder(asked: Request) -> Path:
    """Where the scores of a file go beside its model; another file of the same name gets a folder with a suffix."""
    folder = asked.model.parent / SCORES / (slug(asked.data.stem) or "customers")
    kept = folder / file.SCORING
    if not kept.is_file() or read_json(kept)["input"]["path"] == str(asked.data):
        return folder
    suffix = hashlib.sha256(str(asked.data).encode("utf-8")).hexdigest()[:HASH_LENGTH]
    return folder.with_name(f"{folder.name}-{suffix}")


def _teller() -> Callable[[int], None]:
    """Says now and then how many customers are scored."""
    last = time.monotonic()

    def tell(customers: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SAY_EVERY_SECONDS:
            last = time.monotonic()
            console.stop_line("score", f"{customers:,} customers")

    return tell
