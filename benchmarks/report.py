"""What notebooks, bookkeeping and separate processes cost: `make report K=7` beside one plain script of the same work.

The plain script runs the code cells of the notebooks that `make report` runs, in order, in one process; then it writes
the exports and renders the report notebook to HTML and PDF. Both sides compute the same, draw the same figures
and render the same pages. They take turns, each going first every other round, and are measured with all their child
processes: CPU time, and the memory that is theirs alone (USS), added up five times a second.

``python benchmarks/report.py [rounds]``
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from seg_utils.core.paths import PROJECT
from seg_utils.pipeline.notebooks import stored_outputs
from seg_utils.pipeline.notebooks.execution import PINNED

ROUNDS = 3
INTERVAL = 0.2
# Notebooks that `make report` does not run
LEFT_OUT = ("05_compare.ipynb", "06_month.ipynb")

# Runs cells and formats what they show, as a kernel does, so that tables and figures are made
PLAIN = """
import json, os, sys
from IPython.core.interactiveshell import InteractiveShell

class Shell(InteractiveShell):
    def enable_gui(self, gui=None):
        pass

shell = Shell.instance()
for folder, source in json.load(open(sys.argv[1])):
    os.chdir(folder)
    shell.run_cell(source).raise_error()
"""

LAST = """
from pathlib import Path
from seg_utils.reporting import rendering, run_exports
run_exports.write(dataset, run)
rendering.render(Path({executed!r}), run)
"""


def plain_cells(project: Path, executed: Path) -> list[tuple[str, str]]:
    """The code cells of the notebooks, each with its notebook's folder; then exports and rendering of ``executed``, the
    report notebook as it was run."""
    cells = []
    for path in stored_outputs.notebooks(project):
        if path.name in LEFT_OUT:
            continue
        sources = json.loads(path.read_text(encoding="utf-8"))["cells"]
        cells += [(str(path.parent), "".join(cell["source"])) for cell in sources if cell["cell_type"] == "code"]
    return [*cells, (cells[-1][0], LAST.format(executed=str(executed)))]


def measured(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MB of a command with all its children."""
    watcher = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started, most = time.perf_counter(), 0.0
    with subprocess.Popen(
        [sys.executable, "-c", watcher, *command],
        cwd=folder,
        env=environment | PINNED | {"MPLBACKEND": "agg"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        while process.poll() is None:
            most = max(most, held(psutil.Process(process.pid).children(recursive=True)))
            time.sleep(INTERVAL)
        wall, said = time.perf_counter() - started, process.communicate()[0]
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return wall, float(said), most


def held(processes: list[psutil.Process]) -> float:
    """What processes hold alone, in MB; one that has just ended holds nothing."""
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().uss
        except psutil.Error:
            continue
    return total / 2**20


def report_into(folder: str) -> list[str]:
    """The command behind `make report K=7`, with its results elsewhere."""
    return [sys.executable, "-m", "seg_utils", "report", "K=7", "RENDERER=builtin", f"OUTPUTS={folder}"]


def one_round(executed: Path, *, plain_first: bool) -> dict[str, tuple[float, float, float]]:
    """Both sides measured one after the other, in fresh folders."""
    with tempfile.TemporaryDirectory() as folder:
        project = stored_outputs.sandbox(Path(folder))
        (project / "plain.py").write_text(PLAIN, encoding="utf-8")
        (project / "cells.json").write_text(json.dumps(plain_cells(project, executed)), encoding="utf-8")
        sides = {
            "plain script": ([sys.executable, "plain.py", "cells.json"], project),
            "make report": (report_into(f"{folder}/made"), PROJECT),
        }
        order = sorted(sides, reverse=plain_first)
        return {name: measured(*sides[name]) for name in order}


def main(rounds: int = ROUNDS) -> None:
    """Print both sides and their ratio for each round, then the median ratio and its spread."""
    print(f"{'':<14}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    ratios = []
    with tempfile.TemporaryDirectory() as first:
        measured(report_into(first), PROJECT)
        executed = next(Path(first).rglob("notebooks/report.ipynb"))
        for number in range(rounds):
            rows = one_round(executed, plain_first=bool(number % 2))
            for name, row in rows.items():
                print(f"{name:<14}{row[0]:>9.1f}{row[1]:>9.1f}{row[2]:>9.0f}")
            ratios.append([ours / plain for ours, plain in zip(rows["make report"], rows["plain script"], strict=True)])
    for title, value in (("median ratio", statistics.median), ("least", min), ("most", max)):
        print(f"{title:<14}" + "".join(f"{value(column):>9.2f}" for column in zip(*ratios, strict=True)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
