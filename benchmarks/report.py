"""What the notebooks and the rendering cost: `make report K=7` beside one plain script of the same computations.

The plain script is made of the notebooks' own code cells, in order, in one process: it computes the same, draws the
same figures, and renders nothing. Both are run in turn, so a busy machine is busy for both; look at the ratio.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from seg_utils.core.paths import PROJECT
from seg_utils.pipeline import stored_outputs
from seg_utils.pipeline.execution import PINNED

ROUNDS = 2


def plain_script(project: Path) -> str:
    """The code cells of all notebooks as one program; each notebook starts in its own folder."""
    parts = []
    for path in stored_outputs.notebooks(project):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        parts += [f"import os; os.chdir({str(path.parent)!r})", *code]
    return "\n".join(parts)


def measured(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak memory in MB of a command and its children, run in a process of its own."""
    watcher = (
        "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "u = resource.getrusage(resource.RUSAGE_CHILDREN); print(u.ru_utime + u.ru_stime, u.ru_maxrss / 1024)"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", watcher, *command],
        cwd=folder,
        env=environment | PINNED | {"MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=True,
    )
    cpu, memory = map(float, done.stdout.split())
    return time.perf_counter() - started, cpu, memory


def main() -> None:
    """Print both and their ratio for each round."""
    print(f"{'':<14}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            project = stored_outputs.sandbox(Path(folder))
            (project / "plain.py").write_text(plain_script(project), encoding="utf-8")
            report = [sys.executable, "-m", "seg_utils", "report", "K=7", f"OUTPUTS={folder}/made"]
            rows = {
                "plain script": measured([sys.executable, "plain.py"], project),
                "make report": measured(report, PROJECT),
            }
        for name, (wall, cpu, memory) in rows.items():
            print(f"{name:<14}{wall:>9.1f}{cpu:>9.1f}{memory:>9.0f}")
        ratios = [made / plain for made, plain in zip(rows["make report"], rows["plain script"], strict=True)]
        print(f"{'ratio':<14}{ratios[0]:>9.2f}{ratios[1]:>9.2f}{ratios[2]:>9.2f}")


if __name__ == "__main__":
    main()
