"""Stands in for Quarto, by means of pandoc and Typst, and writes down how it was called.

It reads the settings out of the notebook as Quarto does and uses those only, so a setting that is missing or wrong
shows in what it makes. It is as unkind as the real one, which was run in versions 1.8 to 1.11:

- a cell's source that is one string loses its line ends;
- around a cell and each of its outputs it draws blocks of its own, within which ours would close at the wrong place,
  unless the cell says ``output: asis``;
- it puts a cell's code into the page unless ``echo`` is off;
- an output of HTML or a picture goes through tools and files of its own: here, that is an error;
- a Typst template of one's own does not know what a highlight theme makes pandoc write, and there is one unless
  ``highlight-style`` is ``none``;
- ``font-paths`` in the settings is read relative to the project, so only ``TYPST_FONT_PATHS`` leads anywhere else;
- ``--quiet`` hides every message, the filter's own ones, too; without it they come after much else;
- a ``_quarto.yml`` in any folder above takes over unless the working folder has one;
- before 1.9 it passes no PDF standard on to Typst;
- ``minimal`` leaves sections without an element of their own unless ``section-divs`` is set;
- what looks like a shortcode it carries out in attributes, in raw text, in code and in metadata, though it was escaped;
- it puts scripts and styles of its own into a page, writes the page anew and gives tables and rows classes of its own.

That its launcher waits for a program that it starts, instead of becoming it, is the fixture's part.
"""

import json
import os
import re
import sys
import time
from pathlib import Path

import typst
import yaml

from seg_utils.core.errors import RenderError
from seg_utils.reporting.rendering import theme
from seg_utils.reporting.rendering.renderer import run

ADDED = """<script src="site_libs/quarto.js"></script>
<style>body { color: red }</style>
<link href="x.css" rel="stylesheet">
</head>"""
# What it does after our filter, as a filter
SHORTCODES = """
local function carried_out(text) return (text:gsub("{{<.->}}", "CARRIED OUT")) end
local function attributes(element)
  for name, value in pairs(element.attributes) do element.attributes[name] = carried_out(value) end
  return element
end
local function text(element) element.text = carried_out(element.text) return element end
local function word(str)
  if str.text:match("{{<$") or str.text:match("^>}}") then return pandoc.Str("CARRIED OUT") end
end
local function metadata(doc)
  doc.meta = pandoc.Pandoc({}, doc.meta):walk({ Str = word }).meta
  return doc
end
return { { Pandoc = metadata, Div = attributes, Span = attributes, Header = attributes, Link = attributes,
  Image = attributes, RawBlock = text, RawInline = text, Code = text, CodeBlock = text } }
"""
METADATA_LINES = "pandoc\n  to: html\n  standalone: true\n\nmetadata\n  title: Report\n  lang: en-GB\n  \n"
TOOLS = {"pandoc": "pandoc 3.8\nFeatures: +lua", "typst": "typst 0.14.2"}


def main(program: Path, arguments: list[str]) -> None:
    version = os.environ.get("STAND_IN_VERSION", "1.9.38")
    if arguments[-1:] == ["--version"]:
        # a tool's version comes out beside the standard output
        print(
            version if len(arguments) == 1 else TOOLS[arguments[0]],
            file=sys.stdout if len(arguments) == 1 else sys.stderr,
        )
        return
    if os.environ.get("STAND_IN_HANGS"):
        Path(program).with_name("started").touch()
        time.sleep(20)
        Path(program).with_name("woke").touch()
        sys.exit(1)
    notebook, to, output = arguments[1], arguments[4], arguments[arguments.index("--output") + 1]
    cells = json.loads(Path(notebook).read_text(encoding="utf-8"))["cells"]
    settings = yaml.safe_load(as_read(cells[0]["source"]).strip().removeprefix("---").removesuffix("---"))
    markdown = "\n\n".join(shown(cell, settings) for cell in cells[1:])
    account = {
        "arguments": arguments,
        "folder": sorted(str(path) for path in Path().rglob("*") if path.is_file()),
        "environment": {name: os.environ.get(name) for name in ("TYPST_IGNORE_SYSTEM_FONTS", "PATH")},
        "cells": cells,
        "settings": settings,
    }
    Path(program).with_name("account.json").write_text(json.dumps(account), encoding="utf-8")
    if os.environ.get("STAND_IN_FAILS") == "silent":
        return
    say = (lambda text: None) if "--quiet" in arguments else (lambda text: print(text, file=sys.stderr))
    say(METADATA_LINES)
    if os.environ.get("STAND_IN_FAILS") == "loud":
        say("ERROR: YAML is invalid\nStack trace:\n  at render (quarto.js:1)")
        sys.exit(1)
    try:
        make(settings, markdown, to, target_of(output), tuple(map(int, version.split(".")[:2])))
    except (RenderError, typst.TypstError) as error:
        say(f"{str(error).partition(': ')[2] or error}\nWARN: Error encountered when rendering files")
        sys.exit(1)


