"""The form for one customer: the same segments as Python, and a page that people can use."""

import json
import os
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pandas as pd
import pypdf
import pytest
from nbformat.v4 import new_code_cell

from seg_utils import data
from seg_utils.clustering import Centres
from seg_utils.core import paths
from seg_utils.core.errors import RenderError
from seg_utils.reporting import rendering
from seg_utils.reporting.sections import form
from seg_utils.scoring import MODEL_MIME
from seg_utils.scoring.answer import Answerer
from seg_utils.scoring.payload import LARGEST, fits, payload

from .form_notebook import notebook
from .quarto_stand_in import without_marks

DESK, PHONE = (1280, 900), (390, 844)
REAL = paths.PROJECT.parent / "shared" / "data" / "CC_GENERAL.csv"
AXE = Path(os.environ.get("AXE_CORE", "axe.min.js"))
KINDS = ("centres", "mixture", "exemplars", "encoded", "derived")
EXTREME = 1e12

LOCATED = """(() => { const model = scorer.unpacked(JSON.parse(document.getElementById('segment-model').textContent));
  return %s.map(row => { const at = scorer.locate(model, row);
    const drivers = scorer.answer(model, row).drivers.map(driver => driver.feature);
    return [at.segment, at.order, at.confidence, at.distances, drivers]; });
})()"""
VERDICT = "document.querySelector('.verdict').textContent"
SUBMIT = "#customer-form button[type=submit]"


@pytest.fixture
def page(form_page):
    """The page of a model, by kind."""
    return form_page


def agree(tab, page, made, values):
    """Assert that the page places customers (n, features) as Python does."""
    tab.open(page, DESK)
    rows = [[None if value != value else value for value in row] for row in values.tolist()]
    found = tab.value(LOCATED % json.dumps(rows))
    assert tab.errors == []
    located = made.locate_values(values)
    assert len(found) == len(values)
    np.testing.assert_array_equal([row[0] for row in found], located.segment)
    np.testing.assert_array_equal([row[1] for row in found], located.order)
    np.testing.assert_allclose([row[2] for row in found], located.confidence, rtol=0, atol=1e-9)
    np.testing.assert_allclose([row[3] for row in found], located.distances, rtol=1e-9, atol=1e-9)
    return found


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_places_every_bundled_customer_as_python_does(tab, page, models, kind):
    made = models.made(kind)
    values = models.values(models.sample(), made)
    found = agree(tab, page(kind), made, values)
    answerer = Answerer(made)
    some = range(0, len(values), 500)
    answers = answerer.answers(values[some], [answerer.inputs.noted(values[row]) for row in some])
    assert [found[row][4] for row in some] == [[d["feature"] for d in answer["drivers"]] for answer in answers]


@pytest.mark.browser
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("scale", ["log", "standard"])
def test_the_page_places_customers_at_the_edge_as_python_does(tab, page, models, kind, scale):
    made = models.made(kind, scale=scale)
    width = len(made.space.inputs)
    usual = [made.reference.ranges[name].median for name in made.space.inputs]
    random = np.random.default_rng(7)
    some = models.values(models.sample().head(40), made)
    holes = np.where(random.random(some.shape) < 0.5, np.nan, some)
    spikes = np.where(np.eye(width, dtype=bool), EXTREME, usual)
    flat = [np.full((1, width), number) for number in (np.nan, 0.0, 1.0, EXTREME)]
    credits = np.where(np.eye(width, dtype=bool), -12.5, usual)
    values = np.vstack([*flat, spikes, credits, -credits, holes])
    found = agree(tab, page(kind, scale=scale), made, values)
    answerer = Answerer(made)
    answers = answerer.answers(values, [answerer.inputs.noted(row) for row in values])
    assert [row[4] for row in found] == [[driver["feature"] for driver in answer["drivers"]] for answer in answers]


