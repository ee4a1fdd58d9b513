"""Customers read in pieces are those that are read at once, whatever the file looks like and however small a piece."""

import gzip
import io
import zipfile

import numpy as np
import pandas as pd
import pytest

from seg_utils import data
from seg_utils.core import dictionary
from seg_utils.core.errors import DataError
from seg_utils.data.checks import new_customers
from seg_utils.data.columns import unreadable_cells
from seg_utils.data.columns.junk_rows import RunningTotals
from seg_utils.data.streaming import chunks
from seg_utils.data.streaming.batches import Batches

from .good_customers import REAL

FEATURES = dictionary.load().names
# Rows in a piece, about
FEW = 45


def in_pieces(path, rows=FEW, **options):
    """All customers of a file, the batches they came in, and how many there were."""
    batches = Batches(path, FEATURES, rows=rows, **options)
    frames = list(batches)
    return pd.concat(frames, ignore_index=True), batches, len(frames)


def same_as_whole(path, *, several=True, **options):
    read, batches, count = in_pieces(path, **options)
    whole = data.load(path, **options)
    pd.testing.assert_frame_equal(read, whole.frame, check_exact=True)
    assert (batches.n_rows, batches.n_customers) == (whole.n_rows, len(whole.frame))
    assert count > 3 or not several
    return batches


def csv(frame, **options):
    return frame.to_csv(index=False, lineterminator="\n", **options)


def zipped(text):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.csv", text)
    return stream.getvalue()


WRITTEN = {
    "plain": lambda frame: csv(frame).encode(),
    "windows": lambda frame: csv(frame).replace("\n", "\r\n").encode(),
    "old mac": lambda frame: csv(frame).replace("\n", "\r").encode(),
    "no line end": lambda frame: csv(frame).rstrip("\n").encode(),
    "decimal comma": lambda frame: csv(frame, sep=";", decimal=",").encode(),
    "byte-order mark": lambda frame: csv(frame).encode("utf-8-sig"),
    "excel's separator line": lambda frame: b"sep=;\n" + csv(frame, sep=";").encode(),
    "title above": lambda frame: b"Export of all customers\n\n" + csv(frame).encode(),
    "all quoted": lambda frame: csv(frame, quoting=1).encode(),
    "gzip": lambda frame: gzip.compress(csv(frame).encode()),
    "zip": lambda frame: zipped(csv(frame)),
    "beginning as a zip does": lambda frame: b"PK," + csv(frame).replace("\n", "\n1,").removesuffix("1,").encode(),
    "western": lambda frame: csv(frame.assign(CUST_ID=frame["CUST_ID"] + "é")).encode("cp1252"),
}


@pytest.mark.parametrize("form", WRITTEN)
def test_text_in_pieces_equals_the_whole(good, tmp_path, form):
    (tmp_path / "new.csv").write_bytes(WRITTEN[form](good))
    same_as_whole(tmp_path / "new.csv")


@pytest.mark.parametrize("form", ["plain", "windows", "old mac", "title above", "all quoted"])
def test_pieces_share_fewer_rows_than_the_first_of_them_holds(good, tmp_path, monkeypatch, form):
    monkeypatch.setattr(chunks, "SHARED_ROWS", 3)
    (tmp_path / "new.csv").write_bytes(WRITTEN[form](good))
    same_as_whole(tmp_path / "new.csv")


@pytest.mark.parametrize("form", ["xlsx", "utf-16"])
def test_what_cannot_be_cut_is_read_at_once(good, tmp_path, form):
    path = tmp_path / f"new.{form}"
    good.to_excel(path, index=False) if form == "xlsx" else path.write_bytes(csv(good).encode("utf-16"))
    same_as_whole(path, several=False)


@pytest.mark.parametrize("row_group", [5, 1000])
def test_parquet_in_pieces_equals_the_whole(good, tmp_path, row_group):
    good.to_parquet(tmp_path / "new.parquet", row_group_size=row_group)
    same_as_whole(tmp_path / "new.parquet")


def test_numbers_kept_as_text_in_parquet_are_read_as_in_the_whole(good, tmp_path):
    good.astype({"BALANCE": str}).to_parquet(tmp_path / "new.parquet")
    same_as_whole(tmp_path / "new.parquet")


def test_ids_with_line_breaks_quotes_and_commas_come_back_unchanged(good, tmp_path):
    odd = good.assign(CUST_ID=[f'a\n{i}, "{i}"\n' + ",1" * (i % 3) for i in range(len(good))])
    (tmp_path / "new.csv").write_text(csv(odd))
    same_as_whole(tmp_path / "new.csv")