def as_read(source: list[str] | str) -> str:
    return "".join(source) if isinstance(source, list) else "".join(source.splitlines())


def shown(cell: dict, settings: dict) -> str:
    if cell["cell_type"] == "markdown":
        return as_read(cell["source"])
    options = [line for line in cell["source"] if line.startswith("#| ")]
    code = "".join(line for line in cell["source"] if line not in options)
    outputs = []
    for output in cell["outputs"]:
        if set(output["data"]) != {"text/markdown"}:
            sys.exit(f"ERROR: an output of {', '.join(output['data'])}")
        outputs.append("".join(output["data"]["text/markdown"]))
    if "#| output: asis\n" not in options:
        outputs = [f"::: {{.cell-output}}\n{text}\n:::" for text in outputs]
        outputs = ["::: {.cell}", *outputs, ":::"]
    echoed = [f"```\n{code}\n```"] if code and settings.get("echo", True) else []
    return "\n\n".join([*echoed, *outputs])


def target_of(output: str) -> Path:
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "_quarto.yml").is_file():
            project = yaml.safe_load((folder / "_quarto.yml").read_text())["project"]
            if project["type"] != "default":
                (folder / "_site").mkdir(exist_ok=True)
                return folder / "_site" / output
            break
    return here / output


def make(settings: dict, markdown: str, to: str, target: Path, version: tuple[int, int]) -> None:
    chosen = settings["format"][to]
    written = target if to == "html" else Path("report.typ")
    metadata = {name: settings[name] for name in ("title", "lang", "report-date") if name in settings}
    Path("metadata.yml").write_text(yaml.safe_dump(metadata))
    Path("shortcodes.lua").write_text(SHORTCODES)
    common = [f"--from={settings['from']}", f"--to={to}", f"--output={written}", f"--template={chosen['template']}"]
    filters = [f"--lua-filter={path}" for path in (*(entry["path"] for entry in settings["filters"]), "shortcodes.lua")]
    embed = ["--embed-resources"] if chosen.get("embed-resources") else []
    sections = ["--section-divs"] if chosen.get("section-divs") or not chosen.get("minimal") else []
    more = ["--standalone", "--wrap=none", "--metadata-file=metadata.yml"]
    run([str(theme.pandoc()), *common, *filters, *embed, *sections, *more], text=markdown)
    if to == "html":
        written.write_text(marked(written.read_text(encoding="utf-8")).replace("</head>", ADDED), encoding="utf-8")
        return
    if settings.get("highlight-style") != "none" and version >= (1, 9):
        written.write_text(written.read_text(encoding="utf-8") + "\n#Skylighting()\n", encoding="utf-8")
    fonts = [path for path in re.split(os.pathsep, os.environ.get("TYPST_FONT_PATHS", "")) if path]
    fonts += [str(Path.cwd() / path.lstrip("/")) for path in chosen.get("font-paths", ())]
    typst.compile(
        str(written),
        output=str(target),
        font_paths=fonts,
        ignore_system_fonts=os.environ.get("TYPST_IGNORE_SYSTEM_FONTS") == "true",
        pdf_standards=[chosen["pdf-standard"]] if version >= (1, 9) else [],
    )


def marked(page: str) -> str:
    """A page as it is once Quarto has read it and written it anew."""
    page = page.replace("<table", '<table class="caption-top"').replace('"caption-top" class="', '"caption-top ')
    return page.replace("<tr>", '<tr class="odd">').replace(" />", ">")


def without_marks(page: bytes) -> bytes:
    """A page, of whichever renderer, for comparison: without what ``marked`` changes."""
    return re.sub(rb' class="(?:caption-top|odd)"|caption-top | /(?=>)', b"", page)
