"""What tests of several packages share."""

import os
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

HERE = Path(__file__).parent
# Before anything of the package is imported: an analyst's entries are no test's business. Children inherit it.
os.environ["SEG_CATALOGUES"] = str(HERE / "catalogues")


@pytest.fixture(autouse=True)
def figures_are_closed():
    """After each test, so that what one leaves open does not add up to matplotlib's warning in another."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")


@pytest.fixture(scope="session")
def models():
    """Small models of every kind; see models.py."""
    return SimpleNamespace(**runpy.run_path(str(HERE / "models.py")))


@pytest.fixture(scope="session")
def tab(tmp_path_factory):
    """A tab of a headless Chromium; see browser.py."""
    browser = SimpleNamespace(**runpy.run_path(str(HERE / "browser.py")))
    pytest.importorskip("websocket", reason="websocket-client (with JupyterLab) drives the browser")
    if browser.CHROMIUM is None:
        pytest.skip("no Chromium on PATH")
    with browser.opened(tmp_path_factory.mktemp("chromium")) as opened:
        yield opened
