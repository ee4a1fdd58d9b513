import re
from dataclasses import replace

import numpy as np
import pytest

from seg_utils import clustering
from seg_utils.core.transformation import Formula
from seg_utils.data import sample
from seg_utils.features import feature_space
from seg_utils.reporting import model_card
from seg_utils.scoring import model

WORDS = {"colour": 0, "description": "", "share": 0.5, "actions": {"now": "", "later": ""}}
SHA256 = "0123456789abcdef" * 4


@pytest.fixture(scope="module")
def made():
    frame = sample.generate(400, seed=2)[0].rename(columns={"CUST_ID": "customer_id"})
    fitted = feature_space.fit(frame, scale="log", impute="mean")
    found = clustering.kmeans(fitted.transform(frame), 2, seed=7, min_starts=3, max_starts=3)
    bare = model.build(frame, fitted, found, algorithm="kmeans", seed=7)
    return bare.described([WORDS | {"persona": name} for name in ("Spenders | [x](y)", "Savers")])


def sources(made, **changes):
    quality = {"source": {"name": "a_b<script>.csv", "sha256": SHA256}, "n_rows": 411, "synthetic": False}
    metrics = {
        "standing": {"recommended_k": 2, "sentence": "2 was asked for.", "sentence_of_k_means": "K-Means with 2."},
        "silhouette": 0.3712, "silhouette_exact": True, "silhouette_half_width": 0.0,
        "silhouette_negative_share": 0.061, "silhouette_by_segment": [0.41, None],
        "davies_bouldin": 1.2345, "calinski_harabasz": 3456.7,
        "starts": 50, "hit_rate": 0.42, "between_share": 0.14,
        "stability": {
            "ari": 0.913, "jaccard": [0.97, 0.55], "grades": ["firm", "do not build on"], "replicates": 33,
            "seeds_ari": 0.983,
        },
    }  # fmt: skip
    parts = {"quality": quality, "metrics": metrics, "versions": {"python": "3.11.7"}}
    return made, *(part | changes.get(name, {}) for name, part in parts.items())


def test_every_measure_is_told(made):
    page = model_card.page(*sources(made))
    for told in (
        "0.37",
        "6 %",
        "1.23",
        "3,457",
        "33 resamples",
        "0.91",
        "0.98",
        "42 %",
        "14 %",
        "seed 7",
        "mean",
        "411",
    ):
        assert told in page, told
    for told in (made.to_dict()["sha256"], SHA256, "python 3.11.7", "2 was asked for."):
        assert told in page
    for feature in made.space.features:
        assert feature in page


def test_text_from_the_data_is_inert(made):
    page = model_card.page(*sources(made))
    assert "<script>" not in page
    assert r"a_b\<script\>.csv" in page
    assert r"| 0 | Spenders \| \[x\](y) |" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("CC_GENERAL.csv", "CC_GENERAL.csv"),
        ("Cash-advance users", "Cash-advance users"),
        ("_a_ *b* `c` ~d~ $e$", r"\_a\_ \*b\* \`c\` \~d\~ \$e\$"),
        ("http://a.b &lt; www.a.b", r"http\://a.b \&lt; www\.a.b"),
        ("a\nb \\", "a b \\\\"),
    ],
)
def test_only_what_would_do_something_is_escaped(text, shown):
    assert model_card.plain(text) == shown


def test_without_segments_the_card_says_so_first_and_plans_no_campaign(made):
    standing = {"recommended_k": None, "sentence": "No segments; 2 were asked for."}
    page = model_card.page(*sources(made, metrics={"standing": standing}))
    assert page.splitlines()[2].startswith("**The evidence finds no segments in these customers.** No segments; 2")
    assert "firm" not in page
    assert "do not build on" not in page
    assert "planning campaigns" not in page
    assert "- Campaigns or service by segment" in page.partition("## What it must not be used for")[2]
    assert "planning campaigns" in model_card.page(*sources(made))


def test_the_evidence_is_told_of_the_algorithm_that_it_was_gathered_with(made):
    other = model_card.page(*sources(made, metrics={"algorithm": "ward", "algorithm_name": "Ward's"}))
    assert "K-Means with 2." in other
    assert "2 was asked for." not in other


def test_a_negative_silhouette_is_explained(made):
    assert "6 % of customers have a negative one: on average they are nearer to the customers of" in model_card.page(
        *sources(made)
    )


def test_segments_not_to_build_on_are_named_among_the_misuses(made):
    misuse = model_card.page(*sources(made)).partition("## What it must not be used for")[2].partition("\n## ")[0]
    assert 'Building on segments graded "do not build on", which do not come back: Savers' in misuse
    assert "Credit decisions" in misuse
    stable = sources(made, metrics={"stability": sources(made)[2]["stability"] | {"grades": ["firm", "usable"]}})
    assert "Building on segments" not in model_card.page(*stable)


def test_what_there_is_none_of_is_not_told(made):
    stability = {name: value for name, value in sources(made)[2]["stability"].items() if name != "seeds_ari"}
    page = model_card.page(*sources(made, metrics={"stability": stability, "starts": 1}))
    assert "random starts" not in page
    assert "None" not in page
    assert re.search(r"\| 1 \| Savers \|.*\| – \| do not build on \|", page)


def privacy(made):
    told = model_card.page(*sources(made)).partition("## What it gives away about customers")[2].partition("\n## ")[0]
    return " ".join(told.split())


def test_a_model_that_keeps_single_customers_says_so_and_others_that_they_keep_none(made):
    assert "The model file holds no ids and no single customer's row" in privacy(made)
    keeping = replace(made, placement=clustering.Exemplars(np.zeros((37, 17)), np.arange(37) % 2))
    assert "37 single customers of those it was made from, a row of coordinates each" in privacy(keeping)
    assert "It is personal data" in privacy(keeping)
    assert "no single customer's row" not in privacy(keeping)


def test_synthetic_customers_are_said_to_be_so(made):
    assert "synthetic" in model_card.page(*sources(made, quality={"synthetic": True}))
    assert "synthetic" not in model_card.page(*sources(made))


def test_shares_in_the_table_are_those_of_the_sizes(made):
    shares = re.findall(
        r"^\| \d \| [^|\\]*(?:\\.[^|\\]*)* \| ([\d,]+) \| (\d+) % \|", model_card.page(*sources(made)), re.M
    )
    assert [int(count) for count, _ in shares] == list(made.sizes)
    assert [int(share) for _, share in shares] == [round(100 * size / 400) for size in made.sizes]


def test_it_is_the_same_again(made):
    assert model_card.page(*sources(made)) == model_card.page(*sources(made))


def test_how_features_are_computed_is_told(made):
    assert "Computed" not in model_card.page(*sources(made))
    space = replace(made.space, formulas={"TENURE": Formula(of=("PAYMENTS",), to=("BALANCE",), at_most=9)})
    assert (
        "- Computed: TENURE is PAYMENTS / BALANCE, empty where the divisor is 0; what is above 9 counts as that\n"
    ) in model_card.page(*sources(replace(made, space=space)))
