"""From a path to validated customers: read, match, convert, check."""

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from seg_utils.core import artefacts, dictionary, paths
from seg_utils.core.errors import DataError, OtherSchemaError, ParameterError
from seg_utils.core.parameters import BAD_ROWS, MIN_CUSTOMERS, MIN_SEGMENT_CUSTOMERS, table_address
from seg_utils.core.threads import cores
from seg_utils.data.checks import lone_values, sense_checks
from seg_utils.data.checks.scale import LEAST_VARYING
from seg_utils.data.columns import descriptors, duplicate_ids, junk_rows, matching, unreadable_cells
from seg_utils.data.columns.conversion import Values, convert
from seg_utils.data.columns.matching import ID
from seg_utils.data.columns.unreadable_cells import Flaws
from seg_utils.data.findings import SET_ASIDE, Finding
from seg_utils.data.formats.delimited import DelimitedText
from seg_utils.data.formats.parquet import ParquetTable
from seg_utils.data.formats.parts import open_content
from seg_utils.data.formats.raw_table import Flaw
from seg_utils.data.formats.workbook import Workbook
from seg_utils.data.wording import plural

SOURCES = {"text": DelimitedText, "xlsx": Workbook, "parquet": ParquetTable}

# One customer cannot be judged at all; a few can be read, and what is asked of a run decides whether they suffice
FEWEST = 2

SYNTHETIC_PREFIX = "SYN-"  # what every id of the bundled customers starts with
SAME_CURRENCY = {"$": ("US$", "USD"), "€": ("EUR",), "£": ("GBP",)}  # how a currency is written otherwise

# Over the root of the customers sampled: how far a share is off at most, nineteen times in twenty, near one half
WORST_SHARE_ERROR = 1.96 * 0.5

POPULATION = "population.json"  # beside a sample: what is known of all customers


@dataclass(frozen=True)
class Customers:
    """Validated customers: ``frame`` holds customer_id, the canonical columns and the derived features that are
    clustered, in input order, original units. ``features`` are those of them that customers are compared by.
    ``descriptors`` holds customer_id and the columns that only describe: numbers, or texts, null where missing."""

    frame: pd.DataFrame
    findings: list[Finding]
    features: list[str]
    n_rows: int
    synthetic: bool
    path: Path
    descriptors: pd.DataFrame

    def quality(self) -> dict[str, Any]:
        """The content of quality.json."""
        return {
            "n_customers": len(self.frame),
            "stands_for": stands_for(self.path),
            "n_rows": self.n_rows,
            "synthetic": self.synthetic,
            "source": {"name": self.path.name, "sha256": artefacts.sha256(self.path)} | table_address.origin(self.path),
            "columns": [name for name in dictionary.load().names if name in self.frame],
            "features": list(self.features),
            "findings": [finding.to_dict() for finding in self.findings],
        }


def load(
    path: str | Path,
    *,
    columns: str | Path | None = None,
    features: Sequence[str] | None = None,
    describe: Sequence[str] = (),
    bad_rows: str = "stop",
) -> Customers:
    """Read a customers file: CSV and its kin, .xlsx or Parquet, also in gzip or zip.

    Args:
        columns: a YAML mapping ``their name: CANONICAL_NAME`` for names the dictionary does not know.
        features: the canonical features to compare customers by; by default all columns of the dictionary, of which a
            file may lack those that are optional, and the derived features that it says are clustered.
        describe: columns to keep beside them, which no check and no distance looks at.
        bad_rows: ``stop`` at rows that cannot be read, or ``drop`` and list them.

    Raises:
        DataError: the file cannot be read as customers in original units; the message names the cause.
        ParameterError: ``features`` or ``bad_rows`` is not allowed.
    """
    if bad_rows not in BAD_ROWS:
        raise ParameterError(f"BAD_ROWS={bad_rows} is not allowed; use {' or '.join(BAD_ROWS)}")
    path = Path(path)
    wanted = matching.wanted_features(features)
    optional = dictionary.load().optional if features is None else set()
    mapping = matching.read_mapping(Path(columns)) if columns else {}
    try:
        with _all_cores():
            return _load(path, wanted, optional, mapping, Path(columns or "").name, bad_rows, describe)
    except OtherSchemaError as error:
        raise OtherSchemaError(
            f"{path.name}: {error}\nFor a report on the file's own columns, let a dictionary of them be proposed:\n"
            f"  make dictionary DATA={shlex.quote(paths.shown(path))}"
        ) from None
    except DataError as error:
        raise DataError(f"{path.name}: {error}") from None


