"""The economics, each formula once: Python, the workbook and the page compute by these.

``price.x`` is an assumption, ``move.x`` what a segment's move assumes, ``all.x`` the sum of ``x`` over all groups of
customers, ``sum.x`` that over a segment's groups; other names are columns of the same row. Amounts are in currency.
"""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np

from seg_utils.strategy.definitions import CASES, CHANNEL

ALL = "all."  # ``all.x`` is the sum of column ``x`` over all rows
NOTHING = "nothing"  # what a formula gives where there is no answer: NaN

SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.Eq: "==",
}  # fmt: skip
FUNCTIONS = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power, "negative": np.negative,
    "<": np.less, "<=": np.less_equal, ">": np.greater, "==": np.equal,
    "and": np.logical_and, "if": np.where, "min": np.minimum, "max": np.maximum,
}  # fmt: skip

Tree = list[Any] | str | float  # ``[function, argument, …]``, a name or a number: what JSON can hold


@cache
def tree(formula: str) -> Tree:
    """Read a formula in Python's notation: arithmetic, comparisons, ``and``, ``x if c else y``, ``min``, ``max``.
    Raises ValueError: anything else."""
    return _tree(ast.parse(formula, mode="eval").body)


def _tree(node: ast.expr) -> Tree:
    match node:
        case ast.Constant(value):
            return float(value)
        case ast.Name(name):
            return name
        case ast.Attribute(ast.Name(group), name):
            return f"{group}.{name}"
        case ast.UnaryOp(ast.USub(), value):
            return ["negative", _tree(value)]
        case ast.BinOp(left, sign, right) | ast.Compare(left, [sign], [right]):
            return [SIGNS[type(sign)], _tree(left), _tree(right)]
        case ast.BoolOp(ast.And(), values):
            first, *others = map(_tree, values)
            for other in others:
                first = ["and", first, other]
            return first
        case ast.IfExp(condition, then, otherwise):
            return ["if", _tree(condition), _tree(then), _tree(otherwise)]
        case ast.Call(ast.Name(("min" | "max") as name), arguments):
            return [name, *map(_tree, arguments)]
    raise ValueError(f"no formula: {ast.unparse(node)}")


def names(formula: str) -> set[str]:
    return set(_names(tree(formula)))


