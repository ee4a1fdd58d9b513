"""The environment is made once, by one run at a time; a copied project finds its own code."""

import shutil
import subprocess
import sys
import venv

import pytest

from seg_utils.core.paths import PROJECT
from seg_utils.pipeline import environment
from seg_utils.pipeline.state import lock

SLOW = """
import sys, time
from pathlib import Path
from seg_utils.pipeline import environment
def install(folder, requirements):
    with (folder.parent / "installed").open("a") as log:
        log.write(requirements.name + "\\n")
    time.sleep(1)
    (folder / "packages").touch()
environment._install = install
environment.venv.create = lambda folder, **options: (folder / "bin").mkdir()
environment._add_project = lambda folder: None
environment.bring_up_to_date(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
"""


@pytest.fixture
def locks(tmp_path):
    made = [tmp_path / "requirements.lock", tmp_path / "requirements-dev.lock"]
    for path in made:
        path.write_text(path.name)
    return made


@pytest.fixture
def installed(monkeypatch):
    """What is installed, in order, in place of pip."""
    names = []
    monkeypatch.setattr(environment, "_install", lambda folder, requirements: names.append(requirements.name))
    monkeypatch.setattr(environment, "_add_project", lambda folder: None)
    monkeypatch.setattr(venv, "create", lambda folder, **options: (folder / "bin").mkdir())
    return names


def test_two_first_runs_make_one_environment(tmp_path, locks):
    command = [sys.executable, "-c", SLOW, str(tmp_path / ".venv")]
    runs = [
        subprocess.Popen([*command, *map(str, wanted)], cwd=PROJECT, stderr=subprocess.PIPE, text=True)
        for wanted in (locks[:1], locks)
    ]
    said = [run.communicate(timeout=60)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0]
    assert (tmp_path / "installed").read_text().splitlines() == [path.name for path in locks]
    assert sum("waiting for another run" in text for text in said) == 1
    assert (tmp_path / ".venv" / "packages").exists()


def test_what_a_lock_lists_is_installed_once(tmp_path, locks, installed):
    for _ in range(2):
        environment.bring_up_to_date(tmp_path / ".venv", locks[:1])
    assert installed == ["requirements.lock"]
    environment.bring_up_to_date(tmp_path / ".venv", locks)
    assert installed == ["requirements.lock", "requirements-dev.lock"]


def test_a_changed_base_makes_the_environment_anew_and_a_changed_addition_adds_to_it(tmp_path, locks, installed):
    folder = tmp_path / ".venv"
    environment.bring_up_to_date(folder, locks)
    (folder / "old").touch()
    locks[1].write_text("another")
    environment.bring_up_to_date(folder, locks)
    assert (folder / "old").exists()
    locks[0].write_text("another")
    environment.bring_up_to_date(folder, locks)
    assert not (folder / "old").exists()
    assert installed == [locks[0].name, locks[1].name, locks[1].name, locks[0].name, locks[1].name]


def test_a_half_made_environment_is_begun_anew(tmp_path, locks, installed, monkeypatch):
    folder = tmp_path / ".venv"

    def fail(folder, requirements):
        (folder / "half").touch()
        raise subprocess.CalledProcessError(1, ["python", "-m", "pip", "install", "--quiet"])

    with monkeypatch.context() as failing:
        failing.setattr(environment, "_install", fail)
        assert environment.main(str(folder), str(locks[0])) == 2
    assert not environment.marker(folder, locks[0]).exists()
    assert environment.main(str(folder), str(locks[0])) == 0
    assert sorted(path.name for path in folder.iterdir()) == [lock.NAME, ".ready-requirements.lock", "bin"]


def test_an_environment_of_condas_is_not_cleared(tmp_path, locks, installed):
    (tmp_path / "conda" / environment.CONDA).mkdir(parents=True)
    environment.bring_up_to_date(tmp_path / "conda", locks)
    assert (tmp_path / "conda" / environment.CONDA).exists()
    assert installed == ["requirements-dev.lock"]


def test_a_copied_project_imports_its_own_code(tmp_path, monkeypatch):
    original = tmp_path / "original"
    (original / "seg_utils").mkdir(parents=True)
    (original / "seg_utils" / "__init__.py").touch()
    venv.create(original / ".venv", symlinks=True)
    monkeypatch.setattr(environment, "PROJECT", original)
    environment._add_project(original / ".venv")
    shutil.copytree(original, tmp_path / "copy", symlinks=True)
    for project in (original, tmp_path / "copy"):
        asked = [str(project / ".venv" / "bin" / "python"), "-c", "import seg_utils; print(seg_utils.__file__)"]
        said = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        assert said == f"{project / 'seg_utils' / '__init__.py'}\n"
