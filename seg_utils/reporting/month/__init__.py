"""A month's report: what its stage left behind, in five sentences, figures and tables."""

from seg_utils.reporting.month import figures, sentences, tables
from seg_utils.reporting.month.made import Month, read

__all__ = ["Month", "figures", "read", "sentences", "tables"]
