import pytest

from seg_utils import marked_yaml
from seg_utils.errors import CatalogueError


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
