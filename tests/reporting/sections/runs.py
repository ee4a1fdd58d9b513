"""A ``run_artefacts.Run`` of k segments with random figures, so that one that is no artefact's stands out."""

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.evaluation.resampling.stability import grade, meaning
from seg_utils.personas import descriptors
from seg_utils.reporting.sections import Run
from seg_utils.reporting.sections.office import slide_content
from seg_utils.strategy import assumptions, decisions, grouping
from seg_utils.strategy.overview import WORDS
from seg_utils.strategy.testplan import ENOUGH_TOGETHER, TOO_SMALL

MEASURES = ("purchases", "balances", "cash_advances", "payments", "credit_lines")
DECIDED = ("action_now", "action_later", "offer")
SHA256 = "0123456789abcdef" * 4


def segment_slides(run):
    """The slides that are each about one segment, in order."""
    return [slide for slide in slide_content.slides(run) if (slide.figure or "").startswith("fig-segment-")]


def make_run(k, *, seed=0, names=None, features=None, jaccard=None, source="customers.csv", synthetic=False, **changes):
    """A run of k segments; ``changes`` replace whole artefacts."""
    random = np.random.default_rng([seed, k])
    sizes = np.sort(random.integers(200, 3000, k))[::-1]
    names = names or [f"Persona {'ABCDEFGHIJKLMNOPQRST'[segment]}" for segment in range(k)]
    features = list(features or dictionary.load().names)
    jaccard = list(jaccard or random.uniform(0.86, 0.99, k))
    people = [_person(segment, name, sizes, random) for segment, name in enumerate(names)]
    economics = _economics(k, names, sizes, random)
    money = _money(sizes, random)
    artefacts = {
        "quality": _quality(sizes, features, source, synthetic),
        "k_scores": _scores(random),
        "k_verdict": _verdict(),
        "scale_stability": _scale_stability(random),
        "scale_agreement": _scale_agreement(random),
        "metrics": _metrics(k, sizes, jaccard, random),
        "model": {"space": {"features": features, "impute": "median", "scale": "log"}, "seed": 42},
        "personas": people,
        "profiles": _profiles(k, features, random),
        "strategy": _strategy(people, money, economics),
        "money": money,
        "concentration": pd.DataFrame({"measure": ["cash_advances"], "top_share": [random.uniform(0.4, 0.9)]}),
        "economics": economics,
        "economics_inputs": _inputs(people, random),
        "sensitivity": _sensitivity(random),
        "assumptions": assumptions.load().table(),
        "test_plan": _test_plan(k, names, sizes, random),
        "portfolio": _portfolio(random),
        "rules": [_rule(segment, random) for segment in range(k)],
        "assignments": _assignments(k, random),
        "segment_descriptors": descriptors.profile(pd.DataFrame({"customer_id": []}), np.array([]), {}, seed=0),
    }
    made = artefacts | changes
    if "decision" in made["strategy"]:  # of another run: decided anew from what the personas ask for
        asked = {column: [one["strategy"][WORDS[column]] for one in made["personas"]] for column in DECIDED}
        made["strategy"] = made["strategy"].assign(**asked)
    grades, found = made["metrics"]["stability"]["grades"], made["k_verdict"]["recommended_k"] is not None
    made["strategy"] = decisions.decide(made["strategy"], made["personas"], grades, has_segments=found)
    made["personas"] = decisions.with_decisions(made["personas"], made["strategy"])
    return Run(**made)


