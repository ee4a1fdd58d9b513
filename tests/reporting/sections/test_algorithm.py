"""Pages on what the algorithm and the encoder did."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from seg_utils.core import words
from seg_utils.reporting.sections import algorithm, appendix, evidence, page_one, segments

from ..table_cells import rows
from .runs import make_run

PARTITION = {"ari": 0.5, "min_jaccard": 0.4}


def changed(run_k=3, *, encoding=None, outliers=0, **metrics):
    plain = make_run(run_k)
    told = plain.metrics | {"outliers": outliers} | metrics | ({"encoding": encoding} if encoding else {})
    return make_run(run_k, metrics=told, outliers=_outliers())


def _outliers():
    rows = [
        {"segment": -1, "feature": name, "mean": mean, "median": mean, "z": z, "population_mean": 100.0,
         "population_median": 90.0, "q25": 1.0, "q75": 2.0}
        for name, mean, z in (("BALANCE", 730.0, 3.0), ("PURCHASES", 101.0, 0.05), ("CASH_ADVANCE", 20.0, -1.5))
    ]  # fmt: skip
    return pd.DataFrame(rows)


def encoding(raw=(0.21, 1.91), encoded=(0.34, 2.07), seeds_ari=0.43, **others):
    rows = [
        {"partition": name, "measured_on": space, "made_on_it": (name == "raw") == (space == "scaled features"),
         "silhouette": silhouette, "davies_bouldin": index, **PARTITION}
        for name, (silhouette, index) in (("raw", raw), ("encoded", encoded))
        for space in ("scaled features", "codes")
    ]  # fmt: skip
    return {
        "sizes": [64, 32, 8], "epochs": 100, "first_loss": 0.835, "last_loss": 0.014, "losses": [0.835, 0.014],
        "unused_codes": 2, "encoders": 3, "seeds_ari": seeds_ari, "ari_to_raw": 0.16, "partitions": rows,
    } | others  # fmt: skip


def subgroups(holds=True, count=2):
    return {
        "segment": 1,
        "persona": "Persona B",
        "customers": 321,
        "holds": holds,
        "tree": {"x": [[5, 5, 15, 15]], "y": [[0, 9, 9, 0]], "leaves": [200, 121], "cut": 4.5},
        "candidates": [{"number": 2, "min_jaccard": 0.91, "smallest_share": 0.38, "holds": holds}],
        "subgroups": [
            {"subgroup": number, "size": size, "share": size / 321, "jaccard": 0.9, "grade": "firm",
             "sets_apart": [{"phrase": "large balances"}] if number else [], "medians": {"BALANCE": 1234.0}}
            for number, size in enumerate((200, 121)[:count])
        ],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        ({}, "K-Means divides the customers into 3 segments. It was started 50 times; 42 % of the starts"),
        ({"algorithm": "gmm", "algorithm_name": "a Gaussian mixture"}, "A Gaussian mixture divides the customers into"),
        ({"algorithm": "ward", "algorithm_name": "Ward's"}, "A new customer joins the segment of the most similar"),
        ({"encoding": encoding()}, "divides the customers by the 8 codes of an autoencoder into 3 segments"),
    ],
)
def test_the_method_names_what_made_the_segments(metrics, said):
    assert said in " ".join(appendix.method(changed(**metrics)).replace("\\", "").split())


@pytest.mark.parametrize("name", ["ward", "dbscan"])
def test_nobody_is_told_of_starts_that_there_were_none_of(name):
    assert "started" not in appendix.method(changed(algorithm=name))


def test_without_outliers_nothing_is_said_of_them():
    run = changed()
    assert algorithm.outliers(run) == ""
    assert "Outliers" not in page_one.page(run)


def test_outliers_are_a_line_on_page_one_and_a_page():
    run = changed(outliers=45, n_customers=900, algorithm="dbscan", algorithm_name="DBSCAN")
    assert "45 customers (5 %) are unlike any segment" in page_one.page(run)
    page = algorithm.outliers(run)
    assert "45 customers, 5 % of all, are in no segment" in page.replace("\n", " ")
    assert "DBSCAN finds too few customers like them" in page
    assert "| 7.3× |" in page
    assert "\\$730" in page
    assert "Purchases" not in page


def test_outliers_that_stand_out_in_nothing_are_said_to():
    run = changed(outliers=45, n_customers=900)
    plain = run.outliers.assign(z=0.0)
    page = algorithm.outliers(make_run(3, metrics=run.metrics, outliers=plain))
    assert "They do not stand out in any feature" in page
    assert "|" not in page


def test_outliers_are_not_told_of_medians_that_read_the_same():
    run = changed(outliers=45, n_customers=900)
    same = run.outliers.assign(median=[90.2, 101.0, 20.0])
    page = algorithm.outliers(make_run(3, metrics=run.metrics, outliers=same))
    assert "| Balance" not in page
    assert "| Cash advances" in page
    assert "fraud may be among them" in page.replace("\n", " ")


def test_many_outliers_lower_the_trust_on_page_one():
    page = page_one.page(changed(outliers=300, n_customers=1000))
    assert "**The grouping: medium.**" in page.replace("\\", "")
    assert "30 \\% of customers are outliers" in page


def test_evidence_on_k_means_is_told_of_k_means():
    run, own = changed(algorithm="ward", algorithm_name="Ward's"), changed()
    for page in (page_one.page(run), evidence.choice(run)):
        assert "K\\-Means with 3 was asked for" in page
    assert "K-Means" not in evidence.choice(own) + evidence.scores(own) + evidence.scales(own)
    assert ": The tests of the rule for 3 K-Means segments " in evidence.choice(run)
    assert ": Scores of every number of K-Means segments k" in evidence.scores(run)
    scales = evidence.scales(run).replace("\n", " ")
    assert "How stable 3 K-Means segments are on each scale" in scales
    assert "At 3 segments, K-Means' own segments " in scales
    for page in (evidence.scores(run), scales):
        assert "Those rest on K-Means, the grades on Ward's and 50 resamples." in page
        assert "Jaccards differ" not in page
    assert "Jaccards differ" in evidence.scores(own)


def test_scales_of_encoded_segments_are_said_to_be_compared_before_encoding():
    run = changed(encoding=encoding())
    scales = evidence.scales(run).replace("\n", " ")
    assert "segments made on the features, before any encoding, " in scales
    assert "Those rest on the features, the grades on the codes and 50 resamples." in scales
    assert "Jaccards differ" in evidence.scores(run)


def test_page_one_judges_encoded_segments_on_the_features():
    page = page_one.page(changed(encoding=encoding(encoded=(-0.02, 2.0)), silhouette=0.52))
    assert "no nearer to their own segment" in page
    assert "often lead to other segments" in page


def test_evidence_gathered_otherwise_is_said_to_be():
    assert algorithm.evidence_note(changed()) == ""
    assert "gathered with K-Means" in algorithm.evidence_note(changed(algorithm="gmm", algorithm_name="a mixture"))
    assert "gathered on the codes" in algorithm.evidence_note(changed(encoding=encoding()))


@pytest.mark.parametrize(
    ("raw", "encoded", "said"),
    [
        ((0.2, 1.9), (0.3, 1.5), "better by both measures"),
        ((0.2, 1.9), (0.1, 2.5), "worse by both measures"),
        ((0.2, 1.9), (0.3, 2.5), "better by the silhouette and worse by Davies-Bouldin"),
        ((0.2, 1.9), (0.1, 1.5), "worse by the silhouette and better by Davies-Bouldin"),
    ],
)
def test_what_encoding_gains_follows_from_the_common_space(raw, encoded, said):
    page = algorithm.encoding(changed(encoding=encoding(raw, encoded))).replace("\n", " ")
    assert said in page
    assert f"silhouette {encoded[0]:.3f} against {raw[0]:.3f}" in page
    assert page.count("(their own)") + page.count("\\(their own\\)") == 2


@pytest.mark.parametrize(
    ("ari", "said"),
    [(0.96, "almost the same segments"), (0.85, "similar segments"), (0.43, "other segments: they depend on its seed")],
)
def test_what_other_seeds_say_follows_from_their_agreement(ari, said):
    page = algorithm.encoding(changed(encoding=encoding(seeds_ari=ari))).replace("\n", " ")
    assert said in page
    assert f"adjusted Rand index of {ari:.2f}" in page
    assert "2 codes of them are 0 for everyone" in page


@pytest.mark.parametrize(("ari", "kind"), [(0.43, "warning"), (0.9, "note")])
def test_page_one_says_that_codes_were_segmented(ari, kind):
    run = changed(encoding=encoding(seeds_ari=ari), silhouette=0.52)
    page = page_one.page(run).replace("\n", " ")
    assert f'.callout-{kind} title="Encoded features"' in page
    assert ("it gives other segments: they depend on its seed." in page) == (kind == "warning")
    assert "on the features themselves; on its codes they would look farther apart than they are." in page
    assert "adjusted Rand" not in page
    assert "mean silhouette is 0.52 on the codes and 0.34 on the features" in evidence.trust(run)
    assert "farther apart" not in page_one.page(changed(encoding=encoding(), silhouette=0.2))
    assert "Encoded features" not in page_one.page(changed())


def mixture(confidence, jaccard):
    plain = make_run(3, jaccard=jaccard)
    run = make_run(3, jaccard=jaccard, metrics=plain.metrics | {"algorithm": "gmm"})
    return replace(run, assignments=run.assignments.assign(confidence=confidence))


def test_how_sure_a_mixture_is_stands_beside_what_comes_back():
    shares = [0.995] * 90 + [0.5] * 30
    said = algorithm.sureness(mixture(shares, [0.9, 0.8, 0.31])).replace("\n", " ")
    assert "It gives 75 % of the customers, and 75 % of the customers in segments not to build on, a" in said
    assert "a probability of 99 % or more for their own segment" in said
    assert "come back with a Jaccard of 0.31 to 0.90" in said
    assert "not to build on" not in algorithm.sureness(mixture(shares, [0.9, 0.8, 0.81]))
    assert algorithm.sureness(make_run(3)) == ""
    between = evidence.trust(mixture(shares, [0.9, 0.8, 0.31])).replace("\n", " ")
    assert "By the mixture's own account, 14 % stand between two segments." in between
    assert "own account" not in evidence.trust(make_run(3))


@pytest.mark.parametrize(
    ("unsure", "said"), [(0, "gives all customers a"), (1, "gives all but 0.8 % of the customers")]
)
def test_nearly_all_customers_are_never_rounded_to_all(unsure, said):
    assert said in algorithm.sureness(mixture([0.5] * unsure + [1.0] * (120 - unsure), [0.9] * 3)).replace("\n", " ")


def test_without_an_encoder_there_is_no_such_page():
    assert algorithm.encoding(changed()) == ""


def test_sub_groups_that_hold_and_those_that_do_not_are_told_apart():
    run = changed()
    held = algorithm.inside(run, subgroups()).replace("\n", " ")
    assert "By that rule there are 2 sub-groups" in held
    assert "Large balances" in held
    assert "Like the segment as a whole" in held
    assert "No number passes, so do not build on the 2 sub-groups" in algorithm.inside(run, subgroups(holds=False))
    assert "[firm]{.badge .firm}" in held
    loose = algorithm.inside(run, subgroups(holds=False))
    assert "[firm]" not in loose
    assert loose.count("[no sub-group]{.badge .weak}") == 2
    small = subgroups(count=0) | {"customers": 12, "tree": None}
    assert "12 customers are too few" in algorithm.inside(run, small)


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (changed(), "make report K=3 "),
        (changed(algorithm="dbscan"), "ALGORITHM=dbscan"),
        (changed(encoding=encoding()), "ENCODER=64-32-8"),
        (make_run(3, subsegments=[subgroups()]), "SUBSEGMENT=1"),
        (make_run(3, subsegments=[subgroups()] * 3), "SUBSEGMENT=all"),
    ],
)
def test_the_command_makes_the_same_report_again(run, said):
    command = appendix.reproduction(run, {})
    assert said in command
    assert ("K=3" in command) == ("dbscan" not in command)


def test_agreement_over_seeds_is_left_out_where_there_are_none():
    run = changed()
    stability = {name: value for name, value in run.metrics["stability"].items() if name != "seeds_ari"}
    assert "other seeds" in evidence.trust(run)
    assert "other seeds" not in evidence.trust(changed(stability=stability))


def test_figures_are_shown_where_there_is_something_to_show(monkeypatch):
    shown = []
    monkeypatch.setattr(algorithm.style, "show", lambda figure, **about: shown.append(about["label"]))
    monkeypatch.setattr(algorithm, "show", lambda text: None)
    run = changed(encoding=encoding(), algorithm="gmm", between_share=0.2)
    run.assignments["confidence"] = 0.7
    algorithm.show_loss(run)
    algorithm.show_sureness(run)
    algorithm.show_tree(run, subgroups())
    assert shown == ["fig-loss", "fig-sureness", "fig-tree-1"]
    algorithm.show_loss(changed())
    algorithm.show_sureness(changed())
    algorithm.show_tree(run, subgroups() | {"tree": None})
    assert len(shown) == 3
    json.dumps(run.metrics)


def test_sub_groups_stand_with_their_own_numbers():
    told = subgroups() | {
        "candidates": [
            {"number": number, "min_jaccard": number / 10, "smallest_share": number / 100, "holds": number == 3}
            for number in (2, 3, 4)
        ],
        "subgroups": [
            {"subgroup": number, "size": 100 * number + 7, "share": number / 10, "grade": grade,
             "medians": {"BALANCE": 1000.0 * number, "TENURE": 6.0 + number},
             "sets_apart": [{"phrase": f"{number}{letter}"} for letter in "abcd"]}
            for number, grade in enumerate(("firm", "usable", "firm"))
        ],
    }  # fmt: skip
    _, *cuts, _, first, second, third = rows(algorithm.inside(make_run(3), told))
    assert [row[:3] for row in cuts] == [["2", "0.20", "2 %"], ["3", "0.30", "3 %"], ["4", "0.40", "4 %"]]
    assert ["pass" in row[3] for row in cuts] == [False, True, False]
    assert [row[:-1] for row in (first, second, third)] == [
        ["A", "7 (0 %)", "0a, 0b and 0c", "$0", "6"], ["B", "107 (10 %)", "1a, 1b and 1c", "$1,000", "7"],
        ["C", "207 (20 %)", "2a, 2b and 2c", "$2,000", "8"],
    ]  # fmt: skip
    assert ["firm" in row[-1] for row in (first, second, third)] == [True, False, True]


def partition(name, space, **scores):
    made_on_it = (name == "raw") == (space == "scaled features")
    return {"partition": name, "measured_on": space, "made_on_it": made_on_it} | scores


@pytest.mark.parametrize(
    ("silhouette", "davies_bouldin", "said"),
    [
        (0.4, 1.0, "better by both"),
        (0.2, 2.0, "worse by both"),
        (0.4, 2.0, "better by the"),
        (0.2, 1.0, "worse by the"),
    ],
)
def test_raw_and_encoded_are_compared_on_the_features_each_by_its_own_scores(silhouette, davies_bouldin, said):
    scores = {"ari": 0.9, "min_jaccard": 0.8}
    raw = [partition("raw", on, silhouette=0.3, davies_bouldin=1.5, **scores) for on in ("codes", "scaled features")]
    own = partition("encoded", "codes", silhouette=0.9, davies_bouldin=0.1, **scores)
    common = partition("encoded", "scaled features", silhouette=silhouette, davies_bouldin=davies_bouldin, **scores)
    told = {"partitions": [*raw, own, common]}
    assert said in algorithm._gain(told)
    assert f"(silhouette {silhouette:.3f} against 0.300, Davies-Bouldin {davies_bouldin:.2f} " in algorithm._gain(told)
    table = rows(algorithm.encoding(changed(encoding=encoding() | told)))[1:]
    assert [row[1] for row in table] == [
        "Scaled features (their own)", "Scaled features", "Codes", "Codes (their own)",
    ]  # fmt: skip
    assert table[1][2:] == [f"{silhouette:.3f}", f"{davies_bouldin:.2f}", "0.90", "0.80"]
    assert algorithm._gain({"partitions": raw}) == ""


def test_what_a_segment_brings_and_has_is_its_own():
    run = make_run(3)
    for segment in run.segments:
        row = run.economics.set_index("segment").loc[segment]
        assert segments._worth(run, segment) == (
            f"{words.money(row['segment_value'])} a year, {words.percent(row['value_share'])} of the total; "
            f"a mean of {words.money(row['value_per_customer'])} a customer"
        )
        money = run.money.set_index("segment").loc[segment]
        shares = segments._shares(run, segment)
        assert shares["Customers"] == f"{words.percent(money['customers_share'])} of all"
        assert [*shares.values()][1:] == [f"{words.percent(money[name])} of all" for name in segments.amounts_of(run)]
    nothing = run.economics.assign(value_share=float("nan"))
    assert "of the total" not in segments._worth(make_run(3, economics=nothing), 0)


def test_outliers_differ_from_all_customers_in_their_own_medians():
    plain = make_run(3)
    profile = plain.profiles[plain.profiles["segment"] == 0].assign(segment=-1, z=0.0)
    apart = profile["feature"].eq("BALANCE")
    columns = ["z", "mean", "median", "population_mean", "population_median"]
    profile.loc[apart, columns] = [3.0, 900.0, 800.0, 100.0, 50.0]
    run = make_run(3, outliers=profile, metrics=plain.metrics | {"outliers": 12})
    table = [line for line in algorithm.outliers(run).splitlines() if line.startswith("| ")]
    assert rows("\n".join(table))[1] == ["Balance", "$800", "$50", "9.0×"]
    assert algorithm.outliers(plain) == ""