def test_customers_without_ids_are_numbered_as_in_the_whole_however_many_are_blank_or_dropped(good, tmp_path):
    lines = csv(good.drop(columns="CUST_ID")).splitlines()
    lines[40:40] = ["", "broken"]
    lines[90:90] = ["x" + lines[90]]
    (tmp_path / "new.csv").write_text("\n".join(lines) + "\n")
    batches = same_as_whole(tmp_path / "new.csv", bad_rows="drop")
    assert not batches.has_ids


def test_missing_values_anywhere_are_read_as_in_the_whole(good, tmp_path):
    holes = np.random.default_rng(1).random((len(good), 17)) < 0.3
    holes[:, FEATURES.index("BALANCE")] = False
    lacking = good.copy()
    lacking[FEATURES] = lacking[FEATURES].astype(float).mask(holes)
    (tmp_path / "new.csv").write_text(csv(lacking))
    same_as_whole(tmp_path / "new.csv")


@pytest.mark.skipif(not REAL.exists(), reason="the public file is not here")
@pytest.mark.parametrize("rows", [333, chunks.ROWS])
def test_the_public_file_in_pieces_equals_the_whole(rows):
    read, _, _ = in_pieces(REAL, rows)
    pd.testing.assert_frame_equal(read, data.load(REAL).frame, check_exact=True)


@pytest.mark.parametrize("bad_rows", ["stop", "drop"])
def test_a_bad_cell_is_named_by_its_row_in_the_file(good_text, tmp_path, bad_rows):
    broken = good_text.copy()
    broken.loc[200, "BALANCE"] = "oops"
    (tmp_path / "new.csv").write_text(csv(broken))
    if bad_rows == "stop":
        with pytest.raises(DataError, match=r"new\.csv: 1 place cannot be read .*row 202 BALANCE 'oops'"):
            in_pieces(tmp_path / "new.csv")
    else:
        read, batches, _ = in_pieces(tmp_path / "new.csv", bad_rows="drop")
        assert read["customer_id"].tolist() == broken["CUST_ID"].drop(200).tolist()
        assert [(one.rule, one.examples[0]["row"]) for one in batches.findings if one.rule == "bad_rows"] == [
            ("bad_rows", 202)
        ]


@pytest.mark.parametrize("ids", [True, False])
def test_findings_on_rows_count_the_whole_file_whatever_the_pieces(good, tmp_path, ids):
    many = pd.concat([good] * 3, ignore_index=True)
    many = many.assign(CUST_ID=[f"M{row:04}" for row in range(len(many))])
    for row in (2, 70, 300, 301, len(many) - 1):
        many.loc[row, "PURCHASES_FREQUENCY"] = 1.05
    many.loc[[60, 390, 391, 800], "BALANCE"] = 2 * many.loc[[60, 390, 391, 800], "CREDIT_LIMIT"]
    many.loc[[1, 200], "PURCHASES"] += 50
    repeated = pd.concat([many, many.iloc[[2, 70]]]) if ids else many.drop(columns="CUST_ID")
    (tmp_path / "new.csv").write_text(csv(repeated))
    _, batches, count = in_pieces(tmp_path / "new.csv")
    assert count > 5
    told = {(one.rule, one.column): one for one in batches.findings}
    expected = {(one.rule, one.column): one for one in data.load(tmp_path / "new.csv").findings}
    for rule, column, odd in (
        ("frequency_range", "PURCHASES_FREQUENCY", 5),
        ("purchases_sum", "PURCHASES", 2),
        ("over_limit", "BALANCE", 4),
    ):
        assert told[rule, column].count == odd
        assert told[rule, column].message == expected[rule, column].message
        assert f" in {odd} of {len(many):,} rows (" in told[rule, column].message
    assert not [one.message for one in batches.findings if one.message.startswith("Where")]
    for key, one in told.items():
        assert key == ("duplicate_rows", "customer_id") or one.examples == expected[key].examples[: len(one.examples)]


@pytest.mark.parametrize("most", [7, 1000])
def test_rows_that_are_dropped_are_told_as_in_the_whole_however_many_are_named(good_text, tmp_path, monkeypatch, most):
    monkeypatch.setattr(unreadable_cells, "NAMED_DROPPED", most)
    broken = good_text.copy()
    broken.loc[broken.index % 5 == 1, "BALANCE"] = "oops"
    broken.loc[broken.index % 7 == 2, "PAYMENTS"] = "inf"
    broken.loc[4, ["TENURE", "PAYMENTS"]] = "x"
    (tmp_path / "new.csv").write_text(csv(broken))
    _, batches, _ = in_pieces(tmp_path / "new.csv", bad_rows="drop")
    told, expected = (
        [one for one in findings if one.rule == "bad_rows"]
        for findings in (batches.findings, data.load(tmp_path / "new.csv", bad_rows="drop").findings)
    )
    assert told == expected
    assert told[0].count > 80
    assert len(told[0].examples) >= min(most, 80)


