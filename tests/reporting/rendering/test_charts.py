"""Marks of a chart tell their values in a real browser: under the pointer, by keyboard, by a tap, never as markup."""

import os
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from nbformat.v4 import new_code_cell, new_notebook, new_output

from seg_utils.core import words
from seg_utils.reporting import rendering
from seg_utils.reporting.figures import marks, style

pytestmark = pytest.mark.browser
DESK, PHONE = (1280, 900), (390, 844)
AXE = Path(os.environ.get("AXE_CORE", "axe.min.js"))
HOSTILE = '</title><img src=x onerror="window.pwned=1"> & \'<g class="marks">'
TABLE = pd.DataFrame({"Customers": [0.6, 0.4], "Purchases": [0.57, 0.43]})
TOLD = [
    f"{HOSTILE} · Customers · 60 %",
    "Premium customers · Customers · 40 %",
    f"{HOSTILE} · Purchases · 57 %",
    "Premium customers · Purchases · 43 %",
]


@style.applied()
def shares():
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 1.2))
    for row, measure in enumerate(TABLE):
        left = 0.0
        for number, (name, share) in enumerate(zip((HOSTILE, "Premium customers"), TABLE[measure], strict=True)):
            axis.barh(row, share, left=left, color=style.colour(number))
            marks.say(axis, name, measure, words.percent(share), x=(left, left + share), y=(row - 0.4, row + 0.4))
            left += share
    axis.set_xlim(0, 1)
    return figure


@style.applied()
def wide():
    figure, axis = plt.subplots(figsize=(style.FULL_WIDTH, 2))
    axis.bar([0, 1], [1, 2], color=["#ff0000", "#0000ff"])
    for place in (0, 1):
        marks.say(axis, f"bar {place}", x=(place - 0.4, place + 0.4), y=(0, place + 1))
    return figure


@style.applied()
def silent():
    figure, axis = plt.subplots(figsize=(style.PHONE_WIDTH, 1))
    axis.set_title(HOSTILE)  # in a comment of its SVG
    return figure


@pytest.fixture(scope="module")
def charts(tmp_path_factory):
    """A report of a chart with hostile names, a wide one and one that says nothing."""
    folder = tmp_path_factory.mktemp("charts")
    drawn = {"fig-shares": shares(), "fig-wide": wide(), "fig-silent": silent()}
    outputs = [new_output("display_data", {"text/markdown": "# T"})]
    for label, figure in drawn.items():
        about = {"figure": {"label": label, "fig-cap": "Caption.", "fig-alt": f"Alternative of {label}."}}
        outputs.append(new_output("display_data", {"image/svg+xml": style.svg(figure)}, metadata=about))
    cell = new_code_cell("show()", execution_count=1, outputs=outputs)
    nbformat.write(new_notebook(cells=[cell]), folder / "charts.ipynb")
    return rendering.render(folder / "charts.ipynb", folder, ["html"])["html"]


@pytest.fixture
def at(tab, charts):
    """Open the report at one of its figures."""

    def open_at(figure: str, size=DESK, dark=False):
        tab.open(charts, size, dark)
        tab.call("Emulation.setFocusEmulationEnabled", enabled=True)
        tab.value(f"document.querySelector('#{figure}').scrollIntoView({{block: 'center', behavior: 'instant'}})")
        return tab

    return open_at


TIP = "(() => { const tip = document.querySelector('.tip'); return tip.hidden ? null : tip.textContent; })()"


def middle(tab, figure: str, number: int) -> tuple[float, float]:
    box = tab.value(
        f"(() => {{ const box = document.querySelectorAll('#{figure} .marks > span')[{number}].getBoundingClientRect();"
        "return [box.x + box.width / 2, box.y + box.height / 2]; })()"
    )
    return tuple(box)


def move(tab, x: float, y: float) -> None:
    tab.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_a_mark_tells_its_values_under_the_pointer_and_hostile_names_stay_text(at, size):
    tab = at("figure-shares", size)
    for number, text in enumerate(TOLD):
        move(tab, *middle(tab, "figure-shares", number))
        assert tab.wait(TIP) == text
        box = tab.value("document.querySelector('.tip').getBoundingClientRect().toJSON()")
        assert box["left"] >= 0
        assert box["right"] <= size[0]
        assert box["top"] >= 0
    move(tab, 2, 2)
    assert tab.value(TIP) is None
    assert tab.value("document.querySelectorAll('.tip *').length") == 0
    assert tab.value("window.pwned") is None
    assert tab.errors == []
    assert tab.value("document.documentElement.scrollWidth") == size[0]


def test_a_chart_is_one_stop_of_the_keyboard_and_arrows_go_from_mark_to_mark(at):
    tab = at("figure-shares")
    assert tab.value("document.querySelectorAll('#figure-shares [tabindex=\"0\"]').length") == 1
    tab.value("document.querySelector('main').focus()")
    tab.press("Tab", 9)
    told = [tab.value(TIP)]
    for key, code in (("ArrowRight", 39), ("End", 35), ("ArrowDown", 40), ("ArrowLeft", 37), ("Home", 36)):
        tab.press(key, code)
        told.append(tab.value(TIP))
    assert told == [TOLD[0], TOLD[1], TOLD[3], TOLD[3], TOLD[2], TOLD[0]]
    assert tab.value("document.activeElement.getAttribute('aria-label')") == TOLD[0]
    tab.press("Escape", 27)
    assert tab.value(TIP) is None
    tab.press("Tab", 9)
    assert tab.value("document.activeElement.closest('.figure-frame').id") == "figure-wide"


