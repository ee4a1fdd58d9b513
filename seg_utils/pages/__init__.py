"""The report's pages as Markdown, every figure from an artefact of the run. The report notebook shows them in order."""

from seg_utils.pages import actions, back, deck, evidence, front, reproduction, segments, sheets
from seg_utils.pages.run import Run, read, show

__all__ = ["Run", "actions", "back", "deck", "evidence", "front", "read", "reproduction", "segments", "sheets", "show"]
