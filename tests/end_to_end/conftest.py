"""The whole road on a few synthetic customers, for two numbers of segments, away from the project's results."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from seg_utils.core import paths
from seg_utils.data import sample

CUSTOMERS = 700


@dataclass(frozen=True)
class Runner:
    """Calls the command line as make does."""

    data: Path
    outputs: Path

    def command(self, name, *words):
        base = [f"DATA={self.data}", f"OUTPUTS={self.outputs}", "KMAX=6", "RENDERER=builtin"]
        return [sys.executable, "-m", "seg_utils", name, *base, *words]

    def __call__(self, name, *words, **options):
        return subprocess.run(
            self.command(name, *words), cwd=paths.PROJECT, capture_output=True, text=True, timeout=600, **options
        )

    @property
    def space(self):
        return self.outputs / "small-file" / "log-median-kmax6"


@pytest.fixture(scope="session")
def small_file(tmp_path_factory):
    customers, _ = sample.generate(CUSTOMERS, seed=11)
    path = tmp_path_factory.mktemp("in put's") / "Small FILE.csv"
    customers.to_csv(path, index=False)
    return path


@pytest.fixture(scope="session")
def small_customers(small_file):
    return pd.read_csv(small_file, dtype={"CUST_ID": str})


@pytest.fixture(scope="session")
def made(small_file, tmp_path_factory):
    """A finished run for K=3, then one for K=5; the runner and what each said."""
    run = Runner(small_file, tmp_path_factory.mktemp("outputs"))
    said = {}
    for k in (3, 5):
        done = run("report", f"K={k}")
        assert done.returncode == 0, done.stdout + done.stderr
        said[k] = done.stdout
    return run, said
