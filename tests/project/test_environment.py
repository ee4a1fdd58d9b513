"""pyproject.toml, requirements.lock and environment.yml say the same."""

import re
import tomllib

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from seg_utils import paths
from seg_utils.rendering.renderer import OLDEST_QUARTO

PROJECT = tomllib.loads((paths.PROJECT / "pyproject.toml").read_text())
LOCK = (paths.PROJECT / "requirements.lock").read_text()
CONDA = yaml.safe_load((paths.PROJECT / "environment.yml").read_text())


def wanted():
    declared = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    return [Requirement(text) for text in declared + PROJECT["build-system"]["requires"]]


def locked():
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", LOCK, re.M)
    return {canonicalize_name(name): version for name, version in pins}


def test_the_lock_holds_every_dependency_in_a_version_that_fits():
    pins = locked()
    missing = [
        str(need) for need in wanted() if not need.specifier.contains(pins.get(canonicalize_name(need.name), "0"))
    ]
    absent = [str(need) for need in wanted() if canonicalize_name(need.name) not in pins]
    assert missing + absent == []


def test_every_locked_package_has_a_hash():
    entries = re.split(r"^(?=[A-Za-z0-9])", LOCK, flags=re.M)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_conda_users_get_the_locked_packages_and_quarto():
    *packages, pip = CONDA["dependencies"]
    assert f"quarto>={'.'.join(map(str, OLDEST_QUARTO))}" in packages
    assert f"python{PROJECT['project']['requires-python']}" in packages
    assert pip == {"pip": ["--requirement requirements.lock"]}


def test_make_knows_the_conda_environment_by_its_name():
    assert f"CONDA_NAME := {CONDA['name']}\n" in (paths.PROJECT / "Makefile").read_text()


def test_no_file_of_the_environment_names_a_package_host():
    for name in ("requirements.lock", "environment.yml", "pyproject.toml", "Makefile"):
        text = (paths.PROJECT / name).read_text()
        assert not re.search(r"https?://|--(extra-)?index-url|find-links", text), name
