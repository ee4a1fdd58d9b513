"""Strategy: where the money is, what a move may bring, how to test it, and the table that says who does what."""

from seg_utils.strategy import assumptions
from seg_utils.strategy.overview import table
from seg_utils.strategy.shares import concentration, money
from seg_utils.strategy.testplan import control_group, counted, test_plan
from seg_utils.strategy.valuing import economics, sensitivity

__all__ = [
    "assumptions",
    "concentration",
    "control_group",
    "counted",
    "economics",
    "money",
    "sensitivity",
    "table",
    "test_plan",
]