def _names(part: Tree) -> Iterable[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for argument in part[1:]:
            yield from _names(argument)


class Computed(dict[str, Any]):
    """Numbers and columns (n,) by name; what is not given is computed from its formula when it is first asked for."""

    def __init__(self, formulas: Mapping[str, str], given: Mapping[str, Any]):
        super().__init__(given)
        self.formulas = formulas

    def __missing__(self, name: str) -> Any:
        if name.startswith(ALL):
            value = np.sum(self[name.removeprefix(ALL)])
        else:
            with np.errstate(divide="ignore", invalid="ignore"):  # of the branch that is not taken
                value = self._value(tree(self.formulas[name]))
        self[name] = value
        return value

    def _value(self, part: Tree) -> Any:
        if isinstance(part, list):
            return FUNCTIONS[part[0]](*map(self._value, part[1:]))
        if isinstance(part, str):
            return np.nan if part == NOTHING else self[part]
        return part


def given_names(formulas: Mapping[str, str], name: str) -> set[str]:
    """Everything without a formula that a name rests on, directly or through others."""
    name = name.removeprefix(ALL)
    if name not in formulas:
        return {name}
    return {given for needed in names(formulas[name]) for given in given_names(formulas, needed)}


PRICE = "price."

# Prices that follow from others: what of a customer's value is kept from one year to the next, after closures and
# discounting; how many years of today's value a customer's years are worth; what is earned of more purchases
PRICES = {
    "price.kept": "(1 - price.closure) / (1 + price.discount)",
    # the sum of kept^t over t = 0 .. years - 1, also for fractions of years
    "price.years_kept": "price.years if price.kept == 1 else (1 - price.kept ** price.years) / (1 - price.kept)",
    "price.earned": "max(0, price.interchange - price.rewards)",
}

# What customers do in a year. ``risk`` is what revolves, more of it where much of the limit is used and where the
# card is used for cash.
BEHAVIOUR = {
    "yearly": "12 / min(tenure, price.months_covered)",
    "purchases": "file_purchases * yearly",
    "instalment_purchases": "file_instalment_purchases * yearly",
    "cash_advances": "file_cash_advances * yearly",
    "risk": (
        "revolving + price.loss_by_utilisation * revolving_used + price.loss_by_cash * revolving_cash"
        " + price.loss_by_utilisation * price.loss_by_cash * revolving_both"
    ),
}

# Income and cost a year; costs are negative
STREAMS = {
    "interchange": "purchases * price.interchange",
    "rewards": "-purchases * price.rewards",
    "interest": "revolving * price.apr",
    "cash_fees": "cash_advances * price.cash_advance_fee",
    "funding": "-owed * price.funding_cost",
    # all together lose the rate of what revolves, each by its risk
    "losses": "-price.loss_rate * all.revolving * risk / max(all.risk, 1e-300)",
    "servicing": "-customers * price.servicing_cost",
    "operating": "-owed * price.operating_cost",
}

VALUE = BEHAVIOUR | STREAMS | {"value": " + ".join(STREAMS)}

# What a move's effect is a share of, over the year after it; of the kept, over their years
LEVERS = {
    "spend": "purchases * price.earned",
    "average_spend": "customers * all.purchases / all.customers * price.earned",
    "plan": "instalment_purchases * price.plan_margin",
    "keep": "max(0, value) * price.attrition * price.years_kept",
    "losses": "-losses",
}

# Of a group of customers: whether its average customer is worth contacting, and what that brings and costs
GROUPS = VALUE | {
    "lever": " + ".join(f"move.{lever} * ({formula})" for lever, formula in LEVERS.items()),
    "given_up": "move.takers * move.rate_cut * revolving + move.fees_forgone * cash_fees",
    "cost": "customers * (move.contact_cost + move.offer_cost) + given_up",
    "worth_contacting": (
        "customers if move.campaign and (concerned > 0 if move.care else move.effect_base * lever > cost) else 0"
    ),
    "contacted": "reachable if worth_contacting > 0 else 0",
    **{f"contacted_{amount}": f"{amount} * contacted / customers" for amount in ("lever", "given_up", "cost")},
}


# By which column the customers of a move are ordered, so that groups are of like ones
ORDER = {
    "spend": "purchases",
    "average_spend": "purchases",
    "plan": "instalment_purchases",
    "keep": "value",
    "losses": "risk",
}


# By how much a lever grows with one more of what the customers of its move are ordered by
UNITS = {
    "spend": "price.earned",
    "average_spend": "0",
    "plan": "price.plan_margin",
    "keep": "price.attrition * price.years_kept",
    "losses": "1",
}

# Of a segment: how much of that a customer must have to be worth contacting; nothing where no one amount decides it
WORTH_FROM = {
    "gained": " + ".join(f"move.{lever} * move.effect_base * {formula}" for lever, formula in UNITS.items()),
    "worth_from": (
        "(move.contact_cost + move.offer_cost) / max(gained, 1e-300)"
        " if gained > 0 and move.rate_cut == 0 and move.fees_forgone == 0 else nothing"
    ),
}


def moves(prices: Iterable[str]) -> dict[str, str]:
    """What a contact and its benefit cost a customer; the channels are those that have a price."""
    prefix = CHANNEL.format("")
    channels = [name.removeprefix(prefix) for name in prices if name.startswith(prefix)]
    contacts = (
        f"price.{prefix}{name} * (move.first_{name} + price.answer_rate * move.then_{name})" for name in channels
    )
    return {
        "move.contact_cost": " + ".join(contacts),
        "move.offer_cost": "move.takers * move.benefit * price.benefit_scale",
    }


def _each(amount: str) -> str:
    """Of the average contacted customer; of the segment's where nobody is worth contacting."""
    return f"sum.contacted_{amount} / sum.contacted if sum.contacted > 0 else sum.{amount} / sum.customers"


# Of a segment: what its average customer brings, and what its move changes, costs and brings
SEGMENTS: Mapping[str, str] = {
    **{stream: f"sum.{stream} / sum.customers" for stream in STREAMS},
    "value_per_customer": "sum.value / sum.customers",
    "balance": "sum.owed / sum.customers",
    "lifetime_value": "value_per_customer * price.years_kept",
    "segment_value": "sum.value",
    "value_share": "sum.value / all.value if all.value > 0 else nothing",
    "worth_contacting": "sum.worth_contacting",
    "contacted": "sum.contacted",
    "contact_cost": "move.contact_cost",
    "offer_cost": "move.offer_cost",
    "lever_value": _each("lever"),
    "given_up": _each("given_up"),
    "cost_each": _each("cost"),
    "break_even_effect": (
        "cost_each / lever_value if move.campaign and lever_value > 0 and cost_each <= lever_value else nothing"
    ),
    "campaign_cost": "sum.contacted_cost",
    **{f"campaign_value_{case}": f"move.effect_{case} * sum.contacted_lever - sum.contacted_cost" for case in CASES},
}


def priced(formulas: Mapping[str, str], prices: Mapping[str, float], given: Mapping[str, Any]) -> Computed:
    """Formulas with prices, and those that follow from them, beside what else is given."""
    return Computed(PRICES | dict(formulas), {PRICE + name: price for name, price in prices.items()} | dict(given))