@pytest.mark.browser
def test_a_tie_falls_to_the_same_segment(tab, page, models, tmp_path):
    """Two centres as far from a customer as each other, to the bit: the first one has it, here as there."""
    made = models.made(scale="standard")
    centres = np.array(made.centroids)
    centres[1], centres[2] = centres[0] + 0.25, centres[0] - 0.25
    twins = np.vstack([centres, centres[3]])
    tied = replace(
        made, placement=Centres(twins), centroids=twins, scaled_centroids=twins, sizes=(*made.sizes, 1),
        segments=(*made.segments, made.segments[3]),
    )  # fmt: skip
    middles = centres[[0, 3]] * np.asarray(made.space.spread) + np.asarray(made.space.center)
    html = rendering.render(notebook(tmp_path / "n.ipynb", tied), tmp_path, ["html"])["html"]
    agree(tab, html, tied, middles)


@pytest.mark.browser
def test_a_near_tie_falls_to_the_same_segment(tab, models, tmp_path):
    """Distances that are sums of the same squares in different orders: rounding decides, here as there."""
    made = models.made(scale="standard")
    random = np.random.default_rng(3)
    apart = random.normal(size=len(made.space.features))
    shuffled = np.stack([random.permutation(apart) for _ in range(12)])
    tied = replace(
        made, placement=Centres(shuffled), centroids=shuffled, scaled_centroids=shuffled, sizes=(100,) * 12,
        segments=made.segments * 3,
    )  # fmt: skip
    middle = np.asarray(made.space.center)[None, :]
    assert np.ptp(tied.locate_values(middle).distances) < 1e-14
    html = rendering.render(notebook(tmp_path / "n.ipynb", tied), tmp_path, ["html"])["html"]
    agree(tab, html, tied, middle)


@pytest.mark.browser
@pytest.mark.skipif(not REAL.exists(), reason="the real file is not here")
def test_the_page_places_every_customer_of_the_real_file_as_python_does(tab, page, models):
    made = models.made()
    values = models.values(data.load(REAL).frame, made)
    assert len(values) == 8950
    agree(tab, page(), made, values)


def ask(tab, page, size, **fields):
    """Open the page, fill in fields by feature name, submit, and wait for what is said."""
    tab.open(page, size)
    for name, text in fields.items():
        tab.fill(f"input[name={name}]", text)
    tab.click(SUBMIT)
    return tab.wait(VERDICT)


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_typed_customer_gets_the_answer_that_python_gives(tab, page, models, size):
    answerer = Answerer(models.made())
    expected = answerer.answer(answerer.inputs.read(models.EXAMPLE))
    said = ask(tab, page(), size, **{name: str(number) for name, number in models.EXAMPLE.items()})
    assert said == (
        f"{expected['cluster_name']} – {expected['confidence']} (confidence {expected['confidence_score']:.2f} of 1)"
    )
    details = tab.value("document.querySelector('.answer').innerText")
    nearest = [f"{one['cluster_name']} distance {one['distance']:.2f}" for one in expected["nearest_segments"]]
    assert [details.index(text) for text in nearest] == sorted(details.index(text) for text in nearest)
    assert all(driver["label"] in details for driver in expected["drivers"])
    assert f"Now\n{expected['actions']['now']}" in details
    assert f"Later\n{expected['actions']['later']}" in details
    assert "Confidence is 0 on the border" in details
    assert tab.value("document.documentElement.scrollWidth") == size[0]
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.browser
def test_typical_values_are_filled_in(tab, page, models):
    made = models.made()
    tab.open(page(), DESK)
    shown = tab.value(
        "[...document.querySelectorAll('#customer-form input[name]')].map(box => [box.name, Number(box.value)])"
    )
    assert [name for name, _ in shown] != []
    for name, value in shown:
        assert value == pytest.approx(made.reference.ranges[name].median, abs=0.006)


