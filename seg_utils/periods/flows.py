"""How customers flow between segments from one period to the next, a bridge for each segment that sums exactly, and why
totals changed: other customers, other segments, or other behaviour within the segments; the three sum exactly, too.

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
from seg_utils.periods.comparison import FLICKER, GONE, MOVED, NEW, REAL, RETURNED, STAYED, Comparison
from seg_utils.scoring import transitions
from seg_utils.strategy.definitions import Assumptions, lacking
from seg_utils.strategy.grouping import valued
from seg_utils.strategy.overview import measures

VALUE = "value"
PARTS = ("customer_base", "mix", "behaviour")
SUMS = ("before", *PARTS, "now")


def migration(comparison: Comparison, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of segments that anyone went between, then who came and who left.

    Columns: those of ``transitions.table`` (null segments for new, returned and gone, ``share_of_from`` of those
    met again), ``real`` and ``flicker`` (customers), ``share_of_met``, and each amount ``_before`` and ``_now``.

    Args:
        before: each customer's amounts before, one column an amount, indexed by id.
        now: the same of the present period.
    """
    people, called = comparison.movers, identity.names(comparison.model)
    held = [frame.reindex(people[ID]).add_suffix(f"_{when}") for frame, when in ((before, "before"), (now, "now"))]
    table = pd.concat([people.set_index(ID)[["segment_before", "segment_now", "status", "kind"]], *held], axis=1)
    table = table.assign(customers=1, real=table["kind"].eq(REAL), flicker=table["kind"].eq(FLICKER))
    met = table["status"].isin([STAYED, MOVED])
    where = ["segment_before", "segment_now"]
    within = table[met].drop(columns=["status", "kind", "customers"]).groupby(where).sum().reset_index()
    keys = [*called]
    pairs = pd.crosstab(table.loc[met, where[0]], table.loc[met, where[1]]).reindex(index=keys, columns=keys)
    counted = transitions.table(pairs.fillna(0).to_numpy(dtype=int), called, keys)
    names = dict(zip(where, ("from_segment", "to_segment"), strict=True))
    within = counted.merge(within.rename(columns=names), on=[*names.values()], how="left", validate="one_to_one")
    within["share_of_met"] = within["customers"] / met.sum()
    outside = table[~met].groupby([*where, "status"], dropna=False, observed=True).sum(numeric_only=True).reset_index()
    outside = outside.rename(columns=names).assign(
        from_persona=lambda rows: rows["from_segment"].map(called).fillna(rows["status"]),
        to_persona=lambda rows: rows["to_segment"].map(called).fillna(rows["status"]),
    )
    everything = pd.concat([within, outside.drop(columns="status")], ignore_index=True)
    return everything.astype(dict.fromkeys([*names.values(), "customers", "real", "flicker"], "Int64"))


def bridge(comparison: Comparison) -> pd.DataFrame:
    """One row a segment: ``segment, persona, before, new, returned, moved_in, moved_out, gone, now``, and how many
    of the moves in and out are flicker.

    ``before + new + returned + moved_in - moved_out - gone = now``, exactly.
    """
    people, called = comparison.movers, identity.names(comparison.model)

    def count(side: str, *statuses: str, flicker: bool = False) -> pd.Series:
        rows = people[people["status"].isin(statuses)]
        rows = rows[rows["kind"].eq(FLICKER)] if flicker else rows
        return rows[f"segment_{side}"].value_counts().reindex([*called], fill_value=0).astype("int64")

    table = pd.DataFrame(
        {
            "before": count("before", STAYED, MOVED, GONE),
            NEW: count("now", NEW),
            RETURNED: count("now", RETURNED),
            "moved_in": count("now", MOVED),
            "moved_out": count("before", MOVED),
            GONE: count("before", GONE),
            "now": count("now", STAYED, MOVED, NEW, RETURNED),
            "flicker_in": count("now", MOVED, flicker=True),
            "flicker_out": count("before", MOVED, flicker=True),
        }
    )
    table = table[(table["before"] > 0) | (table["now"] > 0) | (table.index >= 0)]
    table.insert(0, "persona", pd.Series(called).reindex(table.index))
    return table.rename_axis("segment").reset_index()


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


def shift(comparison: Comparison, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """One row a measure and segment: ``measure, segment, persona, before``, ``PARTS``, ``now``.

    ``before + customer_base + mix + behaviour = now`` in every row, and so in their sums.

    Args:
        before: each customer's amounts before, one column an amount, indexed by id.
        now: the same of the present period.
    """
    people, called = comparison.movers, identity.names(comparison.model)
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
        average = [mean.fillna(other).fillna(0.0) for mean, other in (average, average[::-1])]
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
