"""Which program turns the document into the report's files."""

import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from seg_utils.core.errors import ParameterError, RenderError
from seg_utils.core.parameters import RENDERERS
from seg_utils.reporting.rendering import theme
from seg_utils.reporting.rendering.process import run

SECONDS_TO_SAY_VERSION = 60
OLDEST_QUARTO = (1, 9)
"""Before it, Quarto passes no PDF standard on to Typst, and its PDFs cannot be read aloud."""

VERSION = re.compile(r"(\d+)\.(\d+)\.\d+\S*")
PACKAGES = {"pptx": "python-pptx", "xlsx": "xlsxwriter"}
"""Formats that a Python package writes alone."""


@dataclass(frozen=True)
class Renderer:
    """A renderer that answered.

    ``name`` is ``quarto`` or ``builtin``; ``executable`` is None for the latter; ``note`` says why a Quarto that was
    found is not used.
    """

    name: str
    version: str
    executable: str | None = None
    note: str = ""

    def tools(self, formats: Iterable[str]) -> dict[str, str]:
        """What makes each format, with versions. Starts the programs, each of which takes up to a second."""
        own = self._own_tools() if self.name == "quarto" else _builtin_tools()
        made_by = {
            "html": own["pandoc"],
            "pdf": f"{own['pandoc']}, {own['typst']}",
            "docx": _builtin_tools()["pandoc"],
            **{name: f"{package} {version(package)}" for name, package in PACKAGES.items()},
        }
        return {name: made_by[name] for name in formats}

    def _own_tools(self) -> dict[str, str]:
        return {name: _said_version([str(self.executable), name, "--version"]) for name in ("pandoc", "typst")}


def choose(renderer: str = "auto", quarto: str | None = None) -> Renderer:
    """Choose the renderer of a run.

    Args:
        renderer: ``auto`` takes Quarto where there is one that will do; ``quarto`` and ``builtin`` force either.
        quarto: path or name of Quarto's executable; by default ``quarto`` on PATH.

    Raises:
        ParameterError: unknown renderer.
        RenderError: Quarto was asked for, by either parameter, and is missing, too old or does not answer.
    """
    if renderer not in RENDERERS:
        raise ParameterError(f"RENDERER={renderer!r} is unknown; allowed: {', '.join(RENDERERS)}")
    if renderer == "builtin":
        return _builtin()
    asked_for = bool(quarto) or renderer == "quarto"
    found = shutil.which(quarto or "quarto")
    if found is None and asked_for:
        raise RenderError(
            f"Quarto was asked for, but {quarto or 'quarto'!r} is no executable; "
            "name one with QUARTO=path/to/quarto, or use RENDERER=builtin"
        )
    if found is None:
        return _builtin()
    try:
        return _quarto(str(Path(found).absolute()))
    except RenderError as error:
        if asked_for:
            raise RenderError(f"{error}; name another with QUARTO=path/to/quarto, or use RENDERER=builtin") from None
        return _builtin(f"{error}; the built-in renderer is used")


def _builtin(note: str = "") -> Renderer:
    return Renderer("builtin", f"pandoc {version('pypandoc_binary')}, typst {version('typst')}", note=note)


def _builtin_tools() -> dict[str, str]:
    return {"pandoc": _said_version([str(theme.pandoc()), "--version"]), "typst": f"typst {version('typst')}"}


def _quarto(executable: str) -> Renderer:
    """
    Raises:
        RenderError: it does not work, is no Quarto or is too old.
    """
    try:
        answer = _said_version([executable, "--version"])
    except RenderError as error:
        raise RenderError(f"Quarto does not work ({error})") from None
    number = VERSION.fullmatch(answer)
    if number is None:
        raise RenderError(f"{executable} is not Quarto: asked for its version, it says {answer[:40]!r}")
    if (int(number[1]), int(number[2])) < OLDEST_QUARTO:
        oldest = ".".join(map(str, OLDEST_QUARTO))
        raise RenderError(f"Quarto {answer} is too old: {oldest} is the oldest that makes an accessible PDF")
    return Renderer("quarto", answer, executable)


def _said_version(arguments: list[str]) -> str:
    """The first line of what a program says of its version; empty if it says nothing."""
    lines = run(arguments, seconds=SECONDS_TO_SAY_VERSION).strip().splitlines()
    return lines[0].strip() if lines else ""
