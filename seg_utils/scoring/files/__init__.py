"""Scoring a file of customers: the request, the work, the files that come of it, what is said."""
