"""Criteria of a partition that need no resampling."""
