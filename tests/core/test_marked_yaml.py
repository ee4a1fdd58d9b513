import os
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seg_utils.core import marked_yaml
from seg_utils.core.errors import CatalogueError, DataError
from seg_utils.data.columns.matching import read_mapping


def read(folder, text: str | bytes) -> marked_yaml.Entry:
    path = folder / "file.yml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return marked_yaml.load(path)


def test_entries_know_their_lines(tmp_path):
    top = read(tmp_path, "# remark\na:\n  b: 1\n  c: text\nd:\n  - {e: 2}\n  - {e: 3}\n")
    assert top.lines == {"a": 2, "d": 5}
    assert top.section("a").lines == {"b": 3, "c": 4}
    assert [one.line for one in top.entries("d")] == [6, 7]
    assert [one.number("e") for one in top.entries("d")] == [2, 3]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", "line 3: 'a' is there twice, first in line 1"),
        ("a: 1\n2: b\n", "line 2: the name 2 must be text"),
        ("a: 1\nb: [1\n", "line 3: not valid YAML"),
        ("a: &x [*x]\n", "line 1: not valid YAML"),
        ("a: 1\n<<: {b: 2}\n", "line 2: not valid YAML"),
        ("a: !!python/name:os.system\n", "line 1: not valid YAML"),
        (b"a: \x00\n", "file.yml cannot be read as UTF-8 text"),
        (b"a: \xff\xfe\n", "file.yml cannot be read as UTF-8 text"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path, text, says):
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", ["true", "text", "[1]", ".inf", ".nan", "null", "1e999"])
def test_what_is_no_number_is_refused(tmp_path, value):
    with pytest.raises(CatalogueError, match="line 1: 'a' must be a number"):
        read(tmp_path, f"a: {value}\n").number("a")


def test_numbers_below_the_least_are_refused(tmp_path):
    with pytest.raises(CatalogueError, match="must be a number of 0 or more"):
        read(tmp_path, "a: -1\n").number("a", least=0)


HOSTILE = {
    "a: !!timestamp x\n": "line 1: not valid YAML: 'x' is no timestamp",
    "a: !!bool x\n": "line 1: not valid YAML: 'x' is no bool",
    'a: 1\nb: !!int ""\n': "line 2: not valid YAML: '' is no int",
    "a: 2024-99-99\n": "line 1: not valid YAML: '2024-99-99' is no timestamp",
    "a: !!float x\n": "'x' is no float",
    f"a: {'9' * 5000}\n": "is no int",
    "a: " + "[" * 60_000 + "\n": "nested more than 50 levels deep",
    "- " * 60_000 + "a\n": "nested more than 50 levels deep",
    "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"{new}: &{new} [{', '.join([f'*{old}'] * 10)}]\n" for old, new in pairwise("abcdefgh")): "aliases",
    "a: &x [*x]\n": "aliases stand for more than",
    "a: " + "x" * 300_000: "is larger than 256 KB",
    "\x00": "cannot be read as UTF-8 text",
}  # fmt: skip


@pytest.mark.parametrize(("text", "says"), HOSTILE.items(), ids=range(len(HOSTILE)))
def test_what_no_person_would_write_is_one_line_too(tmp_path, text, says):
    with pytest.raises(CatalogueError) as caught:
        read(tmp_path, text)
    assert says in str(caught.value)
    assert len(str(caught.value)) < 500
    assert str(caught.value).isprintable()
    (tmp_path / "mapping.yml").write_text(text)
    with pytest.raises(DataError) as caught:
        read_mapping(tmp_path / "mapping.yml")
    assert len(str(caught.value)) < 500
    assert str(caught.value).isprintable()


def test_an_alias_within_reason_is_a_value(tmp_path):
    assert read(tmp_path, "a: &x {b: [1, 2]}\nc: *x\n") == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}


def test_what_is_no_regular_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.yml")
    with pytest.raises(CatalogueError, match="is not a regular file"):
        marked_yaml.load(tmp_path / "pipe.yml")


@given(
    text=st.text(st.sampled_from("a:-[]{}&*!|>?#%@'\" \n\t0123.e")),
    tag=st.sampled_from(
        ["", "!!int ", "!!float ", "!!bool ", "!!timestamp ", "!!binary ", "!!set ", "!!omap ", "!!pairs "]
    ),
)
@settings(
    max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_is_entries_or_one_line(tmp_path, text, tag):
    for whole in (text, f"a: {tag}{text}"):
        said = ""
        try:
            read(tmp_path, whole)
        except CatalogueError as error:
            said = str(error)
        assert "\n" not in said
