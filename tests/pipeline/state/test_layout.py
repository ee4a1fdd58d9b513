import subprocess
import sys
from dataclasses import replace

import pytest

from seg_utils.core import result_folders
from seg_utils.core.artefacts import write_text
from seg_utils.core.parameters import Parameters
from seg_utils.core.paths import PROJECT
from seg_utils.core.result_folders import SOURCE
from seg_utils.pipeline.state.layout import claimed_layout, layout


@pytest.fixture
def file(tmp_path):
    def make(name, content="x"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    return make


def dataset(data, tmp_path, **others):
    return layout(Parameters(data=data, outputs=tmp_path / "out", **others)).dataset


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("CC_GENERAL.csv", "cc-general"),
        ("CC GENERAL.csv", "cc-general"),
        ("Next month's (v2).xlsx", "next-month-s-v2"),
        ("../evil.csv", "evil"),
    ],
)
def test_a_dataset_folder_is_the_stem_with_hyphens(file, tmp_path, name, folder):
    assert dataset(file(name), tmp_path).name == folder


def test_the_bundled_file_is_called_sample(tmp_path):
    assert layout(Parameters(outputs=tmp_path)).dataset == tmp_path / "sample"


def test_nobody_else_gets_the_folder_of_the_bundled_file(file, tmp_path):
    assert dataset(file("Sample.csv"), tmp_path).name.startswith("sample-")


def test_a_name_without_latin_letters_still_gets_a_folder_of_its_own(file, tmp_path):
    first, second = dataset(file("客户.csv"), tmp_path), dataset(file("数据.csv"), tmp_path)
    assert first.name.startswith("customers-")
    assert first != second


def claimed(data, tmp_path):
    return claimed_layout(Parameters(data=data, outputs=tmp_path / "out")).dataset


def test_another_file_of_the_same_name_gets_another_folder(file, tmp_path):
    first, second = file("a/customers.csv", "one"), file("b/customers.csv", "two")
    assert claimed(first, tmp_path).name == "customers"
    assert claimed(second, tmp_path).name.startswith("customers-")
    assert dataset(first, tmp_path).name == "customers"
    assert dataset(second, tmp_path) == claimed(second, tmp_path)


def test_a_file_that_is_called_as_the_folder_of_another_gets_another_folder(file, tmp_path):
    first, second = file("a/customers.csv", "one"), file("b/customers.csv", "two")
    claimed(first, tmp_path)
    taken = claimed(second, tmp_path).name
    assert claimed(file(f"{taken}.csv", "three"), tmp_path).name.startswith(f"{taken}-")


def test_the_same_content_elsewhere_shares_the_folder(file, tmp_path):
    first, second = file("a/customers.csv", "one"), file("b/customers.csv", "one")
    assert claimed(second, tmp_path) == claimed(first, tmp_path)


def test_a_file_that_changed_in_place_keeps_its_folder(file, tmp_path):
    path = file("customers.csv", "one")
    claimed(path, tmp_path)
    path.write_text("two")
    assert dataset(path, tmp_path).name == "customers"


@pytest.mark.parametrize("text", ["", '{"path": "/a', "[1]"])
def test_a_damaged_note_of_whose_a_folder_is_is_as_none(file, tmp_path, text):
    path = file("customers.csv", "one")
    folder = claimed(path, tmp_path)
    write_text(folder / SOURCE, text)
    assert claimed(path, tmp_path) == folder
    assert claimed(file("b/customers.csv", "two"), tmp_path) != folder


def test_a_folder_that_is_ours_already_is_only_read(file, tmp_path):
    path = file("customers.csv", "one")
    claimed(path, tmp_path)
    (tmp_path / "out" / ".lock").unlink()
    claimed(path, tmp_path)
    assert not (tmp_path / "out" / ".lock").exists()


CLAIM = """
import sys, time
from pathlib import Path
from seg_utils.core.parameters import Parameters
from seg_utils.core import result_folders
from seg_utils.pipeline.state import layout
choose = result_folders.folder_for
def slow(*given):
    folder = choose(*given)
    time.sleep(0.3)  # both have chosen before either has noted whose the folder is, unless they take turns
    return folder
result_folders.folder_for = slow
print(layout.claimed_layout(Parameters(data=Path(sys.argv[1]), outputs=Path(sys.argv[2]))).dataset)
"""


def test_two_files_of_the_same_name_at_the_same_moment_get_two_folders(file, tmp_path):
    files = [file(f"{folder}/customers.csv", folder) for folder in "abc"]
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", CLAIM, str(path), str(tmp_path / "out")],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for path in files
    ]
    said = [run.communicate(timeout=60)[0].splitlines()[-1] for run in runs]
    assert len(set(said)) == 3
    assert [str(dataset(path, tmp_path)) for path in files] == said


def test_choices_that_change_results_change_the_folder(file, tmp_path):
    data = file("customers.csv")
    requests = [
        Parameters(data=data, outputs=tmp_path),
        Parameters(data=data, outputs=tmp_path, scale="standard"),
        Parameters(data=data, outputs=tmp_path, impute="mean"),
        Parameters(data=data, outputs=tmp_path, seed=1),
        Parameters(data=data, outputs=tmp_path, kmax=12),
        Parameters(data=data, outputs=tmp_path, encoder=(64, 32, 8)),
        Parameters(data=data, outputs=tmp_path, encoder=(64, 32, 4)),
        Parameters(data=data, outputs=tmp_path, features=("BALANCE", "PURCHASES")),
    ]
    assert len({layout(request).space for request in requests}) == len(requests)
    assert layout(requests[0]).run(7) == tmp_path / "customers" / "log-median" / "k7"


@pytest.mark.parametrize(
    ("others", "k", "name"),
    [
        ({}, 7, "k7"),
        ({"algorithm": "gmm"}, 7, "gmm-k7"),
        ({"algorithm": "dbscan"}, None, "dbscan"),
        ({"subsegment": 0}, 7, "k7-sub0"),
        ({"subsegment": "all", "algorithm": "ward"}, 3, "ward-k3-suball"),
        ({"subsegment": 1, "algorithm": "hdbscan"}, None, "hdbscan-sub1"),
        ({"market": "eu"}, 7, "k7-eu"),
        ({"market": "eu", "campaign": "spring"}, 7, "k7-eu-campaign-spring"),
    ],
)
def test_a_runs_folder_names_what_its_segments_depend_on(tmp_path, others, k, name):
    assert layout(Parameters(outputs=tmp_path, **others)).run(k).name == name


def test_the_encoder_is_in_the_name_of_the_space(tmp_path):
    space = layout(Parameters(outputs=tmp_path, scale="standard", encoder=(7, 500, 10), seed=3)).space
    assert space.name == "standard-median-enc7-500-10-seed3"


def test_a_notebook_by_hand_writes_where_make_does(file, tmp_path):
    parameters = Parameters(
        data=file("customers.csv"), outputs=tmp_path, impute="mean", encoder=(64, 8), kmax=9, evidence="full"
    )
    dataset = result_folders.of_dataset(parameters.data, tmp_path)
    space = result_folders.of_space(dataset, scale="log", impute="mean", encoder=[64, 8], kmax=9, evidence="full")
    assert result_folders.of_run(space, 5, "gmm") == layout(replace(parameters, algorithm="gmm")).run(5)
