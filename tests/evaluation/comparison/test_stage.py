"""The comparison beside the road: its notebook takes what the stage tells it, and no stop of the road waits for it."""

import ast
from pathlib import Path

import nbformat

from seg_utils.core.parameters import Parameters
from seg_utils.pipeline import stages
from seg_utils.pipeline.state.layout import Layout

LAYOUT = Layout(Path("outputs/sample"), Path("outputs/sample/log-median"))


def told():
    return stages.compare(Parameters(), LAYOUT, 7)


def test_the_notebook_takes_what_it_is_told():
    cells = nbformat.read(told().notebook, as_version=4).cells
    (cell,) = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    taken = [node.targets[0].id for node in ast.parse(cell.source).body]
    assert set(taken) == set(told().parameters)


def test_the_notebook_saves_what_the_stage_promises():
    source = "\n".join(cell.source for cell in nbformat.read(told().notebook, as_version=4).cells)
    assert all(f'Path(target) / "{name}"' in source for name in told().writes)


def test_each_k_has_a_folder_of_its_own_and_no_run_reads_it():
    assert told().folder == LAYOUT.space / "compare-k7"
    report = stages.report(Parameters(), LAYOUT, 7)
    assert not [path for path in report.reads if told().folder in path.parents]