@contextmanager
def _all_cores() -> Iterator[None]:
    """Arrow obeys OMP_NUM_THREADS, which is there for the last bits of sums; what is read is the same on any number."""
    before = pa.cpu_count()
    pa.set_cpu_count(cores())
    try:
        yield
    finally:
        pa.set_cpu_count(before)


def _load(
    path: Path,
    wanted: list[str],
    optional: set[str],
    mapping: dict[str, str],
    mapping_name: str,
    bad_rows: str,
    describe: Sequence[str],
) -> Customers:
    names = matching.Names(mapping)
    content = open_content(path)
    source = SOURCES[content.kind](content.data, names.recognise)
    matched = matching.match(source.names, dictionary.load().inputs(wanted), names, mapping_name, optional, describe)
    inputs = list(matched.features)
    absent = dict.fromkeys((name for name in wanted if name in optional and name not in inputs), "not in the file")
    raw = source.read(*matched.places)
    if not raw.n_rows:
        raise DataError("the file has a header but no rows; export the customers again")
    if raw.n_rows < FEWEST:
        raise _too_few(raw.n_rows, raw.n_rows)
    values = convert(raw, matched)
    flaws = [*raw.broken, *values.flaws, *junk_rows.junk(values, inputs)]
    findings = [*content.findings, *source.findings, *matched.findings, *raw.findings, *values.findings]
    unreadable = Flaws()
    unreadable.add(flaws)
    biased = unreadable_cells.of_dropping(values.frame, values.rows, flaws, inputs) if flaws else ""
    findings += _other_currency(findings)
    findings += unreadable.settle(raw.n_rows, bad_rows, biased)
    frame, more = _checked(*_sound(values, flaws), inputs, raw.n_rows, bad_rows)
    described = descriptors.typed(frame[[ID, *matched.described]])
    frame, without = _with_derived(frame.drop(columns=[*matched.described]), wanted)
    findings += [*more, *_left_out(absent | without)]
    synthetic = frame[ID].iloc[0].startswith(SYNTHETIC_PREFIX) and bool(
        frame[ID].str.startswith(SYNTHETIC_PREFIX).all()
    )
    if synthetic:
        findings.append(Finding("info", "synthetic", count=len(frame), parameters={"prefix": SYNTHETIC_PREFIX}))
    findings += sampled(path)
    left = [name for name in dictionary.load().clustering_features if name not in wanted]
    if left:
        words = {"used": len(wanted)}
        findings.append(Finding("warning", "features_subset", "", len(left), tuple(left), parameters=words))
    used = [name for name in wanted if name in frame]
    if len(used) < min(LEAST_VARYING, len(wanted)):
        raise DataError(
            f"customers would be compared by {' and '.join(used) or 'nothing'} alone: segments need "
            f"{LEAST_VARYING} features or more; name others with FEATURES="
        )
    return Customers(frame, findings, used, raw.n_rows, synthetic, path, described)


def _other_currency(findings: Sequence[Finding]) -> list[Finding]:
    """That amounts carry another currency's sign than the dictionary's, by which everything is shown and priced."""
    shown = dictionary.load().currency
    signs = {finding.parameters["sign"] for finding in findings if finding.rule == "decorated_numbers"}
    others = sorted(signs - {"%", shown, *SAME_CURRENCY.get(shown, ())})
    if not (shown and others):
        return []
    return [Finding("warning", "other_currency", parameters={"sign": others[0], "currency": shown})]


