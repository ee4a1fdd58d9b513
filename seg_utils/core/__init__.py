"""What everything stands on: errors, paths, files written whole, parameters, the data dictionary, numbers as text."""
