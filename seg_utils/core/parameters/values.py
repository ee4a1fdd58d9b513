"""What each parameter is and may be: a check of its text, which says what is allowed and gives an example."""

import re
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

from seg_utils.core import paths
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.errors import ParameterError, did_you_mean

K_RANGE = range(2, 21)
SCALES = ("log", "standard", "robust")
IMPUTATIONS = ("median", "mean")
EVIDENCE = ("quick", "full")
FORMATS = ("html", "pdf", "pptx", "docx", "xlsx")
DEFAULT_FORMATS = FORMATS[:2]
RENDERERS = ("auto", "quarto", "builtin")
BAD_ROWS = ("stop", "drop")
SEEDS = range(2**31)

MIN_SEGMENT_CUSTOMERS = 5
MIN_CUSTOMERS = MIN_SEGMENT_CUSTOMERS * K_RANGE[0]  # fewer customers are no segment, and fewer in all no segmentation

# A year and a month, as which periods and their folders are called
PERIOD = re.compile("[1-9][0-9]{3}-(0[1-9]|1[0-2])")

ENCODER_LAYERS = range(1, 7)
ENCODER_WIDTHS = range(1, 4001)
ALL_SEGMENTS = "all"


def _k(name: str, text: str) -> int | None:
    if text.strip().lower() == "auto":
        return None
    return _integer(name, text, K_RANGE, "a whole number from 2 to 20, or auto", "7")


def _integer(name: str, text: str, allowed: range, words: str, example: str) -> int:
    text = text.strip()
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) not in allowed:
        raise ParameterError(f"{name}={text} is not allowed; {name} is {words}, for example {name}={example}")
    return int(text)


def _choice(name: str, text: str, allowed: Collection[str]) -> str:
    value = text.strip().lower()
    if value not in allowed:
        hint = did_you_mean(value, allowed) or f", for example {name}={next(iter(allowed))}"
        raise ParameterError(f"{name}={text} is not allowed; {name} is one of {', '.join(allowed)}{hint}")
    return value


def _encoder(name: str, text: str) -> tuple[int, ...]:
    widths = text.strip().split("-")
    right = all(re.fullmatch(r"[0-9]{1,4}", width) and int(width) in ENCODER_WIDTHS for width in widths)
    if not right or len(widths) not in ENCODER_LAYERS:
        raise ParameterError(
            f"{name}={text} is not allowed; {name} is {ENCODER_LAYERS[0]} to {ENCODER_LAYERS[-1]} layer widths of "
            f"{ENCODER_WIDTHS[0]} to {ENCODER_WIDTHS[-1]}, joined by hyphens, the codes last, "
            f"for example {name}=64-32-8"
        )
    return tuple(map(int, widths))


def _subsegment(name: str, text: str) -> int | str:
    if text.strip().lower() == ALL_SEGMENTS:
        return ALL_SEGMENTS
    return _integer(name, text, range(K_RANGE[-1]), "a segment's number, 0 to 19, or all", "2")


def _period(name: str, text: str) -> str:
    if not PERIOD.fullmatch(text.strip()):
        raise ParameterError(f"{name}={text} is not allowed; {name} is a year and a month, for example {name}=2026-11")
    return text.strip()


def _yes(name: str, text: str) -> bool:
    return _choice(name, text, ("yes", "no")) == "yes"


def _market(name: str, text: str) -> str:
    return _choice(name, text, markets())


def markets() -> Collection[str]:
    """Those that the economics in force know prices of."""
    from seg_utils.core import marked_yaml  # YAML: `make help` runs before there is an environment

    return marked_yaml.load(paths.catalogue("ECONOMICS")).section("markets")


def _listed(name: str, text: str) -> tuple[str, ...]:
    return tuple(re.split(r"[\s,]+", text.strip(" ,")))


def _campaign(name: str, text: str) -> str:
    campaign = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9](-?[a-z0-9]){0,39}", campaign):
        raise ParameterError(
            f"{name}={text} is not allowed; {name} is a name of up to 40 letters a to z and digits, with single "
            f"hyphens between them, for example {name}=spring-2027"
        )
    return campaign


def _formats(name: str, text: str) -> tuple[str, ...]:
    wanted = _listed(name, text.lower())
    if not set(wanted) <= set(FORMATS):
        raise ParameterError(
            f"{name}={text} is not allowed; {name} is any of {', '.join(FORMATS)}, "
            f"for example {name}='{' '.join(DEFAULT_FORMATS)}'"
        )
    return tuple(value for value in FORMATS if value in wanted)


def _file(
    name: str, text: str, example: str, problem: Callable[[Path], str | None] = paths.problem, what: str = "a file"
) -> Path:
    path = paths.home_of(text)
    if reason := problem(path):
        raise ParameterError(f"{name}={text} {reason}; {name} is the path of {what}, for example {name}={example}")
    return path.resolve()


def _stripped(name: str, text: str) -> str:
    return text.strip()


