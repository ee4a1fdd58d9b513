"""Presets: parameters of published systems, and nothing else."""

import pytest

from seg_utils.core import parameters, paths
from seg_utils.core.errors import CatalogueError, ParameterError

PUBLISHED = {"a", "a-encoded", "b", "b-encoded", "c", "d", "e"}
A_ENCODER = (7, 500, 500, 2000, 10)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(paths, "PRESETS", tmp_path)

    def write(text):
        (tmp_path / "mine.yml").write_text(text)

    return write


@pytest.mark.parametrize("name", parameters.presets())
def test_every_preset_is_a_request_that_can_be_made(name):
    asked = parameters.parse([f"PRESET={name}"])
    assert asked != parameters.Parameters(k=asked.k) or name == "e"
    assert asked.data == parameters.Parameters().data


@pytest.mark.parametrize(
    ("name", "k", "scale", "impute", "algorithm", "encoder"),
    [
        ("a", 7, "standard", "mean", "kmeans", ()),
        ("a-encoded", 7, "standard", "mean", "kmeans", A_ENCODER),
        ("b", 2, "standard", "mean", "minibatch", ()),
        ("b-encoded", 2, "standard", "mean", "kmeans", (64, 32, 8)),
        ("c", 4, "standard", "mean", "kmeans", ()),
        ("d", 4, "standard", "median", "kmeans", ()),
        ("e", None, "log", "median", "kmeans", ()),
    ],
)
def test_presets_are_what_the_systems_say(name, k, scale, impute, algorithm, encoder):
    asked = parameters.parse([f"PRESET={name}"])
    assert (asked.k, asked.scale, asked.impute) == (k, scale, impute)
    assert (asked.algorithm, asked.encoder) == (algorithm, encoder)


@pytest.mark.parametrize("written", ["B", " b ", "presets/b.yml", "b.yml"])
def test_a_preset_may_be_named_as_people_do(written):
    assert parameters.parse([f"PRESET={written}"]) == parameters.parse(["PRESET=b"])


def test_what_is_given_beside_a_preset_wins():
    asked = parameters.parse(["K=5", "PRESET=a", "SCALE=robust", "IMPUTE="])
    assert (asked.k, asked.scale, asked.impute) == (5, "robust", "mean")


def test_an_unknown_preset_gets_the_nearest_known_one():
    with pytest.raises(ParameterError, match=r"PRESET=b-encode is not known; .*; did you mean b-encoded\?$"):
        parameters.parse(["PRESET=b-encode"])


def test_an_unknown_preset_lists_the_known_ones():
    with pytest.raises(ParameterError) as raised:
        parameters.parse(["PRESET=../a"])
    assert str(raised.value) == (
        f"PRESET=../a is not known; known are {', '.join(parameters.presets())}, for example PRESET=a"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("K: 7\nSCALE: lag\n", "mine.yml, line 2: SCALE=lag is not allowed; SCALE is one of log, standard, robust"),
        ("K: 7\n\nSCLAE: log\n", "mine.yml, line 3: 'SCLAE' is not known here; did you mean SCALE?"),
        ("K: 7\nDATA: mine.csv\n", "mine.yml, line 2: 'DATA' is not known here"),
        ("K: [7]\n", "mine.yml, line 1: 'K' must be text or a whole number, not [7]"),
        ("K: 7\nK: 8\n", "mine.yml, line 2: 'K' is there twice, first in line 1"),
        ("K: 7\nSCALE: [log\n", "mine.yml, line 3: not valid YAML"),
        ("", "mine.yml, line 1: must hold 'name: value' entries"),
    ],
)
def test_a_mistake_in_a_preset_is_one_line_with_file_and_line(folder, text, said):
    folder(text)
    with pytest.raises(CatalogueError) as raised:
        parameters.parse(["PRESET=mine"])
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_wrong_value_is_blamed_on_the_preset_even_where_another_is_given(folder):
    folder("SCALE: lag\n")
    with pytest.raises(CatalogueError, match=r"mine\.yml, line 1"):
        parameters.parse(["PRESET=mine", "SCALE=log"])


@pytest.mark.parametrize("name", parameters.presets())
def test_every_preset_says_what_it_is_in_one_sentence(name):
    said = parameters.about_preset(name)
    assert said.startswith(f"System {name[0].upper()}") or name not in PUBLISHED
    assert said.endswith(".")
    assert "\n" not in said


def test_what_a_preset_is_stands_at_the_top_of_its_file(folder):
    folder("# First, over\n# two lines. More.\nK: 4\n# Not this.\n")
    assert parameters.about_preset("mine") == "First, over two lines."
