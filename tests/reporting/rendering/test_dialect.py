"""The dialect holds only what both renderers understand."""

import pytest

from seg_utils.core.errors import RenderError
from seg_utils.reporting.markdown import escape_markdown
from seg_utils.reporting.rendering import document

FOREIGN = [
    "{{< include secrets.md >}}",
    "::: {.panel-tabset}",
    '::: {.content-visible when-format="html"}',
    "::: {layout-ncol=2}",
    "::: {.column-margin}",
    "```{python}",
    "`<b>`{=html}",
    "see @sec-method",
    "---",
]


@pytest.mark.parametrize("line", FOREIGN)
def test_a_construct_of_one_renderer_is_refused_with_its_line(line):
    with pytest.raises(RenderError) as caught:
        document.check_dialect(f"# Title\n\n{line}\n", "report.ipynb")
    assert str(caught.value).startswith("report.ipynb holds ")
    assert repr(line) in str(caught.value)


@pytest.mark.parametrize("line", FOREIGN)
def test_the_same_out_of_a_data_file_is_text(line):
    document.check_dialect(f"An id: {escape_markdown(line)}", "report.ipynb")
    document.check_dialect(escape_markdown(line), "report.ipynb")


@pytest.mark.parametrize("line", ['::: {.callout-note title="Page layout"}', "::: {.columns}", "```\nmake report\n```"])
def test_what_only_looks_foreign_passes(line):
    document.check_dialect(line, "report.ipynb")


def test_a_whole_report_is_within_it(notebook):
    document.check_dialect(document.read(notebook).markdown, "report.ipynb")