# What turns name and text of each parameter into its value; PRESET stands for others and is gone by then
CHECKS: dict[str, Callable[[str, str], object]] = {
    "K": _k,
    "DATA": partial(
        _file, example="customers.csv", problem=paths.parts_problem, what="a file, or of a folder or glob of its parts"
    ),
    "COLUMNS": partial(_file, example="mapping.yml"),
    "FEATURES": _listed,
    "DESCRIBE": _listed,
    "DICTIONARY": partial(_file, example="my.yml"),
    "PERSONAS": partial(_file, example="my-personas.yml"),
    "ECONOMICS": partial(_file, example="my-economics.yml"),
    "BAD_ROWS": partial(_choice, allowed=BAD_ROWS),
    "SCALE": partial(_choice, allowed=SCALES),
    "IMPUTE": partial(_choice, allowed=IMPUTATIONS),
    "ENCODER": _encoder,
    "ALGORITHM": partial(_choice, allowed=ALGORITHMS),
    "SUBSEGMENT": _subsegment,
    "KMAX": partial(_integer, allowed=range(3, 21), words="a whole number from 3 to 20", example="20"),
    "EVIDENCE": partial(_choice, allowed=EVIDENCE),
    "SEED": partial(_integer, allowed=SEEDS, words=f"a whole number from 0 to {SEEDS[-1]}", example="42"),
    "MARKET": _market,
    "CAMPAIGN": _campaign,
    "FORMATS": _formats,
    "RENDERER": partial(_choice, allowed=RENDERERS),
    "QUARTO": lambda name, text: text,
    "OUTPUTS": lambda name, text: paths.home_of(text).resolve(),
    "MODEL": _stripped,
    "PERIOD": _period,
    "FROM": _stripped,
    "REPLACE": _yes,
    "REASON": _stripped,
    "OUT": _stripped,
    "PORT": partial(_integer, allowed=range(65536), words="a whole number from 0 to 65535", example="8000"),
    "HOST": _stripped,
    "TOKEN": _stripped,
}


DESCRIPTIONS = {
    "K": "number of segments, 2 to 20, or auto: what the evidence recommends (default auto)",
    "DATA": "customers file, folder or glob of parts, or a database with TABLE= (default: the bundled customers)",
    "TABLE": "the table of the database that DATA names, such as DATA=duckdb://bank.duckdb TABLE=customers",
    "COLUMNS": "mapping file for other column names, one 'their name: CANONICAL_NAME' a line",
    "FEATURES": "run on these features only, separated by spaces or commas (default: all)",
    "DESCRIBE": "columns to describe segments by and never to cluster on, such as 'AGE CHANNEL' (default: none)",
    "DICTIONARY": "your own data dictionary, which make dictionary proposes (default data/dictionary.yml)",
    "PERSONAS": "your own catalogue of personas (default report/personas.yml, where the customers are of cards)",
    "ECONOMICS": "your own prices and moves (default report/economics.yml, where the customers are of cards)",
    "BAD_ROWS": "stop or drop: what to do with rows that are not numbers (default stop)",
    "SCALE": "log, standard or robust (default log)",
    "IMPUTE": "median or mean (default median)",
    "ENCODER": "widths of an autoencoder's layers, the codes last, such as 64-32-8 (default: none)",
    "ALGORITHM": f"{', '.join([*ALGORITHMS][:-1])} or {[*ALGORITHMS][-1]} (default {next(iter(ALGORITHMS))})",
    "SUBSEGMENT": "a segment's number, or all: look for sub-groups inside (default: none)",
    "PRESET": "a published system's parameters, from presets/; what is given beside it wins (default: none)",
    "KMAX": "largest k the evidence looks at, 3 to 20 (default 20)",
    "EVIDENCE": "quick, or full: also repeats the whole procedure, on other scales too, minutes longer (default quick)",
    "SEED": "seed of every random choice (default 42)",
    "MARKET": "whose prices the economics assume: us, eu, uk or your own of report/economics.yml (default us)",
    "CAMPAIGN": "name of the campaign, by which customers are held out for its test (default first)",
    "FORMATS": "any of html, pdf, pptx, docx, xlsx (default 'html pdf')",
    "RENDERER": "auto, quarto or builtin (default auto: quarto where it is installed)",
    "QUARTO": "path of the quarto executable (default: the one on PATH)",
    "OUTPUTS": "folder that results go to (default outputs)",
    "MODEL": "a run's folder, or its model.json: what make score and make serve place customers by",
    "PERIOD": "of make month, make adopt and make results: the month that DATA holds, such as 2026-11",
    "FROM": "of make month, history, adopt and results: the run folder whose segments, or campaign, it is",
    "REPLACE": "of make month, results, dictionary and adopt: yes puts another in the place of the former (default no)",
    "REASON": "of make adopt: why the challenger takes over, in a sentence",
    "OUT": "of make score and make dictionary: where to write (default: scores/ in the run folder, beside the file)",
    "PORT": "of make serve: 1 to 65535, or 0 for any that is free (default 8000)",
    "HOST": "of make serve: the address to listen on; any but this machine's own needs a TOKEN (default 127.0.0.1)",
    "TOKEN": "of make serve: what requests must bring, at least 16 characters (default: none)",
}
