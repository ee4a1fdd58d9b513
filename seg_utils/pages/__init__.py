"""The report's pages as Markdown, every figure from an artefact of the run. The report notebook shows them in order."""

from seg_utils.pages import (
    actions,
    algorithm,
    back,
    deck,
    evidence,
    form,
    front,
    inside,
    reproduction,
    segments,
    sheets,
)
from seg_utils.pages.run import Run, read, show

__all__ = [
    "Run",
    "actions",
    "algorithm",
    "back",
    "deck",
    "evidence",
    "form",
    "front",
    "inside",
    "read",
    "reproduction",
    "segments",
    "sheets",
    "show",
]
