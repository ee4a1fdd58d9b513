"""The front door, tried as a user does: by calling make."""

import re
import shutil
import subprocess
import tomllib

import pytest
import yaml

from seg_utils.core import parameters, paths

HELP = "help"


def make(*arguments, **environment):
    import os

    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=paths.PROJECT,
        capture_output=True,
        text=True,
        env={name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL")} | environment,
    )


@pytest.fixture(scope="module")
def makefile():
    return (paths.PROJECT / "Makefile").read_text()


def test_help_lists_every_target_and_parameter(makefile):
    said = make(HELP).stdout
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.M).group(1).split())
    listed = set(re.findall(r"^  (\S+)", said, re.M))
    assert listed == targets | set(parameters.DESCRIPTIONS)


def test_make_and_the_package_know_the_same_parameters(makefile):
    assert re.search(r"^PARAMETERS := (.*)$", makefile, re.M).group(1).split() == list(parameters.DESCRIPTIONS)


def test_where_prints_the_folder_and_nothing_else(tmp_path):
    done = make("where", "K=7", f"OUTPUTS={tmp_path}")
    assert done.stdout == f"{tmp_path}/sample/log-median/k7\n"
    assert done.stderr == ""


@pytest.mark.parametrize(
    "name", ["$(shell touch pwned).csv", "a`touch pwned`.csv", "a'b\"c;touch pwned.csv", "$HOME ü.csv"]
)
def test_no_parameter_is_run_by_make_or_a_shell(tmp_path, name):
    data = tmp_path / name
    data.write_text("x")
    done = make("where", "K=7", f"DATA={data}", f"OUTPUTS={tmp_path}")
    assert done.returncode == 0, done.stderr
    assert not (paths.PROJECT / "pwned").exists()
    missing = make("where", "K=7", f"DATA={tmp_path}/missing {name}")
    assert f"DATA={tmp_path}/missing {name} does not exist" in missing.stderr


def test_a_misspelt_parameter_is_refused():
    done = make("where", "SCLAE=log")
    assert done.returncode != 0
    assert "unknown parameter SCLAE; known are K DATA" in done.stderr


@pytest.mark.parametrize("name", ["TOKEN", "HOST", "PORT", "MODEL", "OUT", "FROM", "REASON"])
def test_what_a_run_has_no_use_for_is_refused_when_given_and_ignored_in_the_environment(tmp_path, name):
    given = make("where", "K=7", f"OUTPUTS={tmp_path}", f"{name}=$(shell echo secret)")
    assert given.returncode == 2
    assert given.stdout == ""
    assert given.stderr.startswith(f"error: {name}=")
    assert "means nothing here: it is for a model that is there, as in make score" in given.stderr
    assert name != "TOKEN" or "secret" not in given.stderr
    for fine in (make("where", "K=7", f"OUTPUTS={tmp_path}", **{name: "1"}), make("where", "K=7", f"{name}= ")):
        assert fine.returncode == 0, fine.stderr


def test_parameters_are_not_taken_from_the_environment(tmp_path):
    """A terminal exports its width as COLUMNS."""
    done = make("where", "K=7", f"OUTPUTS={tmp_path}", COLUMNS="80", SEED="9", DATA="nowhere.csv", SCALE="robust")
    assert done.stdout == f"{tmp_path}/sample/log-median/k7\n"
    assert done.stderr == ""


def test_a_wrong_value_stops_with_one_line(tmp_path):
    done = make("report", "K=seven", f"OUTPUTS={tmp_path / 'out'}")
    assert done.stderr.splitlines()[0] == (
        "error: K=seven is not allowed; K is a whole number from 2 to 20, or auto, for example K=7"
    )
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_clean_leaves_the_page_that_says_what_will_lie_there(tmp_path):
    shutil.copy(paths.PROJECT / "Makefile", tmp_path)
    shutil.copytree(paths.PROJECT / "seg_utils", tmp_path / "seg_utils", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "outputs" / "sample").mkdir(parents=True)
    for name in ("README.md", ".lock", "sample/customers.parquet"):
        (tmp_path / "outputs" / name).touch()
    subprocess.run(["make", "clean"], cwd=tmp_path, check=True, capture_output=True)
    assert [path.name for path in (tmp_path / "outputs").iterdir()] == ["README.md"]
    assert (paths.PROJECT / "outputs" / "README.md").is_file()


def test_pythons_own_variables_of_the_user_take_no_part(tmp_path):
    (tmp_path / "json.py").write_text("raise SystemExit('imported from PYTHONPATH')")
    done = make("where", "K=7", f"OUTPUTS={tmp_path}", PYTHONPATH=str(tmp_path), PYTHONSTARTUP="/no/file")
    assert done.returncode == 0, done.stderr


def test_the_workflow_runs_what_the_readme_says_on_the_oldest_python():
    workflow = yaml.safe_load((paths.PROJECT / ".github" / "workflows" / "test.yml").read_text())
    (job,) = workflow["jobs"].values()
    assert job["steps"][-1] == {"run": "bash .ci/run"}
    assert "\nmake test\n" in (paths.PROJECT / ".ci" / "run").read_text()
    oldest, *_, newest = job["strategy"]["matrix"]["python"]
    requires = tomllib.loads((paths.PROJECT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert requires == f">={oldest}"
    assert oldest != newest
