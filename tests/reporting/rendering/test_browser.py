"""The page in a real browser: nothing overflows, fails or leaves the page, on a desk, on a phone and on paper."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from seg_utils.reporting import rendering, sections
from seg_utils.reporting.markdown import pipe_table

from ..sections.runs import make_run

pytestmark = pytest.mark.browser
DESK, PHONE = (1280, 900), (390, 844)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [DESK, PHONE, (768, 1024)])
def test_opens_without_error_overflow_or_request(tab, rendered, size, dark):
    tab.open(rendered["html"], size, dark)
    assert tab.value("document.documentElement.scrollWidth") == size[0]
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_long_words_and_many_columns_stay_inside(tab, executed, tmp_path, size):
    word = "id" + "0123456789" * 12
    table = pipe_table([[word] * 12], [f"A heading {column}" for column in range(12)], label="tbl-x", caption=word)
    callout = f'::: {{.callout-note title="{word}"}}\n{word}\n:::'
    facts = f"::: {{.facts}}\n- **{word}** {word}\n:::"
    parts = ["# T", word, f"## {word}", callout, facts, table, f"`{word}`", f"```\n{word}\n```"]
    tab.open(rendering.render(executed(*parts), tmp_path / "out", ["html"])["html"], size)
    assert tab.value("document.documentElement.scrollWidth") == size[0]


MISFITS = """(() => {
  const wrong = [];
  for (const frame of document.querySelectorAll('.table-frame .scroll')) {
    const table = frame.querySelector('table');
    if (table.offsetWidth > frame.clientWidth && %s) wrong.push(`${frame.parentElement.id} is too wide`);
    for (const cell of table.querySelectorAll('th, td')) {
      if (getComputedStyle(cell.closest('thead, tbody')).position === 'absolute') continue; // read out, not shown
      const text = document.createRange();
      text.selectNodeContents(cell);
      const outer = cell.getBoundingClientRect();
      const out = line => line.left < outer.left - 0.5 || line.right > outer.right + 0.5;
      if ([...text.getClientRects()].some(out)) wrong.push(`out: ${cell.textContent}`);
    }
  }
  return wrong;
})()"""


@pytest.fixture(scope="module")
def long_names(tmp_path_factory):
    """The page of a run with long names and amounts, one of its segments too weak to build on."""
    names = [f"Cash-advance dependent, more frequent instalments, kind {number}" for number in range(7)]
    names[:3] = ["Responsible low spenders, higher cash-advance balance", "Transactors", "Buy-now-pay-later devotees"]
    run = make_run(7, names=names, jaccard=[0.3, *[0.9] * 6])
    run.economics[[f"campaign_value_{case}" for case in ("low", "base", "high")]] = [-115_988, -114_897, -113_442]
    made = [sections.actions.strategy, sections.actions.audiences, sections.economics.page, sections.actions.test_plan]
    folder = tmp_path_factory.mktemp("long")
    parts = [new_output("display_data", {"text/markdown": text}) for text in ("# T", *(one(run) for one in made))]
    cell = new_code_cell("show()", execution_count=1, outputs=parts)
    nbformat.write(new_notebook(cells=[cell]), folder / "long.ipynb")
    return rendering.render(folder / "long.ipynb", folder, ["html"])["html"]


@pytest.mark.parametrize(("size", "whole"), [(DESK, "true"), ((1480, 900), "true"), ((768, 1024), "false")])
def test_no_text_crosses_its_cell_and_tables_fit_a_desk(tab, long_names, size, whole):
    tab.open(long_names, size)
    assert tab.value("document.querySelectorAll('.table-frame td').length") > 100
    assert tab.value(MISFITS % whole) == []


# Of each move, whether its segment's name takes several lines and what follows stays on the last one
FOLLOWS = """[...document.querySelectorAll('.moves .persona')].map(name => {
  const text = document.createRange();
  text.setStart(name.nextSibling, 0);
  text.setEnd(name.nextSibling, 1);
  const last = [...name.getClientRects()].at(-1);
  return name.getClientRects().length > 1 && Math.abs(text.getBoundingClientRect().bottom - last.bottom) < 4;
})"""


def test_what_follows_a_long_name_in_a_move_stays_on_its_line(tab, tmp_path):
    run = make_run(
        2, names=["Dormant customers, higher spend and larger payments", "Transactors of a name longer than one line"]
    )
    folder = tmp_path / "moves"
    folder.mkdir()
    shown = new_output("display_data", {"text/markdown": sections.page_one.page(run)})
    cell = new_code_cell("show()", execution_count=1, outputs=[shown])
    nbformat.write(new_notebook(cells=[cell]), folder / "moves.ipynb")
    tab.open(rendering.render(folder / "moves.ipynb", folder, ["html"])["html"], PHONE)
    assert tab.value(FOLLOWS) == [True, True]


def test_contents_are_open_on_a_desk_and_folded_on_a_phone(tab, rendered):
    is_open = "document.getElementById('contents').open"
    tab.open(rendered["html"], DESK)
    assert tab.value(is_open) is True
    tab.open(rendered["html"], PHONE)
    assert tab.value(is_open) is False
    assert tab.value("getComputedStyle(document.querySelector('.bar')).position") == "sticky"


def test_a_table_sorts_by_number_and_says_so(tab, rendered):
    tab.open(rendered["html"], DESK)
    column = "[...document.querySelectorAll('#table-glance tbody tr')].map(row => row.cells[1].textContent.trim())"
    heading = "document.querySelectorAll('#table-glance th[scope=col]')[1]"
    before = tab.value(column)
    tab.value(f"{heading}.querySelector('button').click()")
    assert tab.value(column) == sorted(before, key=lambda text: int(text.replace(",", "")))
    assert tab.value(f"{heading}.getAttribute('aria-sort')") == "ascending"
    tab.value(f"{heading}.querySelector('button').click()")
    assert tab.value(column) == before
    assert tab.value(f"{heading}.getAttribute('aria-sort')") == "descending"


def test_wordy_tables_become_cards_on_a_phone(tab, rendered):
    tab.open(rendered["html"], PHONE)
    assert tab.value("getComputedStyle(document.querySelector('#table-strategy td')).display") == "block"
    assert (
        tab.value("getComputedStyle(document.querySelector('#table-strategy td'), '::before').content") == '"Objective"'
    )


CONTRAST = """(() => {
  const level = channel => channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  const light = colour => { const [r, g, b] = colour.match(/[\\d.]+/g).map(Number).map(part => level(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const clear = colour => colour === 'transparent' || /, 0\\)$/.test(colour);
  const ground = element => { for (; element; element = element.parentElement) {
    const colour = getComputedStyle(element).backgroundColor; if (!clear(colour)) return colour; }
    return 'rgb(255,255,255)'; };
  const low = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
    if (!own || ['SCRIPT', 'STYLE'].includes(element.tagName)) continue;
    const [a, b] = [light(getComputedStyle(element).color), light(ground(element))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) low.push([element.className || element.tagName, contrast.toFixed(2)].join(' '));
  }
  return low;
})()"""


@pytest.mark.parametrize("dark", [False, True])
def test_text_has_contrast(tab, rendered, dark):
    tab.open(rendered["html"], DESK, dark)
    assert tab.value(CONTRAST) == []


ACCESS = """(() => {
  const wrong = [];
  const ids = [...document.querySelectorAll('[id]')].map(element => element.id);
  wrong.push(...ids.filter((id, place) => ids.indexOf(id) !== place).map(id => `id ${id} twice`));
  for (const element of document.querySelectorAll('[aria-labelledby]'))
    if (!document.getElementById(element.getAttribute('aria-labelledby'))) wrong.push('a label that is not there');
  for (const element of document.querySelectorAll('a, button, summary, [role=group], [role=figure], th[scope=row]'))
    if (!(element.textContent.trim() || element.getAttribute('aria-label'))) wrong.push(`${element.outerHTML} unnamed`);
  for (const link of document.querySelectorAll('a[href^="#"]'))
    if (!document.getElementById(decodeURIComponent(link.hash.slice(1)))) wrong.push(`${link.hash} leads nowhere`);
  let level = 0;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    if (Number(heading.tagName[1]) > level + 1) wrong.push(`${heading.textContent} skips a level`);
    level = Number(heading.tagName[1]);
  }
  for (const element of document.querySelectorAll('.scroll, pre'))
    if (element.scrollWidth > element.clientWidth + 1 && element.tabIndex < 0) wrong.push('scrolls without keyboard');
  return wrong;
})()"""


@pytest.mark.parametrize("size", [DESK, PHONE])
def test_names_labels_levels_and_links_are_whole(tab, rendered, size):
    tab.open(rendered["html"], size)
    assert tab.value(ACCESS) == []


def test_an_injected_script_cannot_run(tab, rendered, tmp_path):
    """Even had a data file's text got through every escape, the page's policy stops it."""
    html = rendered["html"].read_text(encoding="utf-8")
    pwned = '<script>window.pwned = 1</script><img src="x" onerror="window.pwned = 2"></main>'
    (tmp_path / "injected.html").write_text(html.replace("</main>", pwned), encoding="utf-8")
    tab.open(tmp_path / "injected.html", DESK)
    assert tab.value("window.pwned") is None
    assert tab.errors != []


def test_print_leaves_out_what_paper_cannot_do(tab, rendered):
    tab.open(rendered["html"], DESK, dark=True)
    tab.call("Emulation.setEmulatedMedia", media="print")
    assert tab.value("getComputedStyle(document.querySelector('.bar')).display") == "none"
    assert tab.value("getComputedStyle(document.body).backgroundColor") in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
