"""Formulas of the economics as a spreadsheet writes them."""

from collections.abc import Callable, Mapping

from seg_utils.strategy.computing import NOTHING, Tree, tree

FUNCTIONS = {"if": "IF", "and": "AND", "min": "MIN", "max": "MAX"}
SIGNS = {"**": "^", "==": "="}
BINDING = {"<": 1, "<=": 1, ">": 1, "==": 1, "+": 2, "-": 2, "*": 3, "/": 3, "**": 4, "negative": 5}
"""How tightly a sign binds; what is no sign binds tightest."""

TIGHTEST = 6


def excel(formula: str, refer: Callable[[str], str], known: Mapping[str, float]) -> str | float:
    """A formula in a spreadsheet's notation, or the number that it comes to by ``known`` alone.

    Args:
        refer: the cell of a name.
        known: numbers that the cell's place decides, such as whether a move has a lever; what they make superfluous
            is gone.
    """
    part = _folded(tree(formula), known)
    return part if isinstance(part, float) else f"={_written(part, refer)}"


def letter(column: int) -> str:
    """What a spreadsheet calls a column, counted from 0."""
    from xlsxwriter.utility import xl_col_to_name  # half a second that only workbooks need

    return xl_col_to_name(column)


def _folded(part: Tree, known: Mapping[str, float]) -> Tree:
    """A formula in which known numbers stand for their names, and what 0 and 1 make superfluous is gone."""
    if isinstance(part, str):
        return known.get(part, part)
    if not isinstance(part, list):
        return part
    match [part[0], *(_folded(argument, known) for argument in part[1:])]:
        case ["*", 0.0, _] | ["*", _, 0.0] | ["and", 0.0, _] | ["and", _, 0.0] | ["negative", 0.0] | ["/", 0.0, _]:
            return 0.0
        case ["*" | "and", 1.0, other] | ["*" | "and", other, 1.0] | ["+", 0.0, other] | ["+", other, 0.0]:
            return other
        case ["if", float(condition), then, otherwise]:
            return then if condition else otherwise
        case whole:
            return whole


def _written(part: Tree, refer: Callable[[str], str]) -> str:
    if isinstance(part, str):
        return '""' if part == NOTHING else refer(part)
    if not isinstance(part, list):
        return f"{part:.15g}".upper()
    name, *arguments = part
    if name in FUNCTIONS:
        return f"{FUNCTIONS[name]}({','.join(_written(argument, refer) for argument in arguments)})"
    if name == "negative":
        return f"-{_bound(arguments[0], BINDING[name], refer)}"
    left, right = arguments
    after = _bound(right, BINDING[name] + 1, refer)  # of equals, the left one comes first
    return f"{_bound(left, BINDING[name], refer)}{SIGNS.get(name, name)}{after}"


def _bound(part: Tree, binding: int, refer: Callable[[str], str]) -> str:
    """An argument, in brackets where it binds less tightly than it must."""
    own = BINDING.get(part[0], TIGHTEST) if isinstance(part, list) else TIGHTEST
    written = _written(part, refer)
    return f"({written})" if own < binding else written
