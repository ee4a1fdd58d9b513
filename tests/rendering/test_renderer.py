"""Which renderer a run gets."""

import pytest

from seg_utils import rendering
from seg_utils.errors import ParameterError, RenderError


@pytest.fixture
def nothing_on_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))


def test_auto_is_builtin_without_quarto(nothing_on_path):
    chosen = rendering.choose("auto")
    assert (chosen.name, chosen.executable) == ("builtin", None)
    assert chosen.version.startswith("pandoc ")


def test_auto_is_quarto_where_it_is_on_path(quarto, monkeypatch):
    monkeypatch.setenv("PATH", str(quarto.parent))
    assert rendering.choose("auto") == rendering.Renderer("quarto", "1.8.25", str(quarto))


def test_auto_is_the_quarto_that_is_named(quarto, nothing_on_path):
    assert rendering.choose("auto", str(quarto)).executable == str(quarto)


def test_builtin_can_be_forced(quarto, monkeypatch):
    monkeypatch.setenv("PATH", str(quarto.parent))
    assert rendering.choose("builtin", str(quarto)).name == "builtin"


def test_quarto_forced_but_missing_is_one_clear_line(nothing_on_path):
    with pytest.raises(RenderError, match=r"'quarto' is no executable; name one with QUARTO=.*RENDERER=builtin"):
        rendering.choose("quarto")


def test_quarto_named_but_missing_is_an_error_even_in_auto(nothing_on_path):
    with pytest.raises(RenderError, match=r"'/no/quarto' is no executable"):
        rendering.choose("auto", "/no/quarto")


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("#!/bin/sh\nexit 3\n", "ended with code 3"),
        ("#!/bin/sh\n", "says nothing"),
        ("\x7fELF", "could not be started"),
    ],
)
def test_a_quarto_that_does_not_work_is_one_clear_line(tmp_path, script, message):
    broken = tmp_path / "quarto"
    broken.write_text(script)
    broken.chmod(0o755)
    with pytest.raises(RenderError, match=message) as caught:
        rendering.choose("quarto", str(broken))
    assert "\n" not in str(caught.value)


def test_an_unknown_renderer_names_the_known_ones():
    with pytest.raises(ParameterError, match=r"RENDERER='latex' is unknown; allowed: auto, quarto, builtin"):
        rendering.choose("latex")


def test_an_unknown_format_names_the_known_ones(notebook, tmp_path):
    with pytest.raises(ParameterError, match=r"FORMATS='epub' is unknown; allowed: html pdf"):
        rendering.render(notebook, tmp_path, ["html", "epub"])
