"""Which files a path stands for, and what is wrong with one."""

import os
from contextlib import suppress
from pathlib import Path

import pytest

from seg_utils.core import paths


@pytest.fixture
def folder(tmp_path):
    for name in ("b.csv", "a.csv", ".hidden.csv", "_SUCCESS", "c.txt"):
        (tmp_path / name).write_text("1")
    return tmp_path


def test_a_path_stands_for_itself_what_is_in_it_or_what_it_matches(folder):
    def names(path):
        return [part.name for part in paths.parts(path)]

    assert names(folder / "a.csv") == ["a.csv"]
    assert names(folder) == ["a.csv", "b.csv", "c.txt"]
    assert names(folder / "*.csv") == ["a.csv", "b.csv"]
    assert names(folder / "nowhere.csv") == names(folder / "*.parquet") == []
    (folder / "[x].csv").write_text("1")  # there is such a file, so it is no glob
    assert names(folder / "[x].csv") == ["[x].csv"]


def test_parts_are_of_one_kind(folder):
    assert paths.parts_problem(folder / "a.csv") is None
    assert paths.parts_problem(folder / "*.csv") is None
    assert paths.parts_problem(folder) == "takes in c.txt beside parts that end in .csv; name the parts by a glob"
    (folder / "a.csv").rename(folder / "a.csv.gz")
    assert paths.parts_problem(folder / "[ab].*") is None
    (folder / "b.csv").unlink()
    assert paths.parts_problem(folder).startswith("takes in c.txt beside parts that end in .csv")  # one of each
    (folder / "d.exe").touch()
    assert paths.parts_problem(folder).startswith("takes in d.exe, which is no CSV or Parquet file by its name")
    (folder / "sub.csv").mkdir()
    assert paths.parts_problem(folder / "[as]*.csv*") == "takes in sub.csv, which is a folder, not a file"


def test_what_is_no_file_to_read_says_why(folder, monkeypatch):
    os.mkfifo(folder / "pipe")
    assert paths.problem(folder / "a.csv") is None
    assert paths.problem(folder) == "is a folder, not a file"
    assert paths.problem(folder / "pipe") == "is not a regular file"
    assert paths.problem(Path("/proc/version")) == "is not a regular file"
    assert paths.problem(folder / "nowhere") == paths.problem(folder / "a.csv" / "x") == "does not exist"
    assert paths.problem(folder / ("x" * 300)).startswith("cannot be read (")
    assert paths.problem(folder / "a\0b").startswith("cannot be read (")
    monkeypatch.setattr(paths, "MOST_BYTES", 1)
    assert paths.problem(folder / "a.csv") is None
    (folder / "a.csv").write_text("12")
    assert paths.problem(folder / "a.csv") == "is larger than 0 GB"


def test_a_table_is_called_by_its_file_or_the_folder_of_its_parts(folder):
    assert paths.stem_of(folder / "a.csv") == "a"
    assert paths.stem_of(Path("bank.csv.gz")) == paths.stem_of(Path("bank.XLSX.ZIP")) == "bank"
    assert paths.stem_of(Path("bank.2026.csv.gz")) == paths.stem_of(Path("bank.2026.gz")) == "bank.2026"
    assert paths.stem_of(folder) == folder.name
    assert paths.stem_of(Path("/bank/2026-*/part-?.csv")) == "bank"
    assert paths.stem_of(Path("/bank/2026/part-?.csv")) == "2026"


def test_names_become_parts_of_paths():
    assert paths.slug("  CC GENERAL (2).v2 ") == "cc-general-2-v2"
    assert paths.short_hash("a") == "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"[:6]
    assert paths.home_of("~nobody-is-called-so/x") == Path("~nobody-is-called-so/x")
    assert paths.home_of("~/x") == Path.home() / "x"


def test_a_path_is_shown_as_it_may_be_typed_here(folder, monkeypatch):
    (folder / "here").mkdir()
    monkeypatch.chdir(folder / "here")
    assert paths.shown(folder / "here" / "a.csv") == "a.csv"
    assert paths.shown(folder / "a.csv") == str(folder / "a.csv")


def test_a_catalogue_is_in_force_for_a_while(folder, monkeypatch):
    monkeypatch.delenv("SEG_CATALOGUES")
    usual = paths.CATALOGUES["PERSONAS"]
    assert paths.catalogue("PERSONAS") == usual
    monkeypatch.chdir(folder)
    with paths.in_force(PERSONAS=Path("a.csv"), ECONOMICS=None):
        assert paths.catalogue("PERSONAS") == folder / "a.csv"
        assert (paths.is_own("PERSONAS"), paths.is_own("ECONOMICS")) == (True, False)
        with suppress(KeyError), paths.in_force(PERSONAS=folder / "b.csv"):
            assert paths.catalogue("PERSONAS") == folder / "b.csv"
            raise KeyError
        assert paths.catalogue("PERSONAS") == folder / "a.csv"
    assert paths.catalogue("PERSONAS") == usual
    monkeypatch.setenv("SEG_CATALOGUES", str(folder))
    assert paths.catalogue("PERSONAS") == folder / "personas.yml"
