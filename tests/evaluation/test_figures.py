import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from seg_utils import evaluation
from seg_utils.reporting.figures import k_selection as figures
from seg_utils.reporting.figures import style


@pytest.fixture(autouse=True)
def _closed():
    plt.switch_backend("agg")
    yield
    plt.close("all")


def test_every_criterion_has_a_panel_with_its_threshold(evidence):
    figure = figures.criteria(evidence.scores, evaluation.judge(evidence))
    assert [axis.get_title(loc="left") for axis in figure.axes] == [title for _, title, _ in figures.PANELS]
    np.testing.assert_allclose(figure.axes[1].lines[-2].get_ydata(), evidence.scores["silhouette"])


def test_clustergram_has_a_circle_for_each_segment(evidence, five_blobs):
    figure = figures.clustergram(five_blobs, evidence.labels)
    circles = [len(collection.get_offsets()) for collection in figure.axes[0].collections]
    assert circles == list(range(2, 8))


def test_silhouette_has_a_knife_for_each_segment(evidence):
    figure = figures.silhouette(evidence.silhouettes, 5, names=list("abcde"))
    assert len(figure.axes[0].collections) == 5
    assert [label.get_text() for label in figure.axes[0].get_yticklabels()] == list("abcde")


def test_figures_repeat_to_the_byte(evidence):
    assert style.svg(figures.elbow(evidence.scores)) == style.svg(figures.elbow(evidence.scores))


def test_stability_and_scales_draw():
    import pandas as pd

    told = [text.get_text() for text in figures.stability([0.9, 0.02, 0.7496]).axes[0].texts]
    assert told[-3:] == ["0.90", "0.02", "0.7496"], "0.75 would not be graded as it is"
    stability = pd.DataFrame({"scale": ["log", "standard"], "k": [2, 2], "min_jaccard": [0.9, 0.8]})
    agreement = pd.DataFrame({"k": [2], "scale": ["log"], "other": ["standard"], "ari": [0.4]})
    assert isinstance(figures.scales(stability, agreement), Figure)
