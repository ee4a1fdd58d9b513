"""A good file broken in one or several ways: equal customers, or an error that names the break. Never anything else."""

import csv
import gzip
import io
from collections.abc import Callable

import numpy as np
import pandas as pd
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from seg_utils import data
from seg_utils.core.errors import DataError, OtherSchemaError

from .good_customers import good_customers

GOOD = good_customers(120, seed=1)
TEXT = [list(GOOD), *[["" if pd.isna(v) else str(v) for v in row] for row in GOOD.astype(object).to_numpy().tolist()]]
FEATURES = list(GOOD)[1:]
PROFILE = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

Rows = list[list[str]]
places = st.tuples(st.integers(1, len(GOOD)), st.integers(1, len(FEATURES)))


def written(rows: Rows, delimiter: str = ",", end: str = "\n", quoting: int = csv.QUOTE_MINIMAL) -> str:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(rows)
    return stream.getvalue()


def load(path, content: bytes, **options: object) -> data.Customers | str:
    """Customers, or the message of the DataError, one line but for the screen on another schema; any other exception
    fails the test."""
    path.write_bytes(content)
    try:
        return data.load(path, **options)
    except DataError as error:
        message = str(error)
        lines = message.split("\n") if isinstance(error, OtherSchemaError) else [message]
    assert all(line.isprintable() for line in lines)
    return message


def assert_equal(loaded: data.Customers, expected: pd.DataFrame = GOOD) -> None:
    assert loaded.frame["customer_id"].tolist() == expected["CUST_ID"].tolist()
    np.testing.assert_array_equal(loaded.frame[FEATURES].to_numpy(), expected[FEATURES].to_numpy(dtype=float))


# Ways to write the same customers differently: always equal.


def spelt(change: Callable[[str], str]) -> Callable[[Rows], Rows]:
    return lambda rows: [[change(name) for name in rows[0]], *rows[1:]]


def celled(change: Callable[[str], str]) -> Callable[[Rows], Rows]:
    return lambda rows: [rows[0], *[[change(cell) for cell in row] for row in rows[1:]]]


def featured(change: Callable[[str], str]) -> Callable[[Rows], Rows]:
    return lambda rows: [rows[0], *[[row[0], *map(change, row[1:])] for row in rows[1:]]]


SPELLINGS = [
    spelt(str.lower),
    spelt(lambda name: name.replace("_", "")),
    spelt(lambda name: f" {name.title()} "),
    celled(lambda cell: f" {cell}"),
    featured(lambda cell: cell or "NULL"),
    featured(lambda cell: cell.replace(".", ",")),
    featured(lambda cell: cell + ("0" if "." in cell else "")),
    lambda rows: [["row", *rows[0]], *[[str(i), *row] for i, row in enumerate(rows[1:])]],
    lambda rows: [[*reversed(row)] for row in rows],
    lambda rows: [*rows, rows[7]],
    lambda rows: [*rows, [""] * len(rows[0])],
    lambda rows: [["Customers of the bank"], [], *rows],
]


@PROFILE
@given(
    changes=st.lists(st.sampled_from(SPELLINGS), max_size=3, unique_by=id),
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"]),
    pack=st.sampled_from([bytes, gzip.compress]),
)
def test_the_same_customers_written_differently(tmp_path, changes, delimiter, end, quoting, encoding, pack):
    rows = TEXT
    for change in sorted(changes, key=SPELLINGS.index):
        rows = change(rows)
    content = pack(written(rows, delimiter, end, quoting).encode(encoding))
    loaded = load(tmp_path / "customers.csv", content)
    assert not isinstance(loaded, str), loaded
    assert_equal(loaded)


NO_NUMBERS = st.one_of(
    st.sampled_from(
        ["x", "1.2.3", "1e999", "inf", "-inf", "0x1", "TRUE", "2024-05-01", "=1+1", "#REF!", "1 2", "\0", "٣"]
    ),
    st.text(
        st.characters(exclude_categories=["Cs", "Cc", "Nd", "Zs"], exclude_characters="-–—.?"), min_size=1, max_size=9
    ),
)


