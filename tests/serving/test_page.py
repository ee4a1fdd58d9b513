"""The page at /, in a real browser: the form, a batch, and the map."""

import csv
import io
import json
import os
import time
from pathlib import Path

import pytest

from seg_utils import __main__ as command_line
from seg_utils.core.paths import SAMPLE
from seg_utils.scoring.answer import Answerer
from seg_utils.serving import app
from seg_utils.serving.model_reload import ModelReloader

pytestmark = pytest.mark.browser
DESK, PHONE = (1280, 900), (390, 844)
AXE = Path(os.environ.get("AXE_CORE", "axe.min.js"))
READY = "!!document.querySelector('#map svg') && !document.getElementById('content').hidden"
VERDICT = "document.querySelector('.verdict').textContent"
SUBMIT = "#customer-form button[type=submit]"
CHANGED = {"PURCHASES": 0, "ONEOFF_PURCHASES": 0, "INSTALLMENTS_PURCHASES": 0, "CASH_ADVANCE": 4000}
STATUS = "document.getElementById('upload-status').textContent"


def open_page(tab, address, size):
    tab.open(f"{address}/", size)
    tab.wait(READY)


def choose_file(tab, path):
    root = tab.call("DOM.getDocument")["root"]["nodeId"]
    node = tab.call("DOM.querySelector", nodeId=root, selector="#upload-file")["nodeId"]
    tab.call("DOM.setFileInputFiles", nodeId=node, files=[str(path)])


def arrived(path):
    """The text of a download, once it is there."""
    for _ in range(200):
        if path.exists() and path.stat().st_size:
            return path.read_text(encoding="utf-8")
        time.sleep(0.05)
    raise AssertionError(f"{path.name} was never downloaded")


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_typed_customer_is_answered_and_put_on_the_map(tab, page_server, models, size):
    open_page(tab, page_server, size)
    assert tab.value("document.querySelectorAll('#map circle').length") == models.K
    for name, number in models.EXAMPLE.items():
        tab.fill(f"input[name={name}]", str(number))
    tab.click(SUBMIT)
    answerer = Answerer(models.made())
    expected = answerer.answer(answerer.inputs.read(models.EXAMPLE))
    assert tab.wait(VERDICT).startswith(f"{expected['cluster_name']} – {expected['confidence']}")
    assert tab.value("document.querySelectorAll('#map circle.you').length") == 1
    described = tab.value("document.querySelector('#map svg').getAttribute('aria-label')")
    assert described.endswith(f" This customer: {expected['cluster_name']}.")
    assert tab.value("document.documentElement.scrollWidth") == size[0]
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith((page_server, "data:"))] == []


def test_what_the_server_refuses_is_shown_beside_the_field(tab, page_server):
    """The form knows the limits itself; if it did not, the server's reason would be shown all the same."""
    open_page(tab, page_server, DESK)
    tab.value("window.ask = window.fetch; window.fetch = (path, options) => window.ask(path, path === '/predict' ? "
              "{...options, body: JSON.stringify({features: {CREDIT_LIMIT: -1}})} : options)")  # fmt: skip
    tab.click(SUBMIT)
    assert tab.wait(VERDICT) == "Some fields need another look."
    message = tab.value("document.getElementById('customer-credit-limit-message').textContent")
    assert message == "CREDIT_LIMIT must be between 0 and 1,000,000,000,000"


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_file_is_placed_and_can_be_downloaded(tab, page_server, models, tmp_path, size):
    few = tmp_path / "few.csv"
    few.write_bytes(b"".join(SAMPLE.read_bytes().splitlines(keepends=True)[:51]))
    open_page(tab, page_server, size)
    tab.click("#tab-many")
    assert tab.value("document.getElementById('one').hidden") is True
    choose_file(tab, few)
    tab.click("#upload button")
    tab.wait("!!document.querySelector('#upload-result a')")
    assert tab.value(STATUS) == "50 customers placed."
    placed = models.made().place(models.sample().head(50))
    rows = tab.value("[...document.querySelectorAll('#upload-result tbody tr')].map(row => row.innerText.split('\\t'))")
    counts = placed["segment"].value_counts().sort_index()
    names = [models.made().segments[segment]["persona"] for segment in counts.index]
    assert [row[:2] for row in rows] == [[name, str(count)] for name, count in zip(names, counts, strict=True)]
    assert tab.value("document.querySelector('#upload-result a').download") == "scored.csv"
    tab.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    tab.click("#upload-result a")
    text = arrived(tmp_path / "scored.csv")
    assert [int(row["segment"]) for row in csv.DictReader(io.StringIO(text))] == placed["segment"].tolist()
    assert tab.value("document.documentElement.scrollWidth") == size[0]


