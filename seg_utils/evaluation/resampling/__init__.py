"""Whether a partition comes back on other customers, and on customers without groups."""
