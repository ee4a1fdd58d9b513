"""What to do with each segment, and how to find out whether it works."""

import pandas as pd

from seg_utils.core import words
from seg_utils.reporting import narrative
from seg_utils.reporting.markdown import Markdown, fill
from seg_utils.reporting.run_artefacts import Run
from seg_utils.strategy.decisions import FOR_CARE
from seg_utils.strategy.testplan import ENOUGH_TOGETHER, TOO_SMALL

WORDS = {
    "objective": "Objective",
    "action_now": "Action now",
    "action_later": "Action later",
    "offer": "Offer",
    "channel": "Channel",
    "kpi": "KPI to watch",
    "guardrail": "Guardrail",
    "owner": "Who acts",
}

# All of these are more columns than an upright page takes
TABLES = {
    "What to do with each segment": ("objective", "action_now", "action_later", "offer"),
    "How it is done": ("channel", "kpi", "guardrail", "owner"),
}

# What a test of a move compares
MEASURES = {
    "purchases": "Purchases a customer",
    "instalment_purchases": "Instalment purchases a customer",
    "cash_advances": "Cash advances a customer",
    "closures": "Share who close the account",
    "defaults": "Share who default",
}

AUDIENCES = {"marketing": "Marketing", "product": "Product", "risk": "Risk", "customer_success": "Customer success"}


def strategy(run: Run) -> Markdown:
    """The strategy tables, one row a segment; empty where no persona says what to do."""
    if not run.has_plans:
        return Markdown("")
    return fill("strategy", run=run, headings=WORDS, tables=TABLES, plans=run.strategy.to_dict("records"))


def audiences(run: Run) -> Markdown:
    """What each segment means for each department; segments without a persona have no entry."""
    people = [person for person in run.personas if person["audiences"]]
    return fill("audiences", run=run, departments=AUDIENCES, people=people) if people else Markdown("")


def tested(run: Run) -> pd.DataFrame:
    """The rows of the test plan of those moves that page one lists."""
    return run.test_plan[run.test_plan["segment"].isin([move.segment for move in narrative.moves(run.strategy)])]


def what_to_test(run: Run) -> Markdown:
    """Whom to keep from every campaign, for how long, and what that tells of page one's moves; empty without money."""
    if not run.has_money:
        return Markdown("")
    plan = tested(run)
    names: dict[str, list[str]] = {"testable": [], "by_several": [], "hopeless": []}
    for row in plan.itertuples():
        few = narrative.never_told(row.verdict, row.needed_per_group, row.control)
        told_by = "hopeless" if few else "by_several" if row.verdict == TOO_SMALL else "testable"
        names[told_by].append(words.name(run.names[row.segment]))
    care = [words.name(run.names[move.segment]) for move in narrative.moves(run.strategy) if move.kind == FOR_CARE]
    return fill(
        "what-to-test",
        everybody=run.population.get("customers"),
        held_out=int(plan["control"].sum()),
        months=int(plan["months"].max()) if len(plan) else 0,
        not_yet=run.has_segments and narrative.level(run.metrics, run.k_verdict) == "low",
        care=[name for name in care if name in names["hopeless"]],
        **names,
    )


def test_plan(run: Run) -> Markdown:
    """What a test of each move compares, how many customers it takes, and what cannot be told here; empty without
    money."""
    if not run.has_money:
        return Markdown("")
    plan = run.test_plan.to_dict("records")
    return fill(
        "test-plan",
        run=run,
        campaign=Markdown(run.campaign),
        first=plan[0],
        plan=plan,
        measures=MEASURES,
        hopeless=int((run.test_plan["verdict"] == TOO_SMALL).sum()),
        together=ENOUGH_TOGETHER,
    )


test_plan.__test__ = False  # the name is the field's; pytest need not collect it