def _checked(
    frame: pd.DataFrame, place: np.ndarray, inputs: list[str], n_rows: int, bad_rows: str
) -> tuple[pd.DataFrame, list[Finding]]:
    """One row a customer, whose columns make sense; without those that were set aside."""
    findings: list[Finding] = []
    frame, repeated = duplicate_ids.without_repeats(frame, place, inputs)
    if bad_rows == "drop":
        frame, findings = lone_values.without(frame, inputs)
    if len(frame) < FEWEST:
        raise _too_few(len(frame), n_rows)
    try:
        findings = [*findings, *repeated, *sense_checks.check(frame, inputs)]
    except DataError:
        if len(frame) < MIN_CUSTOMERS:  # a few look like many other things: constant columns, totals rows
            raise _too_few(len(frame), n_rows) from None
        raise
    aside = {finding.column for finding in findings if finding.action == SET_ASIDE}
    return (frame.drop(columns=sorted(aside)) if aside else frame), findings


def _with_derived(frame: pd.DataFrame, wanted: list[str]) -> tuple[pd.DataFrame, dict[str, str]]:
    """The customers with the wanted derived features, and why each of the others is left out."""
    columns, why_not = {}, {}
    for name, formula in dictionary.load().clustered.items():
        lacking = [part for part in formula.needs if part not in frame]
        if name in wanted and lacking:
            why_not[name] = f"computed from {', '.join(lacking)}, which is not used"
        elif name in wanted:
            columns[name] = formula.compute(frame)
            if (differing := np.unique(columns[name][~np.isnan(columns[name])])).size < 2:
                why_not[name] = "the same for all customers" if differing.size else "no customer has a value"
    columns = {name: values for name, values in columns.items() if name not in why_not}
    return frame.assign(**columns) if columns else frame, why_not


def _left_out(why: dict[str, str]) -> list[Finding]:
    """One finding on all features that the clustering goes without."""
    if not why:
        return []
    return [Finding("warning", "left_out", "", len(why), tuple(why), action="left out", parameters={"reasons": why})]


def sampled(path: Path, case: str = "") -> list[Finding]:
    """That the file is a sample of more customers, if it is; ``case`` as of a ``Finding``."""
    known = _table(path)
    if not known:
        return []
    words = {"sampled": known["sampled"], "error": WORST_SHARE_ERROR / known["sampled"] ** 0.5}
    return [Finding("warning", "sampled", "", known["customers"], action="sampled", case=case, parameters=words)]


def stands_for(path: Path) -> float:
    """How many customers of a table each of a file's stands for, if the file is a sample of it; 1 of any other."""
    known = _table(path)
    return known["customers"] / known["sampled"] if known else 1.0


def _table(path: Path) -> dict[str, Any]:
    """What is known of the table that a file is a sample of; nothing of any other file."""
    known = artefacts.read_notes(path.with_name(POPULATION))
    return known if known.get("sample") == path.name else {}


def _too_few(n_customers: int, n_rows: int) -> DataError:
    held = f"the file holds {plural(n_customers, 'customer')}"
    if n_customers < n_rows:
        held = f"{plural(n_customers, 'customer')} of {plural(n_rows, 'row')} left without bad and repeated rows"
    return DataError(
        f"{held}; a segmentation needs at least {MIN_CUSTOMERS}, {MIN_SEGMENT_CUSTOMERS} for each of two segments"
    )


def _sound(values: Values, flaws: list[Flaw]) -> tuple[pd.DataFrame, np.ndarray]:
    """The rows without flaws, with an id each, and their place in the file."""
    frame = values.frame
    if ID not in frame:  # put beside it, since pandas warns of an insertion into many columns
        frame = pd.concat([pd.Series(np.arange(1, len(frame) + 1), name=ID).astype("str"), frame], axis=1)
    if not flaws:
        return frame, values.rows
    sound = ~np.isin(values.rows, [flaw.row for flaw in flaws])
    return frame[sound].reset_index(drop=True), values.rows[sound]