@pytest.mark.browser
def test_a_blank_field_is_filled_as_in_training_and_said_so(tab, page, models):
    answerer = Answerer(models.made())
    tab.open(page(), DESK)
    tab.value("[...document.querySelectorAll('button')].find(button => button.textContent === 'Clear all').click()")
    message = tab.value("document.getElementById('customer-balance-message').textContent")
    assert message.startswith("Blank: the median of the training customers, $")
    tab.fill("input[name=PURCHASES]", "5000")
    tab.click(SUBMIT)
    expected = answerer.answer(answerer.inputs.read({"PURCHASES": 5000}))
    assert tab.wait(VERDICT).startswith(expected["cluster_name"])
    details = tab.value("document.querySelector('.answer').innerText")
    assert "Left blank, filled with the median of the training customers: Balance, " in details
    blanks = len(answerer.inputs.all) - 1
    assert f"{blanks} of {blanks + 1} fields were blank, more than half" in details
    assert [driver["label"] for driver in expected["drivers"]] == ["Purchases"]
    assert tab.value("[...document.querySelectorAll('.answer ul li')].map(one => one.innerText)") == [
        "Purchases $5,000, on the high side"
    ]


@pytest.mark.browser
def test_nothing_known_gets_no_answer(tab, page):
    tab.open(page(), DESK)
    tab.value("[...document.querySelectorAll('button')].find(button => button.textContent === 'Clear all').click()")
    tab.click(SUBMIT)
    assert "give at least one value" in tab.wait(VERDICT)
    assert tab.value("document.querySelector('.answer').innerText") == ""


@pytest.mark.browser
def test_what_does_not_add_up_or_is_not_whole_gets_a_gentle_note(tab, page):
    notes = "[...document.querySelectorAll('.answer .note')].map(one => one.innerText)"
    ask(tab, page(), DESK)
    assert tab.value(notes) == []
    ask(tab, page(), DESK, PURCHASES="900", ONEOFF_PURCHASES="500", INSTALLMENTS_PURCHASES="398.6", TENURE="11.5")
    assert tab.value(notes) == []
    told = tab.value("document.getElementById('customer-tenure-message').textContent")
    assert told == "This is no whole number, as counts and months usually are."
    ask(tab, page(), DESK, PURCHASES="900", ONEOFF_PURCHASES="500", INSTALLMENTS_PURCHASES="300")
    assert tab.value(notes) == ["Purchases are not the sum of one-off purchases and instalment purchases."]


NONSENSE = {
    "BALANCE": ("lots", "This is not a number."),
    "PURCHASES_TRX": ("-5", "Must be between 0 and 1,000,000."),
    "PURCHASES_FREQUENCY": ("1.2", "Must be between 0 and 1."),
    "PAYMENTS": ("Infinity", "This is not a number."),
    "CREDIT_LIMIT": ("1e999", "Must be between 0 and 1,000,000,000,000."),
    "TENURE": ("0", "Must be between 1 and 600."),
    "CASH_ADVANCE": ("1,234", "This could be 1234 or 1.234: write it without the comma."),
    "MINIMUM_PAYMENTS": ("=1+1", "This is not a number."),
}


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_nonsense_gets_a_message_beside_its_field(tab, page, size):
    said = ask(tab, page(), size, **{name: text for name, (text, _) in NONSENSE.items()})
    assert said == f"{len(NONSENSE)} fields need another look."
    for name, (_, message) in NONSENSE.items():
        box = f"document.querySelector('input[name={name}]')"
        assert tab.value(f"{box}.getAttribute('aria-invalid')") == "true"
        described = tab.value(f"{box}.getAttribute('aria-describedby')").split()
        told = " ".join(tab.value(f"document.getElementById('{one}').textContent") for one in described)
        assert message in told
    assert tab.value("document.activeElement.name") == "BALANCE"
    assert tab.value("document.querySelectorAll('[aria-invalid]').length") == len(NONSENSE)
    assert tab.value("document.documentElement.scrollWidth") == size[0]
    tab.fill("input[name=BALANCE]", "5")
    tab.wait("!document.querySelector('input[name=BALANCE]').hasAttribute('aria-invalid')")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("text", "number"),
    [("1234.5", 1234.5), ("1234,5", 1234.5), ("1,234.5", 1234.5), ("1.234,5", 1234.5), ("$ 1 234", 1234),
     ("1'234'567", 1234567), ("1,234,567", 1234567), ("0,125", 0.125), ("2e3", 2000), (".5", 0.5), (" 7 ", 7)],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(tab, page, models, text, number):
    answerer = Answerer(models.made())
    typical = {one.name: round(one.typical, 2) for one in answerer.inputs.all}
    expected = answerer.answer(answerer.inputs.read(typical | {"BALANCE": number}))
    ask(tab, page(), DESK, BALANCE=text)
    near = expected["nearest_segments"][0]
    assert f"distance {near['distance']:.2f}" in tab.value("document.querySelector('.answer li').textContent")


