"""What the report's Markdown must not hold, because only one of the renderers would understand it."""

import re

from seg_utils.core.errors import RenderError

BANNED = {
    r"\{\{<": "a Quarto shortcode",
    r"^:::.*\.panel-tabset": "a Quarto tabset",
    r"^:::.*\.panel-": "a Quarto panel",
    r"^:::.*\blayout(-\w+)?=": "a Quarto layout",
    r"^:::.*\.content-(visible|hidden)": "Quarto's conditional content",
    r"^:::.*\.column-(page|margin|body|screen)": "a Quarto page column",
    r"^(```+|~~~+)\s*\{": "code for Quarto to run",
    r"^(-{3,}|\*{3,}|_{3,}|\.{3})\s*$": "a rule or a metadata block",
    r"\{=\w+\}": "raw output for one format",
    r"^#+ .*\{.*\.unnumbered": "Quarto's heading numbers",
    r"@(sec|eq|lst|thm|exr)-": "a reference to something other than a figure or table",
}


def check(markdown: str, source: str) -> None:
    """Refuse Markdown outside the dialect.

    Raises:
        RenderError: names the construct and the line that holds it.
    """
    for line in markdown.splitlines():
        for pattern, name in BANNED.items():
            if re.search(pattern, line):
                raise RenderError(f"{source} holds {name}, which the report's dialect does not have: {line.strip()!r}")
