"""The workbook computes: another number in a cell gives what Python gives with it."""

import shutil
import subprocess

import numpy as np
import openpyxl
import pytest

from seg_utils.reporting import sections
from seg_utils.reporting.rendering.office import workbook
from seg_utils.reporting.sections.office.workbook_cells import excel
from seg_utils.reporting.sections.office.workbook_economics import INPUTS, OF_SEGMENT
from seg_utils.strategy.campaigns import compute

from .runs import make_run
from .spreadsheet import Spreadsheet

K = 4
SOFFICE = shutil.which("soffice")
MOVES = {"campaign": 1.0, "care": 0.0, "spend": 0.0, "keep": 1.0}


@pytest.fixture(scope="module")
def run():
    made = make_run(K, names=["=1+1", "B", "C", "D"])
    care = {"care": 1.0, "keep": 0.0, "losses": 1.0, "fees_forgone": 0.06}
    for name, value in (care | {"takers": 0.1, "benefit": 3.0, "then_call": 1.0}).items():
        made.economics_inputs["moves"][name][0] = value
    made.economics_inputs["moves"]["campaign"][1] = 0.0
    made.economics.loc[0, "purpose"] = "care"
    return made


@pytest.fixture(scope="module")
def path(run, tmp_path_factory):
    return workbook.write(sections.workbook_content.sheets(run), tmp_path_factory.mktemp("book") / "report.xlsx")


@pytest.fixture(scope="module")
def book(path):
    return Spreadsheet(path)


def agree(book, computed, inputs):
    """Assert that the sheets' sums are those that Python computes of the inputs; gives back all sums."""
    found = compute(inputs)
    for name, (heading, _) in OF_SEGMENT.items():
        values = [np.nan if value in ("", None) else value for value in book.column("Economics", heading, computed)]
        np.testing.assert_allclose(values, found.segments[name], rtol=1e-9, atol=1e-7, err_msg=name)
    assert computed("Portfolio", "B2") == pytest.approx(found.groups["all.value"])
    assert computed("Portfolio", "B3") == pytest.approx(found.groups["all.value"] / found.groups["all.owed"])
    care, brings = np.array(inputs["moves"]["care"]), found.segments["campaign_value_base"]
    assert computed("Portfolio", "B4") == pytest.approx(brings[(care == 0) & (brings > 0)].sum())
    return [book.column("Economics", heading, computed) for heading, _ in OF_SEGMENT.values()]


def test_every_formula_gives_the_value_beside_it(book):
    computed, formulas = book.computed(), 0
    for sheet in book.book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            beside = book.cached[sheet.title][cell.coordinate].value
            found = computed(sheet.title, cell.coordinate)
            assert (found or None) is None if beside is None else found == pytest.approx(beside, rel=1e-9, abs=1e-7)
            formulas += 1
    assert formulas > 300


def test_no_sheet_has_two_columns_of_the_same_heading(run):
    for sheet in sections.workbook_content.sheets(run):
        assert len(set(sheet.header)) == len(sheet.header), sheet.name


@pytest.mark.parametrize("end", ["low", "high"])
def test_each_assumption_changes_the_sums_as_in_python(run, book, end):
    before = agree(book, book.computed(), run.economics_inputs)
    changing = 0
    for row in run.assumptions.to_dict("records"):
        computed = book.computed({book.names[f"price_{row['name']}"]: row[end]})
        prices = run.economics_inputs["prices"] | {row["name"]: row[end]}
        after = agree(book, computed, run.economics_inputs | {"prices": prices})
        changing += after != before
    assert changing >= 15


@pytest.mark.parametrize("name", INPUTS)
def test_each_number_of_a_move_changes_the_sums_as_in_python(run, book, name):
    heading = INPUTS[name][0]
    letter = next(cell.column_letter for cell in book.book["Economics"][1] if cell.value == heading)
    moves = run.economics_inputs["moves"] | {name: [0.3, *run.economics_inputs["moves"][name][1:]]}
    agree(book, book.computed({("Economics", f"{letter}2"): 0.3}), run.economics_inputs | {"moves": moves})


def test_what_may_be_changed_is_marked_and_refuses_nonsense(run, book):
    sheet = book.book["Assumptions"]
    assert {sheet[f"B{row}"].fill.start_color.rgb for row in range(2, len(run.assumptions) + 2)} == {"FFD9EAFB"}
    rules = sheet.data_validations.dataValidation
    limits = {str(rule.sqref): (float(rule.formula1), float(rule.formula2)) for rule in rules}
    assert limits[book.names["price_months_covered"][1]] == (0.01, 12)
    assert limits[book.names["price_closure"][1]] == (0, 1)
    assert len(limits) == len(run.assumptions)


def test_the_one_chart_shows_computed_cells(path):
    charts = [chart for sheet in openpyxl.load_workbook(path) for chart in sheet._charts]
    assert len(charts) == 1
    assert charts[0].series[0].val.numRef.f.startswith("Economics!$")


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("a - (b - c) - d", "=A-(B-C)-D"),
        ("-a * b ** 2", "=-A*B^2"),
        ("(a + 1) * (b / (c * d))", "=(A+1)*(B/(C*D))"),
        ("a / 0.5 if a > 0 and b == 1 else nothing", '=IF(AND(A>0,B=1),A/0.5,"")'),
        ("move.spend * (a * b) + move.keep * max(0, c)", "=MAX(0,C)"),
        ("a if move.campaign and move.care else b", "=B"),
        ("move.spend * a", 0.0),
    ],
)
def test_formulas_as_a_spreadsheet_writes_them(formula, written):
    known = {f"move.{name}": value for name, value in MOVES.items()}
    assert excel(formula, str.upper, known) == written


@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_libreoffice_computes_the_same(run, path, tmp_path):
    changed = openpyxl.load_workbook(path)
    changed["Assumptions"][Spreadsheet(path).names["price_apr"][1]] = 0.13
    changed.save(tmp_path / "changed.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    to = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out"]
    subprocess.run([SOFFICE, "--headless", profile, *to, tmp_path / "changed.xlsx"], check=True, capture_output=True)
    sheet = openpyxl.load_workbook(tmp_path / "out" / "changed.xlsx", data_only=True)["Economics"]
    found = compute(run.economics_inputs, run.economics_inputs["prices"] | {"apr": 0.13}).segments
    for cell in sheet[1]:
        for name, (heading, _) in OF_SEGMENT.items():
            if cell.value == heading:
                values = [sheet[f"{cell.column_letter}{row}"].value or np.nan for row in range(2, K + 2)]
                expected = np.where(found[name] == 0, np.nan, found[name])
                np.testing.assert_allclose(values, expected, rtol=1e-9, err_msg=heading)
