"""The entries of a data dictionary, checked one by one: a mistake is told with its line."""

import re
from typing import Any

from seg_utils.core.dictionary.definitions import (
    AN_ID,
    DESCRIPTOR_KINDS,
    KINDS,
    MEASURES,
    TRANSFORMS,
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
from seg_utils.core.errors import did_you_mean
from seg_utils.core.marked_yaml import Entry
from seg_utils.core.transformation import FORMULAS, Formula

# What a dictionary may say beside its features
SECTIONS = ("currency", "cards", "id", "relations", "derived", "descriptors", "wording", "measures", "key_numbers")

DESCRIBED = ("name", "label", "description", "unit", "kind", "transform")  # what every entry of a feature says
OWN = ("limits", "below_zero", "aliases", "optional")  # what else that of a column of the file may say
DERIVED = (*FORMULAS, "clustered")  # and that of a derived feature

# Capitals, so that no feature is called as a column of the results is; no spaces, so that FEATURES= can name it
NAME = re.compile("[A-Z][A-Z0-9_]{0,59}")

RELATIONS = {
    "sum": {"total": "total", "parts": "parts"},
    "own_months": {"months": "months", "shares": "own_months"},
    "limit": {"of": "limit", "owed": "owed"},
    "at_most": {"least": "least", "of": "larger"},
}  # what a relation says, and as which fields of ``Relations``
SIDES = ("high", "low", "higher", "lower")


def dictionary(top: Entry) -> Dictionary:
    """The dictionary that a file's entries make. Raises CatalogueError: a mistake; names the file and the line."""
    top.check_keys(("features",), SECTIONS)
    features = tuple(_feature(entry) for entry in top.entries("features"))
    columns = {feature.name for feature in features}
    derived = tuple(_derived(entry, columns) for entry in top.entries("derived", needed=False))
    descriptors = tuple(_descriptor(entry) for entry in top.entries("descriptors", needed=False))
    own_id = top.section("id") if "id" in top else None
    if own_id is not None:
        own_id.check_keys(("name",), ("label", "aliases"))
    _refuse_repeated(top, own_id)
    described = (*features, *derived)
    names = {feature.name for feature in described}
    return Dictionary(
        currency=top.text("currency") if top.get("currency") else "",
        id_name=own_id.text("name") if own_id is not None else AN_ID,
        id_aliases=_aliases(own_id) if own_id is not None else (),
        features=features,
        relations=_relations(top.section("relations"), columns) if "relations" in top else Relations(),
        derived=derived,
        descriptors=descriptors,
        wordings=_wordings(top, features, names),
        measures=_measures(top, features),
        key_numbers=tuple(_named(top, "key_numbers", names))
        if "key_numbers" in top
        else tuple(feature.name for feature in features),
        cards=top.flag("cards"),
    )


def _feature(entry: Entry) -> Feature:
    return Feature(**_described(entry, OWN), optional=entry.flag("optional"))


def _refuse_repeated(top: Entry, own_id: Entry | None) -> None:
    """Every name once, and every other spelling for one column alone."""
    spelled: dict[str, str] = {}
    for entry in [*([own_id] if own_id is not None else []), *top.entries("features")]:
        name = entry.text("name")
        for key, spelling in [("name", name), *(("aliases", alias) for alias in _aliases(entry))]:
            taken = spelled.setdefault(normalised(spelling), name)
            if taken != name:
                raise entry.error(f"{spelling!r} means {taken} already; one spelling is one column", key)
    seen: set[str] = set()
    for entry in (
        *top.entries("features"),
        *top.entries("derived", needed=False),
        *top.entries("descriptors", needed=False),
    ):
        if entry["name"] in seen:
            raise entry.error(f"{entry['name']} stands twice", "name")
        seen.add(entry["name"])


def _aliases(entry: Entry) -> tuple[str, ...]:
    return tuple(entry.texts("aliases")) if entry.get("aliases") else ()


def _described(entry: Entry, optional: tuple[str, ...]) -> dict[str, Any]:
    """What every feature's entry says, as fields of ``Feature``."""
    entry.check_keys(DESCRIBED, optional)
    name = entry.text("name")
    if not NAME.fullmatch(name):
        raise entry.error(
            f"{name!r} is no name; one is capitals, digits and underscores, for example MONTHLY_CHARGES (the column's "
            "own spelling goes under aliases)",
            "name",
        )
    entry.choice("kind", KINDS)
    entry.choice("transform", TRANSFORMS)
    return {
        **{key: entry.text(key) for key in DESCRIBED},
        **_limits(entry),
        **_below_zero(entry),
        "aliases": _aliases(entry),
    }


def _limits(entry: Entry) -> dict[str, float | None]:
    names = ("minimum", "maximum", "impossible", "covered")
    limits = entry.section("limits") if "limits" in entry else Entry()
    if limits:
        limits.check_keys((), names)
    given = {name: limits.number(name) if name in limits else None for name in names}
    ordered = [given[name] for name in ("minimum", "maximum", "impossible") if given[name] is not None]
    if ordered != sorted(ordered):
        raise entry.error(f"{entry['name']}: minimum, maximum and impossible must not decrease", "limits")
    return given


def _below_zero(entry: Entry) -> dict[str, Any]:
    if "below_zero" not in entry:
        return {}
    below = entry.section("below_zero")
    below.check_keys(("meaning", "share"))
    return {"below_zero": below.text("meaning"), "below_zero_share": below.number("share", least=0)}


def _named(entry: Entry, key: str, known: set[str]) -> list[str]:
    """A list of names that must be known."""
    names = entry.texts(key)
    _refuse_unknown(entry, key, names, known)
    return names


def _one(entry: Entry, key: str, known: set[str]) -> str:
    name = entry.text(key)
    _refuse_unknown(entry, key, [name], known)
    return name


def _refuse_unknown(entry: Entry, key: str, names: list[str], known: set[str]) -> None:
    unknown = [name for name in names if name not in known]
    if unknown:
        near = did_you_mean(unknown[0], sorted(known))
        raise entry.error(f"{key!r} names unknown {', '.join(unknown)}; known: {', '.join(sorted(known))}{near}", key)


def _descriptor(entry: Entry) -> Descriptor:
    entry.check_keys(("name", "label", "kind"), ("aliases",))
    entry.choice("kind", DESCRIPTOR_KINDS)
    return Descriptor(entry.text("name"), entry.text("label"), entry["kind"], _aliases(entry))


def _relations(entry: Entry, known: set[str]) -> Relations:
    entry.check_keys((), (*RELATIONS, "zero_together"))
    parts: dict[str, Any] = {}
    for name, fields in RELATIONS.items():
        if name not in entry:
            continue
        section = entry.section(name)
        section.check_keys(tuple(fields))
        for key, field in fields.items():
            several = isinstance(getattr(Relations, field), tuple)
            parts[field] = tuple(_named(section, key, known)) if several else _one(section, key, known)
    if "zero_together" in entry:
        pairs = entry["zero_together"]
        if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
            raise entry.error("'zero_together' must be a list of pairs, as [[SPENT, ORDERS]]", "zero_together")
        _refuse_unknown(entry, "zero_together", [str(name) for pair in pairs for name in pair], known)
        parts["zero_together"] = tuple((first, second) for first, second in pairs)
    return Relations(**parts)


def _derived(entry: Entry, columns: set[str]) -> Derived:
    derived = Derived(**_described(entry, DERIVED), formula=_formula(entry, columns), clustered=entry.flag("clustered"))
    if derived.clustered and derived.formula.fifth:
        raise entry.error(
            f"{derived.name} cannot be clustered on: a fifth is a place among all customers of a file, which one "
            "customer alone does not have; use a ratio or a weighted sum, or leave 'clustered' out",
            "clustered",
        )
    return derived


def _formula(entry: Entry, columns: set[str]) -> Formula:
    given = [kind for kind in FORMULAS if kind in entry]
    if len(given) != 1:
        raise entry.error(f"{entry['name']} needs exactly one formula: {' or '.join(FORMULAS)}")
    if given == ["ratio"]:
        ratio = entry.section("ratio")
        ratio.check_keys(("of", "to"), ("at_most",))
        parts = [*ratio.texts("of"), *ratio.texts("to")]
        if "at_most" in ratio:
            ratio.number("at_most", least=0)
    elif given == ["fifth"]:
        parts = entry.texts("fifth")
    else:
        parts = [*entry.section("weighted")]
        for name in parts:
            entry["weighted"].number(name)
    unknown = [name for name in parts if name not in columns]
    if unknown:
        reads = f"{entry['name']} reads unknown {', '.join(unknown)}"
        raise entry.error(f"{reads}; a formula reads columns{did_you_mean(unknown[0], sorted(columns))}", given[0])
    return Formula.from_dict(entry)


def _wordings(top: Entry, features: tuple[Feature, ...], names: set[str]) -> dict[str, Wording]:
    """How features are spoken of; a column without words of its own by its label."""
    written = top.section("wording") if "wording" in top else Entry()
    wordings = {}
    for name in written:
        if name not in names:
            near = did_you_mean(name, sorted(names))
            raise written.error(f"wording for {name!r}, which is not a feature{near}", name)
        words = written.section(name)
        words.check_keys(("topic", *SIDES), ("none",))
        wordings[name] = Wording(**{key: words.text(key) for key in words})
    short = {feature.name: feature.label.partition(" (")[0] or feature.label for feature in features}
    return wordings | {
        feature.name: _by_label(
            feature, short[feature.name] if [*short.values()].count(short[feature.name]) == 1 else ""
        )
        for feature in features
        if feature.name not in wordings
    }


def _by_label(feature: Feature, short: str) -> Wording:
    """Words of a feature by its label, or by a ``short`` one that no other feature has."""
    label = within(short or feature.label)
    topic = feature.name.rstrip("0123456789").rstrip("_")  # BILL_1 to BILL_6 tell the same story
    able = feature.floor == 0 and feature.kind in ("amount", "count") and not label.startswith("no ")
    none = f"no {label}" if able else None
    return Wording(topic=topic, none=none, **{side: f"{side} {label}" for side in SIDES})


def _measures(top: Entry, features: tuple[Feature, ...]) -> tuple[Measure, ...]:
    """What is shared out among segments: what the dictionary says, else its first amounts, or counts."""
    if "measures" not in top:
        able = [feature for feature in features if feature.floor >= 0]
        amounts, counts = ([feature for feature in able if feature.kind == kind] for kind in ("amount", "count"))
        return tuple(
            Measure(feature.name.lower(), feature.name, feature.label, accounts_for(feature.label))
            for feature in (amounts or counts)[:MEASURES]
        )
    written, known = top.section("measures"), {feature.name for feature in features}
    return tuple(_measure(name, written.section(name), known) for name in written)


def accounts_for(label: str) -> str:
    """What a segment does with its share of an amount; a sign for a place in the label would be taken for one."""
    return f"account for {{}} of {within(label).translate(str.maketrans('{}', '()'))}"


def _measure(name: str, entry: Entry, known: set[str]) -> Measure:
    entry.check_keys(("of", "label", "does"))
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        raise entry.error(f"{name!r} is no name of a measure; one is small letters, digits and underscores")
    before, place, behind = entry.text("does").partition("{}")
    if not place or set("{}") & set(before + behind):
        raise entry.error("'does' must have one place for the share, as 'make {} of all purchases'", "does")
    return Measure(name, _one(entry, "of", known), entry.text("label"), entry.text("does"))
