"""The page in docs/ is what the rules make of the values in docs/, and the values are what the file gives."""

import math
from dataclasses import replace

import numpy as np
import pytest

from seg_utils import claims, data
from seg_utils.claims import ledger, page, verdict
from seg_utils.claims.laboratory import Laboratory, Method
from seg_utils.claims.verdict import Measured
from seg_utils.core import artefacts
from seg_utils.core.errors import DataError, ParameterError
from seg_utils.core.paths import CLAIMS, DOCS, PROJECT, SAMPLE

REAL = PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"
real_file = pytest.mark.skipif(not REAL.exists(), reason=f"{REAL.name} is not here")

SLOW = ("elbow", "best_silhouette", "dbscan_clusters", "seeds_agreement")
# So many seeds of each method are run again
SEEDS = 4

STALE = "the ledger is stale; run make claims"
# Other versions of the libraries may move the last digits
TOLERANCE = 1e-3


@pytest.fixture(scope="module")
def catalogue():
    return claims.load()


@pytest.fixture(scope="module")
def published():
    return claims.read(DOCS / ledger.CSV)


def test_the_table_is_what_the_rules_make_of_its_values(catalogue, published, tmp_path):
    claims.write(tmp_path, catalogue, published)
    assert (tmp_path / ledger.CSV).read_bytes() == (DOCS / ledger.CSV).read_bytes(), STALE


def test_the_page_is_what_the_renderer_makes_of_the_table(catalogue, published, tmp_path):
    claims.write(tmp_path, catalogue, published)
    assert (tmp_path / ledger.PAGE).read_bytes() == (DOCS / ledger.PAGE).read_bytes(), STALE


def test_the_page_names_the_catalogue_it_was_made_from():
    assert f"`data/claims.yml`, sha256 `{artefacts.sha256(CLAIMS)}`" in (DOCS / ledger.PAGE).read_text(), STALE


def test_an_edited_verdict_does_not_pass(catalogue, published, tmp_path):
    text = (DOCS / ledger.CSV).read_text()
    edited = text.replace("not reproduced", "reproduced", 1)
    assert edited != text
    path = tmp_path / "edited.csv"
    path.write_text(edited)
    claims.write(tmp_path, catalogue, claims.read(path))
    assert (tmp_path / ledger.CSV).read_text() != edited


def cheap(entry):
    encoded = any(getattr(value, "encoder", ()) for _, value in entry.arguments)
    return entry.measure and entry.measure not in SLOW and not encoded


def with_few_seeds(argument):
    return replace(argument, seeds=SEEDS) if isinstance(argument, Method) else argument


@real_file
def test_the_cheap_rows_are_what_the_file_gives(catalogue, published):
    laboratory = Laboratory(data.load(REAL).frame)
    entries = [entry for entry in catalogue.entries if cheap(entry)]
    assert len(entries) > 30
    for entry in entries:
        fewer = tuple((name, with_few_seeds(value)) for name, value in entry.arguments)
        found, known = ledger.measure(replace(entry, arguments=fewer), laboratory), published.measured[entry.id]
        some = known.values[: len(found.values)]
        assert found.values == pytest.approx(some, rel=TOLERANCE, abs=TOLERANCE, nan_ok=True), entry.id
        assert found.best == (known.best if known.best is None else pytest.approx(known.best, rel=TOLERANCE)), entry.id


@pytest.mark.parametrize(
    ("entry", "value", "tolerance"),
    [
        ("A-inertia", 79_527, 1),
        ("A-silhouette", 0.215, 0.0006),
        ("A-davies-bouldin", 1.40, 0.005),
        ("A-calinski-harabasz", 1361, 1),
        ("B-raw-silhouette", 0.210, 0.0005),
        ("B-raw-davies-bouldin", 1.912, 0.0005),
        ("C-smallest", 0.046, 0.0005),
    ],
)
def test_best_optima_agree_with_independent_runs(published, entry, value, tolerance):
    assert published.measured[entry].best == pytest.approx(value, abs=tolerance)


def test_other_figures_agree_with_independent_runs(published):
    assert published.measured["A-variance"].values == (pytest.approx(0.476, abs=0.0005),)
    assert published.measured["C-imputation"].best > 0.999
    assert "44.4, 37.6, 13.4 and 4.6 %" in published.measured["D-smallest"].remark


def test_our_network_is_trained_further_as_the_catalogue_says(catalogue, published):
    assert "trained further" in next(system.assumed for system in catalogue.systems if system.id == "B")
    assert max(published.measured["B-last-loss"].values) < 0.085


def test_the_page_claims_only_what_is_published(catalogue, published):
    for entry in catalogue.entries:
        sentence = page.sentence_of(entry, published.measured[entry.id])
        if entry.expected:
            assert sentence.startswith("Read as " if entry.ours else "Claimed "), entry.id


def test_values_come_back_from_the_table_as_they_went(catalogue, tmp_path):
    measured = {entry.id: Measured((-0.5, math.nan, 2.0), "seeds", 1.5, "A remark.") for entry in catalogue.entries}
    first = claims.Ledger(measured, "abc", "python 3")
    claims.write(tmp_path, catalogue, first)
    again = claims.read(tmp_path / ledger.CSV)
    assert repr(again) == repr(first)


def test_a_bar_in_a_cell_does_not_break_the_table():
    assert page.plain_table(["a"], [["b|c"]], "l").splitlines()[-1] == "| b\\|c |"


def test_customers_of_another_file_are_refused(catalogue):
    with pytest.raises(DataError, match=r"customers\.csv is not the public file \(9,000 customers"):
        ledger.make(catalogue, data.load(SAMPLE))


def test_without_the_file_one_line_says_how_to_get_it(tmp_path):
    with pytest.raises(ParameterError, match="run make data to fetch it, or name it with DATA="):
        ledger.public_file({}, raw=tmp_path)


def test_parameters_that_would_change_a_method_are_refused():
    with pytest.raises(ParameterError, match="SCALE=log means nothing here"):
        ledger.run(["SCALE=log", "DATA="], print)


def test_the_rows_that_depend_on_the_processor_are_marked_and_judged_with_a_margin(catalogue, published):
    on_codes = {entry.id for entry in catalogue.entries if entry.on_codes}
    assert {name for name, found in published.measured.items() if found and found.by_processor} == on_codes
    assert len(on_codes) > 10
    text = (DOCS / ledger.PAGE).read_text()
    assert text.count(f" {page.BY_PROCESSOR} |") == len(on_codes)


def test_verdicts_of_those_rows_hold_for_other_draws_of_their_values(catalogue, published):
    random = np.random.default_rng(1)
    for entry in catalogue.entries:
        found = published.measured[entry.id]
        if entry.on_codes and entry.expected:
            others = [replace(found, values=tuple(random.choice(found.values, len(found.values)))) for _ in range(50)]
            assert {verdict.judge(entry.expected, other) for other in (found, *others)} == {
                verdict.judge(entry.expected, found)
            }, entry.id