def _person(segment, name, sizes, random):
    words = {word: f"{word} of segment {segment}" for word in WORDS.values()}
    share = float(sizes[segment] / sizes.sum())
    return {
        "segment": segment,
        "size": int(sizes[segment]),
        "share": share,
        "persona_id": "revolvers",
        "colour": segment,
        "persona": name,
        "match": float(random.uniform(0.6, 1)),
        "members": [
            {"persona_id": persona_id, "persona": f"Of kind {persona_id}", "share": float(random.uniform(0.1, 0.5))}
            for persona_id in ("revolvers", "dormant")
        ],
        "portrait": [
            f"{share:.0%} of all customers.".replace("%", " %"),
            f"They sing {random.integers(100, 900)} songs.",
        ],
        "sets_apart": [],
        "name_survives": None,
        "actions": {"now": words["now"], "later": words["later"]},
        "strategy": words,
        "audiences": {"marketing": "sing", "product": "dance", "risk": "watch", "customer_success": "call"},
    }


def _quality(sizes, features, source, synthetic):
    findings = [
        {
            "severity": severity,
            "rule": rule,
            "column": "BALANCE",
            "count": 3,
            "examples": [],
            "action": "kept",
            "message": f"MINIMUM_PAYMENTS is odd in {count} of 9,876 rows, such as 'BALANCE'.",
        }
        for severity, rule, count in (("info", "missing", 313), ("warning", "odd", 17))
    ]
    return {
        "n_customers": int(sizes.sum()),
        "stands_for": 1.0,
        "n_rows": int(sizes.sum()) + 5,
        "synthetic": synthetic,
        "source": {"name": source, "sha256": SHA256},
        "columns": features,
        "features": features,
        "findings": findings,
    }


def _scores(random):
    ks = np.arange(2, 21)
    columns = (
        "silhouette", "silhouette_half_width", "davies_bouldin", "prediction_strength", "border_density",
        "bootstrap_ari", "min_jaccard", "smallest_share", "lookalike_gap", "lookalike_gap_se",
    )  # fmt: skip
    return pd.DataFrame(
        {
            "k": ks,
            "replicates": np.where(ks < 9, 30, 10),
            "inertia": np.sort(random.uniform(10_000, 90_000, len(ks)))[::-1],
            "calinski_harabasz": random.uniform(500, 3000, len(ks)),
            "lookalike_gap_z": random.uniform(4, 9, len(ks)),
            **{name: random.uniform(0.03, 0.9, len(ks)) for name in columns},
        }
    )


def _verdict():
    return {
        "recommended_k": 2,
        "acceptable_k": [2, 3],
        "structure": "regions",
        "sentence": "Two hold up.",
        "rule": "the largest one that passes every test.",
        "thresholds": {"min_jaccard": {"at_least": 0.75}, "border_density": {"at_most": 0.95}},
        "failures": {},
        "repeats": None,
        "otherwise": None,
        "votes": [
            {"criterion": "davies_bouldin", "chooses": 9, "note": "lowest"},
            {"criterion": "gap", "chooses": None, "note": "rises to the end of the range"},
        ],
    }


def _scale_stability(random):
    rows = [(scale, k) for scale in ("log", "standard", "robust") for k in (2, 3)]
    frame = pd.DataFrame(rows, columns=["scale", "k"])
    for name in ("bootstrap_ari", "min_jaccard", "prediction_strength", "smallest_share"):
        frame[name] = random.uniform(0.1, 0.9, len(frame))
    return frame.assign(replicates=10)


def _scale_agreement(random):
    pairs = (("log", "standard"), ("log", "robust"), ("standard", "robust"))
    rows = [(k, one, other) for k in (2, 3) for one, other in pairs]
    frame = pd.DataFrame(rows, columns=["k", "scale", "other"])
    return frame.assign(ari=random.uniform(0.1, 0.9, len(frame)))


