"""The report's longer texts: Markdown with places for values, one Jinja template each under ``report/text/``."""

from functools import cache, wraps
from numbers import Real
from typing import TYPE_CHECKING, Any

from seg_utils.core import paths, words
from seg_utils.core.errors import CatalogueError
from seg_utils.reporting.markdown import Markdown, escape_markdown

if TYPE_CHECKING:
    from jinja2 import Environment

WRITTEN = {name: getattr(words, name) for name in ("count", "percent", "measure", "money", "plural")}
"""How numbers are written in a template: ``{{ share | percent }}``."""


def fill(name: str, /, **values: Any) -> Markdown:
    """A template with its values. A value is a number, or text in which nothing is markup, unless it is ``Markdown``.

    Raises:
        CatalogueError: the template is none, or asks for a value that there is not.
    """
    import jinja2

    try:
        return Markdown(_environment().get_template(f"{name}.md").render(values))
    except jinja2.TemplateSyntaxError as error:
        raise CatalogueError(f"report/text/{name}.md, line {error.lineno}: {error.message}") from None
    except jinja2.TemplateError as error:
        raise CatalogueError(f"report/text/{name}.md: {error.message}; values: {', '.join(sorted(values))}") from None


@cache
def _environment() -> "Environment":
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(paths.TEXTS),
        undefined=jinja2.StrictUndefined,
        finalize=lambda value: value if isinstance(value, Markdown | Real) else escape_markdown(value),
        comment_start_string="<!--",  # Jinja's own is how Markdown names things
        comment_end_string="-->",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update({name: _markup_free(write) for name, write in WRITTEN.items()})
    environment.filters.update(listing=words.listing, capitalised=lambda text: type(text)(words.capitalised(text)))
    return environment


def _markup_free(write: Any) -> Any:
    """What writes numbers writes nothing that would have to be escaped."""
    return wraps(write)(lambda *given: Markdown(write(*given)))
