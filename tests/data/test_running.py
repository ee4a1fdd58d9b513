"""What a long file leaves in memory does not grow with what is wrong with it."""

import pickle

import numpy as np
import pandas as pd
import pytest

from seg_utils.core import dictionary
from seg_utils.core.errors import DataError
from seg_utils.data.checks.new_customers import check
from seg_utils.data.checks.severity import Columns
from seg_utils.data.columns.matching import ID
from seg_utils.data.columns.unreadable_cells import Flaws
from seg_utils.data.formats.raw_table import Flaw
from seg_utils.data.streaming.running_findings import RunningFindings

PIECES = 40
BETWEEN = 1000


def held(value):
    """Bytes of all that something holds on to."""
    return len(pickle.dumps(vars(value)))


def flawed(piece):
    return [Flaw(piece * BETWEEN + row, "BALANCE", "x" * 50, "not a number") for row in range(BETWEEN)]


def test_flaws_are_counted_and_only_the_first_kept():
    flaws, sizes = Flaws(), []
    for piece in range(PIECES):
        flaws.add(flawed(piece))
        sizes.append(held(flaws))
    assert max(sizes) < sizes[0] + 100
    [told] = flaws.settle(3 * PIECES * BETWEEN, "drop")
    assert told.count == PIECES * BETWEEN
    assert told.message.startswith("40,000 rows dropped as BAD_ROWS=drop asks (40,000 places cannot be read (40,000 ×")
    assert told.message.endswith("and 39,995 more).")
    with pytest.raises(DataError, match="would drop 40,000 of 40,000 rows, more than half"):
        flaws.settle(PIECES * BETWEEN, "drop")


def test_findings_add_up_and_only_the_first_examples_are_kept(good):
    features = dictionary.load().names
    findings, sizes = RunningFindings(), []
    for piece in range(PIECES):
        ids = [f"P{piece:02}-{row:03}" for row in range(len(good))]
        frame = good.rename(columns={"CUST_ID": ID}).assign(**{ID: pd.Series(ids, dtype="str")})
        frame["BALANCE"] = np.where(np.arange(len(good)) % 3 == 0, 2.5 * frame["CREDIT_LIMIT"], frame["BALANCE"])
        new = frame[ID].iloc[:200]  # the others were counted before
        findings.add(check(Columns(frame, features)), frame[ID], new, new)
        sizes.append(held(findings))
    assert max(sizes) < sizes[0] + 100
    over = good["BALANCE"].where(np.arange(len(good)) % 3 > 0, np.inf) > good["CREDIT_LIMIT"]
    [told] = [one for one in findings.all(200 * PIECES, several=True) if one.rule == "over_limit"]
    assert told.count == PIECES * over.iloc[:200].sum()
    assert f" in {told.count:,} of 8,000 rows (" in told.message
    assert [one[ID][:3] for one in told.examples] == ["P00"] * len(told.examples)
