"""Customers placed in the segments of a model: a file of them, or one."""
