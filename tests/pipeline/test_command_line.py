import errno
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from seg_utils import __main__ as command_line
from seg_utils.core.errors import DataError
from seg_utils.data import fetch


@pytest.fixture
def failing_download(monkeypatch):
    def arrange(error):
        def fail():
            raise error

        monkeypatch.setattr(fetch, "fetch", fail)

    return arrange


def test_a_users_mistake_is_one_line_and_exit_code_2(failing_download, capsys):
    failing_download(DataError("no network; check it"))
    assert command_line.main(["data"]) == 2
    assert capsys.readouterr() == ("", "error: no network; check it\n")


def test_an_interruption_says_that_nothing_is_lost(failing_download, capsys):
    failing_download(KeyboardInterrupt())
    assert command_line.main(["data"]) == 130
    assert "what was finished is kept" in capsys.readouterr().err


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES, errno.EROFS])
def test_a_disk_that_is_full_or_not_to_be_written_to_is_no_traceback(failing_download, capsys, number):
    failing_download(OSError(number, "What it says"))
    assert command_line.main(["data"]) == 2
    assert "What it says; free the space or mend the path" in capsys.readouterr().err


def test_what_no_space_mends_is_not_put_down_to_the_disk(failing_download, capsys):
    failing_download(FileNotFoundError(2, "No such file or directory", "k7/some.csv"))
    assert command_line.main(["data"]) == 2
    assert capsys.readouterr().err == "error: [Errno 2] No such file or directory: 'k7/some.csv'\n"


def test_an_unknown_command_lists_the_known_ones(capsys):
    assert command_line.main(["raport"]) == 2
    assert "unknown command 'raport'; usage: python -m seg_utils {report|" in capsys.readouterr().err


def test_help_lists_the_parameters(capsys):
    assert command_line.main(["help"]) == 0
    assert "K          number of segments" in capsys.readouterr().out


def test_a_comparison_ends_with_its_recommendation(tmp_path, monkeypatch, capsys):
    from seg_utils.pipeline import driver

    (tmp_path / "compare.json").write_text('{"sentence": "The rule recommends something."}')
    monkeypatch.setattr(driver, "compare", lambda asked: [tmp_path / "compare.json", tmp_path / "05_compare.html"])
    assert command_line.main(["compare", "K=3"]) == 0
    *listed, empty, last = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == ["compare.json", "05_compare.html"]
    assert (empty, last) == ("", "The rule recommends something.")


@pytest.mark.parametrize("command", ["report", "compare", "score", "serve", "where"])
def test_a_wrong_parameter_is_told_before_anything_heavy_is_imported(command):
    code = (
        "import sys; from seg_utils.__main__ import main; "
        f"print(main([{command!r}, 'DATA=nowhere.csv', 'MODEL=nowhere']), "
        "*{'fastapi', 'numpy', 'pandas', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr.count("\n")) == ("2\n", 1)


def test_every_module_that_a_command_runs_is_there():
    """Commands import what they run when they are asked for, by name: a module that has moved shows here."""
    source = Path(command_line.__file__).read_text(encoding="utf-8")
    named = set(re.findall(r'_of\("([a-z_.]+)"\)', source))
    assert len(named) > 10
    assert [name for name in sorted(named) if find_spec(f"seg_utils.{name}") is None] == []
