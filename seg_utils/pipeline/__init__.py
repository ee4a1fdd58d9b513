"""From a checked request to a report: runs the notebooks that are out of date, in order, and renders the last one."""