def test_a_file_is_compared_with_training_in_the_words_of_make_score(tab, page_server, models, tmp_path):
    lines = "[...document.querySelectorAll('#upload-drift li')].map(one => one.textContent)"
    open_page(tab, page_server, DESK)
    tab.click("#tab-many")
    for name, frame in (("alike", models.sample()), ("other", shifted(models.sample()))):
        frame.rename(columns={"customer_id": "CUST_ID"}).to_csv(tmp_path / f"{name}.csv", index=False)
        choose_file(tab, tmp_path / f"{name}.csv")
        tab.click("#upload button")
        tab.wait("!!document.querySelector('#upload-drift h3')")
        told = tab.value(lines)
        warned = warned_of(frame, models.made())
        told_of_them = tab.value("document.getElementById('upload-result').lastChild.textContent")
        assert told_of_them == f". {warned:,} customers come with a warning, in its last column."
        assert told == told_by_make_score(tmp_path / f"{name}.csv", models.made(), tmp_path / name)
        assert (name == "other") == any(line.startswith("warning: Credit limit: large shift") for line in told)
        tab.value("document.querySelector('#upload-drift').replaceChildren()")


def shifted(frame):
    return frame.assign(CREDIT_LIMIT=3 * frame["CREDIT_LIMIT"])


def warned_of(frame, model):
    inputs = Answerer(model).inputs
    values = frame[list(model.space.features)].to_numpy(dtype=float)
    return sum(bool(inputs.noted(row).warnings) for row in values)


def told_by_make_score(path, model, folder):
    folder.mkdir()
    model.save(folder / "model.json")
    words = [f"DATA={path}", f"MODEL={folder}", f"OUT={folder / 'out'}"]
    assert command_line.main(["score", *words]) == 0
    return json.loads((folder / "out" / "scoring.json").read_text())["warnings"]


def test_pasted_rows_are_placed_and_what_is_downloaded_runs_in_no_spreadsheet(tab, page_server, models, tmp_path):
    header, *rows = SAMPLE.read_text(encoding="utf-8").splitlines()[:4]
    rows[0] = "=1+1," + rows[0].partition(",")[2]
    pasted = "\n".join([header, *rows]).replace(",", "\t")
    open_page(tab, page_server, DESK)
    tab.click("#tab-many")
    tab.click("#upload button")
    assert tab.wait(STATUS) == "Choose a file, or paste rows."
    tab.click("#upload-text")
    tab.type(pasted)
    tab.requests.clear()
    tab.click("#upload button")
    tab.wait("!!document.querySelector('#upload-drift').children.length")
    assert tab.value(STATUS) == "3 customers placed."
    assert "no line end" not in tab.value("document.getElementById('upload-drift').innerText")
    tab.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    tab.click("#upload-result a")
    rows = list(csv.DictReader(io.StringIO(arrived(tmp_path / "scored.csv"))))
    assert [row["customer_id"] for row in rows] == ["'=1+1", "SYN-00002", "SYN-00003"]
    assert [int(row["segment"]) for row in rows] == models.made().place(models.sample().head(3))["segment"].tolist()
    assert [url for url in tab.requests if url.endswith("/predict/batch")] == [f"{page_server}/predict/batch"]