def _metrics(k, sizes, jaccard, random):
    return {
        "k": k,
        "algorithm": "kmeans",
        "algorithm_name": "K-Means",
        "n_customers": int(sizes.sum()),
        "outliers": 0,
        "between_below": 0.1,
        "sizes": sizes.tolist(),
        "inertia": 12_345.6,
        "starts": 50,
        "hit_rate": 0.42,
        "silhouette": 0.37,
        "davies_bouldin": 1.23,
        "calinski_harabasz": 3456.7,
        "explained_variance": [0.31, 0.22],
        "silhouette_by_segment": [*random.uniform(0.1, 0.5, k - 1).tolist(), None],
        "silhouette_negative_share": 0.061,
        "between_share": 0.14,
        "latent_classes": {
            "customers": 900,
            "ari": 0.45,
            "alike": 0.62,
            "by_use": 0.69,
            "jaccard": [*jaccard[:-1], None],
        },
        "standing": {"sentence": f"{k} was asked for.", "sentence_of_k_means": f"K-Means with {k} was asked for."},
        "stability": {
            "jaccard": jaccard,
            "jaccard_low": jaccard,
            "grades": [grade(value, value) for value in jaccard],
            "meanings": [meaning(value, value) for value in jaccard],
            "ari": 0.91,
            "seeds_ari": 0.97,
            "kept": [0.81, None, 0.99],
            "replicates": 50,
        },
    }


def _profiles(k, features, random):
    derived = [one.name for one in dictionary.load().derived if set(one.formula.needs) <= set(features)]
    rows = [(segment, feature) for segment in range(k) for feature in [*features, *derived]]
    frame = pd.DataFrame(rows, columns=["segment", "feature"])
    for name in ("mean", "median", "q25", "q75", "population_mean", "population_median"):
        frame[name] = random.uniform(0.01, 1, len(frame)) * np.where(frame["feature"].str.isupper(), 1, 1000)
    return frame.assign(z=random.normal(size=len(frame)), rank=random.uniform(0.01, 0.99, len(frame)))


def _money(sizes, random):
    frame = pd.DataFrame({"segment": range(len(sizes)), "customers": sizes, "customers_share": sizes / sizes.sum()})
    for measure in MEASURES:
        values = random.uniform(1, 9, len(sizes))
        frame[f"{measure}_share"] = values / values.sum()
    return frame


def _economics(k, names, sizes, random):
    base = random.uniform(-500, 5000, k)
    values = random.uniform(-50, 500, k)
    streams = ("interchange", "rewards", "interest", "cash_fees", "funding", "losses", "servicing", "operating")
    return pd.DataFrame(
        {
            "segment": range(k),
            "persona": names,
            "customers": sizes,
            **{name: random.uniform(-90, -1, k) for name in streams},
            "value_per_customer": values,
            "balance": random.uniform(1, 9000, k),
            "lifetime_value": 2.44 * values,
            "lifetime_value_low": 2.44 * values - 100,
            "lifetime_value_high": 2.44 * values + 100,
            "segment_value": random.uniform(10_000, 900_000, k),
            "value_share": random.dirichlet(np.ones(k)),
            "worth_contacting": sizes // 2,
            "contacted": sizes // 3,
            "purpose": "profit",
            "lever": "keep",
            "first_channels": "E-mail",
            "then_channels": [*["Personal call"] * (k - 1), np.nan],
            "move_source": "our guess: they sing",
            "lever_value": random.uniform(1, 90, k),
            "worth_from": 97.4,
            "marked_by": "interest",
            "contact_cost": 0.5,
            "offer_cost": [*random.uniform(1, 9, k - 1), 0.0],
            "given_up": 0.0,
            "effect_low": 0.0,
            "effect_base": 0.15,
            "effect_high": 0.3,
            "break_even_effect": [*random.uniform(0.01, 0.07, k - 1), np.nan],
            "campaign_cost": sizes * 0.5,
            "campaign_value_low": base - 700,
            "campaign_value_base": base,
            "campaign_value_high": base + 900,
            "rank_base": pd.Series(base).rank(ascending=False).astype(int),
        }
    )


