"""How customers flow between segments from one period to the next, and a bridge for each segment that sums exactly."""

import pandas as pd

from seg_utils.data.columns.matching import ID
from seg_utils.periods import identity
from seg_utils.periods.comparison import FLICKER, GONE, MOVED, NEW, REAL, RETURNED, STAYED, Comparison
from seg_utils.scoring import transitions


def migration(found: Comparison, before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of segments that anyone went between, then who came and who left.

    Columns: those of ``transitions.table`` (null segments for new, returned and gone, ``share_of_from`` of those
    met again), ``real`` and ``flicker`` (customers), ``share_of_met``, and each amount ``_before`` and ``_now``.

    Args:
        before: each customer's amounts before, one column an amount, indexed by id.
        now: the same of the present period.
    """
    people, called = found.movers, identity.names(found.model)
    amounts = [frame.reindex(people[ID]).add_suffix(f"_{when}") for frame, when in ((before, "before"), (now, "now"))]
    table = pd.concat([people.set_index(ID)[["segment_before", "segment_now", "status", "kind"]], *amounts], axis=1)
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


def bridge(found: Comparison) -> pd.DataFrame:
    """One row a segment: ``segment, persona, before, new, returned, moved_in, moved_out, gone, now``, and how many
    of the moves in and out are flicker.

    ``before + new + returned + moved_in - moved_out - gone = now``, exactly.
    """
    people, called = found.movers, identity.names(found.model)

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