def test_rows_repeated_pieces_apart_are_kept_once(good, tmp_path):
    (tmp_path / "new.csv").write_text(csv(pd.concat([good, good.iloc[[3, 150]], good.iloc[[3]]])))
    read, batches, _ = in_pieces(tmp_path / "new.csv")
    assert read["customer_id"].tolist() == good["CUST_ID"].tolist()
    assert [one.count for one in batches.findings if one.rule == "duplicate_rows"] == [3]


def test_one_id_with_two_customers_pieces_apart_is_refused(good, tmp_path):
    other = good.iloc[[3]].assign(TENURE=7)
    (tmp_path / "new.csv").write_text(csv(pd.concat([good, other])))
    with pytest.raises(DataError, match="1 id stands on rows with different values: 'C10004'"):
        in_pieces(tmp_path / "new.csv")


def test_numbers_written_in_another_way_further_down_are_refused(good, tmp_path):
    top, bottom = good.iloc[:150], good.iloc[150:]
    text = csv(top, sep=";") + csv(bottom, sep=";", decimal=",").partition("\n")[2]
    (tmp_path / "new.csv").write_text(text)
    with pytest.raises(DataError):
        in_pieces(tmp_path / "new.csv", 60)


def test_an_unclosed_quotation_mark_is_refused(good, tmp_path, monkeypatch):
    monkeypatch.setattr(chunks, "LONGEST_RECORD", 5000)
    lines = csv(good).splitlines()
    lines[100] = '"' + lines[100]
    (tmp_path / "new.csv").write_text("\n".join(lines))
    with pytest.raises(DataError, match="quotation mark"):
        in_pieces(tmp_path / "new.csv")


@pytest.mark.parametrize("end", ["csv", "parquet"])
@pytest.mark.parametrize("how", ["sum", "mean"])
def test_a_totals_row_at_the_end_of_a_long_file_is_one_as_in_a_short_file(good, tmp_path, how, end):
    total = good.iloc[:, 1:].agg(how).to_frame().T.assign(CUST_ID="last")
    frame, path = pd.concat([good, total[good.columns]], ignore_index=True), tmp_path / f"new.{end}"
    {"csv": lambda frame: path.write_text(csv(frame)), "parquet": lambda frame: frame.to_parquet(path)}[end](frame)
    said = rf"1 place cannot be read \(1 × a totals row\): row {len(frame) + (end == 'csv')} customer_id 'last'; "
    for read in (in_pieces, data.load):
        with pytest.raises(DataError, match=said):
            read(path)
    batches = same_as_whole(path, bad_rows="drop")
    assert batches.n_customers == len(good)


@pytest.mark.parametrize("end", ["csv", "parquet"])
@pytest.mark.parametrize("below", [1, 2])
def test_totals_above_the_last_rows_are_found_wherever_a_piece_ends(good, tmp_path, end, below):
    total = good.iloc[:-below, 1:].sum().to_frame().T.assign(CUST_ID="other")
    frame = pd.concat([good[:-below], total[good.columns], good[-below:]], ignore_index=True)
    path = tmp_path / f"new.{end}"
    if end == "csv":
        path.write_text(csv(frame).removesuffix("\n"))
    else:
        frame.to_parquet(path)
    for rows in range(40, 51):
        assert in_pieces(path, rows, bad_rows="drop")[1].n_customers == len(good), rows


def test_an_unclosed_quotation_mark_in_the_header_is_refused(good, tmp_path, monkeypatch):
    for longest in (100, 1 << 20):
        monkeypatch.setattr(chunks, "LONGEST_RECORD", longest)
        (tmp_path / "new.csv").write_text(csv(good).replace("TENURE", '"TENURE'))
        with pytest.raises(DataError, match=r"quotation mark|the model needs TENURE"):
            in_pieces(tmp_path / "new.csv")


def test_a_column_the_file_lacks_is_named_and_not_made_up(good, tmp_path):
    (tmp_path / "new.csv").write_text(csv(good.drop(columns="PAYMENTS").assign(paid=1.0)))
    expected = (
        r"the model needs PAYMENTS, which the file does not have \(columns not matched: 'paid'\); no typical value"
    )
    with pytest.raises(DataError, match=expected):
        in_pieces(tmp_path / "new.csv")


def test_a_column_without_any_value_is_a_missing_one_from_some_customers_on(good, tmp_path):
    for count in (new_customers.EMPTY_FROM - 1, new_customers.EMPTY_FROM):
        (tmp_path / "new.csv").write_text(csv(good.head(count).assign(PAYMENTS=np.nan)))
        if count < new_customers.EMPTY_FROM:
            _, batches, _ = in_pieces(tmp_path / "new.csv")
            assert "no_value" in [one.rule for one in batches.findings]
        else:
            with pytest.raises(DataError, match="1 column holds no value at all: PAYMENTS; the model needs them"):
                in_pieces(tmp_path / "new.csv")


