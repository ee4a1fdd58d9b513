"""Text out of a data file shows as it is, in every place a report has, and does nothing, by either renderer."""

import re
import shutil
import subprocess
from html import escape, unescape
from html.parser import HTMLParser

import pytest
from pypdf import PdfReader

from seg_utils.reporting import rendering
from seg_utils.reporting.markdown import escape_markdown, pipe_table, printable

HOSTILE = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</style></head></body>", "<!-- comment -->",
    "a|b|c", "`code` ``x``", "line\r\nbreak\n# heading", "[x](javascript:alert(1))", "`<b>x</b>`{=html}", "$x^2$ $$y$$",
    "@fig-x @tbl-x", "#set page(fill: red) #panic()", "&lt;b&gt; &amp; &#60;", "{{< include /etc/passwd >}}",
    "::: {.facts}", "- item", "1. item", "(1) one", "    code", "https://example.com/a_b", "<https://example.com>",
    "*a* _b_ **c** ~d~ ^e^", "\\ \\\\ \\n", "\"quoted\" 'single' -- --- ...", '=HYPERLINK("https://x")', "/ term: def",
    "= heading", "+ plus", "label <tbl-x>", "a@example.com", "![i](https://x/y.png)", "[^1] ^[note]",
    "客户 42", "emoji 😀", "[]{.badge}", "--- ---", "Term\n: def", "//comment", "/* c */",
    "\\u{1f600}", "%d {0}", "~", "@", "\\", "{{< env HOME >}}", "{{{< meta title >}}}", "a >}} b", "{#tbl-y .hidden}",
]  # fmt: skip
PLACES = 5
TITLE = "Title {{< env HOME >}}"
ALTERNATIVE = printable(" ".join(HOSTILE))
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9pt" height="9pt"></svg>'


def as_shown(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="module", params=["builtin", "stand-in", "quarto"])
def hostile(request, quarto, tmp_path_factory):
    import nbformat
    from nbformat.v4 import new_code_cell, new_notebook, new_output

    safe = [escape_markdown(text) for text in HOSTILE]
    parts = [f"# {escape_markdown(TITLE)}", *safe, *(f"## {text}" for text in safe)]
    parts += [f'::: {{.callout-note title="{text}"}}\n{text}\n:::' for text in safe]
    parts += [pipe_table([[text, text] for text in HOSTILE], ["Id", HOSTILE[0]], label="tbl-x", caption=safe[0])]
    outputs = [new_output("display_data", {"text/markdown": part}) for part in parts]
    about = {"label": "fig-x", "fig-cap": "Picture", "fig-alt": ALTERNATIVE}
    outputs.append(new_output("display_data", {"image/svg+xml": PICTURE}, metadata={"figure": about}))
    folder = tmp_path_factory.mktemp("hostile")
    nbformat.write(new_notebook(cells=[new_code_cell("x", execution_count=1, outputs=outputs)]), folder / "h.ipynb")
    if request.param == "builtin":
        return rendering.render(folder / "h.ipynb", folder)
    executable = {"stand-in": str(quarto), "quarto": shutil.which("quarto")}[request.param]
    if executable is None:
        pytest.skip("the real quarto is not on PATH")
    return rendering.render(folder / "h.ipynb", folder, renderer=rendering.choose("quarto", executable))


class Reader(HTMLParser):
    """Tags, targets, the text and the text alternatives of a part of a page."""

    def __init__(self, html: str, part: str):
        super().__init__()
        self.tags, self.targets, self.text, self.handlers, self.alternatives = set(), [], [], [], []
        self.feed(html[html.index(f"<{part}") : html.index(f"</{part}>")])

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.targets += [value for name, value in attributes if name in ("href", "src")]
        self.alternatives += [value for name, value in attributes if name == "alt"]
        self.handlers += [name for name, _ in attributes if name.startswith("on") or name == "style"]

    def handle_data(self, data):
        self.text.append(data)


def test_html_shows_it_and_runs_nothing(hostile):
    html = hostile["html"].read_text(encoding="utf-8")
    reader = Reader(html, "main")
    shown = as_shown(" ".join(reader.text))
    missing = [text for text in HOSTILE if shown.count(as_shown(text)) < PLACES]
    assert missing == []
    assert reader.tags <= {
        "main",
        "section",
        "h1",
        "h2",
        "p",
        "div",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "strong",
        "img",
    }
    assert all(target.startswith("data:image/svg+xml;base64,") for target in reader.targets)
    assert reader.alternatives == [ALTERNATIVE]
    assert reader.handlers == []
    assert len(re.findall("<script", html)) == 1


def test_contents_show_it(hostile):
    shown = as_shown(" ".join(Reader(hostile["html"].read_text(encoding="utf-8"), "nav").text))
    assert [text for text in HOSTILE if as_shown(text) not in shown] == []


def test_no_other_place_of_a_page_carries_it_out(hostile):
    html = hostile["html"].read_text(encoding="utf-8")
    assert f"<title>{escape(TITLE)}</title>" in html
    names = map(unescape, re.findall(r'aria-label="([^"]*)"', html))
    assert set(names) == {"Contents", "Figure 1", ALTERNATIVE}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not on PATH")
def test_pdf_shows_it(hostile):
    read = ["pdftotext", "-layout", str(hostile["pdf"]), "-"]
    shown = as_shown(subprocess.run(read, capture_output=True, text=True, check=True).stdout)
    assert [text for text in HOSTILE if shown.count(as_shown(text)) < PLACES] == []


def test_title_and_text_alternative_of_the_pdf_are_as_written(hostile):
    reader = PdfReader(hostile["pdf"])
    assert reader.metadata.title == TITLE
    objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    assert ALTERNATIVE in [element.get("/Alt") for element in objects if isinstance(element, dict)]
