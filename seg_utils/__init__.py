"""Helpers shared by the notebooks, the Makefile and the tests of the card-customer segmentation report.

The rooms, in the order of the road from data to report, are listed in CONTRIBUTING.md. Importing this package
imports none of them: a stop on the road pays only for what it uses.
"""

__version__ = "0.1.0"
