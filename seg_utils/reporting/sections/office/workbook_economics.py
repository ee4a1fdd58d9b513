"""The economics as sheets that compute: assumptions and moves to change, groups of customers and segments in formulas.

Every formula is one of ``strategy.formulas``, beside it the value that Python gives.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np

from seg_utils.reporting.run_artefacts import Run
from seg_utils.reporting.sections.economics import LEVERS
from seg_utils.reporting.sections.office.workbook_cells import (
    COUNT,
    MONEY,
    NUMBER,
    PRICE,
    SHARE,
    TEXT,
    Cell,
    Chart,
    Sheet,
    cell,
    excel,
    letter,
)
from seg_utils.strategy import formulas
from seg_utils.strategy.assumptions import ABOVE_ZERO, SHARES
from seg_utils.strategy.campaigns import SUM, Outcome, compute
from seg_utils.strategy.formulas import ALL, Computed
from seg_utils.strategy.formulas import PRICE as PRICE_OF

MOVE = "move."
LEAST, MOST = 0.01, 1e6
ASSUMPTIONS, PORTFOLIO, ECONOMICS, GROUPS = "Assumptions", "Portfolio", "Economics", "Groups"

# What follows from assumptions alone
DERIVED = {
    "kept": ("Kept from one year to the next, discounted", SHARE),
    "years_kept": ("Discounted years counted of a customer", NUMBER),
    "earned": ("Earned of more purchases, as a share of them", PRICE),
}

# Sums over all groups
TOTALS = {
    "value": ("Value a year of all customers", MONEY),
    "owed": ("Balances", MONEY),
    "customers": ("Customers", COUNT),
    "purchases": ("Purchases a year", MONEY),
    "revolving": ("Balances not paid in full", MONEY),
    "risk": ("Balances not paid in full, weighed by risk", MONEY),
}

IN_WORDS = {
    "purpose": ("Purpose", TEXT),
    "lever": ("Effect is a share of", TEXT),
    "first_channels": ("Channels", TEXT),
    "then_channels": ("Then, of those who answer", TEXT),
}

# What a reader may change of a move; which channels and lever it has is in the formulas
INPUTS = {
    "effect_low": ("Effect, low", SHARE),
    "effect_base": ("Effect, base", SHARE),
    "effect_high": ("Effect, high", SHARE),
    "takers": ("Takers, of the contacted", SHARE),
    "benefit": ("Benefit of a taker", MONEY),
    "rate_cut": ("Rate lowered by", SHARE),
    "fees_forgone": ("Fees no longer earned", SHARE),
}

OF_SEGMENT = {
    "contact_cost": ("A contact costs", MONEY),
    "offer_cost": ("Benefits, a contact", MONEY),
    "interchange": ("Interchange", MONEY),
    "rewards": ("Rewards", MONEY),
    "interest": ("Interest", MONEY),
    "cash_fees": ("Cash-advance fees", MONEY),
    "funding": ("Funding", MONEY),
    "losses": ("Losses", MONEY),
    "servicing": ("Servicing", MONEY),
    "operating": ("Other running costs", MONEY),
    "value_per_customer": ("Value a customer and year", MONEY),
    "balance": ("Balance a customer", MONEY),
    "lifetime_value": ("Lifetime value a customer", MONEY),
    "segment_value": ("Value a year", MONEY),
    "value_share": ("Share of value", SHARE),
    "worth_contacting": ("Worth contacting", COUNT),
    "contacted": ("Contacted", COUNT),
    "lever_value": ("Amount that the effect is a share of", MONEY),
    "given_up": ("Income given up, a contact", MONEY),
    "cost_each": ("A customer contacted costs", MONEY),
    "break_even_effect": ("Breaks even at", SHARE),
    "campaign_cost": ("Campaign costs", MONEY),
    "campaign_value_low": ("Campaign brings, low", MONEY),
    "campaign_value_base": ("Campaign brings, base", MONEY),
    "campaign_value_high": ("Campaign brings, high", MONEY),
}
OF_GROUP = {
    "segment": "Segment",
    "tenure": "Months on book",
    "customers": "Customers",
    "reachable": "Not held out",
    "concerned": "Concerned by a move of care",
    "file_purchases": "Purchases in the file",
    "file_instalment_purchases": "Instalment purchases in the file",
    "file_cash_advances": "Cash advances in the file",
    "owed": "Owed",
    "revolving": "Not paid in full",
    "revolving_used": "Not paid in full × share of the limit used",
    "revolving_cash": "Not paid in full × share of cash",
    "revolving_both": "Not paid in full × limit used × cash",
    "yearly": "Factor to a year",
    "purchases": "Purchases a year",
    "instalment_purchases": "Instalment purchases a year",
    "cash_advances": "Cash advances a year",
    "risk": "Weighed by risk",
    **{stream: OF_SEGMENT[stream][0] for stream in formulas.STREAMS},
    "value": "Value a year",
    "lever": "Amount that the effect is a share of",
    "given_up": "Income given up",
    "cost": "Contacting all costs",
    "worth_contacting": "Worth contacting",
    "contacted": "Contacted",
    "contacted_lever": "Amount that the effect is a share of, contacted",
    "contacted_given_up": "Income given up, contacted",
    "contacted_cost": "Contacting costs",
}
COUNTS = ("segment", "tenure", "customers", "reachable", "concerned", "worth_contacting")


def sheets(run: Run) -> list[Sheet]:
    """The sheets that compute, the sums first."""
    outcome = compute(run.economics_inputs)
    return [_portfolio(run, outcome), _economics(run, outcome), _assumptions(run), _groups(run, outcome)]


def _assumptions(run: Run) -> Sheet:
    rows = [
        [
            Cell(row["label"]),
            Cell(row["value"], PRICE, name=_price(row["name"]), allowed=_allowed(row["name"], row["high"])),
            cell(row["low"], PRICE),
            cell(row["high"], PRICE),
            cell(row["unit"], TEXT),
            cell(row["source"], TEXT),
        ]
        for row in run.assumptions.to_dict("records")
    ]
    return Sheet(ASSUMPTIONS, ["Assumption", "Value: change it here", "Low", "High", "Unit", "Source"], rows)


def _allowed(name: str, high: float) -> tuple[float, float]:
    """What may stand in place of an assumption's value; the groups know no month beyond the range of months."""
    most = high if name == "months_covered" else 1.0 if name in SHARES else MOST
    return LEAST if name in ABOVE_ZERO else 0.0, most