def test_a_file_takes_the_place_of_pasted_rows_and_they_of_it(tab, page_server, tmp_path):
    (tmp_path / "few.csv").write_text("a\n")
    given = "[document.getElementById('upload-text').value, document.getElementById('upload-file').files.length]"
    open_page(tab, page_server, DESK)
    tab.click("#tab-many")
    tab.click("#upload-text")
    tab.type("BALANCE")
    choose_file(tab, tmp_path / "few.csv")
    assert tab.value(given) == ["", 1]
    tab.click("#upload-text")
    tab.type("BALANCE")
    assert tab.value(given) == ["BALANCE", 0]


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_customer_is_compared_with_a_change_and_both_are_on_the_map(tab, page_server, models, size):
    answerer = Answerer(models.made())
    before, after = (answerer.answer(answerer.inputs.read(models.EXAMPLE | more)) for more in ({}, CHANGED))
    open_page(tab, page_server, size)
    for name, number in models.EXAMPLE.items():
        tab.fill(f"input[name={name}]", str(number))
    tab.value(
        "[...document.querySelectorAll('button')].find(one => one.textContent === 'Compare with a change').click()"
    )
    tab.wait(f"{VERDICT}.startsWith('Nothing is changed yet')")
    for name, number in CHANGED.items():
        tab.fill(f"input[name={name}]", str(number))
    said = tab.wait(f"{VERDICT}.includes('more: ') && {VERDICT}")
    assert said.endswith(f": from {before['cluster_name']} to {after['cluster_name']}.")
    columns = tab.value("[...document.querySelectorAll('.customer')].map(one => one.innerText)")
    assert [before["cluster_name"] in columns[0], after["cluster_name"] in columns[1]] == [True, True]
    described = tab.value("document.querySelector('#map svg').getAttribute('aria-label')")
    assert described.endswith(f" First customer: {before['cluster_name']}. With the change: {after['cluster_name']}.")
    assert tab.value("document.querySelectorAll('#map circle.you').length") == 2
    assert tab.value("document.documentElement.scrollWidth") == size[0]
    assert tab.errors == []


def test_map_and_form_follow_a_new_model_and_keep_what_was_typed(tab, serving, models, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "REFRESH_SECONDS", 0.05)
    file = tmp_path / "model.json"
    models.made().save(file)
    with serving(app.create(ModelReloader(file))) as client:
        open_page(tab, str(client.base_url).rstrip("/"), DESK)
        tab.fill("input[name=BALANCE]", "4321")
        tab.press("Tab", 9)
        before = tab.value("document.getElementById('map').innerHTML")
        renamed = [models.words(segment) | {"persona": f"Renamed {segment}"} for segment in range(models.K)]
        models.made(features=("BALANCE", "PURCHASES", "CASH_ADVANCE", "TENURE")).described(renamed).save(file)
        tab.wait("document.getElementById('news').textContent.startsWith('A new model has taken over')")
        map_label = tab.value("document.querySelector('#map svg').getAttribute('aria-label')")
        assert map_label == f"Map of {models.K} segments: Renamed 0, Renamed 1, Renamed 2, Renamed 3."
        assert tab.value("document.getElementById('map').innerHTML") != before
        assert tab.value("document.querySelectorAll('#customer-form input[name]').length") == 4
        assert tab.value("document.querySelector('input[name=BALANCE]').value") == "4321"
        assert tab.value("document.activeElement.id") == "customer-balance-slider"
        assert tab.value("document.activeElement.getAttribute('aria-valuetext')") == "$4,321"
        tab.click(SUBMIT)
        assert tab.wait(VERDICT).startswith("Renamed")
        assert tab.errors == []


def test_customers_are_counted_not_lines(tab, page_server, tmp_path):
    header, first, *more = SAMPLE.read_text(encoding="utf-8").splitlines()[:4]
    few = tmp_path / "few.csv"
    more[0] = ",".join([*more[0].split(",")[:3], "", *more[0].split(",")[4:]])
    few.write_text("\n".join([header, '"two\nlines, ""one"" id",' + first.partition(",")[2], *more, ""]))
    open_page(tab, page_server, DESK)
    tab.click("#tab-many")
    choose_file(tab, few)
    tab.click("#upload button")
    tab.wait("!!document.querySelector('#upload-result a')")
    assert tab.value(STATUS) == "3 customers placed. 1 missing value was filled in."
    counts = "[...document.querySelectorAll('#upload-result td:nth-child(2)')].map(one => Number(one.innerText))"
    assert sum(tab.value(counts)) == 3


