"""Stands in for Quarto: does what Quarto documents, with pandoc and Typst, and writes down how it was called.

It reads the settings out of the notebook as Quarto would and uses those only, so a setting that is missing or wrong
shows in what it makes. Like Quarto it puts scripts and styles of its own into a page.
"""

import json
import os
import sys
from pathlib import Path

import typst
import yaml

from seg_utils.rendering import theme
from seg_utils.rendering.process import run

ADDED = """<script src="site_libs/quarto.js"></script>
<style>body { color: red }</style>
<link href="x.css" rel="stylesheet">
</head>"""


def main(program: Path, arguments: list[str]) -> None:
    if arguments == ["--version"]:
        print("1.8.25")
        return
    notebook, to, output = arguments[1], arguments[4], arguments[7]
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    settings = yaml.safe_load(cells[0]["source"].strip().removeprefix("---").removesuffix("---"))
    account = {
        "arguments": arguments,
        "folder": sorted(str(path) for path in Path().rglob("*") if path.is_file()),
        "settings": settings,
        "environment": {name: os.environ.get(name) for name in ("TYPST_IGNORE_SYSTEM_FONTS", "PATH")},
        "cells": cells,
    }
    Path(program).with_name("account.json").write_text(json.dumps(account), encoding="utf-8")
    if os.environ.get("STAND_IN_FAILS") == "loud":
        print("ERROR: YAML is invalid\nStack trace:", file=sys.stderr)
        sys.exit(1)
    if os.environ.get("STAND_IN_FAILS") != "silent":
        make(settings, cells[1]["source"], to, output)


def make(settings: dict, markdown: str, to: str, output: str) -> None:
    chosen = settings["format"][to]
    target = output if to == "html" else "report.typ"
    metadata = {name: settings[name] for name in ("title", "lang", "report-date") if name in settings}
    Path("metadata.yml").write_text(yaml.safe_dump(metadata))
    common = [f"--from={settings['from']}", f"--to={to}", f"--output={target}", f"--template={chosen['template']}"]
    filters = [f"--lua-filter={entry['path']}" for entry in settings["filters"]]
    embed = ["--embed-resources"] if chosen.get("embed-resources") else []
    more = ["--standalone", "--wrap=none", "--section-divs", "--metadata-file=metadata.yml"]
    run([str(theme.pandoc()), *common, *filters, *embed, *more], text=markdown)
    if to == "html":
        page = Path(target).read_text(encoding="utf-8").replace("</head>", ADDED)
        Path(target).write_text(page, encoding="utf-8")
    else:
        typst.compile(
            target, output=output, font_paths=chosen["font-paths"], ignore_system_fonts=True,
            pdf_standards=[chosen["pdf-standard"]],
        )  # fmt: skip