def _portfolio(run: Run, outcome: Outcome) -> Sheet:
    """Sums over all customers, and what follows from assumptions alone."""
    last = len(run.economics_inputs["groups"]["segment"]) + 1
    rows = [
        [Cell(label), Cell(float(outcome.groups[ALL + name]), kind, f"=SUM({_column(name, last)})", _all(name))]
        for name, (label, kind) in TOTALS.items()
    ]
    values, care = outcome.segments["campaign_value_base"], np.asarray(run.economics_inputs["moves"]["care"]) > 0
    brings, purpose = (_column_of(name, run.k) for name in ("campaign_value_base", "purpose"))
    paying = f'=SUMIFS({brings},{brings},">0",{purpose},"Profit")'
    owed = outcome.groups[f"{ALL}owed"]
    returned = outcome.groups[f"{ALL}value"] / owed if owed > 0 else None
    rows[1:1] = [
        [Cell("Return on balances"), Cell(returned, SHARE, f'=IF({_all("owed")}>0,{_all("value")}/{_all("owed")},"")')],
        [
            Cell("Moves for profit that pay bring"),
            Cell(float(values[(values > 0) & ~care].sum()), MONEY, paying),
        ],
    ]
    for name, (label, kind) in DERIVED.items():
        formula = excel(formulas.PRICES[PRICE_OF + name], _refer, {})
        rows.append([Cell(label), Cell(float(outcome.groups[PRICE_OF + name]), kind, str(formula), _price(name))])
    places = list(_economics_columns())
    chart = Chart("Value a year of each segment", ECONOMICS, 1, places.index("segment_value"), run.k)
    return Sheet(PORTFOLIO, ["All customers", "Sum"], rows, chart=chart)


def _economics_columns() -> dict[str, tuple[str, str]]:
    return {"segment": ("Segment", COUNT), "persona": ("Persona", TEXT)} | IN_WORDS | INPUTS | OF_SEGMENT | RANGE


# One assumption at a time at either end: not computed anew in the workbook
RANGE = {
    "lifetime_value_low": ("Lifetime value, low, as reported", MONEY),
    "lifetime_value_high": ("Lifetime value, high, as reported", MONEY),
}


