"""The last step of a page, and of a notebook's copy for the analyst: our style and script go in, anything else that
could run or load goes out."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from seg_utils.core import artefacts
from seg_utils.core.errors import RenderError
from seg_utils.reporting import typeface
from seg_utils.reporting.rendering import theme

SCRIPT = re.compile(r"<script\b[^>]*>.*?</script\s*>\s*", re.DOTALL | re.IGNORECASE)
STYLE = re.compile(r"<style\b[^>]*>.*?</style\s*>\s*|<(?:link|base)\b[^>]*>\s*", re.DOTALL | re.IGNORECASE)
CHARSET = re.compile(r'<meta charset="utf-8"\s*/?>', re.IGNORECASE)
HEAD_END = "</head>"
BODY_END = "</body>"


def seal(html: str, data: Mapping[str, Any] | None = None) -> str:
    """Put style, script and a content security policy that allows just these two into a rendered report; a RenderError
    where the page lacks a head or a body. ``data`` go in as blocks by their ids, which no browser runs, for the forms
    that the script builds. Neither the theme's template nor the dialect can hold a script or a style, so all there are
    come from the renderer and go. The policy names ours by their hash: the page can run no other script and load
    nothing at all, even if text from a data file had found its way around the escaping."""
    rendered = STYLE.sub("", without_scripts(html))
    if rendered.count(HEAD_END) != 1 or rendered.count(BODY_END) != 1:
        raise RenderError("the renderer's HTML is not one whole page; its template was not used")
    style, script = f"{typeface.css()}\n{theme.stylesheet()}", theme.script()
    policy = (
        f"default-src 'none'; img-src data:; font-src data:; style-src {_source(style)}; script-src {_source(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    rendered = rendered.replace(HEAD_END, f"<style>{style}</style>\n{HEAD_END}")
    blocks = "".join(data_block(name, values) for name, values in (data or {}).items())
    return guard(rendered.replace(BODY_END, f"{blocks}<script>{script}</script>\n{BODY_END}"), policy)


def data_block(name: str, values: Mapping[str, Any]) -> str:
    """Plain values as an element that a script can read and that nothing in them can leave."""
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), allow_nan=False)  # ASCII only
    for letter in "<>&":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return f'<script type="application/json" id="{name}">{text}</script>\n'


def without_scripts(html: str) -> str:
    return SCRIPT.sub("", html)


def guard(html: str, policy: str) -> str:
    """Give a page a content security policy, ahead of everything the policy could refuse."""
    charset = CHARSET.search(html)
    if charset is None:
        raise RenderError("the renderer's HTML does not say that it is UTF-8; its template was not used")
    meta = f'{charset[0]}\n<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return html[: charset.start()] + meta + html[charset.end() :]


def _source(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


# nbconvert styles elements in place; scripts, of nbconvert or out of a data file, are refused
NOTEBOOK_POLICY = (
    "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)


def write_notebook(notebook: Path, html: Path) -> Path:
    """See ``seg_utils.reporting.rendering.analyst_copy``."""
    import nbformat  # with nbconvert half a second and more, so imported where it is needed

    try:
        content = nbformat.read(notebook, as_version=4)
    except (OSError, ValueError) as error:
        raise RenderError(f"{notebook} cannot be read as a notebook: {error}") from None
    content.cells = _parameters_once(content.cells)
    body, _ = _exporter().from_notebook_node(content, resources={"metadata": {"name": notebook.stem}})
    artefacts.write_text(html, guard(without_scripts(body), NOTEBOOK_POLICY))
    return html


@cache
def _exporter() -> Any:
    """One for all notebooks: its templates take longer to compile than a notebook takes to be filled in."""
    from nbconvert import HTMLExporter

    return HTMLExporter()


def _parameters_once(cells: list[Any]) -> list[Any]:
    """The cells without the notebook's default parameters where those it ran with stand beside them."""
    tags = [cell.metadata.get("tags", []) for cell in cells]
    if not any("injected-parameters" in tagged for tagged in tags):
        return cells
    return [cell for cell, tagged in zip(cells, tags, strict=True) if "parameters" not in tagged]
