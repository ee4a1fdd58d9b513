import numpy as np
import pandas as pd

from seg_utils.periods import history
from seg_utils.periods.membership import START


def members(**first):
    return pd.DataFrame({"customer_id": list(first), "first_period": list(first.values())})


def test_retention_has_its_numbers_at_risk():
    start = members(a=START, b=START, c=START)
    november = members(a=START, b=START, d="2026-11")
    december = members(a=START, c=START)
    table = history.retention(start, [("2026-11", november), ("2026-12", december)]).set_index(["cohort", "period"])
    told = ["of", "here", "at_risk", "lost"]
    assert table.loc[(START, "2026-11"), told].tolist() == [3, 2, 3, 1]
    assert table.loc[("2026-11", "2026-11"), told].tolist() == [1, 1, 0, 0]
    assert table.loc[(START, "2026-12"), told].tolist() == [3, 2, 2, 1]  # c is back, b is lost
    assert table.loc[("2026-11", "2026-12"), told].tolist() == [1, 0, 1, 1]
    assert table.loc[("2026-11", "2026-12"), "attrition"] == 1
    assert np.isnan(table.loc[("2026-11", "2026-11"), "attrition"])
