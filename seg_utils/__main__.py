"""The command line behind the Makefile: ``python -m seg_utils report K=7``."""

import os
import signal
import sys

from seg_utils.core import parameters, paths
from seg_utils.core.errors import UserError

INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run one command; a user's mistake is one message on standard error and exit code 2."""
    command, *words = arguments or ["help"]
    for name in paths.CATALOGUES:  # what make exports beside the words, before anybody has checked it
        os.environ.pop(f"SEG_{name}", None)
    try:
        if command not in COMMANDS:
            usage = f"usage: python -m seg_utils {{{'|'.join(COMMANDS)}}} [NAME=value ...]"
            raise UserError(f"unknown command {command!r}; {usage}")
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
    from seg_utils.pipeline import driver

    for path in driver.report(parameters.parse(words)).values():
        print(f"{path.name:<15} {path}")


def _month(words: list[str]) -> None:
    from seg_utils.pipeline.commands import month

    for path in month.month(words).values():
        print(f"{path.name:<15} {path}")


def _history(words: list[str]) -> None:
    from seg_utils.pipeline.commands import month

    for path in month.history(words):
        print(f"{path.name:<15} {path}")


def _adopt(words: list[str]) -> None:
    from seg_utils.pipeline.commands import month

    print(month.adopt(words))


def _compare(words: list[str]) -> None:
    from seg_utils.core.artefacts import read_json
    from seg_utils.pipeline import driver

    written = {path.name: path for path in driver.compare(parameters.parse(words))}
    for name, path in written.items():
        print(f"{name:<15} {path}")
    print(f"\n{read_json(written['compare.json'])['sentence']}")


def _claims(words: list[str]) -> None:
    from seg_utils.claims import command
    from seg_utils.pipeline import console

    for path in command.run(words, lambda text: console.stage_line("claims", text)):
        print(f"{path.name:<15} {path}")


def _results(words: list[str]) -> None:
    from seg_utils.pipeline.commands import results

    for path in results.results(words):
        print(f"{path.name:<15} {path}")


def _score(words: list[str]) -> None:
    from seg_utils.scoring.files import request

    asked = request.parse(words)  # first: a mistake is not to wait for what scoring imports
    from seg_utils.pipeline.commands import score
    from seg_utils.scoring import model_path

    with model_path.its_dictionary(asked.model):
        for path in score.score(asked):
            print(f"{path.name:<15} {path}")


def _where(words: list[str]) -> None:
    from seg_utils.pipeline import driver

    print(driver.where(parameters.parse(words)))


def _serve(words: list[str]) -> None:
    from seg_utils.scoring import model_path

    token = f"TOKEN={os.environ.get('SEG_TOKEN', '')}"  # not among the words, which everyone on the machine can read
    takes = ("MODEL", "OUTPUTS", "PORT", "HOST", "TOKEN")
    asked = parameters.from_mapping(parameters.as_given([token, *words], takes, "the model has decided it"))
    model = model_path.model_file(asked.model, asked.outputs)
    from seg_utils.serving import server

    with model_path.its_dictionary(model):
        server.serve(model, host=asked.host, port=asked.port, token=asked.token)


def _dictionary(words: list[str]) -> None:
    from seg_utils.pipeline.commands import dictionary

    path = dictionary.propose(words)
    if path is not None:
        print(f"{path.name:<15} {path}")


def _data(words: list[str]) -> None:
    from seg_utils.data import fetch

    print(fetch.fetch())


def _notebooks(words: list[str]) -> None:
    from seg_utils.pipeline import stored_outputs

    stored_outputs.refresh()


def _help(words: list[str]) -> None:
    for name, description in parameters.DESCRIPTIONS.items():
        print(f"  {name:<10} {description}")


COMMANDS = {
    "report": _report,
    "month": _month,
    "history": _history,
    "adopt": _adopt,
    "compare": _compare,
    "dictionary": _dictionary,
    "claims": _claims,
    "results": _results,
    "score": _score,
    "where": _where,
    "serve": _serve,
    "data": _data,
    "notebooks": _notebooks,
    "help": _help,
}

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main(sys.argv[1:]))