def test_a_narrow_map_has_numbers_and_a_legend(tab, page_server, models):
    open_page(tab, page_server, PHONE)
    names = [segment["persona"] for segment in models.made().segments]
    numbers = [str(number) for number in range(models.K)]
    assert tab.value("[...document.querySelectorAll('#map text')].map(one => one.textContent)") == numbers
    legend = "[...document.querySelectorAll('#map .legend li')].map(one => one.textContent)"
    assert tab.value(legend) == [number + name for number, name in zip(numbers, names, strict=True)]
    tab.click(SUBMIT)
    tab.wait(VERDICT)
    assert tab.value(legend)[-1].endswith("This customer")
    assert tab.value("document.querySelectorAll('#map text').length") == models.K


def test_a_file_that_is_none_is_refused_with_the_reason(tab, page_server, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n")
    open_page(tab, page_server, DESK)
    tab.click("#tab-many")
    choose_file(tab, bad)
    tab.click("#upload button")
    assert "the model needs BALANCE" in tab.wait(f"{STATUS}.startsWith('Not placed: ') && {STATUS}")


def test_tabs_answer_to_arrow_keys(tab, page_server):
    open_page(tab, page_server, DESK)
    tab.value("document.getElementById('tab-one').focus()")
    tab.press("ArrowRight", 39)
    assert tab.value("document.activeElement.id") == "tab-many"
    assert tab.value("document.getElementById('many').hidden") is False
    assert tab.value("document.getElementById('tab-one').tabIndex") == -1


def test_a_guarded_server_asks_for_its_token(tab, guarded, token, tmp_path):
    address = str(guarded.base_url).rstrip("/")
    tab.open(f"{address}/", DESK)
    tab.wait("!document.getElementById('token').hidden")
    assert tab.value("document.getElementById('content').hidden") is True
    tab.fill("#token-box", "wrong")
    tab.click("#token button")
    tab.wait("document.getElementById('token-message').textContent.startsWith('Not opened: the token is wrong')")
    tab.fill("#token-box", token)
    tab.click("#token button")
    tab.wait(READY)
    tab.click(SUBMIT)
    assert tab.wait(VERDICT).startswith("Persona")
    tab.click("#tab-many")
    choose_file(tab, SAMPLE)
    tab.click("#upload button")
    tab.wait("!!document.querySelector('#upload-result a')")
    tab.call("Page.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    tab.click("#upload-result a")
    assert arrived(tmp_path / "scored.csv").startswith("customer_id,segment,persona,confidence,")


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("docs", "document.querySelectorAll('.opblock').length === 6"),
        ("redoc", "document.querySelectorAll('[data-section-id^=operation]').length >= 6"),
    ],
)
def test_the_documentation_needs_no_other_server(tab, page_server, page, shown):
    tab.open(f"{page_server}/{page}", DESK)
    tab.wait(shown)
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith((page_server, "data:"))] == []


@pytest.mark.skipif(not AXE.exists(), reason="AXE_CORE names no axe.min.js")
@pytest.mark.parametrize("size", [DESK, PHONE])
def test_axe_finds_nothing(tab, page_server, size):
    open_page(tab, page_server, size)
    tab.click(SUBMIT)
    tab.wait(VERDICT)
    # the page's policy lets nothing of ours in: the debugger puts it there
    tab.value(AXE.read_text(encoding="utf-8") + ";0")
    run = "axe.run().then(found => found.violations.map(one => one.id + ' ' + one.nodes[0].html))"
    assert tab.value(run) == []
    tab.click("#tab-many")
    assert tab.value(run) == []
