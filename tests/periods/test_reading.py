import numpy as np
import pytest

from seg_utils import periods
from seg_utils.core.errors import DataError

from .conftest import AMOUNTS, month


@pytest.fixture
def file(tmp_path):
    def write(frame):
        frame.rename(columns={"customer_id": "CUST_ID"}).to_csv(tmp_path / "nov.csv", index=False)
        return tmp_path / "nov.csv"

    return write


def test_a_period_is_read_by_the_models_columns(model, before, file):
    extra = before.assign(EXTRA=1, Channel=["web", "mail"] * 600)
    customers, descriptors, findings = periods.read(file(extra), model.space.inputs, describe=["CHANNEL"])
    assert customers.columns.tolist() == ["customer_id", *model.space.inputs]
    assert customers["customer_id"].tolist() == before["customer_id"].tolist()
    assert descriptors["CHANNEL"].tolist() == ["web", "mail"] * 600
    assert (descriptors["customer_id"] == customers["customer_id"]).all()
    assert findings


def test_what_described_customers_before_does_so_again_as_far_as_the_file_has_it(model, before, file, tmp_path):
    path = file(before.assign(channel=["web", "mail"] * 600))
    assert periods.described_before(path, model.space.inputs, tmp_path) == ([], [])
    kept = before[["customer_id"]].assign(CHANNEL="web", BRANCH="north")
    kept.to_parquet(tmp_path / "descriptors.parquet")
    assert periods.described_before(path, model.space.inputs, tmp_path) == (["CHANNEL"], ["BRANCH"])


def test_without_ids_nobody_can_be_met_again(model, before, file):
    with pytest.raises(DataError, match=r"nov\.csv has no column of customer ids, so nobody can be met again; export"):
        periods.read(file(before.drop(columns="customer_id")), model.space.inputs)


def test_other_ids_are_told_by_an_example_of_each(before):
    other = before.assign(customer_id=[f"X{number}" for number in range(len(before))])
    with pytest.raises(
        DataError, match=r"none of the 1,200 customers of 2026-10; ids there look like 'SYN-00001', here"
    ):
        periods.check_against(before, other, "nov.csv", "2026-10")


def test_another_currency_is_refused(before):
    amounts = [*AMOUNTS, "PURCHASES", "CREDIT_LIMIT"]
    with pytest.raises(DataError, match=r"amounts in nov\.csv are about 100 times those of the same customers in 2026"):
        periods.check_against(before, before.assign(**before[amounts] * 100), "nov.csv", "2026-10")


def test_one_column_in_another_unit_is_told(before):
    [note] = periods.check_against(before, before.assign(PAYMENTS=before["PAYMENTS"] * 10), "nov.csv", "2026-10")
    assert note.startswith("Payments is typically 10 times that of the same customers in 2026-10")


def test_few_customers_in_common_are_told(before):
    assert periods.check_against(before, month(before, seed=1)[0], "nov.csv", "2026-10") == []
    [note] = periods.check_against(before, before.head(300), "nov.csv", "2026-10")
    assert note == "only 25 % of the customers of 2026-10 are in nov.csv again"


def test_too_few_customers_for_the_segments_are_refused(before):
    with pytest.raises(DataError, match=r"nov\.csv holds 7 customers; a period needs at least 35, 5 for each of the 7"):
        periods.check_against(before, before.head(7), "nov.csv", "2026-10", segments=7)
    same = before.iloc[[0] * 20].assign(customer_id=before["customer_id"].head(20).to_numpy())
    with pytest.raises(DataError, match=r"nov\.csv holds 1 different customer, too few for the 2 segments"):
        periods.check_against(before, same, "nov.csv", "2026-10", segments=2)


@pytest.mark.parametrize(("factor", "told"), [(5.0, True), (4.9, False), (0.2, True), (0.21, False)])
def test_from_a_factor_of_five_on_up_or_down_a_unit_is_another(before, factor, told):
    notes = periods.check_against(before, before.assign(PAYMENTS=before["PAYMENTS"] * factor), "nov.csv", "2026-10")
    assert len(notes) == told
    assert all(
        note.startswith(f"Payments is typically {factor:.3g} times that of the same customers") for note in notes
    )


def test_small_amounts_tell_of_another_unit_as_large_ones_do(before):
    small = before.assign(PAYMENTS=before["PAYMENTS"] / before["PAYMENTS"].max() / 2)
    notes = periods.check_against(small, small.assign(PAYMENTS=small["PAYMENTS"] * 6), "nov.csv", "2026-10")
    assert any(note.startswith("Payments is typically 6 times that of the same customers") for note in notes)


def test_a_factor_rests_on_thirty_customers_with_an_amount_in_both_periods(before):
    def told(then, now):
        """Whether Payments ten times as large are told, of so many customers with payments in each period."""
        number = np.arange(len(before))
        old = before.assign(PAYMENTS=np.where(number < then, 100.0, 0.0))
        new = before.assign(PAYMENTS=np.where(number < now, 1000.0, 0.0))
        return bool(periods.check_against(old, new, "nov.csv", "2026-10"))

    assert [told(*pair) for pair in ((30, 30), (29, 30), (30, 29), (200, 30), (29, 200))] == [
        True,
        False,
        False,
        True,
        False,
    ]


def test_half_of_the_customers_again_are_enough_and_one_fewer_is_told(before):
    assert periods.check_against(before, before.head(600), "nov.csv", "2026-10") == []
    [note] = periods.check_against(before, before.head(599), "nov.csv", "2026-10")
    assert note.startswith("only 50 % of the customers of 2026-10 are in nov.csv again")


def test_as_few_customers_as_segments_need_are_enough(before):
    assert periods.check_against(before.head(35), before.head(35), "nov.csv", "2026-10", segments=7) == []
    with pytest.raises(DataError, match="34 customers; a period needs at least 35"):
        periods.check_against(before.head(35), before.head(34), "nov.csv", "2026-10", segments=7)
