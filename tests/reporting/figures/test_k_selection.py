"""What the figures of the number of segments say."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from seg_utils.evaluation.criteria.internal import elbow_by_range
from seg_utils.evaluation.criteria.silhouette import Silhouettes
from seg_utils.evaluation.resampling.stability import FIRM_JACCARD, USABLE_JACCARD
from seg_utils.reporting.figures import k_selection, style

from .saying import areas, bars, lines, said, spans

COLUMNS = [column for column, _, _ in k_selection.PANELS]


@pytest.fixture
def scores():
    table = pd.DataFrame({"k": [2, 3, 4], **{column: [0.5, 0.6, 0.7] for column in COLUMNS}})
    table["inertia"] = [12345.6, 9000.0, 8000.0]
    table["min_jaccard"] = [0.7496, 0.9, np.nan]
    return table.assign(silhouette_half_width=0.01, lookalike_gap_se=0.01)


@pytest.fixture
def verdict():
    thresholds = {"min_jaccard": {"at_least": 0.75}, "border_density": {"at_most": 0.95}}
    return {"recommended_k": 3, "acceptable_k": [3, 4], "thresholds": thresholds}


def test_every_k_says_each_score_what_is_needed_and_how_it_stands(scores, verdict):
    told = said(k_selection.criteria(scores, verdict))
    assert told[:3] == [
        "2 segments · Inertia 12,346",
        "3 segments · Inertia 9,000 · recommended",
        "4 segments · Inertia 8,000 · passes every test",
    ]
    assert "2 segments · Silhouette 0.500" in told
    assert "2 segments · Weakest Jaccard 0.7496 (at least 0.75 needed)" in told, "0.75 would not fail"
    assert "3 segments · Border density 0.60 (at most 0.95 needed) · recommended" in told
    assert len(told) == 3 * len(COLUMNS) - 1, "a score that is not there says nothing"


def test_every_score_is_drawn_with_its_error_its_bound_and_the_numbers_that_pass(scores, verdict):
    table = scores.assign(silhouette_half_width=[0.01, 0.02, 0.03], border_density=[0.9, 0.8, 0.7])
    figure = k_selection.criteria(table, verdict)
    panels = dict(zip(COLUMNS, figure.axes, strict=True))
    assert [axis.get_title(loc="left") for axis in figure.axes] == [title for _, title, _ in k_selection.PANELS]
    thousands = [12.3456, 9.0, 8.0]
    assert lines(panels["inertia"], style.ACCENT) == [([2, 3, 4], thousands), ([3, 4], thousands[1:])]
    assert lines(panels["border_density"], style.ACCENT)[0] == ([2, 3, 4], [0.9, 0.8, 0.7])
    for column, axis in panels.items():
        assert lines(axis, style.HAIRLINE)[0][0] == [3, 3], "the recommended k"
        bound = {"min_jaccard": [0.75, 0.75], "border_density": [0.95, 0.95]}.get(column)
        assert [height for _, height in lines(axis, style.PALETTE[1])] == ([bound] if bound else [])
    assert areas(panels["silhouette"]) == [(style.MUTED, [2, 0.49, 4, 0.73])]
    assert areas(panels["lookalike_gap"]) == [(style.MUTED, [2, 0.49, 4, 0.71])]
    assert areas(panels["davies_bouldin"]) == []
    nothing = k_selection.criteria(table, {"recommended_k": None, "acceptable_k": [], "thresholds": {}})
    assert [len(lines(axis, style.HAIRLINE)) for axis in nothing.axes] == [0] * len(COLUMNS)


def test_the_elbow_is_drawn_for_every_range_that_has_one():
    longer = pd.DataFrame({"k": [2, 3, 4, 5, 6], "inertia": [100e3, 50e3, 20e3, 18e3, 17e3]})
    figure = k_selection.elbow(longer)
    left, right = figure.axes
    assert lines(left) == [([2, 3, 4, 5, 6], [100, 50, 20, 18, 17])]
    found = {end: k for end, k in elbow_by_range(longer["k"].tolist(), longer["inertia"].tolist()).items() if k}
    assert found
    assert lines(right) == [(list(found), list(found.values()))] * 2


def test_the_elbow_says_inertia_and_how_far_one_looks(scores):
    told = said(k_selection.elbow(scores))
    assert told == ["2 segments · Inertia 12,346", "3 segments · Inertia 9,000", "4 segments · Inertia 8,000"]
    longer = pd.DataFrame({"k": [2, 3, 4, 5, 6], "inertia": [100.0, 50.0, 20.0, 18.0, 17.0]})
    assert said(k_selection.elbow(longer))[-1] == "Looking at up to 6 segments · the elbow is at 4"


def test_a_circle_says_its_share_of_the_customers():
    X = np.array([[0.0, 0.0], [0.0, 0.1], [9.0, 0.0], [9.0, 0.1]])
    told = said(k_selection.clustergram(X, {2: np.array([0, 0, 1, 1]), 3: np.array([0, 0, 1, 2])}))
    assert len(told) == 5
    assert told[0] == "k = 2 · a segment of 50 % of customers · mean −4.50 on the first principal axis"
    assert told[4] == "k = 3 · a segment of 25 % of customers · mean 4.50 on the first principal axis"


def test_circles_stand_at_their_means_as_large_as_their_segments_with_lines_as_wide_as_the_flows():
    X = np.column_stack([np.repeat([0.0, 8.0], [6, 2]), np.tile([0.0, 0.1], 4)])
    figure = k_selection.clustergram(X, {2: np.repeat([0, 1], [6, 2]), 3: np.repeat([0, 1, 2], [3, 3, 2])})
    axis = figure.axes[0]
    circles = [(cloud.get_offsets().data.round(2), cloud.get_sizes()) for cloud in axis.collections]
    assert [places[:, 0].tolist() for places, _ in circles] == [[2, 2], [3, 3, 3]]
    np.testing.assert_allclose(circles[0][0][:, 1], [-2, 6], atol=0.02)
    np.testing.assert_allclose(circles[1][0][:, 1], [-2, -2, 6], atol=0.03)
    np.testing.assert_allclose(circles[1][1] / circles[0][1][1], [1.5, 1.5, 1])
    flows = [(line.get_linewidth(), *np.round(line.get_ydata())) for line in axis.lines]
    wide = flows[0][0] / 3
    assert flows == [(pytest.approx(n * wide), start, end) for n, start, end in ((3, -2, -2), (3, -2, -2), (2, 6, 6))]


def test_knives_lie_below_one_another_each_sorted_and_in_its_own_colour():
    values = np.array([0.5, 0.3, -0.2, 0.4, 0.1])
    measured = Silhouettes(np.arange(5), 5, {2: values}, {2: np.array([0, 0, 1, 1, 1])})
    figure = k_selection.silhouette(measured, 2)
    axis = figure.axes[0]
    assert areas(axis) == [(style.colour(0), [0, 0, 0.5, 1]), (style.colour(1), [-0.2, 2.1, 0.4, 4.1])]
    edge = axis.collections[1].get_paths()[0].vertices.round(6)
    assert {(2.1, -0.2), (3.1, 0.1), (4.1, 0.4)} <= {(height, value) for value, height in edge.tolist()}
    assert lines(axis, style.QUIET)[0][0] == pytest.approx([0.22, 0.22]), "the mean"
    assert axis.get_yticks().tolist() == pytest.approx([1, 3.6])


def test_bars_of_stability_end_at_their_jaccard_between_the_floors():
    figure = k_selection.stability([0.9, 0.3])
    axis = figure.axes[0]
    assert [(colour, left, right) for colour, (left, _, right, _) in bars(axis)] == [
        (style.colour(0), 0, 0.9), (style.colour(1), 0, 0.3),
    ]  # fmt: skip
    assert [places[0] for places, _ in lines(axis, style.QUIET)] == [USABLE_JACCARD, FIRM_JACCARD]
    below, above, first, second = axis.texts
    assert (below.get_position()[0], below.get_ha()) == (USABLE_JACCARD, "right")
    assert (above.get_position()[0], above.get_ha()) == (FIRM_JACCARD, "left")
    assert [text.get_position()[1] for text in (first, second)] == [0, 1]
    assert spans(axis) == [[0, -0.5, 1, 0.5], [0, 0.5, 1, 1.5]]
    assert [label.get_text() for label in axis.get_yticklabels()] == ["Segment 0", "Segment 1"]


def test_every_scale_has_a_line_of_its_own_colour_over_k():
    stability = pd.DataFrame({"scale": ["log"] * 2 + ["raw"] * 2, "k": [2, 3] * 2, "min_jaccard": [0.9, 0.5, 0.8, 1]})
    agreement = pd.DataFrame({"k": [2, 3], "scale": ["log"] * 2, "other": ["raw"] * 2, "ari": [0.4, 0.6]})
    figure = k_selection.scales(stability, agreement)
    left, right = figure.axes
    assert lines(left) == [([2, 3], [0.9, 0.5]), ([2, 3], [0.8, 1.0])]
    assert lines(right) == [([2, 3], [0.4, 0.6])]
    assert len({to_hex(line.get_color()) for line in (*left.lines, *right.lines)}) == 3
    assert [text.get_text() for text in left.get_legend().get_texts()] == ["log", "raw"]
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["log, raw"]


def test_scales_are_drawn_in_the_order_of_their_table():
    scales, pairs = ["standard", "log", "robust"], [("standard", "log"), ("log", "robust"), ("log", "log")]
    stability = pd.DataFrame({"scale": scales, "k": 2, "min_jaccard": [0.1, 0.2, 0.3]})
    agreement = pd.DataFrame(pairs, columns=["scale", "other"]).assign(k=2, ari=[0.4, 0.5, 0.6])
    left, right = k_selection.scales(stability, agreement).axes
    drawn = [(line.get_label(), *line.get_ydata(), to_hex(line.get_color())) for line in (*left.lines, *right.lines)]
    colours = [to_hex(colour) for colour in style.PALETTE[:6]]
    named = [*scales, *map(", ".join, pairs)]
    assert drawn == list(zip(named, [0.1, 0.2, 0.3, 0.4, 0.5, 0.6], colours, strict=True))


def test_a_knife_says_its_mean_and_its_negatives():
    values = np.array([0.5, 0.3, -0.2, 0.4])
    measured = Silhouettes(np.arange(4), 4, {2: values}, {2: np.array([0, 0, 1, 1])})
    assert said(k_selection.silhouette(measured, 2)) == [
        "Segment 0 · mean silhouette 0.40 · negative for 0 % of its customers",
        "Segment 1 · mean silhouette 0.10 · negative for 50 % of its customers",
    ]


def test_a_bar_of_stability_says_what_is_written_beside_it():
    assert said(k_selection.stability([0.9, 0.7496])) == [
        "Segment 0 · bootstrap Jaccard 0.90",
        "Segment 1 · bootstrap Jaccard 0.7496",
    ]


def test_every_k_says_the_value_of_every_scale():
    stability = pd.DataFrame({"scale": ["log", "log", "standard"], "k": [2, 3, 2], "min_jaccard": [0.9, 0.5, 0.8]})
    agreement = pd.DataFrame({"k": [2], "scale": ["log"], "other": ["standard"], "ari": [0.4]})
    assert said(k_selection.scales(stability, agreement)) == [
        "2 segments · weakest segment's Jaccard · log 0.90 · standard 0.80",
        "3 segments · weakest segment's Jaccard · log 0.50",
        "2 segments · agreement · log and standard 0.40",
    ]
