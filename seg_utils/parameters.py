"""What a user may ask of a run, checked before anything starts. Written as on the make command line: ``K=7``."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from seg_utils import paths
from seg_utils.errors import ParameterError

K_RANGE = range(2, 21)
SCALES = ("log", "standard", "robust")
IMPUTATIONS = ("median", "mean")
FORMATS = ("html", "pdf", "pptx", "docx", "xlsx")
DEFAULT_FORMATS = FORMATS[:2]
RENDERERS = ("auto", "quarto", "builtin")
BAD_ROWS = ("stop", "drop")
SEEDS = range(2**31)

DESCRIPTIONS = {
    "K": "number of segments, 2 to 20, or auto: what the evidence recommends (default auto)",
    "DATA": "customers file (default: the bundled synthetic customers)",
    "COLUMNS": "mapping file for other column names, one 'their name: CANONICAL_NAME' a line",
    "FEATURES": "run on these features only, separated by spaces or commas (default: all 17)",
    "BAD_ROWS": "stop or drop: what to do with rows that are not numbers (default stop)",
    "SCALE": "log, standard or robust (default log)",
    "IMPUTE": "median or mean (default median)",
    "KMAX": "largest k the evidence looks at, 3 to 20 (default 20)",
    "SEED": "seed of every random choice (default 42)",
    "FORMATS": "any of html, pdf, pptx, docx, xlsx (default 'html pdf')",
    "RENDERER": "auto, quarto or builtin (default auto: quarto where it is installed)",
    "QUARTO": "path of the quarto executable (default: the one on PATH)",
    "OUTPUTS": "folder that results go to (default outputs)",
}


@dataclass(frozen=True)
class Parameters:
    """A checked request for one run; ``k`` is None for auto."""

    k: int | None = None
    data: Path = paths.SAMPLE
    columns: Path | None = None
    features: tuple[str, ...] = ()
    bad_rows: str = "stop"
    scale: str = "log"
    impute: str = "median"
    kmax: int = 20
    seed: int = 42
    formats: tuple[str, ...] = DEFAULT_FORMATS
    renderer: str = "auto"
    quarto: str | None = None
    outputs: Path = paths.OUTPUTS


def parse(assignments: Iterable[str]) -> Parameters:
    """Check ``NAME=value`` words; an empty value means the default.

    Raises:
        ParameterError: names the value, what is allowed and an example.
    """
    given: dict[str, str] = {}
    for word in assignments:
        name, equals, value = word.partition("=")
        if not equals or name not in DESCRIPTIONS:
            raise ParameterError(_unknown(word, name))
        if value.strip():
            given[name] = value
    return from_mapping(given)


def from_mapping(given: Mapping[str, str]) -> Parameters:
    """Check a mapping of parameter names to texts; see ``parse``."""
    values: dict[str, object] = {}
    if "K" in given:
        values["k"] = _k(given["K"])
    if "DATA" in given:
        values["data"] = _file("DATA", given["DATA"], "customers.csv")
    if "COLUMNS" in given:
        values["columns"] = _file("COLUMNS", given["COLUMNS"], "mapping.yml")
    if "FEATURES" in given:
        values["features"] = tuple(re.split(r"[\s,]+", given["FEATURES"].strip(" ,")))
    if "KMAX" in given:
        values["kmax"] = _integer("KMAX", given["KMAX"], range(3, 21), "a whole number from 3 to 20", "20")
    if "SEED" in given:
        values["seed"] = _integer("SEED", given["SEED"], SEEDS, f"a whole number from 0 to {SEEDS[-1]}", "42")
    if "FORMATS" in given:
        values["formats"] = _formats(given["FORMATS"])
    if "QUARTO" in given:
        values["quarto"] = given["QUARTO"]
    if "OUTPUTS" in given:
        values["outputs"] = Path(given["OUTPUTS"]).expanduser().resolve()
    for name, allowed in (
        ("SCALE", SCALES),
        ("IMPUTE", IMPUTATIONS),
        ("RENDERER", RENDERERS),
        ("BAD_ROWS", BAD_ROWS),
    ):
        if name in given:
            values[name.lower()] = _choice(name, given[name], allowed)
    return Parameters(**values)


def check_enough_customers(k: int | None, n_customers: int, source: str) -> None:
    """Refuse more segments than customers.

    Raises:
        ParameterError: ``k`` is above ``n_customers``.
    """
    if k is not None and k > n_customers:
        raise ParameterError(
            f"K={k} is more segments than the {n_customers} customers in {source}; "
            f"choose K from 2 to {min(n_customers, K_RANGE[-1])}, for example K={min(4, n_customers)}"
        )


def _k(text: str) -> int | None:
    if text.strip().lower() == "auto":
        return None
    return _integer("K", text, K_RANGE, "a whole number from 2 to 20, or auto", "7")


def _integer(name: str, text: str, allowed: range, words: str, example: str) -> int:
    text = text.strip()
    if not re.fullmatch(r"[0-9]{1,10}", text) or int(text) not in allowed:
        raise ParameterError(f"{name}={text} is not allowed; {name} is {words}, for example {name}={example}")
    return int(text)


def _choice(name: str, text: str, allowed: tuple[str, ...]) -> str:
    value = text.strip().lower()
    if value not in allowed:
        raise ParameterError(
            f"{name}={text} is not allowed; {name} is one of {', '.join(allowed)}, for example {name}={allowed[0]}"
        )
    return value


def _formats(text: str) -> tuple[str, ...]:
    wanted = re.split(r"[\s,]+", text.strip(" ,").lower())
    for value in wanted:
        if value not in FORMATS:
            raise ParameterError(
                f"FORMATS={text} is not allowed; FORMATS is any of {', '.join(FORMATS)}, "
                f"for example FORMATS='{' '.join(DEFAULT_FORMATS)}'"
            )
    return tuple(name for name in FORMATS if name in wanted)


def _file(name: str, text: str, example: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_file():
        problem = "is a folder, not a file" if path.is_dir() else "does not exist"
        raise ParameterError(f"{name}={text} {problem}; {name} is the path of a file, for example {name}={example}")
    return path.resolve()


def _unknown(word: str, name: str) -> str:
    near = get_close_matches(name.upper(), DESCRIPTIONS, n=1)
    hint = f"did you mean {near[0]}=?" if near else "for example K=7"
    return f"unknown parameter {word!r}; known are {', '.join(DESCRIPTIONS)}; {hint}"
