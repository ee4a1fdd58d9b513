"""The economics once more at other assumptions: on a screen only, computed in the page."""

from collections.abc import Mapping
from typing import Any

from seg_utils.core import dictionary
from seg_utils.reporting import ECONOMICS_MIME, markdown
from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections.economics import LEVERS, RATE
from seg_utils.strategy import formulas
from seg_utils.strategy.campaigns import SUMMED
from seg_utils.strategy.definitions import CASES
from seg_utils.strategy.formulas import Tree, tree

# Assumptions that stand before the others
MAIN = (
    "interchange", "rewards", "apr", "cash_advance_fee", "funding_cost", "loss_rate", "servicing_cost",
    "operating_cost", "attrition", "years",
)  # fmt: skip

FEWEST_STEPS = 40  # a slider has at least so many


def model(run: Run) -> dict[str, Any]:
    """What the page computes with: assumptions, formulas as data, moves and groups of customers."""
    moves = run.economics_inputs["moves"]
    return {
        "assumptions": [_assumption(row) for row in run.assumptions.to_dict("records")],
        "effects": [_effect(run, segment) for segment in run.segments if moves["effect_high"][segment] > 0],
        "segments": run.names,
        "moves": moves,
        "groups": run.economics_inputs["groups"],
        "sums": SUMMED,
        "formulas": {
            "prices": _trees(formulas.PRICES),
            "moves": _trees(formulas.moves(run.economics_inputs["prices"])),
            "groups": _trees(formulas.GROUPS),
            "segments": _trees(formulas.SEGMENTS),
        },
        "currency": dictionary.load().currency,
    }


def _trees(written: Mapping[str, str]) -> dict[str, Tree]:
    return {name: tree(formula) for name, formula in written.items()}


def _assumption(row: Mapping[str, Any]) -> dict[str, Any]:
    """An assumption as a slider shows it; shares in percent."""
    share = row["unit"] == RATE or row["unit"].startswith("share ")
    unit = row["unit"].removeprefix("share ").removeprefix("currency ")
    scale = 100 if share else 1
    ends = {name: float(row[name]) for name in ("value", "low", "high")}
    unit = f"% {unit}" if share else f"{dictionary.load().currency} {unit}" if "currency" in row["unit"] else unit
    return {
        "name": row["name"],
        "label": row["label"],
        "unit": unit,
        "scale": scale,
        "decimals": _decimals([scale * end for end in ends.values()]),
        "main": row["name"] in MAIN,
        **ends,
    }


def _effect(run: Run, segment: int) -> dict[str, Any]:
    """The best guess of what a segment's move changes, as a slider shows it, over the range of the guess."""
    moves = run.economics_inputs["moves"]
    low, value, high = (moves[f"effect_{case}"][segment] for case in CASES)
    ends = {"value": value, "low": low, "high": high}
    [lever] = [name for name in LEVERS if moves[name][segment]]
    return {
        "name": f"effect_{segment}",
        "segment": segment,
        "label": run.names[segment],
        "unit": f"% of {LEVERS[lever]}",
        "scale": 100,
        "decimals": _decimals([100 * end for end in ends.values()]),
        **ends,
    }


def _decimals(values: list[float]) -> int:
    """So many that every value can be shown, and that there are steps enough from the least to the most of them."""
    enough = (max(values) - min(values)) or 1.0
    return next(
        digits
        for digits in range(12)
        if enough * 10**digits >= FEWEST_STEPS and all(abs(round(value, digits) - value) < 1e-9 for value in values)
    )


def show(run: Run) -> None:
    """Show the section in the report notebook, with what it computes with beside it for the renderer."""
    if not run.has_money:
        return
    from IPython.display import display

    display({"text/markdown": markdown.fill("what-if"), ECONOMICS_MIME: model(run)}, raw=True)
