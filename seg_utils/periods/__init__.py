"""Periods: who moved from one to the next, what that did to the totals, and whether the segments still hold.

Both periods are placed by the same model, so that a move is the customer's and never the model's.
"""

from seg_utils.periods import challenger, decision, history, identity, membership
from seg_utils.periods.comparison import Comparison, compare
from seg_utils.periods.drift import drift, tally
from seg_utils.periods.flows import bridge, migration
from seg_utils.periods.reading import check_against, described_before, read
from seg_utils.periods.totals import amounts, shift

__all__ = [
    "Comparison",
    "amounts",
    "bridge",
    "challenger",
    "check_against",
    "compare",
    "decision",
    "described_before",
    "drift",
    "history",
    "identity",
    "membership",
    "migration",
    "read",
    "shift",
    "tally",
]
