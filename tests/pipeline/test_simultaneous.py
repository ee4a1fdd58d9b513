"""Two runs at the same moment: no report ever holds what the other one read or asked for."""

import subprocess
import sys
from pathlib import Path

import pytest

from seg_utils.core.paths import PROJECT

SCRIPT = Path(__file__).with_name("simultaneous.py")
PAIRS = 2


def together(*requests):
    """Run the requests at once; what each report held and where it is."""
    runs = [
        subprocess.Popen(
            [sys.executable, str(SCRIPT), *map(str, request)],
            cwd=PROJECT,
            env={"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for request in requests
    ]
    ended = [run.communicate(timeout=120) for run in runs]
    errors = "".join(error for _, error in ended)
    assert [run.returncode for run in runs] == [0] * len(runs), errors
    lines = [said.splitlines() for said, _ in ended]
    return [
        (next(line for line in said if line.startswith("holds ")).removeprefix("holds "), said[-1]) for said in lines
    ]


@pytest.fixture
def data(tmp_path):
    def write(owner):
        path = tmp_path / owner / "customers.csv"
        path.parent.mkdir(exist_ok=True)
        path.write_text(owner)
        return path

    return write


@pytest.mark.parametrize("pair", range(PAIRS))
def test_two_files_of_the_same_name(data, tmp_path, pair):
    (first, here), (second, there) = together(
        *[(data(owner), tmp_path / "out", 3, "stop") for owner in ("anna", "berta")]
    )
    assert (first, second) == ("anna bad_rows=stop k=3", "berta bad_rows=stop k=3")
    assert here != there
    assert [Path(path).read_text() for path in (here, there)] == [first, second]


@pytest.mark.parametrize("pair", range(PAIRS))
def test_two_numbers_of_segments(data, tmp_path, pair):
    made = together(*[(data("anna"), tmp_path / "out", k, "stop") for k in (3, 5)])
    assert [Path(path).read_text() for _, path in made] == [f"anna bad_rows=stop k={k}" for k in (3, 5)]


@pytest.mark.parametrize("pair", range(PAIRS))
def test_two_requests_that_share_a_folder_and_differ_in_what_they_read(data, tmp_path, pair):
    made = together(*[(data("anna"), tmp_path / "out", 3, bad_rows) for bad_rows in ("stop", "drop")])
    assert [held for held, _ in made] == [f"anna bad_rows={bad_rows} k=3" for bad_rows in ("stop", "drop")]


def test_a_file_that_changes_while_it_is_read_is_read_again(data, tmp_path):
    path = data("anna")
    runs = [(path, tmp_path / "out", 3, "stop")] * 2
    together(*runs)
    path.write_text("carla")
    assert [held for held, _ in together(*runs)] == ["carla bad_rows=stop k=3"] * 2
