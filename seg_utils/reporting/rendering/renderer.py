"""Which program turns the document into the report's files, and the one place where it is started."""

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from seg_utils.core.errors import ParameterError, RenderError
from seg_utils.core.parameters import RENDERERS
from seg_utils.reporting.rendering import theme

# Of what a failing program said, these many lines from its error on, or else its last ones, tell why
LINES_OF_OUTPUT = 6

COLOUR = re.compile(r"\x1b\[[0-9;]*m")
TRACE = ("at ", "Stack trace", "WARN")  # how lines begin that say no more of an error


def run(
    arguments: Sequence[str],
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    text: str = "",
    seconds: float = 300,
) -> str:
    """Run a program without a shell, by default in this process's environment, and give back what it printed: to its
    standard output, or else beside it. ``text`` is handed to its standard input. A RenderError where it could not be
    started, took too many ``seconds`` or ended with an error."""
    name = Path(arguments[0]).name
    try:
        process = subprocess.Popen(
            list(arguments),
            cwd=folder,
            env=None if environment is None else dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise RenderError(f"{arguments[0]} could not be started: {error.strerror or error}") from None
    try:
        output, errors = process.communicate(text.encode("utf-8"), timeout=seconds)
    except BaseException as error:
        _kill(process)
        if isinstance(error, subprocess.TimeoutExpired):
            raise RenderError(f"{name} was stopped: it did not end within {seconds:.0f} seconds") from None
        raise
    if process.returncode != 0:
        raise RenderError(f"{name} ended with code {process.returncode}: {_reason(errors, output)}")
    return (output or errors).decode("utf-8", errors="replace")


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Stop a program and all that it started: a launcher's own end would leave what it launched at work."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def _reason(*streams: bytes) -> str:
    for stream in streams:
        text = COLOUR.sub("", stream.decode("utf-8", errors="replace"))
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        message_lines = [line for line in lines if not line.startswith(TRACE)]
        first = next(
            (number for number, line in enumerate(message_lines) if line.lower().startswith("error")), -LINES_OF_OUTPUT
        )
        if message_lines:
            return " / ".join(message_lines[first:][:LINES_OF_OUTPUT])
    return "it printed nothing"


SECONDS_TO_SAY_VERSION = 60
OLDEST_QUARTO = (1, 9)  # before it, Quarto passes no PDF standard on to Typst, and its PDFs cannot be read aloud
VERSION = re.compile(r"(\d+)\.(\d+)\.\d+\S*")
PACKAGES = {"pptx": "python-pptx", "xlsx": "xlsxwriter"}  # formats that a Python package writes alone


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

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

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
    """Choose the renderer of a run: ``auto`` takes Quarto (on PATH, or as ``quarto`` names it) where there is one that
    will do; ``quarto`` and ``builtin`` force either. A ParameterError where it is unknown; a RenderError where Quarto
    was asked for, by either parameter, and is missing, too old or does not answer."""
    if renderer not in RENDERERS:
        raise ParameterError(f"RENDERER={renderer!r} is unknown; allowed: {', '.join(RENDERERS)}")
    if renderer == "builtin":
        return _builtin()
    asked_for = bool(quarto) or renderer == "quarto"
    executable = shutil.which(quarto or "quarto")
    if executable is None and asked_for:
        raise RenderError(
            f"Quarto was asked for, but {quarto or 'quarto'!r} is no executable; "
            "name one with QUARTO=path/to/quarto, or use RENDERER=builtin"
        )
    if executable is None:
        return _builtin()
    try:
        return _quarto(str(Path(executable).absolute()))
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
