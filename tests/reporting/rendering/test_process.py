"""The one subprocess wrapper."""

import sys

import pytest

from seg_utils.core.errors import RenderError
from seg_utils.reporting.rendering.renderer import run


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_arguments_go_through_no_shell(tmp_path):
    hostile = "a; touch pwned $(touch pwned) 'q\" ü"
    shown = run([*python("import sys; print(sys.argv[1])"), hostile], folder=tmp_path)
    assert shown == f"{hostile}\n"
    assert list(tmp_path.iterdir()) == []


def test_input_and_environment_arrive():
    code = "import os, sys; print(sys.stdin.read(), os.environ.get('A'))"
    assert run(python(code), text="ü", environment={"A": "1"}) == "ü 1\n"


def test_a_failure_ends_with_the_last_lines_it_printed():
    code = "import sys; print('lost'); [print(f'line {i}', file=sys.stderr) for i in range(9)]; sys.exit(7)"
    with pytest.raises(RenderError, match=r"ended with code 7: line 3 / .* / line 8$"):
        run(python(code))


def test_of_an_error_and_its_stack_the_error_is_told():
    said = "loading\\n\\x1b[31mERROR: bad settings\\x1b[0m\\n\\nStack trace:\\n  at run (x.js:1)\\n"
    with pytest.raises(RenderError, match=r"ended with code 1: ERROR: bad settings$"):
        run(python(f"import sys; sys.exit('{said}')"))


def test_a_program_that_hangs_is_stopped():
    with pytest.raises(RenderError, match="did not end within 1 seconds"):
        run(python("import time; time.sleep(60)"), seconds=1)


def test_a_program_that_does_not_exist():
    with pytest.raises(RenderError, match="/no/program could not be started: No such file"):
        run(["/no/program"])
