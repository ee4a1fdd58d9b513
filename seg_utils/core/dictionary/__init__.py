"""The data dictionary: what every column is called, means and may hold; the one in force is read here."""

import json
from functools import lru_cache
from pathlib import Path

from seg_utils.core import marked_yaml, paths
from seg_utils.core.dictionary import entries
from seg_utils.core.dictionary.definitions import (
    AN_ID,
    CATEGORY,
    MEASURES,
    NUMBER,
    Derived,
    Descriptor,
    Dictionary,
    Feature,
    Measure,
    Relations,
    Wording,
    normalised,
    within,
)


def load(path: Path | None = None) -> Dictionary:
    """Read a dictionary, the one in force by default; of a model (``.json``) the one that it was made with. Raises
    CatalogueError: a mistake in the file; names the file and the line."""
    path = Path(path or paths.catalogue("DICTIONARY"))
    return _of_model(path, path.stat().st_mtime_ns) if path.suffix == ".json" else _read(path)


def own_text() -> str | None:
    """What the dictionary in force says, where it is another than the project's: a model made with it keeps it."""
    if not paths.is_own("DICTIONARY"):
        return None
    path = paths.catalogue("DICTIONARY")
    return text_of_model(path) if path.suffix == ".json" else path.read_text(encoding="utf-8-sig")


def own_id() -> str:
    """The id that an analyst's dictionary names; empty where it names none, or the one in force is no analyst's."""
    analysts = paths.is_own("DICTIONARY") and paths.catalogue("DICTIONARY").suffix != ".json"
    return load().id_name if analysts and load().id_name != AN_ID else ""


def text_of_model(path: Path) -> str | None:
    """The dictionary that a model file carries, as it was written; None of one made with the project's own."""
    try:
        return json.loads(path.read_text(encoding="utf-8")).get("dictionary")
    except (OSError, ValueError, AttributeError, RecursionError):
        return None  # whoever reads the model says what is wrong with it


def unfamiliar() -> set[str]:
    """The features in force that the project's own dictionary does not know, so that no sentence is about them."""
    known = load()
    names = {feature.name for feature in known.described}
    cards = load(paths.CATALOGUES["DICTIONARY"]).described if known.cards else ()
    return names - {feature.name for feature in cards}


def described(name: str) -> Feature:
    """What the dictionary in force says of a feature; of one that it lacks, what the project's own does. Raises
    KeyError: neither knows it."""
    known = load()
    its = any(feature.name == name for feature in known.described)
    return (known if its else load(paths.CATALOGUES["DICTIONARY"]))[name]


@lru_cache
def _read(path: Path) -> Dictionary:
    return entries.dictionary(marked_yaml.load(path))


@lru_cache
def _of_model(path: Path, stamp: int) -> Dictionary:
    """The dictionary of a model, read anew where the file has changed (``stamp``)."""
    text = text_of_model(path)
    if text is None:
        return load(paths.CATALOGUES["DICTIONARY"])
    return entries.dictionary(marked_yaml.loads(text, f"the dictionary in {path.name}"))
