"""One is one and several are several, whatever k and the counts."""

import re
from itertools import product

import pytest

from seg_utils.core import words
from seg_utils.reporting import narrative, sections

from .runs import make_run
from .test_content import every_page

NOUNS = (
    "customer", "segment", "part", "row", "feature", "move", "campaign", "resample", "start", "point", "seed", "month",
    "replicate",
)  # fmt: skip
NOT_OF = r"(?<![\d,.])(?<!of )"
ONE_AS_SEVERAL = re.compile(
    rf"{NOT_OF}1 ({'|'.join(NOUNS)})s\b|\b1 of \d+ \w+s are\b|\b1 \w+ (are|describe|pay|hold)\b"
)
SEVERAL_AS_ONE = re.compile(
    rf"\b([02-9]|\d\d+|None) ({'|'.join(NOUNS)})\b(?!s)|\b[2-9] of \d+ \w+s? (is|pays|comes)\b"
    r"|\b(All|Both) \w+ \w+s is\b"
)
GRADES = ("firm", "usable", "do not build on")
JACCARD = dict(zip(GRADES, (0.9, 0.8, 0.4), strict=True))


def said(text):
    return re.sub(r"\{[^}]*\}|[\\*\[\]]", "", text)


def check(text):
    assert not ONE_AS_SEVERAL.search(text), ONE_AS_SEVERAL.search(text)[0]
    assert not SEVERAL_AS_ONE.search(text), SEVERAL_AS_ONE.search(text)[0]


@pytest.mark.parametrize("k", [2, 3, 12, 20])
def test_pages_of_any_k(k):
    check(said(every_page(make_run(k))))


def test_pages_where_every_count_is_one():
    run = make_run(2)
    run = make_run(
        2,
        features=["BALANCE"],
        quality=run.quality | {"n_rows": 1, "n_customers": 1},
        metrics=run.metrics | {"sizes": [1, 1], "starts": 1, "stability": run.metrics["stability"] | {"replicates": 1}},
        k_scores=run.k_scores.assign(replicates=1),
        scale_stability=run.scale_stability.assign(replicates=1),
    )
    parts = [
        sections.page_one.page(run),
        sections.segments.glance(run),
        sections.evidence.trust(run),
        sections.evidence.scores(run),
    ]
    parts += [sections.evidence.scales(run), sections.appendix.quality(run), sections.appendix.method(run)]
    check(said("\n".join(parts)))


@pytest.mark.parametrize("k", [2, 3, 4])
def test_every_mix_of_grades(k):
    for mix in product(GRADES, repeat=k):
        run = make_run(k, jaccard=[JACCARD[grade] for grade in mix])
        for verdict in (run.k_verdict, run.k_verdict | {"recommended_k": None, "acceptable_k": []}):
            told = make_run(k, jaccard=run.metrics["stability"]["jaccard"], k_verdict=verdict)
            check(said(sections.page_one.page(told)))


@pytest.mark.parametrize("paying", [0, 1, 2, 3])
def test_any_number_of_campaigns_that_pay(paying):
    run = make_run(3)
    values = [100.0 * (segment < paying) - 50 for segment in range(3)]
    text = said(sections.economics.page(make_run(3, economics=run.economics.assign(campaign_value_base=values))))
    expected = {
        0: "no campaign for profit pays",
        1: "1 of 3 campaigns for profit pays",
        2: "2 of 3 campaigns for profit pay",
        3: "all 3 campaigns for profit pay",
    }
    assert expected[paying] in text
    check(text)


def test_the_checks_would_find_a_slip():
    for slip in ("1 customers", "in 7 segment.", "1 of 3 segments are firm", "2 of 3 segments is firm", "None segment"):
        assert ONE_AS_SEVERAL.search(slip) or SEVERAL_AS_ONE.search(slip)
    check(f"{words.plural(1, 'row')}, {words.plural(2, 'row')}, 1 of 3 segments is firm. {narrative.WITHOUT_SEGMENTS}")
