import numpy as np
import pandas as pd
import pytest

from seg_utils import clustering, personas, strategy
from seg_utils.core import artefacts, dictionary
from seg_utils.data import sample
from seg_utils.features import feature_space
from seg_utils.pipeline import stages
from seg_utils.reporting import exports, model_card, run_exports
from seg_utils.reporting.exports import files
from seg_utils.scoring import model

K = 3


@pytest.fixture(scope="module")
def small_run(tmp_path_factory):
    """The tables of a small run, and its artefacts in a folder."""
    frame = sample.generate(500, seed=4)[0].rename(columns={"CUST_ID": "customer_id"})
    frame.loc[0, "customer_id"] = "=1+1"
    fitted = feature_space.fit(frame, scale="log", impute="median")
    found = clustering.kmeans(fitted.transform(frame), K, seed=1, min_starts=3, max_starts=3)
    bare = model.build(frame, fitted, found, algorithm="kmeans", seed=1)
    profiles = personas.profile(frame, found.labels)
    catalogue = personas.catalogue.load()
    people = personas.match(frame, found.labels, profiles, catalogue)
    assumed = strategy.assumptions.load()
    money = strategy.money(frame, found.labels)
    held_out = np.arange(500) % 5 == 0
    valuation = strategy.Valuation(frame, found.labels, people, assumed, held_out)
    economics = valuation.economics()
    plan = strategy.test_plan(valuation, economics)
    overview = strategy.table(people, money, economics, plan)
    beside = pd.DataFrame({"customer_id": frame["customer_id"], "segment": ["=web`", "mail"] * 250})
    told = personas.descriptors.profile(beside, found.labels, dict(enumerate(one["persona"] for one in people)), seed=1)
    described = bare.described(people)
    run = tmp_path_factory.mktemp("run")
    kept_out = pd.DataFrame({"campaign": "first", "control_group": held_out})
    artefacts.write_parquet(run / "customers.parquet", frame)
    artefacts.write_parquet(run / "descriptors.parquet", beside)
    artefacts.write_parquet(run / "segment_descriptors.parquet", told)
    described.save(run / "model.json")
    artefacts.write_json(run / "personas.json", people)
    artefacts.write_json(run / "portfolio.json", strategy.portfolio(frame, assumed))
    artefacts.write_csv(run / "segments.csv", kept_out.assign(segment=found.labels))
    tables = {"profiles": profiles, "outliers": profiles[:0], "money": money, "economics": economics, "test_plan": plan}
    for name, table in tables.items():
        artefacts.write_csv(run / f"{name}.csv", table)
    return {
        "customers_scored": exports.customers_scored(
            described, frame, kept_out, strategy.customer_values(frame, assumed), beside
        ),
        "segment_profiles": exports.segment_profiles(described, profiles),
        "segment_descriptors": told,
        "strategy": exports.strategy_table(overview),
    }, run


@pytest.fixture(scope="module")
def exported(small_run):
    return small_run[0]


@pytest.fixture
def run(small_run, monkeypatch):
    """The same run's artefacts in its folder; the card of a run is its own tests' matter."""
    for name in ("quality.json", "metrics.json"):
        artefacts.write_json(small_run[1] / name, {})
    monkeypatch.setattr(model_card, "page", lambda model, *others: f"{len(model.segments)} segments")
    return small_run[1]


def test_from_artefacts_the_same_tables_to_the_byte(exported, run, tmp_path):
    exports.write(tmp_path, exported)
    run_exports.write(run, run)
    for name in stages.EXPORTS:
        assert (run / name).read_bytes() == (tmp_path / name).read_bytes(), name
    assert (run / model_card.NAME).read_text() == f"{K} segments"


def test_segments_that_the_model_does_not_give_are_refused(run):
    segments = pd.read_csv(run / "segments.csv")
    artefacts.write_csv(run / "segments.csv", segments.assign(segment=(segments["segment"] + 1) % K))
    with pytest.raises(ValueError, match=r"model\.json and segments\.csv"):
        run_exports.write(run, run)
    artefacts.write_csv(run / "segments.csv", segments)


def test_customers_carry_segment_words_flag_and_features_in_order(exported):
    table = exported["customers_scored"]
    features = dictionary.load().names
    assert table.columns.tolist()[-19:] == ["control_group", *features, "descriptor_segment"]
    assert table["control_group"].tolist() == (np.arange(500) % 5 == 0).tolist()
    frame = sample.generate(500, seed=4)[0]
    np.testing.assert_array_equal(table[features].to_numpy(dtype=float), frame[features].to_numpy(dtype=float))


def test_customers_and_segments_carry_their_lifetime_value_with_its_range(exported):
    customers, segments = exported["customers_scored"], exported["strategy"].set_index("segment")
    values = ["lifetime_value_low", "lifetime_value", "lifetime_value_high"]
    for table in (customers, segments):
        assert (table[values[0]] <= table[values[1]]).all()
        assert (table[values[1]] <= table[values[2]]).all()
    means = customers.groupby("segment")["lifetime_value"].mean()
    np.testing.assert_allclose(segments["lifetime_value"], means[segments.index])


