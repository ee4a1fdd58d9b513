"""The economics in the page: what Python computes at any setting, and controls that people can use."""

import json
import os
from pathlib import Path

import nbformat
import numpy as np
import pypdf
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from seg_utils.core import words
from seg_utils.reporting import ECONOMICS_MIME, markdown, rendering
from seg_utils.reporting.sections import sliders
from seg_utils.strategy.campaigns import compute
from seg_utils.strategy.formulas import SEGMENTS

from ..sections.runs import make_run

DESK, PHONE = (1280, 900), (390, 844)
AXE = Path(os.environ.get("AXE_CORE", "axe.min.js"))
HOSTILE = "<img src=x onerror='window.pwned = 1'>"
COMPUTED = """(() => { const model = JSON.parse(document.getElementById('economics-model').textContent);
  return %s.map(([prices, effects]) => { const { groups, segments } = economics.compute(model, prices, effects);
    return [groups('all.value'), Object.keys(model.formulas.segments).map(name => segments(name))]; });
})()"""
SAID = "document.querySelector('#economics-form output').textContent"
BOX, SLIDER = "#assumption-apr", "document.getElementById('assumption-apr-slider')"
ROWS = "[...document.querySelectorAll('#economics-form tbody tr')]"
CELLS = f"{ROWS}.map(row => [...row.cells].map(cell => cell.textContent))"


COLUMNS = {
    "value_per_customer": words.money,
    "lifetime_value": words.money,
    "segment_value": words.money,
    "break_even_effect": words.tenths,
    "contacted": words.count,
    "campaign_cost": words.money,
    "campaign_value_base": words.money,
}


@pytest.fixture(scope="module")
def run():
    made = make_run(4, names=["Spenders", HOSTILE, "Savers", "Drawers"])
    care = {"care": 1.0, "keep": 0.0, "losses": 1.0, "fees_forgone": 0.06, "then_call": 1.0}
    for name, value in care.items():
        made.economics_inputs["moves"][name][3] = value
    made.economics_inputs["moves"]["campaign"][2] = 0.0
    return made


@pytest.fixture(scope="module")
def files(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("sliders")
    section = {"text/markdown": markdown.fill("what-if"), ECONOMICS_MIME: sliders.model(run)}
    shown = [{"text/markdown": "# Title\n\n## Economics\n\nText.\n"}, section]
    cells = [new_code_cell("show()", execution_count=1, outputs=[new_output("display_data", one)]) for one in shown]
    nbformat.write(new_notebook(cells=cells), folder / "n.ipynb")
    return rendering.render(folder / "n.ipynb", folder, ["html", "pdf"])


def expected(run, **changed):
    """What the page says of all customers, and the cells of its table."""
    found = compute(run.economics_inputs, run.economics_inputs["prices"] | changed)
    value, owed = found.groups["all.value"], found.groups["all.owed"]
    brings, care = found.segments["campaign_value_base"], np.array(run.economics_inputs["moves"]["care"])
    pays = brings[(brings > 0) & (care == 0)]
    returned = f"{100 * value / owed:.1f}\N{NO-BREAK SPACE}%"
    said = (
        f"All customers together bring {words.money(value)} a year, {returned} of what they owe. "
        f"Moves for profit that pay: {len(pays)}, which bring {words.money(pays.sum())} in all."
    )
    columns = [found.segments[name] for name in COLUMNS]
    rows = [
        [name, *(_cell(column[row], write) for column, write in zip(columns, COLUMNS.values(), strict=True))]
        for row, name in enumerate(run.names)
    ]
    return said, rows


def _cell(value, write):
    return words.DASH if np.isnan(value) else write(value).replace(" %", "\N{NO-BREAK SPACE}%")


@pytest.mark.browser
def test_the_page_computes_what_python_computes_at_any_setting(tab, run, files):
    random, items = np.random.default_rng(5), run.assumptions.to_dict("records")
    prices = [{item["name"]: random.uniform(item["low"], item["high"]) for item in items} for _ in range(100)]
    prices += [run.economics_inputs["prices"], {item["name"]: item["low"] for item in items}]
    prices += [run.economics_inputs["prices"] | {"closure": 0.0, "discount": 0.0}]
    effects = [random.uniform(0, 0.3, run.k).tolist() for _ in prices]
    settings = list(zip(prices, effects, strict=True))
    tab.open(files["html"], DESK)
    found = tab.value(COMPUTED % json.dumps([(given, dict(enumerate(guesses))) for given, guesses in settings]))
    assert tab.errors == []
    assert len(found) == 103
    for (value, columns), (given, guesses) in zip(found, settings, strict=True):
        moves = run.economics_inputs["moves"] | {"effect_base": guesses}
        python = compute(run.economics_inputs | {"moves": moves}, given)
        assert value == pytest.approx(python.groups["all.value"], rel=1e-9)
        for name, column in zip(sorted(SEGMENTS), columns, strict=True):
            numbers = [np.nan if number is None else number for number in column]
            np.testing.assert_allclose(numbers, python.segments[name], rtol=1e-9, atol=1e-7, err_msg=name)


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_at_the_reports_assumptions_it_says_what_the_report_says(tab, run, files, size):
    tab.open(files["html"], size)
    said, rows = expected(run)
    assert tab.value(SAID) == said
    assert tab.value(CELLS) == rows
    assert tab.value("window.pwned") is None
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.browser
def test_a_typed_number_and_the_slider_go_together_and_change_the_sums(tab, run, files):
    tab.open(files["html"], DESK)
    tab.fill(BOX, "13.5")
    assert tab.value(f"{SLIDER}.value") == "13.5"
    assert tab.value(f"{SLIDER}.getAttribute('aria-valuetext')") == "13.5 % a year"
    assert (tab.value(SAID), tab.value(CELLS)) == expected(run, apr=0.135)
    tab.value(f"{SLIDER}.focus()")
    tab.press("ArrowRight", 39)
    assert tab.value(f"document.querySelector('{BOX}').value") == "13.6"
    assert tab.value(SAID) == expected(run, apr=0.136)[0]
    tab.click("#economics-form button")
    assert tab.value(f"document.querySelector('{BOX}').value") == "17"
    assert tab.value(SAID) == expected(run)[0]


@pytest.mark.browser
def test_what_a_move_changes_can_be_set_too(tab, run, files):
    tab.open(files["html"], DESK)
    tab.value("document.querySelectorAll('#economics-form details')[1].open = true")
    least = run.economics_inputs["moves"]["effect_low"][0]
    tab.fill("#assumption-effect-0", f"{100 * least:.12g}")
    guesses = [least, *run.economics_inputs["moves"]["effect_base"][1:]]
    changed = run.economics_inputs | {"moves": run.economics_inputs["moves"] | {"effect_base": guesses}}
    brings = compute(changed).segments["campaign_value_base"]
    assert [cells[-1] for cells in tab.value(CELLS)] == [_cell(value, words.money) for value in brings]


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "says"), [("lots", "not a number"), ("99", "between 13 and 21"), ("", "Give a number")]
)
def test_a_wrong_number_is_told_and_changes_nothing(tab, run, files, text, says):
    tab.open(files["html"], DESK)
    tab.fill(BOX, text)
    assert says in tab.value("document.getElementById('assumption-apr-message').textContent")
    assert tab.value(f"document.querySelector('{BOX}').getAttribute('aria-invalid')") == "true"
    assert tab.value(SAID) == expected(run)[0]


