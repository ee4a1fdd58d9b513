from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering
from seg_utils.clustering.partition import by_exemplars, in_order
from seg_utils.core import artefacts
from seg_utils.core.errors import DataError
from seg_utils.data.streaming.batches import Batches
from seg_utils.features import feature_space
from seg_utils.scoring import model
from seg_utils.scoring.files import scoring
from seg_utils.scoring.scorer import Scorer
from seg_utils.scoring.transitions import Earlier

from .conftest import PERSONAS, WORDS


def scored(made, path, target, rows=100_000, **options):
    done = scoring.score(Batches(path, made.space.features, rows=rows), made, target, **options)
    return pd.read_csv(target, dtype={"customer_id": str}), done


def test_a_file_holds_what_the_scorer_says_in_input_order(made, trained, csv_of, tmp_path):
    shuffled = trained.sample(frac=1, random_state=3)
    read, done = scored(made, csv_of(shuffled), tmp_path / "scored.csv")
    expected = Scorer(made).score(shuffled).to_pandas()
    expected["persona"] = expected["persona"].replace("=cmd()", "'=cmd()")
    for name in ("customer_id", "segment", "persona", "confidence", "distance", "second_segment"):
        assert read[name].tolist() == expected[name].tolist(), name  # floats too: every digit is written
    assert read["drivers"].fillna("").tolist() == expected["drivers"].tolist()
    assert done.tally.customers == done.n_rows == len(trained)


def test_pieces_make_no_difference_to_a_byte(made, trained, csv_of, tmp_path):
    path = csv_of(trained)
    _, whole = scored(made, path, tmp_path / "whole.csv")
    _, pieces = scored(made, path, tmp_path / "pieces.csv", rows=100)
    assert (tmp_path / "pieces.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    left, right = (scoring.summary(made, done) for done in (whole, pieces))
    assert {**left, "findings": []} == {**right, "findings": []}


@pytest.mark.parametrize("left_out", [0.0, 0.05])
def test_of_the_training_customers_every_share_is_that_of_training(trained, csv_of, tmp_path, left_out):
    fitted = feature_space.fit(trained, scale="log", impute="median")
    X = fitted.transform(trained)
    order = in_order(X)
    found = clustering.kmeans(X[order], 3, seed=1, min_starts=5, max_starts=5)
    far = ((X[order] - found.centroids[found.labels]) ** 2).sum(axis=1)
    labels = np.where(far > np.quantile(far, 1 - left_out), clustering.OUTLIERS, found.labels)
    condensed = by_exemplars(X[order], X[order], labels)
    outliers = int((labels == clustering.OUTLIERS).sum())
    assert bool(outliers) == bool(left_out)
    back = replace(condensed, labels=condensed.labels[np.argsort(order)])
    one = model.build(trained, fitted, back, algorithm="hdbscan", seed=1)
    one = one.described([WORDS | {"persona": f"P{segment}"} for segment in range(3)])
    _, done = scored(one, csv_of(trained), tmp_path / "scored.csv")
    told = pd.DataFrame(scoring.summary(one, done)["segments"]).set_index("segment")
    assert told.index.tolist() == [0, 1, 2, *([clustering.OUTLIERS] if left_out else [])]
    assert told["customers"].tolist() == [*one.sizes, *([outliers] if left_out else [])]
    assert told["share"].sum() == pytest.approx(1)
    np.testing.assert_allclose(told["training_share"], told["share"])


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'="])
def test_text_that_a_spreadsheet_would_run_is_inert_as_in_other_csv_files(made, trained, csv_of, tmp_path, start):
    risky = trained.head(30).assign(customer_id=[f"{start}HYPERLINK({i})" for i in range(30)])
    parquet = tmp_path / "new.parquet"
    risky.to_parquet(parquet)
    read, _ = scored(made, parquet, tmp_path / "scored.csv")
    artefacts.write_csv(tmp_path / "other.csv", risky[["customer_id"]])
    other = pd.read_csv(tmp_path / "other.csv", dtype=str)
    if (
        start not in "\t\r"
    ):  # tabs around ids are spaces to the loader; pandas reads a bare carriage return as a line end
        assert read["customer_id"].tolist() == other["customer_id"].tolist()
    assert not read["customer_id"].str.match(r"[=+\-@\t\r]").any()
    assert set(read["persona"]) <= {persona.replace("=cmd()", "'=cmd()") for persona in PERSONAS}


def test_ids_come_back_unchanged(made, trained, tmp_path):
    ids = ["007", "a,b", 'quote"', "line\nbreak", "ü", "1e5"]
    trained.head(6).assign(customer_id=ids).to_parquet(tmp_path / "new.parquet")
    read, _ = scored(made, tmp_path / "new.parquet", tmp_path / "scored.csv")
    assert read["customer_id"].tolist() == ids


def test_a_file_that_turns_out_bad_leaves_the_earlier_scores_as_they_were(made, trained, tmp_path):
    bad = trained.astype({"BALANCE": object})
    bad.loc[1100, "BALANCE"] = "oops"
    bad.to_csv(tmp_path / "new.csv", index=False)
    (tmp_path / "scores").mkdir()
    (tmp_path / "scores" / "scored.csv").write_text("earlier")
    with pytest.raises(DataError, match="row 1,102 BALANCE 'oops'"):
        scored(made, tmp_path / "new.csv", tmp_path / "scores" / "scored.csv", rows=100)
    assert [one.name for one in (tmp_path / "scores").iterdir()] == ["scored.csv"]
    assert (tmp_path / "scores" / "scored.csv").read_text() == "earlier"


def test_progress_is_told_and_only_grows(made, trained, csv_of, tmp_path):
    told = []
    scored(made, csv_of(trained), tmp_path / "scored.csv", rows=200, on_progress=told.append)
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1] == len(trained)


