"""Two customers side by side: the first one stays, the second begins as its copy."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from seg_utils.reporting import rendering
from seg_utils.scoring.answer import Answerer

from .form_notebook import notebook

pytestmark = pytest.mark.browser
DESK, PHONE = (1280, 900), (390, 844)
AXE = Path(os.environ.get("AXE_CORE", "axe.min.js"))
VERDICT = "document.querySelector('.verdict').textContent"
BUTTON = "[...document.querySelectorAll('#customer-form button')].find(one => one.textContent === '{}')"
CUSTOMERS = "[...document.querySelectorAll('.customer')]"
OTHER = {"PURCHASES": 0, "ONEOFF_PURCHASES": 0, "INSTALLMENTS_PURCHASES": 0, "CASH_ADVANCE": 4000}


def press(tab, text):
    tab.value(f"{BUTTON.format(text)}.click()")


def begin(tab, page, size, models, dark=False):
    """Fill in a customer and compare it with itself."""
    tab.open(page, size, dark)
    for name, number in models.EXAMPLE.items():
        tab.fill(f"input[name={name}]", str(number))
    press(tab, "Compare with a change")
    return tab.wait(f"{CUSTOMERS}.length === 2 && {VERDICT}")


def change(tab, **values):
    for name, value in values.items():
        tab.fill(f"input[name={name}]", str(value))
    return tab.wait(
        f"{VERDICT}.includes('more: ') && {VERDICT}" if len(values) > 3 else f"{VERDICT}.includes('→') && {VERDICT}"
    )


def expected(models, **changed):
    answerer = Answerer(models.made())
    return answerer.answer(answerer.inputs.read(models.EXAMPLE | changed))


def said_of(answer):
    """What a column says of its customer, in order."""
    return [
        f"{answer['cluster_name']} – {answer['confidence']} (confidence {answer['confidence_score']:.2f} of 1)",
        *(f"{near['cluster_name']} distance {near['distance']:.2f}" for near in answer["nearest_segments"]),
        *(f"{driver['label']} " for driver in answer["drivers"]),
        f"Now\n{answer['actions']['now']}",
        f"Later\n{answer['actions']['later']}",
    ]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_both_answers_are_those_of_python_and_a_sentence_says_what_changed(tab, form_page, models, size):
    before, after = expected(models), expected(models, **OTHER)
    assert before["cluster_id"] != after["cluster_id"]
    assert begin(tab, form_page(), size, models).startswith(
        f"Nothing is changed yet: both are {before['cluster_name']}."
    )
    assert tab.value("document.activeElement.name") == "BALANCE"
    assert change(tab, **OTHER) == (
        "Purchases $1,000 → $0, One-off purchases $500 → $0, Instalment purchases $500 → $0 and 1 more: "
        f"from {before['cluster_name']} to {after['cluster_name']}."
    )
    columns = tab.value(f"{CUSTOMERS}.map(one => one.innerText)")
    for text, title, answer in zip(columns, ("First customer", "With the change"), (before, after), strict=True):
        assert text.startswith(title)
        places = [text.index(part) for part in said_of(answer)]
        assert places[:4] == sorted(places[:4])
    assert "Cash advances $300" in columns[0]
    assert "Cash advances $4,000" in columns[1]
    boxes = tab.value(
        f"{CUSTOMERS}.map(one => {{ const box = one.getBoundingClientRect(); return [box.x, box.y, box.bottom]; }})"
    )
    beside = boxes[0][1] == boxes[1][1] and boxes[0][0] < boxes[1][0]
    below = boxes[0][0] == boxes[1][0] and boxes[0][2] < boxes[1][1]
    assert (beside, below) == (size == DESK, size == PHONE)
    assert tab.value("document.documentElement.scrollWidth") == size[0]
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []


def test_changed_fields_are_marked_and_say_what_the_first_customer_has(tab, form_page, models):
    begin(tab, form_page(), DESK, models)
    changed = (
        "[...document.querySelectorAll('.field.changed')].map(one => one.querySelector('.field-first').textContent)"
    )
    assert tab.value(changed) == []
    change(tab, CASH_ADVANCE=4000, TENURE="")
    assert tab.value(changed) == ["First customer: $300", "First customer: 12"]
    described = tab.value("document.getElementById('customer-tenure').getAttribute('aria-describedby')").split()
    assert "First customer: 12" in [tab.value(f"document.getElementById('{one}').textContent") for one in described]
    tab.fill("input[name=CASH_ADVANCE]", "300.0")
    assert tab.value(changed) == ["First customer: 12"]
    assert tab.wait(f"!{VERDICT}.includes('Cash') && {VERDICT}").startswith("Tenure 12 → blank: ")


def test_a_change_within_a_segment_says_how_sure_it_is_before_and_after(tab, form_page, models):
    before, after = expected(models), expected(models, BALANCE=1500.4)
    assert before["cluster_id"] == after["cluster_id"]
    begin(tab, form_page(), DESK, models)
    sure = f"{before['confidence_score']:.2f}"
    assert sure == f"{after['confidence_score']:.2f}"
    said = change(tab, BALANCE=1500.4)
    assert said == f"Balance 1,500 → 1,500.4: still {before['cluster_name']}, confidence {sure} as before."
    other = expected(models, BALANCE=900)
    assert other["cluster_id"] == before["cluster_id"]
    tab.fill("input[name=BALANCE]", "900")
    assert tab.wait(f"{VERDICT}.includes('$900') && {VERDICT}").endswith(
        f"still {before['cluster_name']}, confidence {sure} → {other['confidence_score']:.2f}."
    )


def values(tab):
    return dict(
        tab.value(
            "[...document.querySelectorAll('#customer-form input[name]')].map(box => [box.name, Number(box.value)])"
        )
    )


@pytest.mark.parametrize("kept", ["Drop the change", "Keep the change"])
def test_one_of_the_two_goes_on(tab, form_page, models, kept):
    begin(tab, form_page(), DESK, models)
    change(tab, **OTHER)
    press(tab, kept)
    changed = OTHER if kept == "Keep the change" else {}
    tab.wait(f"{CUSTOMERS}.length === 1")
    assert values(tab) == models.EXAMPLE | changed
    assert tab.wait(f"!{VERDICT}.includes('→') && {VERDICT}").startswith(expected(models, **changed)["cluster_name"])
    assert tab.value("document.querySelectorAll('.field.changed').length") == 0
    assert tab.value("document.activeElement.textContent") == "Compare with a change"
    assert tab.value(f"{BUTTON.format(kept)}.hidden") is True


def test_the_first_customer_stays_in_sight_while_the_change_is_wrong(tab, form_page, models):
    begin(tab, form_page(), DESK, models)
    tab.fill("input[name=BALANCE]", "lots")
    assert tab.wait(f"{VERDICT}.includes('look') && {VERDICT}") == "One field needs another look."
    assert tab.value(f"{CUSTOMERS}.map(one => one.querySelector('h3').textContent)") == ["First customer"]
    tab.fill("input[name=BALANCE]", "50")
    tab.wait(f"{CUSTOMERS}.length === 2")
    press(tab, "Drop the change")
    assert tab.value("document.querySelector('input[name=BALANCE]').value") == "1500"


def test_nothing_is_compared_with_a_customer_who_has_no_answer(tab, form_page):
    tab.open(form_page(), DESK)
    tab.fill("input[name=TENURE]", "lots")
    press(tab, "Compare with a change")
    assert tab.wait(VERDICT) == "One field needs another look."
    assert tab.value("document.activeElement.name") == "TENURE"
    assert tab.value(f"{BUTTON.format('Compare with a change')}.hidden") is False
    assert tab.value(f"{BUTTON.format('Keep the change')}.hidden") is True


def test_one_line_is_read_out_for_a_comparison(tab, form_page, models):
    begin(tab, form_page(), DESK, models)
    live = "document.querySelectorAll('#customer-form :is([role=status], [role=alert], [aria-live])')"
    (name,) = tab.value(f"[...{live}].map(one => one.className)")
    assert "verdict" in name.split()


HOSTILE = "<img src=x onerror='window.pwned = 1'>"


def test_words_of_a_model_stay_text_in_a_comparison(tab, models, tmp_path):
    evil = replace(models.made(), segments=tuple(one | {"persona": HOSTILE} for one in models.made().segments))
    html = rendering.render(notebook(tmp_path / "n.ipynb", evil), tmp_path, ["html"])["html"]
    begin(tab, html, DESK, models)
    assert HOSTILE in change(tab, BALANCE=900)
    assert tab.value("window.pwned") is None
    assert tab.errors == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.skipif(not AXE.exists(), reason="AXE_CORE names no axe.min.js")
def test_axe_finds_nothing(tab, form_page, models, size, dark):
    begin(tab, form_page(), size, models, dark)
    change(tab, BALANCE=4000, TENURE="")
    tab.value(AXE.read_text(encoding="utf-8") + ";0")
    run = "axe.run('#customer-form').then(found => found.violations.map(one => one.id + ' ' + one.nodes[0].html))"
    assert tab.value(run) == []
