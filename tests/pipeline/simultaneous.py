"""One run of the real driver whose notebooks are stood in for: each only notes whose customers it has seen.

Called as ``simultaneous.py DATA OUTPUTS K BAD_ROWS``; prints what the report holds while the run still has its folders.
"""

import random
import sys
import time
from contextlib import nullcontext
from pathlib import Path

from seg_utils.core.artefacts import read_json, write_json, write_text
from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import console, driver, runner
from seg_utils.pipeline.state import manifest
from seg_utils.reporting import rendering

PAUSE_SECONDS = 0.02


def seen_in(path):
    """Whose customers a file is of: the customers file says so, and each artefact passes it on."""
    return set(read_json(path)["seen"]) if path.suffix == ".json" or "seen" in path.read_text() else {path.read_text()}


def execute(stage):
    """Read everything, wait, write everything, with pauses in between."""
    seen = set()
    for path in stage.reads:
        if path.is_relative_to(OUTPUTS) or path == DATA:
            seen |= seen_in(path)
            time.sleep(random.random() * PAUSE_SECONDS / 10)
    seen |= {f"{name}={value}" for name, value in stage.parameters.items() if name in ("k", "bad_rows")}
    for path in stage.artefacts:
        time.sleep(random.random() * PAUSE_SECONDS / 10)
        write_json(path, {"seen": sorted(seen), "n_customers": 100, "k": 3, "recommended_k": 3})


def render(notebook, out_dir, formats, renderer, folders, name):
    time.sleep(random.random() * PAUSE_SECONDS)
    write_text(out_dir / f"{name}.html", " ".join(sorted(seen_in(notebook), key=lambda text: ("=" in text, text))))


def run(stage, progress):
    return rendering.write(**stage.parameters) if stage.name == manifest.RENDERING else execute(stage)


def write_manifest(folder, *others):
    print("holds", (folder / "report.html").read_text())
    write(folder, *others)


DATA, OUTPUTS = Path(sys.argv[1]), Path(sys.argv[2])
write = manifest.write
manifest.write = write_manifest
runner.run = run
runner.inputs = lambda stage: {
    "data": runner.fingerprint.files(stage.reads)[runner.fingerprint.file_key(stage.reads[0])],
    **runner.fingerprint.files(stage.reads),
    **{name: str(value) for name, value in stage.parameters.items()},
}
driver._check_customers = driver._check_catalogues = lambda *given: None
rendering.render = render
rendering.analyst_copy = lambda notebook, html: write_text(html, notebook.read_text())
console.timed = lambda *given: nullcontext()
request = Parameters(
    data=DATA, outputs=OUTPUTS, k=int(sys.argv[3]), bad_rows=sys.argv[4], formats=("html",), renderer="builtin"
)
print(*driver.report(request))
