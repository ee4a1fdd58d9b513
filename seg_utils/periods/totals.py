"""Why a total changed: other customers, other segments, or other behaviour within the segments. The three sum exactly.

New and returned customers bring, gone ones take away: that is the customer base. Of those in both periods a segment's
total is how many there are times what they have on average. The change of a product splits without a remainder into
``(n' - n) (y + y') / 2``, which is mix, and ``(n + n') / 2 (y' - y)``, which is behaviour (Marshall and Edgeworth's
midpoints).
"""

import numpy as np
import pandas as pd

from seg_utils.core import dictionary
from seg_utils.data.columns.matching import ID
from seg_utils.periods import identity
from seg_utils.periods.comparison import MOVED, STAYED, Comparison
from seg_utils.strategy.definitions import Assumptions
from seg_utils.strategy.needs import lacking
from seg_utils.strategy.shares import measures
from seg_utils.strategy.valuing import valued

VALUE = "value"
PARTS = ("customer_base", "mix", "behaviour")
SUMS = ("before", *PARTS, "now")


def amounts(customers: pd.DataFrame, assumptions: Assumptions) -> pd.DataFrame:
    """What each customer has of the dictionary's measures and is worth a year, indexed by id.

    As in the report's shares of money, a missing amount counts as nothing and so does one below zero; value may be
    below zero. A measure whose column is not there is left out.
    """
    present = measures(customers)
    known = {name: customers[column].clip(lower=0).fillna(0) for name, column in present.items()}
    if len(present) == len(dictionary.load().measures) and not lacking():
        known[VALUE] = valued(customers, assumptions)["value"]
    return pd.DataFrame(known).set_index(pd.Index(customers[ID], name=ID))


def shift(found: Comparison, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """One row a measure and segment: ``measure, segment, persona, before``, ``PARTS``, ``now``.

    ``before + customer_base + mix + behaviour = now`` in every row, and so in their sums.

    Args:
        before: each customer's amounts before, one column an amount, indexed by id.
        now: the same of the present period.
    """
    people, called = found.movers, identity.names(found.model)
    met = people["status"].isin([STAYED, MOVED]).to_numpy()
    old, new = (people[f"segment_{when}"] for when in ("before", "now"))
    rows = []
    for measure in now.columns:
        was, now_is = (frame[measure].reindex(people[ID]).to_numpy() for frame in (before, now))
        sums = pd.DataFrame(
            {
                "before": _sum(was, old),
                "now": _sum(now_is, new),
                "met_before": _sum(np.where(met, was, 0), old),
                "met_now": _sum(np.where(met, now_is, 0), new),
                "n": _sum(met.astype(float), old),
                "n_now": _sum(met.astype(float), new),
            }
        )
        sums = sums.reindex([*called]).fillna(0.0)
        average = [_mean(sums[f"met_{when}"], sums[n]) for when, n in (("before", "n"), ("now", "n_now"))]
        average = [one.fillna(other).fillna(0.0) for one, other in (average, average[::-1])]
        split = pd.DataFrame(
            {
                "measure": measure,
                "segment": sums.index,
                "persona": [called[key] for key in sums.index],
                "before": sums["before"],
                "customer_base": sums["now"] - sums["met_now"] - (sums["before"] - sums["met_before"]),
                "mix": (sums["n_now"] - sums["n"]) * (average[0] + average[1]) / 2,
                "behaviour": (sums["n_now"] + sums["n"]) / 2 * (average[1] - average[0]),
                "now": sums["now"],
            }
        )
        rows.append(split[(split["segment"] >= 0) | (split[["before", "now"]] != 0).any(axis=1)])
    if not rows:  # nothing adds up over these customers
        return pd.DataFrame(columns=["measure", "segment", "persona", *SUMS], dtype=float)
    return pd.concat(rows, ignore_index=True)


def _sum(values: np.ndarray, segment: pd.Series) -> pd.Series:
    return pd.Series(values).groupby(segment).sum()


def _mean(total: pd.Series, n: pd.Series) -> pd.Series:
    return total / n.where(n > 0)
