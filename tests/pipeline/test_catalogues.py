"""A mistake in an analyst's catalogue stops a run before its first notebook."""

import pytest

from seg_utils.core import paths
from seg_utils.core.errors import CatalogueError, DataError
from seg_utils.core.parameters import Parameters
from seg_utils.personas import catalogue
from seg_utils.pipeline import driver
from seg_utils.pipeline.notebooks.execution import LINE_LENGTH, NotebookError, execute
from seg_utils.strategy import assumptions


class StartedError(Exception):
    """A notebook was about to run."""


@pytest.fixture
def no_notebook(monkeypatch):
    def start(*_):
        raise StartedError

    monkeypatch.setattr("seg_utils.pipeline.runner.execute", start)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [("PERSONAS", "feature: TENURE", "feature: TENUR"), ("ECONOMICS", "lever: keep", "lever: kept")],
)
def test_a_mistake_is_told_before_any_notebook_runs(no_notebook, monkeypatch, tmp_path, name, old, new):
    path = paths.catalogue(name)
    broken = tmp_path / path.name
    broken.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    monkeypatch.setenv(f"SEG_{name}", str(broken))
    for k in (7, None):
        with pytest.raises(CatalogueError, match=rf"{path.name}, line \d+: .*'{new.split()[1]}'"):
            driver.report(Parameters(k=k, outputs=tmp_path / "out"))


def test_what_a_campaign_measured_is_read_before_any_notebook_runs_and_by_what_rests_on_it(
    no_notebook, monkeypatch, tmp_path
):
    economics = tmp_path / "economics.yml"
    text = paths.catalogue("ECONOMICS").read_text(encoding="utf-8")
    economics.write_text(f"{text}\nmeasured: spring.yml\n", encoding="utf-8")
    monkeypatch.setenv("SEG_ECONOMICS", str(economics))
    parameters = Parameters(k=7, outputs=tmp_path / "out")
    with pytest.raises(CatalogueError, match=r"economics\.yml, line \d+: 'measured' names spring\.yml, which does not"):
        driver.report(parameters)
    spring = tmp_path / "spring.yml"
    spring.write_text("moves: {premium: {effect: 2, source: measured}}", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"spring\.yml, line 1: 'effect' must hold named entries"):
        driver.report(parameters)
    layout = driver.layout(parameters)
    for stage in (driver.stages.personas(layout, 7), driver.stages.exports(layout, 7)):
        assert spring in stage.reads


def test_without_a_mistake_the_notebooks_run(no_notebook, tmp_path):
    with pytest.raises(StartedError):
        driver.report(Parameters(k=7, outputs=tmp_path / "out"))


@pytest.mark.parametrize("load", [catalogue.load, assumptions.load])
def test_a_file_of_the_project_is_named_by_its_folder(load, monkeypatch, tmp_path):
    monkeypatch.setattr("seg_utils.core.marked_yaml.PROJECT", tmp_path)
    broken = tmp_path / "report" / "own.yml"
    broken.parent.mkdir()
    broken.write_text("threshold: 1\nthreshold: 2\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"^report/own\.yml, line 2: "):
        load(broken)


def test_a_long_message_of_the_users_own_is_wrapped_not_cut(make_stage, tmp_path):
    said = f"'feature' is wrong; allowed: {', '.join(f'COLUMN_{number}' for number in range(60))}"
    stage = make_stage(f"from seg_utils.core.errors import DataError\nraise DataError({said!r})")
    with pytest.raises(NotebookError) as caught:
        execute(stage, tmp_path / "progress")
    assert " ".join(str(caught.value).split("\n")) == str(DataError(said))
    assert max(map(len, str(caught.value).splitlines())) <= LINE_LENGTH


def test_catalogues_that_a_run_has_read_are_not_read_again(monkeypatch, tmp_path):
    parameters = Parameters(k=7, outputs=tmp_path)
    folders = driver.layout(parameters)
    stage = driver.stages.personas(folders, 7)
    read = driver.fingerprint.files([*map(paths.catalogue, paths.CATALOGUES)])
    driver.records.write(driver.records.path_of(stage.folder, stage.name), read, [])
    loads = []
    known = catalogue.load()
    monkeypatch.setattr(catalogue, "load", lambda: loads.append("personas") or known)
    monkeypatch.setattr(assumptions, "load", lambda personas: loads.append("economics"))
    driver._check_catalogues(parameters, folders)
    assert loads == []
    changed = read | {driver.fingerprint.file_key(paths.catalogue("PERSONAS")): "other"}
    driver.records.write(driver.records.path_of(stage.folder, stage.name), changed, [])
    driver._check_catalogues(parameters, folders)
    assert loads == ["personas", "economics"]


def test_the_shipped_catalogues_are_valid_in_themselves(monkeypatch):
    monkeypatch.setenv("SEG_DICTIONARY", str(paths.CATALOGUES["DICTIONARY"]))
    shipped = catalogue.load(paths.REPORT / "personas.yml")
    known = [persona.id for persona in shipped.personas]
    moves = assumptions.load(paths.REPORT / "economics.yml", personas=known).moves
    assert known
    assert set(moves) <= set(known)
