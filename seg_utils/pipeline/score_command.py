"""Scoring a file from the command line: which files come of it, and what is said meanwhile."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from seg_utils.core.artefacts import sha256, write_csv, write_json
from seg_utils.core.errors import DataError
from seg_utils.core.result_folders import NAMELESS, folder_for, slug
from seg_utils.data.streaming.batches import Batches
from seg_utils.pipeline import console
from seg_utils.pipeline.layout import claim
from seg_utils.pipeline.lock import owned
from seg_utils.scoring import drift, model_path
from seg_utils.scoring.files import output_files, scoring
from seg_utils.scoring.files.messages import changed, sentences
from seg_utils.scoring.files.output_files import Files
from seg_utils.scoring.files.request import Request
from seg_utils.scoring.model import SegmentModel
from seg_utils.scoring.transitions import Earlier

SCORES = "scores"
SAY_EVERY_SECONDS = 2.0


def score(asked: Request) -> list[Path]:
    """Score a file as asked and return what was written.

    Raises:
        UserError: of a kind that says what is wrong; earlier scores stand.
    """
    model = model_path.read(asked.model)
    batches = Batches(asked.data, model.space.inputs, columns=asked.columns, bad_rows=asked.bad_rows)
    files = output_files.files(asked.out or _folder(asked))
    files.refuse_read(asked.out or files.scored.parent, (asked.data, asked.model, asked.columns))
    with owned(files.scored.parent, partial(console.waiting, "score")):
        if asked.out:  # the folder of a run's scores holds nothing else
            files.refuse_others(asked.out)
        files.sweep()
        earlier, notes = _earlier(asked, model) if batches.has_ids else (None, [])
        wrote: list[Path] = []

        def beside(done: scoring.Scored) -> None:
            wrote.extend(_beside(asked, model, files, done, notes))

        scoring.score(batches, model, files.scored, earlier=earlier, on_progress=_teller(), before_replacing=beside)
        return wrote


def _earlier(asked: Request, model: SegmentModel) -> tuple[Earlier | None, list[str]]:
    """The customers of the model's run, or a note that there are others in their place."""
    try:
        return Earlier.of_run(asked.model, model), []
    except DataError as error:
        return None, [f"note: {error}."]


def _beside(asked: Request, model: SegmentModel, files: Files, done: scoring.Scored, notes: list[str]) -> list[Path]:
    """Write and say how the new customers compare with those of training."""
    compared = drift.by_feature(model, done.tally)
    summary = scoring.summary(model, done)
    told = [*sentences(summary, compared, files), *notes]
    for line in told:
        console.say(line)
    moved = scoring.moved(model, done)
    wrote = [path for path in files if moved is not None or path != files.moves]
    if moved is None and files.moves in files.earlier:
        files.moves.unlink(missing_ok=True)
    names = [path.name for path in wrote]  # told first: what is written after it is known to be ours
    write_json(files.scoring, {**_provenance(asked), "files": names, **summary, "warnings": told[1:]})
    write_csv(files.drift, compared)
    if moved is not None:
        console.say(changed(moved))
        write_csv(files.moves, moved)
    return wrote


def _provenance(asked: Request) -> dict[str, Any]:
    return {
        "input": {"name": asked.data.name, "sha256": sha256(asked.data)},
        "model": {"run": asked.model.parent.name, "sha256": model_path.sha256(asked.model)},
    }


def _folder(asked: Request) -> Path:
    """Where the scores of a file go beside its model; another file of the same name gets a folder with a suffix."""
    scores = asked.model.parent / SCORES
    name = slug(asked.data.stem) or NAMELESS
    return claim(partial(folder_for, name, asked.data, scores), asked.data, scores)


def _teller() -> Callable[[int], None]:
    """Says now and then how many customers are scored."""
    last = time.monotonic()

    def tell(customers: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SAY_EVERY_SECONDS:
            last = time.monotonic()
            console.stage_line("score", f"{customers:,} customers")

    return tell
