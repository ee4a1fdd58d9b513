"""pyproject.toml, requirements.lock and environment.yml say the same."""

import re
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from seg_utils.core import paths
from seg_utils.reporting.rendering.renderer import OLDEST_QUARTO

PROJECT = tomllib.loads((paths.PROJECT / "pyproject.toml").read_text())
WANTED = {
    "requirements.lock": PROJECT["project"]["dependencies"],
    "requirements-dev.lock": PROJECT["dependency-groups"]["dev"],
}
CONDA = yaml.safe_load((paths.PROJECT / "environment.yml").read_text())


def text_of(lock):
    return (paths.PROJECT / lock).read_text()


def locked(lock):
    """Versions that a lock pins, by package; some have one for each range of Python versions."""
    pins = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", text_of(lock), re.M):
        pins.setdefault(canonicalize_name(name), set()).add(version)
    return pins


@pytest.mark.parametrize("lock", WANTED)
def test_a_lock_holds_every_dependency_in_a_version_that_fits(lock):
    pins = locked(lock)
    needs = [Requirement(text) for text in WANTED[lock]]
    assert [str(need) for need in needs if canonicalize_name(need.name) not in pins] == []
    found = {need: pins[canonicalize_name(need.name)] for need in needs}
    assert [str(need) for need in needs if not all(need.specifier.contains(version) for version in found[need])] == []


@pytest.mark.parametrize("lock", WANTED)
def test_every_locked_package_has_a_hash(lock):
    entries = re.split(r"^(?=[A-Za-z0-9])", text_of(lock), flags=re.M)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_both_locks_pin_what_they_share_to_the_same_versions():
    base, dev = map(locked, WANTED)
    assert base.keys() & dev.keys()
    assert {name: (base[name], dev[name]) for name in base.keys() & dev.keys() if not dev[name] <= base[name]} == {}


def test_a_report_needs_no_tool_of_development():
    base = locked("requirements.lock")
    assert not {"pytest", "jupyterlab", "ruff", "uv", "hypothesis", "schemathesis"} & base.keys()


def test_conda_users_get_the_locked_packages_and_quarto():
    *packages, pip = CONDA["dependencies"]
    assert f"quarto>={'.'.join(map(str, OLDEST_QUARTO))}" in packages
    assert f"python{PROJECT['project']['requires-python']}" in packages
    assert pip == {"pip": ["--requirement requirements.lock"]}


def test_make_knows_the_conda_environment_by_its_name():
    assert f"CONDA_NAME := {CONDA['name']}\n" in (paths.PROJECT / "Makefile").read_text()


def test_no_file_of_the_environment_names_a_package_host():
    for name in (*WANTED, "environment.yml", "pyproject.toml", "Makefile"):
        text = (paths.PROJECT / name).read_text()
        assert not re.search(r"https?://|--(extra-)?index-url|find-links", text), name
