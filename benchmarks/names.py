"""How often a segment gets the name of the customers in it, on populations of planted kinds of customers.

``python benchmarks/names.py [populations of each kind] [first seed]``. Each population is drawn afresh, from kinds of
customers drawn at random, and divided at some k from 2 to 12. Right is the persona that most customers of the segment
were drawn as, or one that says the same of them by another degree (``portfolios.RIGHT``); how often it is the very one
stands beside. Where none is most, it is the largest one, and counted apart: such a segment is a mixture, and what sets
it apart may be the truer name. The rate that is wanted is 95 %. Last come the segments with a tenth of the customers
that no persona names, and the names that the tables of their segments contradict (``CLAIMS`` of the tests).
"""

import sys
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from seg_utils import clustering, personas
from seg_utils.core.paths import PROJECT
from seg_utils.data import sample
from seg_utils.features import feature_space
from seg_utils.personas.catalogue import UNNAMED, Catalogue

sys.path.insert(0, str(PROJECT / "tests" / "personas"))

import archetypes
import events
import portfolios
from name_claims import CLAIMS
from populations import habits_of, population

LARGEST_K = 12
STARTS = 15
LEAST_PERSONAS, MOST_PERSONAS = 3, 9
CUSTOMERS = 2_500
# What the bundled generator's kinds are where their name says less: all but a few of its revolvers draw cash
DRAWN = {"revolvers": "shop_and_cash"}

# Share of the customers from which a segment should have a persona
LARGE = 0.1

KINDS = portfolios.KINDS | {"events": events.drawn, "archetypes": archetypes.drawn}

Population = tuple[str, pd.DataFrame, np.ndarray]


def main(populations: int, first_seed: int) -> None:
    """Print the names that are wrong where most customers are one persona, then the rates by kind of population."""
    catalogue = personas.catalogue.load()
    started = time.perf_counter()
    named = pd.concat(
        _named(*drawn, catalogue) for seed in range(first_seed, first_seed + populations) for drawn in _drawn(seed)
    )
    pairs = list(zip(named["largest"], named["persona_id"], strict=True))
    named["very"] = [portfolios.OWN.get(kind, kind) == name for kind, name in pairs]
    named["right"] = [name in portfolios.RIGHT.get(kind, {kind}) for kind, name in pairs]
    mostly = named[named["share"] > 0.5]
    wrong = mostly[~mostly["right"]].value_counts(["largest", "persona_id"])
    print(wrong.rename("segments").to_string(), end="\n\n")
    rates = pd.DataFrame(
        {
            "mostly one kind": mostly.groupby("kind")["right"].mean(),
            "its very persona": mostly.groupby("kind")["very"].mean(),
            "all": named.groupby("kind")["right"].mean(),
        }
    )
    print(rates.map("{:.1%}".format).to_string())
    large = named[named["size"] >= LARGE]
    print(
        f"{(large['persona_id'] == UNNAMED).sum()} of {len(large)} segments with a tenth of the customers are unnamed"
    )
    print(f"{named['contradicted'].sum()} of {len(named)} names are contradicted by the table of their segment")
    print(f"{len(mostly)} of {len(named)} segments are mostly one kind; {time.perf_counter() - started:.0f} s")


def _drawn(seed: int) -> Iterator[Population]:
    """One population of each kind: the tests' own, the bundled generator's, and those of ``KINDS``."""
    random = np.random.default_rng([seed, 1])
    known = list(habits_of(random))
    mix = tuple(random.permutation(known)[: random.integers(LEAST_PERSONAS, MOST_PERSONAS + 1)])
    yield "random mixes", *population(mix, seed=seed, size=CUSTOMERS // len(mix))
    customers, truth = sample.generate(CUSTOMERS, seed)
    yield (
        "bundled generator",
        customers.rename(columns={"CUST_ID": "customer_id"}),
        truth["persona_id"].replace(DRAWN).to_numpy(),
    )
    for kind, draw in KINDS.items():
        if kind != portfolios.COPULA or portfolios.PUBLIC.exists():
            yield kind, *draw(seed, CUSTOMERS)
        else:
            print(f"{kind}: left out, {portfolios.PUBLIC.name} is not there", file=sys.stderr)


def _named(kind: str, customers: pd.DataFrame, truth: np.ndarray, catalogue: Catalogue) -> pd.DataFrame:
    """One row a segment: the name it got, the largest persona in it, and that one's share."""
    X = feature_space.fit(customers, scale="log", impute="median").transform(customers)
    rows = []
    kinds = len(set(truth))
    for k in sorted({2, 4, kinds, kinds + 2, LARGEST_K}):
        labels = clustering.kmeans(X, k, seed=1, min_starts=STARTS, max_starts=STARTS).labels
        for one in personas.match(customers, labels, personas.profile(customers, labels), catalogue):
            inside, persona = labels == one["segment"], one["persona_id"]
            held = pd.Series(truth[inside]).value_counts(normalize=True)
            denied = persona != UNNAMED and not CLAIMS[persona](customers[inside], customers)
            rows.append((kind, persona, held.index[0], held.iloc[0], one["share"], denied))
    return pd.DataFrame(rows, columns=["kind", "persona_id", "largest", "share", "size", "contradicted"])


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:3]]
    main(*given, *(3, 1000)[len(given) :])
