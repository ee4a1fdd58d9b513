"""The command line behind the Makefile: ``python -m seg_utils report K=7``."""

import signal
import sys

from seg_utils import parameters
from seg_utils.errors import UserError

USAGE = "usage: python -m seg_utils {report|where|data|notebooks|help} [NAME=value ...]"
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run one command; a user's mistake is one message on standard error and exit code 2."""
    command, *words = arguments or ["help"]
    try:
        if command not in COMMANDS:
            raise UserError(f"unknown command {command!r}; {USAGE}")
        COMMANDS[command](words)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("interrupted; what was finished is kept, the same command goes on from there", file=sys.stderr)
        return INTERRUPTED
    except OSError as error:
        print(f"error: {error}; free the space or mend the path and run the same command again", file=sys.stderr)
        return 2
    return 0


def _report(words: list[str]) -> None:
    from seg_utils.pipeline import run

    for path in run.report(parameters.parse(words)).values():
        print(f"{path.name:<15} {path}")


def _where(words: list[str]) -> None:
    from seg_utils.pipeline import run

    print(run.where(parameters.parse(words)))


def _data(words: list[str]) -> None:
    from seg_utils.customers import fetch

    print(fetch.fetch())


def _notebooks(words: list[str]) -> None:
    from seg_utils.pipeline import stored

    stored.refresh()


def _help(words: list[str]) -> None:
    for name, description in parameters.DESCRIPTIONS.items():
        print(f"  {name:<10} {description}")


COMMANDS = {"report": _report, "where": _where, "data": _data, "notebooks": _notebooks, "help": _help}

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
