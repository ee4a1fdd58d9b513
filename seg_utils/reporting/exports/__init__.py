"""Tidy tables for business intelligence, beside a dictionary of their columns."""

from seg_utils.reporting.exports import periods
from seg_utils.reporting.exports.files import FILES, FOLDER, write
from seg_utils.reporting.exports.tidy_tables import customers_scored, segment_profiles, strategy

__all__ = ["FILES", "FOLDER", "customers_scored", "periods", "segment_profiles", "strategy", "write"]