@pytest.fixture
def tap(tab):
    tab.call("Emulation.setTouchEmulationEnabled", enabled=True)

    def at(x: float, y: float) -> None:
        tab.call("Input.dispatchTouchEvent", type="touchStart", touchPoints=[{"x": x, "y": y}])
        tab.call("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    yield at
    tab.call("Emulation.setTouchEmulationEnabled", enabled=False)


def test_a_tap_tells_and_a_tap_beside_ends_it(at, tap):
    tab = at("figure-shares", PHONE)
    tap(*middle(tab, "figure-shares", 3))
    assert tab.wait(TIP) == TOLD[3]
    tap(5, 5)
    assert tab.wait(f"({TIP}) === null")


def test_a_tap_beside_ends_it_where_a_tap_moves_no_focus(at, tap):
    tab = at("figure-shares", PHONE)
    over = "new PointerEvent('pointerover', { bubbles: true, pointerType: 'touch' })"
    tab.value(f"document.querySelector('#figure-shares .marks > span').dispatchEvent({over})")
    assert tab.value(TIP) == TOLD[0]
    tap(5, 5)
    assert tab.wait(f"({TIP}) === null")


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("figure", ["figure-shares", "figure-wide"])
def test_marks_lie_on_the_picture_at_every_size(at, figure, size):
    tab = at(figure, size)
    over = tab.value(
        f"['img', '.marks', '.plot'].map(part => document.querySelector('#{figure} ' + part).getBoundingClientRect())"
        ".map(box => [box.left, box.width])"
    )
    assert over[0] == over[2]
    scrolls = tab.value(f"(e => e.scrollWidth > e.clientWidth)(document.querySelector('#{figure} .scroll'))")
    assert scrolls == (figure == "figure-wide" and size == PHONE)
    colours = tab.value(
        f"""(async () => {{
          const picture = document.querySelector('#{figure} img');
          await picture.decode();
          const canvas = Object.assign(document.createElement('canvas'), {{ width: 1000, height: 1000 }});
          const pen = canvas.getContext('2d');
          pen.drawImage(picture, 0, 0, 1000, 1000);
          return [...document.querySelectorAll('#{figure} .marks > span')].map(mark => {{
            const [on, of] = [mark.getBoundingClientRect(), picture.getBoundingClientRect()];
            const x = 1000 * (on.x + on.width / 2 - of.x) / of.width;
            const y = 1000 * (on.y + on.height / 2 - of.y) / of.height;
            return [...pen.getImageData(x, y, 1, 1).data.slice(0, 3)].join();
          }});
        }})()"""
    )
    blue, orange = "0,114,178", "213,94,0"
    expected = {"figure-shares": [blue, orange, blue, orange], "figure-wide": ["255,0,0", "0,0,255"]}
    assert colours == expected[figure]


def test_text_alternatives_remain_and_marks_have_names(at):
    tab = at("figure-shares")
    alternatives = tab.value("[...document.querySelectorAll('.figure-frame img')].map(picture => picture.alt)")
    assert alternatives == [f"Alternative of {label}." for label in ("fig-shares", "fig-wide", "fig-silent")]
    names = "[...document.querySelectorAll('#figure-shares .marks > *')].map(mark => mark.getAttribute('aria-label'))"
    assert tab.value(names) == TOLD
    assert tab.value("document.querySelector('#figure-shares .marks').getAttribute('aria-label')").startswith(
        "Figure 1, its values"
    )
    assert tab.value("document.querySelectorAll('#figure-silent .plot').length") == 0


@pytest.mark.parametrize("dark", [False, True])
def test_what_is_told_has_contrast(at, dark):
    tab = at("figure-shares", dark=dark)
    move(tab, *middle(tab, "figure-shares", 1))
    style = "getComputedStyle(document.querySelector('.tip'))"
    assert tab.value(f"[{style}.color, {style}.backgroundColor]") == ["rgb(255, 255, 255)", "rgb(27, 36, 48)"]


def test_print_has_the_picture_alone(at):
    tab = at("figure-shares")
    move(tab, *middle(tab, "figure-shares", 1))
    tab.call("Emulation.setEmulatedMedia", media="print")
    shown = "[...document.querySelectorAll('.tip, .marks')].filter(part => getComputedStyle(part).display !== 'none')"
    assert tab.value(f"{shown}.length") == 0
    assert tab.value("document.querySelector('#figure-shares img').getBoundingClientRect().width") > 300
    tab.call("Emulation.setEmulatedMedia", media="")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.skipif(not AXE.exists(), reason="AXE_CORE names no axe.min.js")
def test_axe_finds_nothing(at, size, dark):
    tab = at("figure-shares", size, dark)
    tab.value("document.querySelector('#figure-shares .marks > span').focus()")
    tab.value(AXE.read_text(encoding="utf-8") + ";0")
    assert tab.value("axe.run().then(found => found.violations.map(one => one.id + ' ' + one.nodes[0].html))") == []
