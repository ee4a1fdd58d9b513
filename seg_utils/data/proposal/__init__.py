"""A data dictionary proposed for any customers file: what each column is, and why, to be edited."""
