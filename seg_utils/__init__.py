"""Helpers shared by the notebooks, the Makefile and the tests of the card-customer segmentation report.

The packages, in the order that data flow through them, are listed in CONTRIBUTING.md. Importing this one imports none
of them: a stage pays only for what it uses.
"""

__version__ = "0.1.0"
