"""Sealing a page: nothing but our style and our script."""

import base64
import hashlib
import re

import pytest

from seg_utils.core.errors import RenderError
from seg_utils.reporting.rendering import html_page

WHOLE = '<html><head><meta charset="utf-8" /></head><body><p>x</p></body></html>'


def digests(html: str, tag: str) -> list[str]:
    found = re.findall(rf"<{tag}>(.*?)</{tag}>", html, flags=re.DOTALL)
    return [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in found]


def test_the_policy_names_exactly_what_is_there():
    sealed = html_page.seal(WHOLE)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', sealed)[1]
    (style,), (script,) = digests(sealed, "style"), digests(sealed, "script")
    assert f"style-src 'sha256-{style}'" in policy
    assert f"script-src 'sha256-{script}'" in policy
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "foreign",
    [
        "<script>alert(1)</script>",
        '<SCRIPT src="https://x/y.js"\n></SCRIPT >',
        "<style>p { color: red }</style>",
        '<link rel="stylesheet" href="x.css">',
        '<base href="https://x/">',
    ],
)
def test_what_a_renderer_adds_goes(foreign):
    assert html_page.seal(
        WHOLE.replace("</head>", f"{foreign}</head>").replace("<p>", f"{foreign}<p>")
    ) == html_page.seal(WHOLE)


@pytest.mark.parametrize("part", ["</head>", "</body>", '<meta charset="utf-8" />'])
def test_half_a_page_is_refused(part):
    with pytest.raises(RenderError, match="template was not used"):
        html_page.seal(WHOLE.replace(part, ""))
