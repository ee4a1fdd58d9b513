"""What a user may ask of a run, checked before anything starts. Written as on the make command line: ``K=7``."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from seg_utils.core import paths
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.errors import ParameterError, did_you_mean
from seg_utils.core.parameters import table_address
from seg_utils.core.parameters.table_address import TableAddress
from seg_utils.core.parameters.values import (
    ALL_SEGMENTS,
    BAD_ROWS,
    CHECKS,
    DEFAULT_FORMATS,
    DESCRIPTIONS,
    FORMATS,
    IMPUTATIONS,
    K_RANGE,
    MIN_CUSTOMERS,
    MIN_SEGMENT_CUSTOMERS,
    PERIOD,
    RENDERERS,
    SCALES,
    markets,
)

# What is asked of a model that is there, not of a run that makes one
OF_A_MODEL = ("MODEL", "PERIOD", "FROM", "REPLACE", "REASON", "OUT", "PORT", "HOST", "TOKEN")


FIELDS = {"FROM": "origin"}  # what a parameter is called here whose name is a word of Python's


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
        return paths.in_force(DICTIONARY=self.dictionary, PERSONAS=self.personas, ECONOMICS=self.economics)


def parse(assignments: Iterable[str]) -> Parameters:
    """Check the ``NAME=value`` words of a run; an empty value means the default. Raises ParameterError: names the
    value, what is allowed and an example."""
    takes = [name for name in DESCRIPTIONS if name not in OF_A_MODEL]
    given = as_given(assignments, takes, "it is for a model that is there, as in make score, make serve and make month")
    return from_mapping(_of_preset(given, from_mapping) | given)


def as_given(assignments: Iterable[str], takes: Collection[str], otherwise: str) -> dict[str, str]:
    """Values by name of ``NAME=value`` words, unchecked; an empty value was not given. A ParameterError where a name is
    not known, or is none that the command ``takes``, and why (``otherwise``)."""
    given: dict[str, str] = {}
    for word in assignments:
        name, equals, value = word.partition("=")
        if not _is_text(word):
            raise ParameterError(f"{word!a} is not UTF-8 text; rename the file, or type the value in UTF-8")
        if not equals or name not in DESCRIPTIONS:
            hint = did_you_mean(f"{name}=", [f"{known}=" for known in DESCRIPTIONS]) or "; for example K=7"
            raise ParameterError(f"unknown parameter {word!r}; known are {', '.join(DESCRIPTIONS)}{hint}")
        if not value.strip():
            continue
        if name not in takes:
            raise ParameterError(f"{word} means nothing here: {otherwise}; what may be given is {', '.join(takes)}")
        given[name] = value
    return given


def from_mapping(given: Mapping[str, str]) -> Parameters:
    """Check a mapping of parameter names to texts; see ``parse``."""
    own = {"ECONOMICS": CHECKS["ECONOMICS"]("ECONOMICS", given["ECONOMICS"])} if "ECONOMICS" in given else {}
    table = table_address.named(given.get("DATA", ""), given.get("TABLE", ""))
    wanted = given.keys() - ({"DATA"} if table else set())
    with paths.in_force(**own):  # whose markets may be named
        checked = {name: check(name, given[name]) for name, check in CHECKS.items() if name in wanted}
        if own and "MARKET" not in given:
            checked["MARKET"] = next(iter(markets()))
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
    """Refuse more segments than ``n_customers`` can fill; None stands for auto. Raises ParameterError: fewer than
    MIN_SEGMENT_CUSTOMERS a segment."""
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
    """Refuse, by a ParameterError, to look into a segment that is not there: a number of ``k`` or above."""
    if isinstance(subsegment, int) and subsegment >= k:
        raise ParameterError(
            f"SUBSEGMENT={subsegment} is not one of the {k} segments; they are numbered 0 to {k - 1}, the largest "
            f"first, for example SUBSEGMENT={k - 1}"
        )


def _is_text(word: str) -> bool:
    """Whether a word from the command line was UTF-8 without NUL bytes, as every message and path must be."""
    try:
        return b"\0" not in word.encode()
    except UnicodeEncodeError:
        return False


# What a preset may set: what the segments depend on, and nothing of where they come from and go to
MAY_SET = ("K", "FEATURES", "SCALE", "IMPUTE", "ENCODER", "ALGORITHM", "SUBSEGMENT", "KMAX", "SEED")


def presets() -> list[str]:
    """The presets there are: ``presets/b.yml`` is what ``PRESET=b`` stands for."""
    return sorted(path.stem for path in paths.PRESETS.glob("*.yml"))


def about_preset(name: str) -> str:
    """What a preset is: the first sentence of the comment at the top of its file."""
    lines = (paths.PRESETS / f"{name}.yml").read_text(encoding="utf-8").splitlines()
    comment = " ".join(line.removeprefix("#").strip() for line in takewhile(lambda line: line.startswith("#"), lines))
    first, stop, _ = comment.partition(". ")
    return first + (stop.strip() if stop else "")


def _of_preset(given: Mapping[str, str], check: Callable[[Mapping[str, str]], object]) -> dict[str, str]:
    """What the preset asked for stands for, checked value by value so that a mistake names the file and the line:
    ``check`` raises ``ParameterError`` at a value that is not allowed."""
    if "PRESET" not in given:
        return {}
    from seg_utils.core import marked_yaml  # YAML: `make help` runs before there is an environment

    known = presets()  # only one of these ever becomes a path
    asked = given["PRESET"].strip().lower().removeprefix("presets/").removesuffix(".yml")
    if asked not in known:
        hint = did_you_mean(asked, known) or ", for example PRESET=a"
        raise ParameterError(f"PRESET={given['PRESET']} is not known; known are {', '.join(known)}{hint}")
    entry = marked_yaml.load(paths.PRESETS / f"{asked}.yml")
    entry.check_keys((), MAY_SET)
    for name, value in entry.items():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise entry.error(f"{name!r} must be text or a whole number, not {value!r}; put it in quotes", name)
        try:
            check({name: str(value)})
        except ParameterError as error:
            raise entry.error(str(error), name) from None
    return {name: str(value) for name, value in entry.items()}