def _economics(run: Run, outcome: Outcome) -> Sheet:
    columns = _economics_columns()
    letters = {name: letter(place) for place, name in enumerate(columns)}
    last = len(run.economics_inputs["groups"]["segment"]) + 1
    written = formulas.moves(run.economics_inputs["prices"]) | dict(formulas.SEGMENTS)
    rows = []
    for segment, row in enumerate(run.economics.sort_values("segment").to_dict("records")):
        refer = partial(_of_segment, letters=letters, row=segment + 2, last=last)
        known = _known(run, segment)
        cells = []
        for name, (_, kind) in columns.items():
            if name in INPUTS:
                most = MOST if name == "benefit" else 1.0
                cells.append(Cell(run.economics_inputs["moves"][name][segment], kind, allowed=(0.0, most)))
            elif name in OF_SEGMENT:
                formula = written.get(MOVE + name) or written[name]
                cells.append(_computed(outcome.segments, name, segment, kind, excel(formula, refer, known)))
            else:
                said = {"persona": run.names[segment], "lever": LEVERS[row["lever"]]}
                cells.append(cell(said.get(name, row[name]), kind))
        rows.append(cells)
    return Sheet(ECONOMICS, [heading for heading, _ in columns.values()], rows, frozen_columns=2)


def _groups(run: Run, outcome: Outcome) -> Sheet:
    letters = {name: letter(place) for place, name in enumerate(OF_GROUP)}
    segments = np.asarray(run.economics_inputs["groups"]["segment"], dtype=int)
    places = {name: letter(place) for place, name in enumerate(_economics_columns())}
    known = {segment: _known(run, segment) for segment in set(segments.tolist())}
    rows = []
    for place, segment in enumerate(segments.tolist()):
        refer = partial(_of_group, letters=letters, row=place + 2, places=places, segment_row=segment + 2)
        cells = []
        for name in OF_GROUP:
            kind = COUNT if name in COUNTS else NUMBER
            formula = outcome.groups.formulas.get(name)
            if formula is None:
                cells.append(Cell(run.economics_inputs["groups"][name][place], kind))
            else:
                cells.append(_computed(outcome.groups, name, place, kind, excel(formula, refer, known[segment])))
        rows.append(cells)
    return Sheet(GROUPS, list(OF_GROUP.values()), rows, frozen_columns=1)


def _computed(values: Computed, name: str, place: int, kind: str, formula: str | float) -> Cell:
    value = float(values[name][place]) + 0.0  # no -0
    if isinstance(formula, float):
        return Cell(formula, kind)
    return Cell(None if np.isnan(value) else value, kind, formula)


def _known(run: Run, segment: int) -> Mapping[str, float]:
    """What is settled of a segment's move: all but what a reader may change; of customers in none, nothing is."""
    moves = run.economics_inputs["moves"]
    if segment < 0:
        costs = {MOVE + name: 0.0 for name in ("contact_cost", "offer_cost")}
        return costs | {MOVE + name: 0.0 for name in moves}
    return {MOVE + name: values[segment] for name, values in moves.items() if name not in INPUTS}


def _refer(name: str) -> str:
    """The named cell of an assumption, or of a sum over all groups."""
    return _all(name.removeprefix(ALL)) if name.startswith(ALL) else _price(name.removeprefix(PRICE_OF))


def _of_segment(name: str, letters: Mapping[str, str], row: int, last: int) -> str:
    """Where a segment's row finds a name."""
    if name.startswith(SUM):
        column = _column(name.removeprefix(SUM), last)
        return f"SUMIF({_column('segment', last)},$A{row},{column})"
    own = name.removeprefix(MOVE)
    return f"{letters[own]}{row}" if own in letters else _refer(name)


def _of_group(name: str, letters: Mapping[str, str], row: int, places: Mapping[str, str], segment_row: int) -> str:
    """Where a group's row finds a name."""
    if name.startswith(MOVE):
        return f"{ECONOMICS}!${places[name.removeprefix(MOVE)]}${segment_row}"
    return f"{letters[name]}{row}" if name in letters else _refer(name)


def _price(name: str) -> str:
    return f"price_{name}"


def _all(name: str) -> str:
    return f"all_{name}"


def _column(name: str, last: int) -> str:
    """A column of the groups, from its first row to its last."""
    place = letter(list(OF_GROUP).index(name))
    return f"{GROUPS}!${place}$2:${place}${last}"


def _column_of(name: str, k: int) -> str:
    """A column of the segments."""
    place = letter(list(_economics_columns()).index(name))
    return f"{ECONOMICS}!${place}$2:${place}${k + 1}"
