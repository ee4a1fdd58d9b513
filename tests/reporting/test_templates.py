"""Texts with places for values."""

import pytest

from seg_utils.core import paths
from seg_utils.core.errors import CatalogueError
from seg_utils.reporting import markdown
from seg_utils.reporting.markdown import Markdown, escape_markdown

HOSTILE = "<b> **x** {{ 7 * 7 }} {% raw %} $ | `c`"


@pytest.fixture
def fill(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "TEXTS", tmp_path)
    markdown._environment.cache_clear()

    def fill(template, /, **values):
        (tmp_path / "some.md").write_text(template, encoding="utf-8")
        return markdown.fill("some", **values)

    yield fill
    markdown._environment.cache_clear()


def test_a_value_is_text_unless_it_says_that_it_is_markup(fill):
    assert fill("{{ text }}", text=HOSTILE) == escape_markdown(HOSTILE)
    assert fill("{{ text | capitalised }} {{ both | listing }}", text="*a*", both=["*b*"]) == "\\*a\\* \\*b\\*"
    assert fill("{{ text }} {{ text | capitalised }}", text=Markdown("*a*")) == "*a* *a*"
    assert isinstance(fill("*a*"), Markdown)


def test_numbers_are_written_as_everywhere(fill):
    text = "{{ n | count }}, {{ share | percent }}, {{ low | measure }}, {{ one | plural('row') }}, {{ low }}"
    assert fill("{{ n | money }} {{ none | money }} {{ n | signed('tenths') }}", n=0.5) == "\\$0\\.50 – \\+50\\.0 \\%"
    assert fill("{{ value('PURCHASES', n) }}", n=float("nan")) == "–"
    assert fill(text, n=1234.0, share=0.29, low=-0.5, one=1) == "1,234, 29 %, −0.50, 1 row, -0.5"


def test_what_markdown_calls_a_block_by_is_no_comment(fill):
    assert fill("::: {#form}\n<!-- a note -->\n:::\n") == "::: {#form}\n:::\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("one\n{% if x %}", r"report/text/some\.md, line 2: Unexpected end of template"),
        ("{{ nobody }}", r"report/text/some\.md: 'nobody' is undefined; values: share"),
        ("{{ share | unheard_of }}", r"report/text/some\.md, line 1: No filter named 'unheard_of'"),
    ],
)
def test_a_mistake_in_a_template_is_told_with_its_place(fill, text, message):
    with pytest.raises(CatalogueError, match=message):
        fill(text, share=0.5)


def test_every_text_is_one_that_the_report_depends_on():
    from seg_utils.core.parameters import Parameters
    from seg_utils.pipeline import stages
    from seg_utils.pipeline.state import layout

    parameters = Parameters()
    reads = stages.report(parameters, layout.layout(parameters), 7).reads
    texts = set(paths.TEXTS.iterdir())
    assert texts
    assert texts <= set(reads)
