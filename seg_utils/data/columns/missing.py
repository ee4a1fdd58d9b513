"""How files write that a value is missing."""

MISSING = frozenset(
    spelling
    for word in ("na", "n/a", "nan", "null", "none", "#n/a", "<na>", "nil", "missing", "n.a.", "not available")
    for spelling in (word, word.upper(), word.capitalize(), word.title())
) | {"", ".", "?", "\\N", "NaN", "nA", "Na", "n/A", "N/a", "--"}
"""Spellings, without the spaces around them; anything else that is no number is named and refused."""

DASHES = ("-", "–", "—")
"""Missing too, unless they may mean zero, as accounting formats show it."""
