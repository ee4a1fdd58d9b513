"""Which program turns the document into the report's files."""

import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from seg_utils.errors import ParameterError, RenderError
from seg_utils.parameters import RENDERERS
from seg_utils.rendering.process import run

SECONDS_TO_SAY_VERSION = 60


@dataclass(frozen=True)
class Renderer:
    """A renderer that answered: ``name`` is ``quarto`` or ``builtin``; ``executable`` is None for the latter."""

    name: str
    version: str
    executable: str | None = None


def choose(renderer: str = "auto", quarto: str | None = None) -> Renderer:
    """Choose the renderer of a run.

    Args:
        renderer: ``auto`` takes Quarto where there is one; ``quarto`` and ``builtin`` force either.
        quarto: path or name of Quarto's executable; by default ``quarto`` on PATH.

    Raises:
        ParameterError: unknown renderer.
        RenderError: Quarto was asked for, by either parameter, and is missing or does not answer.
    """
    if renderer not in RENDERERS:
        raise ParameterError(f"RENDERER={renderer!r} is unknown; allowed: {', '.join(RENDERERS)}")
    if renderer == "builtin":
        return _builtin()
    found = shutil.which(quarto or "quarto")
    if found is None and (quarto or renderer == "quarto"):
        raise RenderError(
            f"Quarto was asked for, but {quarto or 'quarto'!r} is no executable; "
            "name one with QUARTO=path/to/quarto, or use RENDERER=builtin"
        )
    return _builtin() if found is None else _quarto(str(Path(found).absolute()))


def _builtin() -> Renderer:
    return Renderer("builtin", f"pandoc {version('pypandoc_binary')}, typst {version('typst')}")


def _quarto(executable: str) -> Renderer:
    try:
        answer = run([executable, "--version"], seconds=SECONDS_TO_SAY_VERSION).strip()
    except RenderError as error:
        raise RenderError(f"Quarto does not work ({error}); mend it, or use RENDERER=builtin") from None
    if not answer:
        raise RenderError(f"{executable} --version says nothing, so it is not Quarto; use RENDERER=builtin")
    return Renderer("quarto", answer.splitlines()[0], executable)
