"""Strategy: where the money is, what customers are worth, what a move may bring, how to test it, who does what."""

from seg_utils.strategy import assumptions
from seg_utils.strategy.campaigns import Valuation
from seg_utils.strategy.decisions import decide, parts, with_decisions
from seg_utils.strategy.definitions import left_out
from seg_utils.strategy.grouping import customer_values, portfolio
from seg_utils.strategy.overview import concentration, money, table
from seg_utils.strategy.testplan import control_group, test_plan