def _strategy(people, money, economics):
    rows = [
        {"segment": one["segment"], "persona": one["persona"]}
        | {column: one["strategy"][word] for column, word in WORDS.items()}
        for one in people
    ]
    numbers = economics.drop(columns=["persona", "customers"])
    table = pd.DataFrame(rows).merge(money, on="segment").merge(numbers, on="segment")
    plan = {"measure": "closures", "months": 12, "control": 7, "effect_that_matters": 0.06, "detectable_effect": 0.17}
    return table.assign(test_verdict=TOO_SMALL, needed_per_group=1234.0, first_reading=0.08, **plan)


def _inputs(people, random):
    assumed, per_segment = assumptions.load(), 3
    segment = np.repeat(range(-1, len(people)), per_segment)
    columns = ("file_purchases", "file_instalment_purchases", "file_cash_advances", "owed", "revolving")
    groups = {name: random.uniform(1e4, 9e4, len(segment)) for name in columns}
    parts = {f"revolving_{part}": groups["revolving"] * random.uniform(0, 1) for part in ("used", "cash", "both")}
    people_in = random.integers(20, 90, len(segment)).astype(float)
    counts = {"customers": people_in, "reachable": people_in // 2, "concerned": people_in // 3}
    groups |= parts | counts | {"segment": segment, "tenure": random.integers(6, 13, len(segment)).astype(float)}
    return {
        "prices": assumed.prices,
        "moves": grouping.moves(people, assumed),
        "groups": {name: column.tolist() for name, column in groups.items()},
    }


def _sensitivity(random):
    low, high = random.uniform(1000, 9000, 2)
    return pd.DataFrame(
        {"label": ["Cost of one contact"], "total_low": [low], "total_high": [high], "changes_best": [False]}
    )


def _test_plan(k, names, sizes, random):
    control = (sizes * 0.2).round().astype(int)
    return pd.DataFrame(
        {
            "segment": range(k),
            "persona": names,
            "customers": sizes,
            "worth_contacting": sizes // 2,
            "measure": "closures",
            "months": 12,
            "campaign": "first",
            "control": control,
            "treated": sizes // 3,
            "power_wanted": 0.8,
            "significance": 0.05,
            "moves_tested": k,
            "usual": 0.06,
            "effect_that_matters": [*random.uniform(0.02, 0.09, k - 1), np.nan],
            "needed_per_group": random.uniform(100, 9000, k).round(),
            "detectable_effect": random.uniform(0.02, 0.9, k),
            "power_here": random.uniform(0.02, 0.9, k),
            "natural_response": 0.05,
            "first_reading": random.uniform(0.02, 0.3, k),
            "pooled_with": [*["Persona B"] * (k - 1), np.nan],
            "pooled_needed_per_group": random.uniform(100, 9000, k).round(),
            "pooled_power": random.uniform(0.02, 0.9, k),
            "verdict": [*[ENOUGH_TOGETHER] * (k - 1), TOO_SMALL],
        }
    )


def _portfolio(random):
    return {
        "market": "us",
        "market_label": "Atlantis",
        "value": float(random.uniform(10_000, 900_000)),
        "balances": 1e7,
        "return_on_balances": float(random.uniform(0.034, 0.067)),
        "years_kept": 2.44,
        "lifetime_value": 1e6,
        "lifetime_value_low": 9e5,
        "lifetime_value_high": 2e6,
        "chosen_for_return": [],
        "published_return": {"low": 0.033, "high": 0.068, "source": "3.3 % to 6.8 % (somebody, 2025)"},
        "assumptions": 24,
        "guesses": 14,
    }


def _rule(segment, random):
    recall, precision = random.uniform(0.5, 1, 2)
    return {
        "segment": segment,
        "text": f"Balance above ${random.integers(1000, 9000)}",
        "recall": recall,
        "precision": precision,
    }


def _assignments(k, random):
    labels = np.arange(40 * k) % k
    coordinates = random.normal(size=(len(labels), 2)) + labels[:, None]
    return pd.DataFrame(coordinates, columns=["first_component", "second_component"]).assign(segment=labels)