@pytest.mark.browser
def test_what_no_training_customer_had_gets_a_gentle_note(tab, page):
    said = ask(tab, page(), DESK, BALANCE="999999")
    assert "Persona" in said
    note = tab.value("document.getElementById('customer-balance-message').textContent")
    assert note.startswith("No training customer had so much; the highest was $")
    assert tab.value("document.querySelectorAll('[aria-invalid]').length") == 0


@pytest.mark.browser
def test_the_keyboard_is_enough_and_answers_follow_changes(tab, page):
    tab.open(page(), DESK)
    tab.value("document.querySelector('#customer-form input').focus()")
    tab.press("Tab", 9)
    assert tab.value("document.activeElement.id") == "customer-balance-slider"
    tab.press("Tab", 9)
    assert tab.value("document.activeElement.name") == "PURCHASES"
    tab.value("document.activeElement.select()")
    tab.type("5000")
    tab.press("Enter", 13, text="\r")
    tab.wait(VERDICT)
    distance = "document.querySelector('.answer li .unit').textContent"
    before = tab.value(distance)
    tab.value("document.activeElement.select()")
    tab.type("0")
    tab.wait(f"{distance} !== {json.dumps(before)}")
    assert tab.value("document.querySelector('.verdict').getAttribute('role')") == "status"


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.skipif(not AXE.exists(), reason="AXE_CORE names no axe.min.js")
def test_axe_finds_nothing(tab, page, size, dark):
    tab.open(page(), size, dark)
    tab.fill("input[name=PURCHASES]", "-1")
    tab.click(SUBMIT)
    tab.value(AXE.read_text(encoding="utf-8") + ";0")
    run = "axe.run('#customer-form').then(found => found.violations.map(one => one.id + ' ' + one.nodes[0].html))"
    assert tab.value(run) == []
    tab.fill("input[name=PURCHASES]", "1")
    tab.wait("!!document.querySelector('.answer li')")
    assert tab.value(run) == []


@pytest.mark.browser
def test_printing_leaves_the_form_out(tab, page):
    tab.open(page(), DESK)
    tab.call("Emulation.setEmulatedMedia", media="print")
    assert tab.value("getComputedStyle(document.querySelector('.screen')).display") == "none"


@pytest.mark.browser
def test_fewer_features_make_a_shorter_form(tab, page, models):
    names = ("BALANCE", "PURCHASES", "TENURE")
    tab.open(page(features=names), DESK)
    assert tab.value("[...document.querySelectorAll('#customer-form input[name]')].map(box => box.name)") == list(names)
    agree(
        tab,
        page(features=names),
        models.made(features=names),
        models.values(models.sample().head(50), models.made(features=names)),
    )


HOSTILE = "</script><script>window.pwned = 1</script><img src=x onerror='window.pwned = 2'>\u2028&<!--"


