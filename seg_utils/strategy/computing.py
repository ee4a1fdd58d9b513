"""Formulas as data: read from text once, computed here, and written out for the workbook and the page by others."""

import ast
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import numpy as np

ALL = "all."
"""``all.x`` is the sum of column ``x`` over all rows."""

NOTHING = "nothing"
"""What a formula gives where there is no answer: NaN."""

SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.Eq: "==",
}  # fmt: skip
FUNCTIONS = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "**": np.power, "negative": np.negative,
    "<": np.less, "<=": np.less_equal, ">": np.greater, "==": np.equal,
    "and": np.logical_and, "if": np.where, "min": np.minimum, "max": np.maximum,
}  # fmt: skip

Tree = list[Any] | str | float
"""``[function, argument, …]``, a name or a number: what JSON can hold."""


@cache
def tree(formula: str) -> Tree:
    """Read a formula in Python's notation: arithmetic, comparisons, ``and``, ``x if c else y``, ``min``, ``max``.

    Raises:
        ValueError: anything else.
    """
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
    """The names in a formula."""
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
