"""The entries of a data dictionary, checked one by one: a mistake is told with its line."""

import re
from typing import Any

from seg_utils.core.dictionary import (
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
)
from seg_utils.core.marked_yaml import Entry
from seg_utils.core.transformation import FORMULAS, Formula

SECTIONS = ("currency", "cards", "id", "relations", "derived", "descriptors", "wording", "measures", "key_numbers")
"""What a dictionary may say beside its features."""

DESCRIBED = ("name", "label", "description", "unit", "kind", "transform")
"""What every entry of a feature says."""

OWN = ("limits", "below_zero", "aliases", "optional")
DERIVED = (*FORMULAS, "clustered")
"""What else an entry may say: of a column of the file, and of a derived feature."""

NAME = re.compile("[A-Z][A-Z0-9_]{0,59}")
"""Capitals, so that no feature is called as a column of the results is; no spaces, so that FEATURES= can name it."""

SIDES = ("high", "low", "higher", "lower")


def dictionary(top: Entry) -> Dictionary:
    """The dictionary that a file's entries make.

    Raises:
        CatalogueError: a mistake; names the file and the line.
    """
    top.check_keys(("features",), SECTIONS)
    features = tuple(_feature(entry) for entry in top.entries("features"))
    columns = {feature.name for feature in features}
    derived = tuple(_derived(entry, columns) for entry in _entries(top, "derived"))
    descriptors = tuple(_descriptor(entry) for entry in _entries(top, "descriptors"))
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
        key_numbers=tuple(_named(top, "key_numbers", names)) if "key_numbers" in top else tuple(columns_of(features)),
        cards=top.flag("cards"),
    )


def columns_of(features: tuple[Feature, ...]) -> list[str]:
    """Names in order."""
    return [feature.name for feature in features]


def _entries(top: Entry, key: str) -> list[Entry]:
    return top.entries(key) if key in top else []


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
    for entry in (*top.entries("features"), *_entries(top, "derived"), *_entries(top, "descriptors")):
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
    found = {name: limits.number(name) if name in limits else None for name in names}
    ordered = [found[name] for name in ("minimum", "maximum", "impossible") if found[name] is not None]
    if ordered != sorted(ordered):
        raise entry.error(f"{entry['name']}: minimum, maximum and impossible must not decrease", "limits")
    return found


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
        raise entry.error(f"{key!r} names unknown {', '.join(unknown)}; known: {', '.join(sorted(known))}", key)


def _descriptor(entry: Entry) -> Descriptor:
    entry.check_keys(("name", "label", "kind"), ("aliases",))
    entry.choice("kind", DESCRIPTOR_KINDS)
    return Descriptor(entry.text("name"), entry.text("label"), entry["kind"], _aliases(entry))


def _relations(entry: Entry, known: set[str]) -> Relations:
    entry.check_keys((), ("sum", "zero_together", "own_months", "limit", "at_most"))
    parts: dict[str, Any] = {}
    if "sum" in entry:
        total = entry.section("sum")
        total.check_keys(("total", "parts"))
        parts |= {"total": _one(total, "total", known), "parts": tuple(_named(total, "parts", known))}
    if "zero_together" in entry:
        parts["zero_together"] = _pairs(entry, known)
    if "own_months" in entry:
        own = entry.section("own_months")
        own.check_keys(("months", "shares"))
        parts |= {"months": _one(own, "months", known), "own_months": tuple(_named(own, "shares", known))}
    if "limit" in entry:
        limit = entry.section("limit")
        limit.check_keys(("of", "owed"))
        parts |= {"limit": _one(limit, "of", known), "owed": _one(limit, "owed", known)}
    if "at_most" in entry:
        most = entry.section("at_most")
        most.check_keys(("least", "of"))
        parts |= {"least": _one(most, "least", known), "larger": tuple(_named(most, "of", known))}
    return Relations(**parts)


def _pairs(entry: Entry, known: set[str]) -> tuple[tuple[str, str], ...]:
    pairs = entry["zero_together"]
    if not isinstance(pairs, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in pairs):
        raise entry.error("'zero_together' must be a list of pairs, as [[SPENT, ORDERS]]", "zero_together")
    _refuse_unknown(entry, "zero_together", [str(name) for pair in pairs for name in pair], known)
    return tuple((first, second) for first, second in pairs)


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
        raise entry.error(f"{entry['name']} reads unknown {', '.join(unknown)}; a formula reads columns", given[0])
    return Formula.from_dict(entry)


def _wordings(top: Entry, features: tuple[Feature, ...], names: set[str]) -> dict[str, Wording]:
    """How features are spoken of; a column without words of its own by its label."""
    written = top.section("wording") if "wording" in top else Entry()
    found = {}
    for name in written:
        if name not in names:
            raise written.error(f"wording for {name!r}, which is not a feature", name)
        words = written.section(name)
        words.check_keys(("topic", *SIDES), ("none",))
        found[name] = Wording(**{key: words.text(key) for key in words})
    return found | {feature.name: _by_label(feature) for feature in features if feature.name not in found}


def _by_label(feature: Feature) -> Wording:
    label = within(feature.label.partition(" (")[0] or feature.label)
    topic = feature.name.rstrip("0123456789").rstrip("_")  # BILL_1 to BILL_6 tell the same story
    return Wording(topic=topic, **{side: f"{side} {label}" for side in SIDES})


def within(label: str) -> str:
    """A label within a sentence: its first letter small, unless it is an abbreviation."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _measures(top: Entry, features: tuple[Feature, ...]) -> tuple[Measure, ...]:
    """What is shared out among segments: what the dictionary says, else its first amounts, or counts."""
    if "measures" not in top:
        able = [one for one in features if one.floor >= 0]
        summed = [one for one in able if one.kind == "amount"] or [one for one in able if one.kind == "count"]
        return tuple(
            Measure(one.name.lower(), one.name, one.label, _accounts_for(one.label)) for one in summed[:MEASURES]
        )
    written, known = top.section("measures"), set(columns_of(features))
    return tuple(_measure(name, written.section(name), known) for name in written)


def _accounts_for(label: str) -> str:
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
