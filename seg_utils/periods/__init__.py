"""Periods: who moved from one to the next, what that did to the totals, and whether the segments still hold.

Both periods are placed by the same model, so that a move is the customer's and never the model's.
"""

from seg_utils.periods import challenger, decision, flows, history, identity, membership
from seg_utils.periods.comparison import Comparison, compare
from seg_utils.periods.drift import drift, tally
from seg_utils.periods.flows import amounts, bridge, migration, shift
from seg_utils.periods.reading import check_against, described_before, read
