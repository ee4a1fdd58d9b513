import json
import shutil

import pytest

from seg_utils.core.errors import DataError, ParameterError
from seg_utils.scoring import model, model_path


def test_a_run_folder_and_its_model_are_the_same(run_folder):
    assert model_path.model_file(str(run_folder), run_folder) == run_folder / "model.json"
    assert model_path.model_file(str(run_folder / "model.json"), run_folder) == run_folder / "model.json"


def test_what_is_missing_lists_the_runs_there_are(run_folder):
    outputs = run_folder.parents[2]
    for given, problem in (("", "MODEL= is missing"), ("k9", "MODEL=k9 does not exist")):
        with pytest.raises(ParameterError) as raised:
            model_path.model_file(given, outputs)
        assert str(raised.value) == (
            f"{problem}; MODEL is a run folder or its model.json; runs under {outputs}: {run_folder}"
        )


@pytest.mark.parametrize(("count", "more"), [(8, ""), (9, " and 1 more")])
def test_eight_runs_are_named_and_others_counted(run_folder, tmp_path, count, more):
    for number in range(count):
        shutil.copytree(run_folder, tmp_path / "set" / "log-median" / f"k{number + 2}")
    with pytest.raises(ParameterError) as raised:
        model_path.model_file("", tmp_path)
    assert str(raised.value).count("log-median") == 8
    assert str(raised.value).endswith(more or "k9")


def test_a_folder_above_lists_the_runs_in_it(run_folder, tmp_path):
    above = run_folder.parents[1]
    with pytest.raises(ParameterError, match=r"is a folder without a model; .*k4$"):
        model_path.model_file(str(above), tmp_path)


def test_no_runs_yet_says_what_makes_one(tmp_path):
    with pytest.raises(ParameterError, match=r"there is none under .* yet: make report first"):
        model_path.model_file("", tmp_path)


def test_a_model_of_features_nobody_knows_is_refused(made, tmp_path):
    content = made.to_dict()
    content["space"]["features"][0] = "SHOE_SIZE"
    content["reference"]["ranges"]["SHOE_SIZE"] = content["reference"]["ranges"].pop("BALANCE")
    content.pop("sha256")
    (tmp_path / "model.json").write_text(json.dumps(content | {"sha256": model.digest(content)}))
    with pytest.raises(DataError, match=r"was made from SHOE_SIZE, which .*dictionary\.yml does not describe"):
        model_path.read(tmp_path / "model.json")
