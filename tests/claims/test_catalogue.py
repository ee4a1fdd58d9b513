import pytest

from seg_utils import claims
from seg_utils.core.errors import CatalogueError
from seg_utils.core.paths import CLAIMS

GOOD = CLAIMS.read_text(encoding="utf-8")


def test_every_system_has_claims_and_ids_begin_with_it():
    catalogue = claims.load()
    assert [system.id for system in catalogue.systems] == ["A", "B", "C", "D", "E"]
    for system in catalogue.systems:
        assert system.claims
        assert all(entry.id.startswith(f"{system.id}-") for entry in (*system.claims, *system.context))


def test_thresholds_on_words_are_ours_and_published_numbers_are_not():
    ours = {entry.id for entry in claims.load().entries if entry.ours}
    assert ours >= {"A-transactors", "C-high-balance", "C-high-limit", "E-tenure"}
    assert ours.isdisjoint({"A-inertia", "B-raw-silhouette", "D-elbow-10"})


def test_the_seed_that_a_system_publishes_is_that_of_its_claims():
    assert {entry.own_seed for system in claims.load().systems if system.id == "A" for entry in system.claims} == {42}
    assert {entry.own_seed for entry in claims.load().entries if entry.system != "A"} == {None}


@pytest.mark.parametrize(
    ("good", "bad", "said"),
    [
        ("measure: elbow", "measure: elbows", "'measure' is 'elbows'; allowed:"),
        ("with: {method: A, last: 20}", "with: {method: A}", "elbow: missing a required argument: 'last'"),
        ("with: {method: A, last: 20}", "with: {method: F, last: 20}", "'F' is no method; known: A, B"),
        ("highest BALANCE, feature: PRC", "upmost BALANCE, feature: PRC", "'upmost BALANCE' is no group"),
        ("feature: CREDIT_LIMIT", "feature: CREDIT", "'CREDIT' is not a feature of the dictionary"),
        ("id: A-silhouette-k", "id: A-elbow", "the ids A-elbow are there more than once"),
        ("k: 7, name: iterations", "k: 7, name: iteration", "name is 'iteration'; it must be one of silhouette,"),
        ("epoch: last", "epoch: final", "epoch is 'final'; it must be one of first, last"),
        ("{method: B-codes, epoch: last", "{method: A, epoch: last", "the method A has no encoder, and so no loss"),
        ("features: [BALANCE, PURCHASES,", "features: [BALANCE, PURCHASE,", "'PURCHASE' is not a feature"),
        ("unit: k", "unit: kilo", "'unit' is 'kilo'; allowed:"),
        ("algorithm: minibatch", "algorithm: minibach", "'algorithm' is 'minibach'; allowed: kmeans, minibatch"),
        ("reading: ours", "reading: mine", "'reading' is 'mine'; allowed: published, ours"),
        ("seed: 42", "seed: 7", "seed is 7; runs begin at 42"),
        ("scales: [standard, log]", "scales: [standard, cube]", "scales holds 'cube'; allowed:"),
        ("[64, 32, 8]", "64-32-8", "encoder must be a list of widths"),
        ("[64, 32, 8]", "[64, 0, 8]", "encoder must be a list of widths"),
    ],
)
def test_a_mistake_names_its_line(tmp_path, good, bad, said):
    assert good in GOOD
    path = tmp_path / "claims.yml"
    path.write_text(GOOD.replace(good, bad, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"claims\.yml, line \d+: ") as error:
        claims.load(path)
    assert said in str(error.value)