def test_a_single_customer_is_enough(good, tmp_path):
    for row in range(30):
        (tmp_path / "new.csv").write_text(csv(good.iloc[[row]]))
        assert len(in_pieces(tmp_path / "new.csv")[0]) == 1


@pytest.mark.parametrize("rows", [1, 3, 30, 300])
@pytest.mark.parametrize("years", [lambda t: t / 12 - 0.01, lambda t: (t / 12).round(2) * 0 + 1])
def test_a_tenure_in_years_is_refused_at_any_number_of_rows(good, tmp_path, rows, years):
    some = good.loc[(good["PURCHASES_FREQUENCY"] % 1 > 0) & (good["TENURE"] == 12)]
    some = pd.concat([some] * (rows // len(some) + 1)).head(rows)
    some = some.assign(CUST_ID=[f"N{row}" for row in range(rows)])
    (tmp_path / "new.csv").write_text(csv(some.assign(TENURE=years(some["TENURE"]))))
    with pytest.raises(DataError, match=r"TENURE.* looks like years; multiply by 12"):
        in_pieces(tmp_path / "new.csv")


def test_customers_who_are_all_alike_are_scored(good, tmp_path):
    alike = pd.concat([good.iloc[[5]]] * 200).assign(CUST_ID=[f"n{i}" for i in range(200)])
    (tmp_path / "new.csv").write_text(csv(alike))
    assert len(in_pieces(tmp_path / "new.csv")[0]) == 200


def test_one_negative_amount_stops_however_few_the_customers(good, tmp_path):
    (tmp_path / "new.csv").write_text(csv(good.head(2).assign(CREDIT_LIMIT=[-5.0, 3.0])))
    with pytest.raises(DataError, match="CREDIT_LIMIT is below 0 in 1 of 2 rows"):
        in_pieces(tmp_path / "new.csv")


def test_months_on_book_are_no_months_covered(good, tmp_path):
    held = good.assign(TENURE=13 + good.index % 90)
    (tmp_path / "new.csv").write_text(csv(held))
    with pytest.raises(DataError, match=r"TENURE is above 12 in .* the model needs the months covered"):
        in_pieces(tmp_path / "new.csv", 1000)
    (tmp_path / "few.csv").write_text(csv(held.head(20)))
    assert len(in_pieces(tmp_path / "few.csv")[0]) == 20


@pytest.mark.parametrize("rows", [1, 3, 400])
def test_accounts_in_credit_are_placed_however_many_the_customers(good, tmp_path, rows):
    credit = good.assign(BALANCE=good["BALANCE"].where(good.index % 3 > 0, -12.5 - good.index)).head(rows)
    (tmp_path / "new.csv").write_text(csv(credit))
    assert len(in_pieces(tmp_path / "new.csv")[0]) == len(credit)


def test_numbers_no_card_has_are_named_and_overflow_warns_of_nothing(good, tmp_path):
    columns = ["BALANCE", "PURCHASES", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CREDIT_LIMIT"]
    (tmp_path / "new.csv").write_text(csv(good.assign(**dict.fromkeys(columns, 1.7e308))))
    with pytest.raises(DataError, match="BALANCE holds 1"):
        in_pieces(tmp_path / "new.csv")
    RunningTotals(columns).add(good.assign(**dict.fromkeys(columns, 1.7e308)))


def test_damage_in_many_rows_stops(good, tmp_path):
    (tmp_path / "new.csv").write_text(csv(good.assign(PURCHASES=good["PURCHASES"] * 10 + 1)))
    with pytest.raises(DataError, match="PURCHASES is not ONEOFF_PURCHASES"):
        in_pieces(tmp_path / "new.csv", 1000)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\x1f\x8b\x08\x00damaged", "cannot be read|damaged"),
        (b"%PDF-1.4 ...", "a PDF"),
        (b"PAR1x", "damaged"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path, content, said):
    (tmp_path / "new.csv").write_bytes(content)
    with pytest.raises(DataError, match=said):
        in_pieces(tmp_path / "new.csv")


def test_a_header_alone_is_refused(good, tmp_path):
    (tmp_path / "new.csv").write_text(csv(good.head(0)))
    with pytest.raises(DataError, match="a header but no rows"):
        in_pieces(tmp_path / "new.csv")


def test_more_than_half_bad_rows_are_refused_at_the_end(good_text, tmp_path):
    broken = good_text.copy()
    broken.loc[broken.index % 3 > 0, "BALANCE"] = "oops"
    (tmp_path / "new.csv").write_text(csv(broken))
    with pytest.raises(DataError, match="more than half"):
        in_pieces(tmp_path / "new.csv", bad_rows="drop")
