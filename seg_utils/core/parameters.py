"""What a user may ask of a run, checked before anything starts. Written as on the make command line: ``K=7``."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from seg_utils.core import paths
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.errors import ParameterError

K_RANGE = range(2, 21)
SCALES = ("log", "standard", "robust")
IMPUTATIONS = ("median", "mean")
"""Algorithms that find their own number of segments, and leave customers out as outliers."""
FORMATS = ("html", "pdf", "pptx", "docx", "xlsx")
DEFAULT_FORMATS = FORMATS[:2]
RENDERERS = ("auto", "quarto", "builtin")
BAD_ROWS = ("stop", "drop")
SEEDS = range(2**31)

MIN_SEGMENT_CUSTOMERS = 5
MIN_CUSTOMERS = MIN_SEGMENT_CUSTOMERS * K_RANGE[0]
"""Fewer customers are no segment, and fewer in all no segmentation."""

ENCODER_LAYERS = range(1, 7)
ENCODER_WIDTHS = range(1, 4001)
ALL_SEGMENTS = "all"

DESCRIPTIONS = {
    "K": "number of segments, 2 to 20, or auto: what the evidence recommends (default auto)",
    "DATA": "customers file (default: the bundled synthetic customers)",
    "COLUMNS": "mapping file for other column names, one 'their name: CANONICAL_NAME' a line",
    "FEATURES": "run on these features only, separated by spaces or commas (default: all)",
    "BAD_ROWS": "stop or drop: what to do with rows that are not numbers (default stop)",
    "SCALE": "log, standard or robust (default log)",
    "IMPUTE": "median or mean (default median)",
    "ENCODER": "widths of an autoencoder's layers, the codes last, such as 64-32-8 (default: none)",
    "ALGORITHM": f"{', '.join([*ALGORITHMS][:-1])} or {[*ALGORITHMS][-1]} (default {next(iter(ALGORITHMS))})",
    "SUBSEGMENT": "a segment's number, or all: look for sub-groups inside (default: none)",
    "PRESET": "a published system's parameters, from presets/; what is given beside it wins (default: none)",
    "KMAX": "largest k the evidence looks at, 3 to 20 (default 20)",
    "SEED": "seed of every random choice (default 42)",
    "MARKET": "whose prices the economics assume: us, eu, uk or your own of report/economics.yml (default us)",
    "FORMATS": "any of html, pdf, pptx, docx, xlsx (default 'html pdf')",
    "RENDERER": "auto, quarto or builtin (default auto: quarto where it is installed)",
    "QUARTO": "path of the quarto executable (default: the one on PATH)",
    "OUTPUTS": "folder that results go to (default outputs)",
    "MODEL": "a run's folder, or its model.json: what make score and make serve place customers by",
    "OUT": "of make score: a folder or a .csv file (default: scores/ in the run folder)",
    "PORT": "of make serve: 1 to 65535, or 0 for any that is free (default 8000)",
    "HOST": "of make serve: the address to listen on; any but this machine's own needs a TOKEN (default 127.0.0.1)",
    "TOKEN": "of make serve: what requests must bring, at least 16 characters (default: none)",
}


PRESET_NAMES = ("K", "FEATURES", "SCALE", "IMPUTE", "ENCODER", "ALGORITHM", "SUBSEGMENT", "KMAX", "SEED")
"""What a preset may set: what the segments depend on, and nothing of where they come from and go to."""


OF_A_MODEL = ("MODEL", "OUT", "PORT", "HOST", "TOKEN")
"""What is asked of a model that is there, not of a run that makes one."""


@dataclass(frozen=True)
class Parameters:
    """A checked request for one run.

    ``k`` is None for auto, and for algorithms that find their own number of segments; ``encoder`` is empty and
    ``subsegment`` None where there is to be none; ``subsegment`` is a segment's number or ``ALL_SEGMENTS``.
    """

    k: int | None = None
    data: Path = paths.SAMPLE
    columns: Path | None = None
    features: tuple[str, ...] = ()
    bad_rows: str = "stop"
    scale: str = "log"
    impute: str = "median"
    encoder: tuple[int, ...] = ()
    algorithm: str = "kmeans"
    subsegment: int | str | None = None
    kmax: int = 20
    seed: int = 42
    market: str = "us"
    formats: tuple[str, ...] = DEFAULT_FORMATS
    renderer: str = "auto"
    quarto: str | None = None
    outputs: Path = paths.OUTPUTS
    model: str = ""
    out: str = ""
    port: int = 8000
    host: str = "127.0.0.1"
    token: str | None = field(default=None, repr=False)


def parse(assignments: Iterable[str]) -> Parameters:
    """Check the ``NAME=value`` words of a run; an empty value means the default.

    Raises:
        ParameterError: names the value, what is allowed and an example.
    """
    takes = [name for name in DESCRIPTIONS if name not in OF_A_MODEL]
    given = as_given(assignments, takes, "it is for make score and make serve")
    return from_mapping(_preset(given) | given)


def as_given(assignments: Iterable[str], takes: Collection[str], otherwise: str) -> dict[str, str]:
    """Values by name of ``NAME=value`` words, unchecked; an empty value was not given.

    Args:
        takes: the names that mean something to the command.
        otherwise: why the others don't.

    Raises:
        ParameterError: a name is not known, or means nothing to the command.
    """
    given: dict[str, str] = {}
    for word in assignments:
        name, equals, value = word.partition("=")
        if not _is_text(word):
            raise ParameterError(f"{word!a} is not UTF-8 text; rename the file, or type the value in UTF-8")
        if not equals or name not in DESCRIPTIONS:
            raise ParameterError(_unknown(word, name))
        if not value.strip():
            continue
        if name not in takes:
            raise ParameterError(f"{word} means nothing here: {otherwise}; what may be given is {', '.join(takes)}")
        given[name] = value
    return given


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
    if "ENCODER" in given:
        values["encoder"] = _encoder(given["ENCODER"])
    if "SUBSEGMENT" in given:
        values["subsegment"] = _subsegment(given["SUBSEGMENT"])
    if "KMAX" in given:
        values["kmax"] = _integer("KMAX", given["KMAX"], range(3, 21), "a whole number from 3 to 20", "20")
    if "SEED" in given:
        values["seed"] = _integer("SEED", given["SEED"], SEEDS, f"a whole number from 0 to {SEEDS[-1]}", "42")
    if "MARKET" in given:
        values["market"] = _market(given["MARKET"])
    if "FORMATS" in given:
        values["formats"] = _formats(given["FORMATS"])
    if "QUARTO" in given:
        values["quarto"] = given["QUARTO"]
    if "PORT" in given:
        values["port"] = _integer("PORT", given["PORT"], range(65536), "a whole number from 0 to 65535", "8000")
    values |= {name.lower(): given[name].strip() for name in ("MODEL", "OUT", "HOST", "TOKEN") if name in given}
    if "OUTPUTS" in given:
        values["outputs"] = paths.home_of(given["OUTPUTS"]).resolve()
    for name, allowed in (
        ("SCALE", SCALES),
        ("IMPUTE", IMPUTATIONS),
        ("ALGORITHM", tuple(ALGORITHMS)),
        ("RENDERER", RENDERERS),
        ("BAD_ROWS", BAD_ROWS),
    ):
        if name in given:
            values[name.lower()] = _choice(name, given[name], allowed)
    return Parameters(**values)


def _preset(given: Mapping[str, str]) -> dict[str, str]:
    """What the preset asked for stands for, checked value by value so that a mistake names the file and the line."""
    if "PRESET" not in given:
        return {}
    from seg_utils.core import presets  # YAML: `make help` runs before there is an environment

    entry = presets.load(given["PRESET"], PRESET_NAMES)
    words = {name: str(value) for name, value in entry.items()}
    for name, value in words.items():
        try:
            from_mapping({name: value})
        except ParameterError as error:
            raise entry.error(str(error), name) from None
    return words


def check_enough_customers(k: int | None, n_customers: int, source: str) -> None:
    """Refuse more segments than ``n_customers`` can fill; None stands for auto.

    Raises:
        ParameterError: fewer than MIN_SEGMENT_CUSTOMERS a segment.
    """
    asked, found = f"K={k or 'auto'}", f"the {n_customers} customers in {source}"
    if n_customers < MIN_CUSTOMERS:
        raise ParameterError(
            f"{asked} is not possible with {found.replace('the 1 customers', 'the 1 customer')}, and no other K is: "
            f"a segmentation needs at least {MIN_CUSTOMERS}, {MIN_SEGMENT_CUSTOMERS} for each of two segments"
        )
    largest = min(n_customers // MIN_SEGMENT_CUSTOMERS, K_RANGE[-1])
    if k is not None and k > largest:
        choose = f"choose K from 2 to {largest}, for example K={largest}" if largest > 2 else "choose K=2"
        raise ParameterError(
            f"{asked} is too many segments for {found}: it needs at least {k * MIN_SEGMENT_CUSTOMERS}, "
            f"{MIN_SEGMENT_CUSTOMERS} a segment; {choose}"
        )


def check_subsegment(subsegment: int | str | None, k: int) -> None:
    """Refuse to look into a segment that is not there.

    Raises:
        ParameterError: ``subsegment`` is a number of ``k`` or above.
    """
    if isinstance(subsegment, int) and subsegment >= k:
        raise ParameterError(
            f"SUBSEGMENT={subsegment} is not one of the {k} segments; they are numbered 0 to {k - 1}, the largest "
            f"first, for example SUBSEGMENT={k - 1}"
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


def _encoder(text: str) -> tuple[int, ...]:
    widths = text.strip().split("-")
    right = all(re.fullmatch(r"[0-9]{1,4}", width) and int(width) in ENCODER_WIDTHS for width in widths)
    if not right or len(widths) not in ENCODER_LAYERS:
        raise ParameterError(
            f"ENCODER={text} is not allowed; ENCODER is {ENCODER_LAYERS[0]} to {ENCODER_LAYERS[-1]} layer widths of "
            f"{ENCODER_WIDTHS[0]} to {ENCODER_WIDTHS[-1]}, joined by hyphens, the codes last, "
            "for example ENCODER=64-32-8"
        )
    return tuple(map(int, widths))


def _subsegment(text: str) -> int | str:
    if text.strip().lower() == ALL_SEGMENTS:
        return ALL_SEGMENTS
    return _integer("SUBSEGMENT", text, range(K_RANGE[-1]), "a segment's number, 0 to 19, or all", "2")


def _market(text: str) -> str:
    from seg_utils.core import marked_yaml  # YAML: `make help` runs before there is an environment

    return _choice("MARKET", text, tuple(marked_yaml.load(paths.ECONOMICS).section("markets")))


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
    path = paths.home_of(text)
    if problem := paths.problem(path):
        raise ParameterError(f"{name}={text} {problem}; {name} is the path of a file, for example {name}={example}")
    return path.resolve()


def _is_text(word: str) -> bool:
    """Whether a word from the command line was UTF-8 without NUL bytes, as every message and path must be."""
    try:
        return b"\0" not in word.encode()
    except UnicodeEncodeError:
        return False


def _unknown(word: str, name: str) -> str:
    near = get_close_matches(name.upper(), DESCRIPTIONS, n=1)
    hint = f"did you mean {near[0]}=?" if near else "for example K=7"
    return f"unknown parameter {word!r}; known are {', '.join(DESCRIPTIONS)}; {hint}"
