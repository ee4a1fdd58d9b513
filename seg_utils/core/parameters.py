"""What a user may ask of a run, checked before anything starts. Written as on the make command line: ``K=7``."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from pathlib import Path

from seg_utils.core import paths, presets, table_address
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.errors import ParameterError
from seg_utils.core.parameter_descriptions import DESCRIPTIONS
from seg_utils.core.table_address import TableAddress

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
MIN_CUSTOMERS = MIN_SEGMENT_CUSTOMERS * K_RANGE[0]
"""Fewer customers are no segment, and fewer in all no segmentation."""

PERIOD = re.compile("[1-9][0-9]{3}-(0[1-9]|1[0-2])")
"""A year and a month, as which periods and their folders are called."""

ENCODER_LAYERS = range(1, 7)
ENCODER_WIDTHS = range(1, 4001)
ALL_SEGMENTS = "all"

OF_A_MODEL = ("MODEL", "PERIOD", "FROM", "REPLACE", "REASON", "OUT", "PORT", "HOST", "TOKEN")
"""What is asked of a model that is there, not of a run that makes one."""


FIELDS = {"FROM": "origin"}
"""What a parameter is called here whose name is a word of Python's."""


@dataclass(frozen=True)
class Parameters:
    """A checked request for one run.

    ``k`` is None for auto, and for algorithms that find their own number of segments; ``encoder`` is empty and
    ``subsegment`` None where there is to be none; ``subsegment`` is a segment's number or ``ALL_SEGMENTS``. ``data`` is
    a file, a folder or a glob of parts; where there is a ``table``, the file that it is to be brought into.
    """

    k: int | None = None
    data: Path = paths.SAMPLE
    table: TableAddress | None = None
    columns: Path | None = None
    features: tuple[str, ...] = ()
    describe: tuple[str, ...] = ()
    dictionary: Path | None = None
    personas: Path | None = None
    economics: Path | None = None
    bad_rows: str = "stop"
    scale: str = "log"
    impute: str = "median"
    encoder: tuple[int, ...] = ()
    algorithm: str = "kmeans"
    subsegment: int | str | None = None
    kmax: int = 20
    evidence: str = "quick"
    seed: int = 42
    market: str = "us"
    campaign: str = "first"
    formats: tuple[str, ...] = DEFAULT_FORMATS
    renderer: str = "auto"
    quarto: str | None = None
    outputs: Path = paths.OUTPUTS
    model: str = ""
    period: str = ""
    origin: str = ""
    replace: bool = False
    reason: str = ""
    out: str = ""
    port: int = 8000
    host: str = "127.0.0.1"
    token: str | None = field(default=None, repr=False)

    def in_force(self) -> AbstractContextManager[None]:
        """Put the request's own catalogues in force."""
        return paths.in_force(DICTIONARY=self.dictionary, PERSONAS=self.personas, ECONOMICS=self.economics)


def parse(assignments: Iterable[str]) -> Parameters:
    """Check the ``NAME=value`` words of a run; an empty value means the default.

    Raises:
        ParameterError: names the value, what is allowed and an example.
    """
    takes = [name for name in DESCRIPTIONS if name not in OF_A_MODEL]
    given = as_given(assignments, takes, "it is for a model that is there, as in make score, make serve and make month")
    return from_mapping(presets.read(given, from_mapping) | given)


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
    own = {"ECONOMICS": _CHECKS["ECONOMICS"]("ECONOMICS", given["ECONOMICS"])} if "ECONOMICS" in given else {}
    table = table_address.named(given.get("DATA", ""), given.get("TABLE", ""))
    wanted = given.keys() - ({"DATA"} if table else set())
    with paths.in_force(**own):  # whose markets may be named
        checked = {name: check(name, given[name]) for name, check in _CHECKS.items() if name in wanted}
        if own and "MARKET" not in given:
            checked["MARKET"] = next(iter(_markets()))
    looked_at = not ALGORITHMS[checked.get("ALGORITHM", Parameters.algorithm)].finds_k
    if looked_at and (checked.get("K") or 0) > checked.get("KMAX", K_RANGE[-1]):
        raise ParameterError(
            f"KMAX={checked['KMAX']} is less than K={checked['K']}, so the evidence would not look at it; "
            f"leave KMAX out or give at least KMAX={checked['K']}"
        )
    if table:
        checked |= {"TABLE": table, "DATA": table.file(checked.get("OUTPUTS", Parameters.outputs))}
    return Parameters(**{FIELDS.get(name, name.lower()): value for name, value in checked.items()})


def check_enough_customers(k: int | None, n_customers: int, source: str) -> None:
    """Refuse more segments than ``n_customers`` can fill; None stands for auto.

    Raises:
        ParameterError: fewer than MIN_SEGMENT_CUSTOMERS a segment.
    """
    asked, customers = f"K={k or 'auto'}", f"the {n_customers} customers in {source}"
    if n_customers < MIN_CUSTOMERS:
        raise ParameterError(
            f"{asked} is not possible with {customers.replace('the 1 customers', 'the 1 customer')}, and no other "
            f"K is: a segmentation needs at least {MIN_CUSTOMERS}, {MIN_SEGMENT_CUSTOMERS} for each of two segments"
        )
    largest = min(n_customers // MIN_SEGMENT_CUSTOMERS, K_RANGE[-1])
    if k is not None and k > largest:
        choose = f"choose K from 2 to {largest}, for example K={largest}" if largest > 2 else "choose K=2"
        raise ParameterError(
            f"{asked} is too many segments for {customers}: it needs at least {k * MIN_SEGMENT_CUSTOMERS}, "
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
        choices, example = ", ".join(allowed), next(iter(allowed))
        raise ParameterError(f"{name}={text} is not allowed; {name} is one of {choices}, for example {name}={example}")
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
    return _choice(name, text, _markets())


def _markets() -> Collection[str]:
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


_CHECKS: dict[str, Callable[[str, str], object]] = {
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
"""What turns name and text of each parameter into its value; PRESET stands for others and is gone by then."""


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