@PROFILE
@given(place=places, cell=NO_NUMBERS)
def test_a_cell_that_is_no_number_is_named_or_dropped(tmp_path, place, cell):
    assume(cell.strip().lower() not in {"na", "nan", "null", "none", "nil", "missing"})
    row, column = place
    rows = [list(one) for one in TEXT]
    rows[row][column] = cell
    content = written(rows).encode()
    message = load(tmp_path / "customers.csv", content)
    assert isinstance(message, str)
    assert f"row {row + 1} {FEATURES[column - 1]}" in message
    dropped = load(tmp_path / "customers.csv", content, bad_rows="drop")
    assert not isinstance(dropped, str), dropped
    assert_equal(dropped, GOOD.drop(index=row - 1))


IDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=12)


@PROFILE
@given(ids=st.lists(IDS.filter(lambda text: text == text.strip()), min_size=1, max_size=9, unique=True))
def test_ids_come_back_unchanged(tmp_path, ids):
    all_ids = [*ids, *GOOD["CUST_ID"].iloc[len(ids) :]]
    rows = [TEXT[0], *[[one, *row[1:]] for one, row in zip(all_ids, TEXT[1:], strict=True)]]
    loaded = load(tmp_path / "customers.csv", written(rows, quoting=csv.QUOTE_ALL).encode())
    assert not isinstance(loaded, str), loaded
    assert_equal(loaded, GOOD.assign(CUST_ID=all_ids))


DAMAGES = {
    "negative": lambda values, hit: values.where(~hit, -values - 1),
    "ten times": lambda values, hit: values.where(~hit, values * 10),
    "a tenth": lambda values, hit: values.where(~hit, (values / 10).round(2)),
    "without decimal sign": lambda values, hit: values.where(~hit, (values * 1e6).round()),
}


@PROFILE
@given(
    damage=st.sampled_from(sorted(DAMAGES)),
    name=st.sampled_from(["PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"]),
    share=st.floats(0.09, 0.9),
    seed=st.integers(0, 99),
)
def test_damaged_purchases_are_refused(tmp_path, damage, name, share, seed):
    hit = (np.random.default_rng(seed).random(len(GOOD)) < share) & (GOOD[name] > 0)
    assume(hit.sum() > 0.08 * len(GOOD))
    broken = GOOD.assign(**{name: DAMAGES[damage](GOOD[name], hit)})
    message = load(tmp_path / "customers.csv", broken.to_csv(index=False).encode())
    assert isinstance(message, str)
    assert name in message


MUTATIONS = st.one_of(
    st.tuples(st.just("cut"), st.integers(0, 10**6), st.just(b"")),
    st.tuples(st.just("insert"), st.integers(0, 10**6), st.binary(min_size=1, max_size=3)),
    st.tuples(st.just("replace"), st.integers(0, 10**6), st.binary(min_size=1, max_size=20)),
    st.tuples(st.just("repeat"), st.integers(0, 10**6), st.just(b"")),
)


@settings(PROFILE, max_examples=200)
@given(
    mutations=st.lists(MUTATIONS, min_size=1, max_size=4),
    form=st.sampled_from(["csv", "gzip", "xlsx", "parquet"]),
    bad_rows=st.sampled_from(["stop", "drop"]),
)
def test_any_bytes_give_customers_or_one_line(tmp_path, mutations, form, bad_rows):
    content = FORMS[form]
    for kind, place, extra in mutations:
        at = place % max(len(content), 1)
        content = {
            "cut": content[:at],
            "insert": content[:at] + extra + content[at:],
            "replace": content[:at] + extra + content[at + len(extra) :],
            "repeat": content[:at] + content[at : at + 200] + content[at:],
        }[kind]
    loaded = load(tmp_path / "customers.bin", content, bad_rows=bad_rows)
    if not isinstance(loaded, str):
        values = loaded.frame[FEATURES].to_numpy()
        assert not np.isinf(values).any()
        assert loaded.frame["customer_id"].is_unique
        assert not loaded.frame["customer_id"].isna().any()
        loaded.quality()


def _forms() -> dict[str, bytes]:
    text = written(TEXT).encode()
    workbook, parquet = io.BytesIO(), io.BytesIO()
    GOOD.head(40).to_excel(workbook, index=False)
    GOOD.to_parquet(parquet, index=False)
    return {
        "csv": text,
        "gzip": gzip.compress(text, mtime=0),
        "xlsx": workbook.getvalue(),
        "parquet": parquet.getvalue(),
    }


FORMS = _forms()
