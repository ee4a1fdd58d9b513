"""Notebooks stay thin: load, call, check, show, save."""

import ast

import nbformat
import pytest

from seg_utils.pipeline import stored_outputs

LONGEST_CELL = 20


@pytest.fixture(params=stored_outputs.notebooks(), ids=lambda path: path.name)
def cells(request):
    return [cell for cell in nbformat.read(request.param, as_version=4).cells if cell.cell_type == "code"]


def test_a_notebook_has_one_cell_of_parameters(cells):
    assert len([cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]) == 1


def test_cells_are_short(cells):
    assert max(len(cell.source.splitlines()) for cell in cells) <= LONGEST_CELL


def test_cells_define_no_functions_and_no_classes(cells):
    defined = [
        node.name
        for cell in cells
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
    ]
    assert defined == []
