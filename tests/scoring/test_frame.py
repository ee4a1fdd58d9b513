"""Scoring from Python: a DataFrame as analysts have it, and the very lines of docs/scoring.md."""

import re

import numpy as np
import pandas as pd
import pytest

from seg_utils.core.errors import DataError
from seg_utils.core.paths import PROJECT, SAMPLE
from seg_utils.scoring import frame as scoring
from seg_utils.scoring.frame import score
from seg_utils.scoring.scorer import COLUMNS, Scorer


@pytest.fixture
def customers(trained):
    """Thirty customers as an analyst has them: ids as the index, other columns beside."""
    return trained.head(30).set_index("customer_id").assign(note="text")


def test_the_documented_lines_score_the_bundled_customers(made, tmp_path, monkeypatch, capsys):
    section = (
        (PROJECT / "docs" / "scoring.md").read_text(encoding="utf-8").split("## Scoring from Python in ten lines")[1]
    )
    lines = re.search(r"```python\n(.*?)```", section, re.DOTALL)[1]
    assert len(lines.splitlines()) <= 10
    for name in ("outputs/sample/log-median/k7", "data/sample"):
        (tmp_path / name).mkdir(parents=True)
    made.save(tmp_path / "outputs/sample/log-median/k7/model.json")
    (tmp_path / "data/sample/customers.csv").write_bytes(SAMPLE.read_bytes())
    monkeypatch.chdir(tmp_path)
    done: dict = {}
    exec(compile(lines, "scoring.md", "exec"), done)
    placed = made.place(pd.read_csv(SAMPLE))
    np.testing.assert_array_equal(done["scored"]["segment"], placed["segment"])
    np.testing.assert_array_equal(done["scored"]["confidence"], placed["confidence"])
    assert "SYN-00001" in capsys.readouterr().out


@pytest.mark.parametrize("at_a_time", [7, 30, 25_000])
def test_rows_keep_their_index_and_say_what_a_file_would(made, trained, customers, monkeypatch, at_a_time):
    monkeypatch.setattr(scoring, "AT_A_TIME", at_a_time)
    scored = score(customers, made)
    expected = Scorer(made).score(trained.head(30)).to_pandas()
    assert tuple(scored.columns) == COLUMNS[1:]
    assert scored.index.equals(customers.index)
    pd.testing.assert_frame_equal(scored.reset_index(drop=True), expected[list(COLUMNS[1:])])


def test_spelling_and_order_of_columns_do_not_matter_nor_do_repeats(made, customers):
    spelt = customers.iloc[:, ::-1].rename(columns={"CREDIT_LIMIT": " credit limit", "TENURE": "Months"})
    twice = pd.concat([spelt, spelt])
    np.testing.assert_array_equal(score(twice, made)["segment"], np.tile(score(customers, made)["segment"], 2))


def test_missing_values_of_any_sort_are_filled_as_in_training(made, customers):
    bare = customers.assign(BALANCE=np.nan)
    nullable = customers.assign(BALANCE=pd.array([pd.NA] * 30, "Int64"))
    typical = customers.assign(BALANCE=made.space.fill[made.space.features.index("BALANCE")])
    mixed = customers.assign(BALANCE=pd.array([pd.NA, None] * 15, dtype=object))
    for given in (bare, nullable, mixed):
        scored = score(given, made)
        assert (scored["imputed"] == 1 + customers["MINIMUM_PAYMENTS"].isna()).all()
        np.testing.assert_array_equal(scored["segment"], score(typical, made)["segment"])


def test_no_customers_give_no_rows(made, customers):
    assert score(customers.head(0), made).shape == (0, len(COLUMNS) - 1)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.drop(columns=["BALANCE", "TENURE"]), "the model needs BALANCE, TENURE, which .*'note'"),
        (lambda frame: frame.assign(balance=1.0), "the columns 'BALANCE', 'balance' all mean BALANCE; keep one"),
        (lambda frame: frame.assign(PURCHASES="many"), "PURCHASES holds what is no number .*'many'"),
        (lambda frame: frame.assign(TENURE=-5.0), "TENURE of -5 in row '.*' and 29 more rows must be between 1"),
        (lambda frame: frame.assign(PAYMENTS=np.inf), "PAYMENTS of inf in row .* must be between"),
        (lambda frame: frame.assign(TENURE=[[]] * len(frame)), "TENURE holds what is no number"),
        (lambda frame: frame.assign(**dict.fromkeys(frame.columns, np.nan)), "row .* 29 more rows: no value in any"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_named(made, customers, change, message):
    with pytest.raises(DataError, match=message):
        score(change(customers), made)
