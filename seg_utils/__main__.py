"""The command line behind the Makefile: ``python -m seg_utils report K=7``."""

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from seg_utils.core import artefacts, parameters, paths
from seg_utils.core.errors import UserError

INTERRUPTED = 130

# No space or no right to write: what a user can mend. What says no number is a database's, of the disk it writes to.
OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS, None}


def main(arguments: list[str]) -> int:
    """Run one command; a user's mistake is one message on standard error and exit code 2."""
    command, *words = arguments or ["help"]
    for name in paths.CATALOGUES:  # what make exports beside the words, before anybody has checked it
        os.environ.pop(f"SEG_{name}", None)
    try:
        if command not in COMMANDS:
            usage = f"usage: python -m seg_utils {{{'|'.join(COMMANDS)}}} [NAME=value ...]"
            raise UserError(f"unknown command {command!r}; {usage}")
        for made in COMMANDS[command](words) or ():
            print(f"{made.name:<15} {made}" if isinstance(made, Path) else made)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; what was finished is kept, the same command goes on from there", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        fix = "; free the space or mend the path and run the same command again" if error.errno in OF_THE_DISK else ""
        print(f"error: {error}{fix}", file=sys.stderr)
        return 2
    return 0


def _of(module: str) -> Any:
    """A module of the package, imported when a command is at hand and not before."""
    return import_module(f"seg_utils.{module}")


def _compare(words: list[str]) -> list[Path | str]:
    written = _of("pipeline.driver").compare(parameters.parse(words))
    comparison = next(path for path in written if path.name == "compare.json")
    return [*written, f"\n{artefacts.read_json(comparison)['sentence']}"]


def _claims(words: list[str]) -> list[Path]:
    console = _of("pipeline.console")
    return _of("claims.ledger").run(words, lambda text: console.stage_line("claims", text))


def _score(words: list[str]) -> list[Path]:
    asked = _of("scoring.files.request").parse(words)  # first: a mistake is not to wait for what scoring imports
    with _of("scoring.model_path").its_dictionary(asked.model):
        return _of("pipeline.commands.score").score(asked)


def _serve(words: list[str]) -> None:
    token = f"TOKEN={os.environ.get('SEG_TOKEN', '')}"  # not among the words, which everyone on the machine can read
    takes = ("MODEL", "OUTPUTS", "PORT", "HOST", "TOKEN")
    asked = parameters.from_mapping(parameters.as_given([token, *words], takes, "the model has decided it"))
    model = _of("scoring.model_path").model_file(asked.model, asked.outputs)
    with _of("scoring.model_path").its_dictionary(model):
        _of("serving.server").serve(model, host=asked.host, port=asked.port, token=asked.token)


# Each gives what is printed at its end: files, or lines
COMMANDS: dict[str, Callable[[list[str]], Iterable[Path | str] | None]] = {
    "report": lambda words: _of("pipeline.driver").report(parameters.parse(words)),
    "month": lambda words: _of("pipeline.commands.month").month(words),
    "history": lambda words: _of("pipeline.commands.month").history(words),
    "adopt": lambda words: [_of("pipeline.commands.adopt").adopt(words)],
    "compare": _compare,
    "dictionary": lambda words: _of("pipeline.commands.dictionary").propose(words),
    "claims": _claims,
    "results": lambda words: _of("pipeline.commands.results").results(words),
    "responses": lambda words: _of("pipeline.commands.results").responses(words),
    "score": _score,
    "where": lambda words: [str(_of("pipeline.driver").where(parameters.parse(words)))],
    "serve": _serve,
    "data": lambda words: [str(_of("data.fetch").fetch())],
    "notebooks": lambda words: _of("pipeline.notebooks.stored_outputs").refresh(),
    "help": lambda words: [f"  {name:<10} {description}" for name, description in parameters.DESCRIPTIONS.items()],
}

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
