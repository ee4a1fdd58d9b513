"""Figures repeat byte for byte and stay readable for everyone."""

import itertools
import json
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from seg_utils.core.paths import PROJECT
from seg_utils.reporting.figures import style

# Machado, Oliveira & Fernandes 2009, severity 1, for linear RGB
SIGHT = {
    "normal": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}

LMS = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def linear(colour: str) -> np.ndarray:
    encoded = np.array(matplotlib.colors.to_rgb(colour))
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def seen(colour: str, sight: str) -> np.ndarray:
    return OKLAB @ np.cbrt(LMS @ np.clip(np.asarray(SIGHT[sight]) @ linear(colour), 0, 1))


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize(("colours", "apart"), [(8, 0.07), (12, 0.06), (20, 0.05)])
def test_colours_stay_apart_in_every_eye(sight, colours, apart):
    pairs = itertools.combinations(style.PALETTE[:colours], 2)
    assert min(np.linalg.norm(seen(a, sight) - seen(b, sight)) for a, b in pairs) >= apart


@pytest.mark.parametrize("colour", style.PALETTE)
def test_colours_have_contrast_to_the_page(colour):
    luminance = np.array([0.2126, 0.7152, 0.0722]) @ linear(colour)
    assert 1.05 / (luminance + 0.05) >= 3


def test_a_segments_colour_depends_on_its_number_alone():
    assert len(set(style.PALETTE)) == 20
    assert style.colour(3) == style.PALETTE[3] == style.colour(23)


def draw() -> Figure:
    with style.applied():
        figure = Figure(figsize=(style.HALF_WIDTH, 2))
        axes = figure.subplots()
        axes.plot([0, 1], [0, 1], label="a")
        axes.legend()
        return figure


def test_a_figure_is_as_it_was_after_it_was_written():
    figure = draw()
    canvas, engine, dpi = figure.canvas, figure.get_layout_engine(), figure.get_dpi()
    assert engine is not None
    once = style.svg(figure)
    assert figure.canvas is canvas
    assert figure.get_layout_engine() is engine
    assert figure.get_dpi() == dpi
    assert style.svg(figure) == once


def test_svg_repeats_and_bears_no_date_or_version(tmp_path):
    first = style.svg(draw())
    with matplotlib.rc_context({"svg.hashsalt": None, "font.size": 20}):
        assert style.svg(draw()) == first
    assert "<dc:date>" not in first
    assert "Matplotlib" not in first.partition("<defs>")[0].replace("Created with matplotlib", "")
    style.save(draw(), tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == first


def test_applied_leaves_no_trace():
    before = matplotlib.rcParams["font.size"]
    with style.applied():
        assert matplotlib.rcParams["font.size"] == style.SETTINGS["font.size"]
    assert matplotlib.rcParams["font.size"] == before


def test_show_hands_the_report_all_it_needs(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **more: shown.append((data, more)))
    style.show(draw(), label="fig-a", caption="Cap.", alt="Alt")
    ((data, more),) = shown
    assert data["image/svg+xml"].startswith("<?xml")
    assert more == {"metadata": {"figure": {"label": "fig-a", "fig-cap": "Cap.", "fig-alt": "Alt"}}, "raw": True}


def test_importing_the_style_imports_no_plotting_library():
    code = "import json, sys, seg_utils.reporting.figures.style; print(json.dumps(sorted(sys.modules)))"
    fresh = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    loaded = json.loads(fresh.stdout)
    assert not {"matplotlib", "pandas", "IPython"} & set(loaded)
