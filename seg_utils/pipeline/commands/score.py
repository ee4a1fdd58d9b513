"""Scoring a file from the command line: which files come of it, and what is said meanwhile."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.core.artefacts import sha256, write_csv, write_json
from seg_utils.core.errors import DataError
from seg_utils.core.paths import parts, slug, stem_of
from seg_utils.core.result_folders import NAMELESS, folder_for
from seg_utils.data.columns import descriptors as columns
from seg_utils.data.streaming.batches import Batches
from seg_utils.pipeline import console, large
from seg_utils.pipeline.state.layout import claim
from seg_utils.pipeline.state.lock import owned
from seg_utils.scoring import drift, model_path
from seg_utils.scoring.answer import segments
from seg_utils.scoring.files import output_files, scoring
from seg_utils.scoring.files.messages import changed, sentences
from seg_utils.scoring.files.output_files import Files
from seg_utils.scoring.files.request import Request
from seg_utils.scoring.former import Former
from seg_utils.scoring.model import SegmentModel
from seg_utils.scoring.transitions import Earlier

SCORES = "scores"
SAY_EVERY_SECONDS = 2.0


def score(asked: Request) -> list[Path]:
    """Score a file as asked and return what was written. Raises UserError: of a kind that says what is wrong; earlier
    scores stand."""
    model = model_path.read(asked.model)
    large.bring_in(asked.table, asked.data, asked.columns)
    batches = Batches(
        asked.data, model.space.inputs, describe=asked.describe, columns=asked.columns, bad_rows=asked.bad_rows
    )
    files = output_files.files(asked.out or _folder(asked))
    files.refuse_read(asked.out or files.scored.parent, (*parts(asked.data), asked.model, asked.columns))
    with owned(files.scored.parent, partial(console.waiting, "score")):
        if asked.out:  # the folder of a run's scores holds nothing else
            files.refuse_others(asked.out)
        files.sweep()
        (earlier, former), notes = _known(asked, model) if batches.has_ids else ((None, None), [])
        wrote: list[Path] = []

        def beside(done: scoring.Scored) -> None:
            wrote.extend(_beside(asked, model, files, done, notes))

        scoring.score(
            batches, model, files.scored, earlier=earlier, former=former, on_progress=_teller(), before_replacing=beside
        )
        return wrote


def _known(asked: Request, model: SegmentModel) -> tuple[list[Any], list[str]]:
    """The customers of the model's run, and where they were last; or notes that there are others in their place."""
    known, notes = [], []
    for kind in (Earlier, Former):
        try:
            known.append(kind.of_run(asked.model, model))
        except DataError as error:
            known.append(None)
            notes.append(f"note: {error}.")
    return known, [*dict.fromkeys(notes)]


def _beside(asked: Request, model: SegmentModel, files: Files, done: scoring.Scored, notes: list[str]) -> list[Path]:
    """Write and say how the new customers compare with those of training."""
    compared = drift.by_feature(model, done.tally)
    summary = scoring.summary(model, done)
    lines = [*sentences(summary, compared, files), *notes]
    for line in lines:
        console.say(line)
    optional = {files.moves: scoring.moved(model, done), files.descriptors: _described(model, done)}
    wrote = [path for path in files if path not in optional or optional[path] is not None]
    for path in files.earlier.difference(wrote):
        path.unlink(missing_ok=True)
    names = [path.name for path in wrote]  # told first: what is written after it is known to be ours
    write_json(files.scoring, {**_provenance(asked), "files": names, **summary, "warnings": lines[1:]})
    write_csv(files.drift, compared)
    if (moved := optional[files.moves]) is not None:
        console.say(changed(moved))
    if (sampled := sum(map(len, done.described))) and sampled < done.tally.customers:
        console.say(f"{files.descriptors.name} rests on {sampled:,} of {done.tally.customers:,} customers.")
    for path in (path for path in optional if path in wrote):
        write_csv(path, optional[path])
    return wrote


def _described(model: SegmentModel, done: scoring.Scored) -> pd.DataFrame | None:
    """Segments by the columns that were asked for, with effect sizes; None where none was."""
    if not done.described:
        return None
    from seg_utils.personas import descriptors  # scikit-learn and catalogues, which scoring alone does without

    described = columns.typed(pd.concat(done.described, ignore_index=True))
    names = {number: words.name for number, words in segments(model).items()}
    return descriptors.profile(described, np.concatenate(done.segments), names, seed=model.seed)


def _provenance(asked: Request) -> dict[str, Any]:
    return {
        "input": {"name": asked.data.name, "sha256": sha256(asked.data)},
        "model": {"run": asked.model.parent.name, "sha256": model_path.sha256(asked.model)},
    }


def _folder(asked: Request) -> Path:
    """Where the scores of a file go beside its model; another file of the same name gets a folder with a suffix."""
    scores = asked.model.parent / SCORES
    name = slug(stem_of(asked.data)) or NAMELESS
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
