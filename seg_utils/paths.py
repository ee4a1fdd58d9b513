"""Where the project's own files are. No side effects: nothing is created or read here."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]

NOTEBOOKS = PROJECT / "notebooks"
REPORT = PROJECT / "report"
DICTIONARY = PROJECT / "data" / "dictionary.yml"
SAMPLE = PROJECT / "data" / "sample" / "customers.csv"
RAW = PROJECT / "data" / "raw"
THEME = REPORT / "theme"
OUTPUTS = PROJECT / "outputs"
PRESETS = PROJECT / "presets"
PERSONAS = REPORT / "personas.yml"
ECONOMICS = REPORT / "economics.yml"
CLAIMS = PROJECT / "data" / "claims.yml"
DOCS = PROJECT / "docs"