@pytest.mark.browser
def test_words_of_a_model_stay_text(tab, models, tmp_path):
    made = models.made()
    evil = tuple(segment | {"persona": HOSTILE, "description": HOSTILE} for segment in made.segments)
    html = rendering.render(notebook(tmp_path / "n.ipynb", replace(made, segments=evil)), tmp_path, ["html"])["html"]
    assert ask(tab, html, DESK).startswith("</script><script>window.pwned")
    assert tab.value("window.pwned") is None
    assert tab.errors == []


def test_paper_and_word_have_no_form(models, tmp_path):
    made = rendering.render(notebook(tmp_path / "n.ipynb", models.made()), tmp_path, ["pdf", "docx"])
    text = "".join(one.extract_text() for one in pypdf.PdfReader(made["pdf"]).pages)
    assert "The end." in text
    assert "Which segment" not in text
    with zipfile.ZipFile(made["docx"]) as word:
        assert "Which segment" not in word.read("word/document.xml").decode()


def test_without_javascript_a_sentence_says_so(page):
    html = page().read_text(encoding="utf-8")
    holder = html.split('<div id="customer-form">')[1].split("</div>")[0]
    assert "needs a browser that runs JavaScript" in holder


def test_both_renderers_make_the_same_again_and_again(models, page, quarto, tmp_path):
    source = notebook(tmp_path / "n.ipynb", models.made())
    ours = rendering.render(source, tmp_path / "a", ["html"])["html"].read_bytes()
    theirs = rendering.render(source, tmp_path / "b", ["html"], rendering.choose("quarto", str(quarto)))["html"]
    assert ours == page().read_bytes()
    assert without_marks(ours) == without_marks(theirs.read_bytes())


def test_a_model_too_large_for_a_page_is_not_put_in_one(models, monkeypatch):
    made = payload(models.made("exemplars"))
    assert fits(made)
    assert len(json.dumps(made)) < LARGEST
    assert not fits(made | {"more": "x" * LARGEST})


@pytest.mark.parametrize("fitting", [True, False])
def test_the_notebook_shows_the_form_or_says_where_it_is(models, monkeypatch, fitting):
    monkeypatch.setattr(form, "fits", lambda made: fitting)
    data = shown(monkeypatch, models.made(), decisions=["make", "leave alone"])
    assert "## Which segment is this customer in?" in data["text/markdown"]
    assert (MODEL_MIME in data) is fitting
    assert ("`make serve`, given the folder of this run" in data["text/markdown"]) is not fitting
    assert "Where it names" not in data["text/markdown"]


def test_the_form_says_where_an_answer_is_no_advice(models, monkeypatch):
    one = shown(monkeypatch, models.made(), decisions=["make", "no campaign"])
    assert "Where it names B\\*, that says where the customer stands, and nothing of what" in one["text/markdown"]
    every = shown(monkeypatch, models.made(), decisions=["no campaign", "no campaign"], has_segments=False)
    assert "Where it names any segment," in every["text/markdown"]


def shown(monkeypatch, model, decisions, has_segments=True):
    """What the section displays for segments A and B* of these decisions."""
    displayed = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: displayed.append(data))
    strategy = pd.DataFrame({"segment": range(len(decisions)), "decision": decisions})
    names = dict(enumerate(["A", "B*"]))
    form.show(
        SimpleNamespace(
            model=model.to_dict(), strategy=strategy, names=names, k=2, has_segments=has_segments, has_plans=True
        )
    )
    (data,) = displayed
    return data


def test_two_forms_are_refused(models, tmp_path):
    path = notebook(tmp_path / "n.ipynb", models.made())
    twice = nbformat.read(path, as_version=4)
    twice.cells.append(new_code_cell("show()", execution_count=1, outputs=twice.cells[1].outputs))
    nbformat.write(twice, path)
    with pytest.raises(RenderError, match="shows 2 models for the one block segment-model"):
        rendering.render(path, tmp_path, ["html"])
