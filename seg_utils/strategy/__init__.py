"""Strategy: where the money is, what customers are worth, what a move may bring, how to test it, who does what."""

from seg_utils.strategy import assumptions
from seg_utils.strategy.campaigns import economics, inputs, sensitivity, worth_contacting
from seg_utils.strategy.holdout import control_group
from seg_utils.strategy.needs import left_out
from seg_utils.strategy.overview import table
from seg_utils.strategy.shares import concentration, money
from seg_utils.strategy.testplan import test_plan
from seg_utils.strategy.valuing import customer_values, portfolio

__all__ = [
    "assumptions",
    "concentration",
    "control_group",
    "customer_values",
    "economics",
    "inputs",
    "left_out",
    "money",
    "portfolio",
    "sensitivity",
    "table",
    "test_plan",
    "worth_contacting",
]
