"""Which renderer a run gets."""

import os
import re

import pytest

from seg_utils.core.errors import ParameterError, RenderError
from seg_utils.reporting import rendering


@pytest.fixture
def nothing_on_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))


def on_path(quarto, monkeypatch):
    """Quarto, and the shell that its launcher needs."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(quarto.parent), "/usr/bin", "/bin"]))


def test_auto_is_builtin_without_quarto(nothing_on_path):
    chosen = rendering.choose("auto")
    assert (chosen.name, chosen.executable) == ("builtin", None)
    assert chosen.version.startswith("pandoc ")


def test_auto_is_quarto_where_it_is_on_path(quarto, monkeypatch):
    on_path(quarto, monkeypatch)
    assert rendering.choose("auto") == rendering.Renderer("quarto", "1.9.38", str(quarto))


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("1.8.25", r"Quarto 1\.8\.25 is too old: 1\.9 is the oldest"),
        ("0.99.1", "too old"),
        ("pandoc 3.1", r"is not Quarto: asked for its version, it says 'pandoc 3\.1'"),
        ("10", "is not Quarto"),
        ("", "is not Quarto"),
    ],
)
def test_what_will_not_do_is_refused_when_asked_for_and_else_passed_over_with_a_line(quarto, monkeypatch, version, why):
    on_path(quarto, monkeypatch)
    monkeypatch.setenv("STAND_IN_VERSION", version)
    with pytest.raises(
        RenderError, match=f"{why}.*; name another with QUARTO=path/to/quarto, or use RENDERER=builtin$"
    ):
        rendering.choose("quarto")
    with pytest.raises(RenderError, match=why):
        rendering.choose("auto", str(quarto))
    chosen = rendering.choose("auto")
    assert chosen.name == "builtin"
    assert re.search(f"{why}.*; the built-in renderer is used$", chosen.note)
    assert "\n" not in chosen.note


@pytest.mark.parametrize("version", ["1.9.0", "1.10.18", "2.0.1", "99.9.9"])
def test_later_versions_will_do(quarto, monkeypatch, version):
    on_path(quarto, monkeypatch)
    monkeypatch.setenv("STAND_IN_VERSION", version)
    assert rendering.choose("quarto").version == version


def test_the_tools_that_make_each_format_are_named_with_their_versions(quarto):
    formats = ("html", "pdf", "docx", "xlsx")
    by_quarto = rendering.choose("quarto", str(quarto)).tools(formats)
    builtin = rendering.choose("builtin").tools(formats)
    assert by_quarto["html"] == "pandoc 3.8"
    assert by_quarto["pdf"] == "pandoc 3.8, typst 0.14.2"
    assert by_quarto["docx"] == builtin["docx"] == builtin["html"]
    assert re.fullmatch(r"pandoc \d[\d.]+, typst \d[\d.]+", builtin["pdf"])
    assert re.fullmatch(r"xlsxwriter \d[\d.]+", by_quarto["xlsx"])


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
    [("#!/bin/sh\nexit 3\n", "ended with code 3"), ("#!/bin/sh\n", "it says ''"), ("\x7fELF", "could not be started")],
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
