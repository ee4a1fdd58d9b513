"""With what a result was made: versions of Python and of every package that can change it."""

import platform
from importlib.metadata import PackageNotFoundError, version

PACKAGES = (
    "kneed",
    "matplotlib",
    "nbconvert",
    "numpy",
    "openpyxl",
    "pandas",
    "pyarrow",
    "pypandoc_binary",
    "python-pptx",
    "scikit-learn",
    "scipy",
    "seaborn",
    "typst",
)
"""Packages whose version can change a figure or a page."""


def versions() -> dict[str, str]:
    """Python's version and that of every package that can change a result."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found
