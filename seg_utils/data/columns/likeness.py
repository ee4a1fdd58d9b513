"""How near the names of a file's columns are to those that are looked for."""

import difflib
import re
from collections.abc import Sequence

from seg_utils.core import dictionary
from seg_utils.core.dictionary import normalised
from seg_utils.data.wording import show

NEAR = 0.75  # names of which this share of letters agrees, in order, are spellings of one another
COUNTED = {"n", "nb", "no", "num", "number", "count", "cnt", "qty"}  # a column named so holds no amount
MOST_COMPARED = 1000  # so many of the file's names are compared letter by letter with one that is missing


def likeness(name: str, column: str) -> float:
    """How near a column's name is to a name or, of a feature, to its nearest alias, 0 to 1; 0 below ``NEAR``."""
    known, key = dictionary.load(), normalised(column)
    if name in known.names and known[name].kind != "count" and COUNTED & {*re.split(r"[\W_]+", column.lower())}:
        return 0.0
    aliases = known[name].aliases if name in known.names else ()
    spellings = [normalised(spelling) for spelling in (name, *aliases)]
    close = difflib.get_close_matches(key, spellings, n=1, cutoff=NEAR)
    return difflib.SequenceMatcher(None, close[0], key).ratio() if close else 0.0


def nearest_text(name: str, file_names: Sequence[str]) -> str:
    """The column whose name is nearly this one or an alias of it, if any; other languages are near by chance only."""
    by_key = {normalised(other): other for other in reversed(file_names[:MOST_COMPARED]) if other}
    alike, key = max(((likeness(name, other), key) for key, other in by_key.items()), default=(0.0, ""))
    return f" (nearest column: {show(by_key[key])})" if alike else ""
