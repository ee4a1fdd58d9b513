"""Columns that only describe, drawn: middle halves of numbers, shares of categories."""

import pandas as pd
import pytest

from seg_utils.personas.descriptors import MISSING
from seg_utils.reporting.figures import descriptors, style

from .saying import bars, lines, said, spans

NAMES = ["Savers", "Spenders"]


def described(kind, segment, level, **values):
    unknown = dict.fromkeys(["median", "q25", "q75", "share"])
    label = {"number": "Age", "category": "Channel"}[kind]
    about = {"descriptor": label.upper(), "label": label, "kind": kind, "segment": segment, "level": level}
    return about | unknown | values


@pytest.fixture
def figure():
    levels = [*"abcdefg", MISSING]
    shares = {0: [0.3, 0.2, 0.2, 0.1, 0.1, 0.04, 0.02, 0.04], 1: [0.1, 0.2, 0.3, 0.2, 0.0, 0.1, 0.0, 0.1]}
    rows = [
        described("number", 0, "", median=40.0, q25=30.0, q75=55.0),
        described("number", 1, "", median=60.0, q25=50.0, q75=61.0),
        described("number", 0, MISSING, share=0.2),
        described("number", -1, "", median=1.0, q25=0.0, q75=2.0),
        *(described("category", s, level, share=v) for s in shares for level, v in zip(levels, shares[s], strict=True)),
    ]
    table = pd.DataFrame(rows).astype(dict.fromkeys(["median", "q25", "q75", "share"], float))
    return descriptors.described(table, [6, 2], NAMES)


@pytest.mark.parametrize(("text", "shown"), [("12345678", "12345678"), ("123456789", "1234567…"), ("_a", " _a")])
def test_text_of_a_file_is_cut_where_it_is_longer_than_there_is_room(text, shown):
    assert descriptors.drawable(text, 8) == shown


def test_a_number_has_its_median_on_its_middle_half_in_the_segments_colour(figure):
    axis = figure.axes[0]
    assert lines(axis, style.colour(6)) == [([30, 55], [0, 0]), ([40], [0])]
    assert lines(axis, style.colour(2)) == [([50, 61], [1, 1]), ([60], [1])]
    assert axis.get_title(loc="left") == "Age"
    assert said(figure)[:2] == [
        "Savers · Median and middle half · 40 (30 to 55)",
        "Spenders · Median and middle half · 60 (50 to 61)",
    ]


def test_shares_of_a_category_follow_one_another_to_the_whole(figure):
    axis = figure.axes[1]
    first = [(colour, left, right) for colour, (left, bottom, right, _) in bars(axis) if bottom < 0]
    ends = [0.3, 0.5, 0.7, 0.8, 0.9, 1.0]
    colours = [*descriptors.SHADES[:5], style.HAIRLINE]
    assert first == [(colour, left, right) for colour, left, right in zip(colours, [0.0, *ends], ends, strict=False)], (
        "the rarest and the missing together in grey"
    )
    assert [text.get_text() for text in axis.get_legend().get_texts()] == [*"abcde", "all others"]
    assert spans(axis)[:4] == [[0, -0.5, 0.3, 0.5], [0, 0.5, 0.1, 1.5], [0.3, -0.5, 0.5, 0.5], [0.1, 0.5, 0.3, 1.5]]
    assert "Spenders · c · 30 %" in said(figure)
    assert "Savers · all others · 10 %" in said(figure)
