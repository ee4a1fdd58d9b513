"""The last step of a page: our style and script go in, anything else that could run or load goes out."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from seg_utils.core.errors import RenderError
from seg_utils.reporting import typeface
from seg_utils.reporting.rendering import theme

SCRIPT = re.compile(r"<script\b[^>]*>.*?</script\s*>\s*", re.DOTALL | re.IGNORECASE)
STYLE = re.compile(r"<style\b[^>]*>.*?</style\s*>\s*|<(?:link|base)\b[^>]*>\s*", re.DOTALL | re.IGNORECASE)
CHARSET = re.compile(r'<meta charset="utf-8"\s*/?>', re.IGNORECASE)
HEAD_END = "</head>"
BODY_END = "</body>"


def seal(html: str, data: Mapping[str, Any] | None = None) -> str:
    """Put style, script and a content security policy that allows just these two into a rendered report.

    ``data`` go in as blocks by their ids, which no browser runs, for the forms that the script builds.

    Neither the theme's template nor the dialect can hold a script or a style, so all there are come from the renderer
    and go. The policy names ours by their hash: the page can run no other script and load nothing at all, even if
    text from a data file had found its way around the escaping.

    Raises:
        RenderError: the page lacks a head or a body to put them in.
    """
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
    """A page without its script elements."""
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