LABELLED = """[...document.querySelectorAll('#economics-form input')].filter(input =>
  !(input.labels.length || document.getElementById(input.getAttribute('aria-labelledby'))?.textContent)).length"""
OUTSIDE = """[...document.querySelectorAll('#economics-form :is(input, button, td)')]
  .filter(one => one.getBoundingClientRect().right > innerWidth).length"""


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_every_control_has_a_label_and_room(tab, run, files, size):
    tab.open(files["html"], size)
    tab.value("document.querySelectorAll('#economics-form details').forEach(one => one.open = true)")
    fields = len(run.assumptions) + sum(most > 0 for most in run.economics_inputs["moves"]["effect_high"])
    assert tab.value("document.querySelectorAll('#economics-form input').length") == 2 * fields
    assert tab.value(LABELLED) == 0
    assert tab.value(OUTSIDE) == 0
    assert tab.value("document.documentElement.scrollWidth") == size[0]
    assert tab.value("document.querySelector('#economics-form output').getAttribute('aria-live')") == "polite"


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.skipif(not AXE.exists(), reason="AXE_CORE names no axe.min.js")
def test_axe_finds_nothing(tab, files, size, dark):
    tab.open(files["html"], size, dark)
    tab.value("document.querySelectorAll('#economics-form details').forEach(one => one.open = true)")
    tab.value(AXE.read_text(encoding="utf-8") + ";0")
    run = "axe.run('#economics-form').then(found => found.violations.map(one => one.id + ' ' + one.nodes[0].html))"
    assert tab.value(run) == []


def test_paper_has_no_sliders(files):
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(files["pdf"]).pages)
    assert "Economics" in text
    assert "other assumptions" not in text
    assert "With other assumptions" in files["html"].read_text(encoding="utf-8")


def test_every_slider_can_show_its_ends_and_the_reports_value(run):
    for item in sliders.model(run)["assumptions"]:
        steps = 10 ** item["decimals"] * item["scale"]
        assert (item["high"] - item["low"]) * steps >= sliders.FEWEST_STEPS - 1e-6
        for end in ("low", "value", "high"):
            assert item[end] * steps == pytest.approx(round(item[end] * steps))
