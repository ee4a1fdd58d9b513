"""Page one in sentences, computed from artefacts only: what was found, what to do first, how far to trust it.

Every word that judges is chosen by a threshold with a name. Plain text: whoever renders it escapes it.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pandas as pd

from seg_utils.core import words
from seg_utils.reporting.narrative import repeats
from seg_utils.reporting.narrative.findings import findings, headline
from seg_utils.reporting.narrative.moves import (
    NONE_PAYS,
    WITHOUT_SEGMENTS,
    ListedMove,
    at_risk,
    money_level,
    money_trust,
    moves,
    never_told,
    note,
    period,
)
from seg_utils.reporting.narrative.recommendation import recommendation
from seg_utils.reporting.narrative.trust import (
    CLEAR_SILHOUETTE,
    FAIR_SILHOUETTE,
    NO_SEGMENT,
    SAME_ARI,
    SIMILAR_ARI,
    caveat,
    few,
    fitting,
    level,
    made_otherwise,
    names_hold,
    names_level,
    no_segments,
    on_features,
    standing,
    trust,
    why_no_action,
)

PART_OF_CLOUD = "This is a part of one cloud, with a border that we drew."

# Warnings about the customers file that bear on every number of the report
TELLING_FINDINGS = (
    "sampled", "other_currency", "bad_rows", "lone", "mixed_units", "incomplete_rows", "missing", "no_value",
    "months_on_book", "features_subset", "left_out",
)  # fmt: skip

DATA_SENTENCES = 2


class Grade(NamedTuple):
    """How far to trust one side of the report, ``high``, ``medium`` or ``low``, and why."""

    subject: str
    level: str
    reasons: list[str]

    def __str__(self) -> str:
        return f"{self.subject}: {self.level}. {' '.join(self.reasons)}"


@dataclass(frozen=True)
class Story:
    """Everything page one says, as plain sentences.

    ``data`` is what must be known of the customers file. ``notice`` is None for real customers. ``note`` is what is to
    be said beside the moves, or in their place. ``recommendation`` is empty where nothing is said of money.
    """

    headline: str
    findings: list[str]
    moves: list[ListedMove]
    level: str
    trust: list[Grade]
    notice: str | None
    data: list[str] = field(default_factory=list)
    note: str = ""
    recommendation: str = ""


def tell(
    people: list[dict[str, Any]],
    strategy: pd.DataFrame,
    metrics: dict[str, Any],
    verdict: dict[str, Any],
    quality: dict[str, Any],
    portfolio: dict[str, Any],
) -> Story:
    """Page one of a run.

    Args:
        strategy: ``strategy.csv`` with the numbers of money, economics and test plan.
    """
    priced, first, grouping = "guesses" in portfolio, moves(strategy), level(metrics, verdict)
    return Story(
        headline=headline(strategy, verdict, metrics),
        findings=[*findings(people, strategy, verdict, metrics, quality["stands_for"]), *at_risk(strategy)],
        moves=first,
        level=grouping,
        trust=_grades(people, metrics, verdict, portfolio, strategy),
        notice=notice(quality),
        data=data(quality),
        note=WITHOUT_SEGMENTS if no_segments(verdict) else note(first, people, strategy, metrics) if priced else "",
        recommendation=recommendation(first, strategy, grouping, verdict) if priced else "",
    )


def _grades(
    people: list[dict[str, Any]],
    metrics: dict[str, Any],
    verdict: dict[str, Any],
    portfolio: dict[str, Any],
    strategy: pd.DataFrame,
) -> list[Grade]:
    """The grouping, the names where they name segments, and the money."""
    again = [repeats.came_again(verdict), repeats.disagreement(verdict)] if repeats.same_again(verdict) else []
    reasons = [*trust(people, metrics, verdict), *filter(None, again)]
    grades = [Grade("The grouping", level(metrics, verdict), reasons)]
    names = "" if no_segments(verdict) else names_hold(people)
    if names:
        grades.append(Grade("The names", names_level(people), [names]))
    if "guesses" not in portfolio:
        return grades
    return [*grades, Grade("The money", money_level(portfolio), [money_trust(portfolio, strategy)])]


def notice(quality: dict[str, Any]) -> str | None:
    """What must be said before anything else about synthetic customers."""
    if not quality["synthetic"]:
        return None
    return "These customers are synthetic: they were generated, and nothing here describes real people."


def data(quality: dict[str, Any]) -> list[str]:
    """What was found in the customers file that a reader of page one must know: at most two sentences."""
    telling = [
        finding
        for finding in quality["findings"]
        if finding["severity"] == "warning" and finding["rule"] in TELLING_FINDINGS
    ]
    telling.sort(key=lambda finding: (TELLING_FINDINGS.index(finding["rule"]), -finding["count"]))
    return [words.labelled(finding["message"]) for finding in telling[:DATA_SENTENCES]]
