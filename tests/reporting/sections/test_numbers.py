"""Every figure on a page is an artefact's."""

from types import SimpleNamespace

import pytest

from seg_utils.core import words
from seg_utils.evaluation.resampling.stability import FIRM, OTHER_SEEDS, WEAK
from seg_utils.reporting import sections

from .numbers import figures, known, of_moves
from .runs import make_run

PAGES = {
    "front": sections.page_one.page,
    "glance": sections.segments.glance,
    "segments": lambda run: "\n".join(
        part(run, segment)
        for segment in run.segments
        for part in (sections.segments.opening, sections.segments.closing)
    ),
    "strategy": sections.actions.strategy,
    "audiences": sections.actions.audiences,
    "economics": sections.economics.page,
    "test_plan": sections.actions.test_plan,
    "choice": sections.evidence.choice,
    "votes": sections.evidence.votes,
    "scores": sections.evidence.scores,
    "scales": sections.evidence.scales,
    "trust": sections.evidence.trust,
    "quality": sections.appendix.quality,
    "method": sections.appendix.method,
    "reproduction": lambda run: sections.appendix.reproduction(run, {"numpy": "7.7"}),
}
# Figures of the page's own wording, which no run could change
SAID_WITHOUT = {
    "method": {"0", "1"},  # mean 0 and standard deviation 1, log1p
    "trust": {"1", "0", str(OTHER_SEEDS), "0.5", "0.25"},  # ends of the adjusted Rand index, readings of the silhouette
    "scales": {"1", "0"},
    "reproduction": {"7.7", "256"},
}


@pytest.fixture(scope="module", params=[2, 3, 12, 20])
def run_and_figures(request):
    run = make_run(request.param, seed=request.param)
    return run, known(run)


@pytest.mark.parametrize("name", PAGES)
def test_every_figure_is_an_artefacts(name, run_and_figures):
    run, there = run_and_figures
    grades = run.metrics["stability"]["grades"]
    counted = {str(len(run.model["space"]["features"])), str(grades.count(FIRM)), str(grades.count(WEAK))}
    explained = figures(sections.appendix.words.percent(sum(run.metrics["explained_variance"])))
    added = of_moves(run) if name == "front" else set()
    assert figures(PAGES[name](run)) <= there | counted | explained | added | SAID_WITHOUT.get(name, set())


def test_a_figure_out_of_nowhere_would_be_found(two):
    assert not figures("Worth $7,654.32 a year") <= known(two)
    assert figures("[10 %]{.badge colour=3}, `sha256`, 1,234.5") == {"10", "1,234.5"}


def test_slides_and_workbook_say_the_same(twelve):
    said = []
    for slide in sections.slide_content.slides(twelve):
        said += [slide.title, slide.subtitle, slide.warning, *slide.body]
        said += [text for block in slide.blocks for text in (block.heading, *block.paragraphs)]
        said += [cell for row in (slide.table.rows if slide.table else []) for cell in row]
    numbered = {str(number) for number in range(1, 5)}  # moves, and "1 of 3"
    grades = twelve.metrics["stability"]["grades"]
    held_out = figures(words.count(sections.actions.tested(twelve)["control"].sum()))
    counted = numbered | {str(grades.count(FIRM))} | held_out
    assert figures("\n".join(said)) <= known(twelve) | of_moves(twelve) | counted
    assert sections.slide_content.slides(twelve)[0].title == sections.page_one.told(twelve).headline


def test_charts_bear_the_profiles_figures(two, monkeypatch):
    drawn = []
    monkeypatch.setattr(sections.segments, "figures", SimpleNamespace(stands_out=lambda *given: drawn.append(given)))
    sections.segments.chart(two, 1)
    [(ranks, colour, labels, notes, name)] = drawn
    assert (colour, name) == (two.colour(1), two.names[1])
    assert len(ranks) == len(labels) == len(notes) == sections.segments.BARS
    distances = [abs(rank - 0.5) for rank in ranks]
    assert distances == sorted(distances, reverse=True)
    assert figures(" ".join(notes)) <= known(two)
