"""Tidy tables for business intelligence, beside a dictionary of their columns."""

from seg_utils.reporting.exports import periods
from seg_utils.reporting.exports.files import customers_scored, segment_profiles, strategy_table, write