def test_tables_are_tidy_and_typed(exported, tmp_path):
    exports.write(tmp_path, exported)
    for name, table in exported.items():
        back = pd.read_parquet(tmp_path / "bi" / f"{name}.parquet")
        pd.testing.assert_frame_equal(back, table)
        assert not [column for column, values in table.items() if values.dtype == object], name
        assert not table.duplicated(list(files.KEYS[name])).any()
    assert exported["customers_scored"]["third_segment"].dtype == "Int64"
    assert exported["strategy"]["rank_base"].dtype == "Int64"
    assert exported["strategy"]["contacted"].dtype == "Int64"


def test_segments_join_the_tables(exported):
    segments = set(exported["strategy"]["segment"])
    assert segments == set(range(K))
    assert set(exported["customers_scored"]["segment"]) == set(exported["segment_profiles"]["segment"]) == segments
    named = [dict(zip(table["segment"], table["persona"], strict=True)) for table in exported.values()]
    assert all(names == named[0] for names in named)


def test_the_dictionary_describes_every_column_and_no_other(exported):
    described = files.data_dictionary(exported)
    for name, table in exported.items():
        assert described.loc[described["table"] == name, "column"].tolist() == table.columns.tolist()
    assert described["meaning"].str.len().min() > 3
    as_given = described["meaning"].str.endswith("customers are not compared by it")
    assert described.loc[as_given, "column"].tolist() == ["descriptor_segment"], "what is computed says what it is"
    balance = described[described["column"] == "BALANCE"].iloc[0]
    assert (balance["unit"], balance["meaning"]) == ("currency ($)", dictionary.load()["BALANCE"].description)
    keys = [column for names in files.KEYS.values() for column in names]
    assert sorted(described.loc[described["key"], "column"]) == sorted(keys)


def test_the_dictionary_explains_every_feature_of_the_profiles_derived_ones_with_their_formula(exported, tmp_path):
    described = files.data_dictionary(exported)
    told = described[described["table"] == files.FEATURES].set_index("column")
    assert told.index.tolist() == exported["segment_profiles"]["feature"].unique().tolist()
    known = dictionary.load()
    derived = [one.name for one in known.derived]
    assert set(derived) <= set(told.index)
    assert told["meaning"].tolist() == [known[name].description for name in told.index]
    assert told.index[told["formula"] != ""].tolist() == [name for name in told.index if name in derived]
    for one in known.derived:
        assert all(name in told.at[one.name, "formula"] for name in one.formula.needs), one.name
    limit = "BALANCE / CREDIT_LIMIT, empty where the divisor is 0; what is above 1.5 counts as that"
    assert told.at["UTILISATION", "formula"] == limit
    assert "(CASH_ADVANCE + PURCHASES)" in told.at["CASH_SHARE", "formula"]
    assert told.at["VALUE_ESTIMATE", "formula"] == "0.015 × PURCHASES + 0.15 × BALANCE + 0.04 × CASH_ADVANCE"
    exports.write(tmp_path, exported)
    page = (tmp_path / "bi" / "data_dictionary.md").read_text()
    assert f"| `UTILISATION` | share of limit | Balance as a share of the credit limit | {limit} |" in page


def test_files_are_the_same_again_and_those_the_pipeline_knows_of(exported, tmp_path):
    for name in ("a", "b"):
        exports.write(tmp_path / name, exported)
    written = sorted(path.relative_to(tmp_path / "a").as_posix() for path in (tmp_path / "a").rglob("*.*"))
    assert written == sorted(stages.EXPORTS)
    for name in written:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_formulas_are_inert_in_csv_and_themselves_in_parquet(exported, tmp_path):
    exports.write(tmp_path, exported)
    assert (tmp_path / "bi" / "customers_scored.csv").read_text().splitlines()[1].startswith("'=1+1,")
    assert pd.read_parquet(tmp_path / "bi" / "customers_scored.parquet").at[0, "customer_id"] == "=1+1"


def test_a_key_that_stands_twice_is_refused(exported, tmp_path):
    twice = pd.concat([exported["strategy"]] * 2)
    with pytest.raises(ValueError, match="strategy holds segment twice"):
        exports.write(tmp_path, exported | {"strategy": twice})


def test_descriptors_stand_beside_features_inert_and_explained(exported, tmp_path):
    web = exported["customers_scored"].assign(**{"a|`b": "x"})
    exports.write(tmp_path, exported | {"customers_scored": web})
    table = pd.read_csv(tmp_path / "bi" / "segment_descriptors.csv")
    assert set(table["level"]) == {"'=web`", "mail"}
    assert table.groupby("segment")["share"].sum().tolist() == pytest.approx([1.0] * K)
    page = (tmp_path / "bi" / "data_dictionary.md").read_text()
    assert "| a\\|\\`b | text |  | As in the customers file; customers are not compared by it |" in page