def test_moves_count_those_who_were_there_before(made, trained, csv_of, tmp_path):
    before = made.locate(trained).segment
    earlier = Earlier(trained["customer_id"], np.where(np.arange(len(trained)) < 100, (before + 1) % 4, before), 4)
    newcomers = trained.head(50).assign(customer_id=[f"new{i}" for i in range(50)])
    _, done = scored(made, csv_of(pd.concat([trained, newcomers])), tmp_path / "scored.csv", rows=100, earlier=earlier)
    table = scoring.moved(made, done)
    assert table["customers"].sum() == len(trained)
    stayed = table["from_segment"] == table["to_segment"]
    assert table.loc[~stayed, "customers"].sum() == 100
    assert ((table["to_segment"] == (table["from_segment"] - 1) % 4) | stayed).all()
    np.testing.assert_allclose(table.groupby("from_segment")["share_of_from"].sum(), 1.0)
    assert table["to_persona"].tolist() == [PERSONAS[segment] for segment in table["to_segment"]]


def test_nobody_met_before_is_no_table_of_moves(made, trained, csv_of, tmp_path):
    earlier = Earlier(pd.Series(["somebody else"]), np.array([0]), 4)
    _, done = scored(made, csv_of(trained), tmp_path / "scored.csv", earlier=earlier)
    assert scoring.moved(made, done) is None


def test_columns_that_only_describe_come_along_inert_and_move_nobody(made, trained, csv_of, tmp_path):
    beside = trained.assign(segment=["=1+1", "web"] * 600, AGE=[20.5, None, 40, 50] * 300)
    plain, _ = scored(made, csv_of(trained), tmp_path / "plain.csv")
    path = csv_of(beside, "described.csv")
    done = scoring.score(
        Batches(path, made.space.features, describe=["segment", "age"], rows=100), made, tmp_path / "x"
    )
    read = pd.read_csv(tmp_path / "x", dtype={"customer_id": str})
    assert read.columns.tolist() == [*plain.columns, "descriptor_segment", "age"]
    pd.testing.assert_frame_equal(read[plain.columns], plain)
    assert set(read["descriptor_segment"]) == {"'=1+1", "web"}
    assert read["age"].isna().sum() == 300
    assert len(np.concatenate(done.segments)) == len(pd.concat(done.described)) == len(trained)


def test_of_many_customers_a_sample_is_described_whatever_the_chunks(made, trained, csv_of, tmp_path, monkeypatch):
    monkeypatch.setattr(scoring, "MOST_DESCRIBED", 300)
    path = csv_of(trained.assign(AGE=np.arange(len(trained)) % 50), "described.csv")
    samples = []
    for rows in (100, 350):
        batches = Batches(path, made.space.features, describe=["AGE"], rows=rows)
        done = scoring.score(batches, made, tmp_path / "x")
        samples.append(pd.concat(done.described, ignore_index=True).assign(own=np.concatenate(done.segments)))
    pd.testing.assert_frame_equal(*samples)
    assert len(samples[0]) == 300 < len(trained)
    placed = pd.read_csv(tmp_path / "x", dtype={"customer_id": str, "AGE": str}).set_index("customer_id")
    assert (placed.loc[samples[0]["customer_id"], "segment"].to_numpy() == samples[0]["own"]).all()
    assert samples[0]["AGE"].astype(int).mean() == pytest.approx(24.5, abs=3)
