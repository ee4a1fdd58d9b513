"""A segment in sentences, what sets it apart first, and in one line. Every number and every word is computed from its
profile.

Figures of customers are medians, as in the segment's chart: those of the typical customer. Money is also summed: a
segment's part of all of it, and of its own purchases the part that is paid in one go.
"""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.core.dictionary import Derived
from seg_utils.core.transformation import Formula
from seg_utils.personas import matching
from seg_utils.personas.catalogue import Persona, Trait
from seg_utils.personas.naming import NOTHING_APART, Standout
from seg_utils.personas.profiling import Readings

SAME = 0.1  # within this share of the typical customer, a segment is about the same
HARDLY = 0.05  # below this share of the typical customer, hardly anything
MOSTLY = 0.6  # from this share on, most
TENURE_Z = 0.5  # tenure is worth a sentence from this z-score on
UNUSUAL_Z = 0.25  # a feature that no sentence was written for is worth telling from this z-score on
TIMES = ("months", "years", "days", "hours", "minutes")  # units that are told beside a value
FAR_MORE = 1.4  # from so many times the average customer on, a segment's part of an amount is worth telling
OFTEN = 0.5  # from this share of months on, that bills are paid in full is worth remembering
FAR_LESS = 0.2  # up to this share of what the typical customer owes, it is worth telling how little that is
KEPT = 4  # sentences beside the contrast: those about what is least usual
HUNDRED = 100  # of so much money, how much is theirs


@dataclass(frozen=True)
class Profile:
    """One segment's profile, looked up by feature and statistic; ``share`` of all customers are in it."""

    rows: pd.DataFrame
    share: float

    def has(self, *features: str) -> bool:
        """Whether all features have a value in this segment."""
        return all(feature in self.rows.index and pd.notna(self.rows.at[feature, "mean"]) for feature in features)

    def mean(self, feature: str) -> float:
        return float(self.rows.at[feature, "mean"])

    def typical(self, feature: str) -> float:
        return float(self.rows.at[feature, "median"])

    def typical_of_all(self, feature: str) -> float:
        return float(self.rows.at[feature, "population_median"])

    def is_little(self, feature: str, share: float) -> bool:
        """Whether the segment's typical customer has less than this share of what the typical customer of all has."""
        return self.typical(feature) < share * self.typical_of_all(feature)

    def unusual(self, feature: str) -> float:
        """How far the segment stands from all customers, in standard deviations either way."""
        return (
            abs(float(self.rows.at[feature, "z"]))
            if self.has(feature) and pd.notna(self.rows.at[feature, "z"])
            else 0.0
        )

    def times(self, feature: str) -> float:
        """Segment mean over population mean; 1 where nobody has any."""
        everybody = float(self.rows.at[feature, "population_mean"])
        return self.mean(feature) / everybody if everybody > 0 else 1.0


USUAL = "In nothing that is looked at do they stand far from the typical customer."
HALF = "At least half of them"  # have none of what the typical customer has none of


def sentences(rows: pd.DataFrame, size: int, share: float) -> list[str]:
    """The portrait of a segment: its size, the contrast to remember it by, and what else is least usual.

    A sentence whose features the run does not use is left out.
    """
    profile, unfamiliar = Profile(rows.set_index("feature"), share), dictionary.unfamiliar()
    first = f"{words.percent(share)} of all customers ({words.count(size)})."
    kinds = [kind for kind in CONTRASTS if kind.feature not in unfamiliar]
    candidates = [(profile.unusual(kind.feature), kind, text) for kind in kinds if (text := kind.say(profile))]
    _, contrast, remembered = max(candidates, key=lambda known: known[0], default=(0, None, None))
    parts = [*(part for part in PARTS if part.feature not in unfamiliar), *_plain_sentences()]
    further = [part for part in parts if contrast is None or part.feature != contrast.replaces]
    others = sorted(further, key=lambda part: -profile.unusual(part.feature))
    spoken = [text for part in others if (text := part.say(profile))]
    told = [*([remembered] if remembered else []), *spoken[:KEPT]]
    return [first, *(told or [USUAL])]


def _plain_sentences() -> list["Sentence"]:
    """A sentence on each feature that none was written for: that of its typical customer beside that of all."""
    unfamiliar = dictionary.unfamiliar()
    return [Sentence(name, _plainly(name)) for name in dictionary.load().wordings if name in unfamiliar]


def _plainly(feature: str) -> Callable[[Profile], str | None]:
    def say(profile: Profile) -> str | None:
        if not profile.has(feature) or profile.unusual(feature) < UNUSUAL_Z:
            return None
        own, everyone = (words.value(feature, get(feature)) for get in (profile.typical, profile.typical_of_all))
        known = dictionary.load()[feature]
        unit = f" {known.unit}" if known.unit in TIMES else ""
        return f"{known.label}: typically {own}{unit}, against {everyone} among all customers."

    return say


def compared(profile: Profile, feature: str) -> str:
    """``, 3.4 times what the typical customer does``; medians over medians."""
    everyone = profile.typical_of_all(feature)
    if everyone <= 0:
        return "; the typical customer does not"
    multiple = profile.typical(feature) / everyone
    if abs(multiple - 1) <= SAME:
        return ", about as much as the typical customer"
    if multiple < 1:
        return f", {words.percent(multiple)} of what the typical customer does"
    return f", {words.times_in_words(multiple)} what the typical customer does"


def _spending(profile: Profile) -> str | None:
    if not profile.has("PURCHASES"):
        return None
    if profile.typical("PURCHASES") == 0:
        who = "They" if profile.mean("PURCHASES") == 0 else HALF
        return f"{who} buy nothing with the card."
    amount = words.money(profile.typical("PURCHASES"))
    if profile.is_little("PURCHASES", HARDLY):
        return f"They typically buy hardly anything with the card: {amount} over the period."
    return f"They typically spend {amount} on purchases{compared(profile, 'PURCHASES')}."


def _habit(profile: Profile) -> str | None:
    often = profile.typical("PURCHASES_FREQUENCY") if profile.has("PURCHASES_FREQUENCY") else 0
    if not often > 0 or profile.is_little("PURCHASES_FREQUENCY", HARDLY):
        return None
    text = f"They typically buy in {words.percent(often)} of months"
    if profile.has("ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES"):
        one_off, instalments = profile.mean("ONEOFF_PURCHASES"), profile.mean("INSTALLMENTS_PURCHASES")
        if one_off + instalments > 0:
            text += f"; {_split(one_off / (one_off + instalments))}"
    return f"{text}."


def _split(one_off_share: float) -> str:
    if one_off_share >= MOSTLY:
        return f"of all that they spend, {words.percent(one_off_share)} is paid in one go"
    if one_off_share <= 1 - MOSTLY:
        return f"of all that they spend, {words.percent(1 - one_off_share)} is paid in instalments"
    return f"of all that they spend, {words.percent(one_off_share)} is paid in one go, the rest in instalments"


def _cash(profile: Profile) -> str | None:
    if not profile.has("CASH_ADVANCE"):
        return None
    if profile.mean("CASH_ADVANCE") == 0:
        return "They draw no cash."
    if profile.typical("CASH_ADVANCE") == 0:
        return f"{HALF} draw no cash." if profile.typical_of_all("CASH_ADVANCE") > 0 else None
    amount = words.money(profile.typical("CASH_ADVANCE"))
    if profile.is_little("CASH_ADVANCE", HARDLY):
        return f"They typically draw hardly any cash: {amount}."
    text = f"They typically draw {amount} in cash"
    if profile.has("CASH_ADVANCE_FREQUENCY"):
        text += f" in {words.percent(profile.typical('CASH_ADVANCE_FREQUENCY'))} of months"
    return f"{text}{compared(profile, 'CASH_ADVANCE')}."


def _balance(profile: Profile) -> str | None:
    if not profile.has("BALANCE"):
        return None
    owed = profile.typical("BALANCE")
    amount = words.money(abs(owed)) if owed else "nothing"
    text = f"They typically {'owe' if owed >= 0 else 'are in credit by'} {amount}"
    if profile.has("UTILISATION"):  # beside a limit, a reader would divide two medians and get another share
        text += f", and use {words.percent(profile.typical('UTILISATION'))} of their limit"
    elif profile.has("CREDIT_LIMIT"):
        text += f" on a limit of {words.money(profile.typical('CREDIT_LIMIT'))}"
    return f"{text}."


def _payment(profile: Profile) -> str | None:
    if not profile.has("PRC_FULL_PAYMENT"):
        return None
    own, everyone = profile.typical("PRC_FULL_PAYMENT"), profile.typical_of_all("PRC_FULL_PAYMENT")
    never = profile.mean("PRC_FULL_PAYMENT") == 0
    if own == 0:
        if everyone == 0:
            return "They never pay in full, nor does the typical customer." if never else None
        others = f"the typical customer does in {words.percent(everyone)} of months"
        return f"{'They' if never else HALF} never pay in full; {others}."
    others = f"does in {words.percent(everyone)}" if everyone > 0 else "never does"
    return f"They typically pay in full in {words.percent(own)} of months; the typical customer {others}."


def _tenure(profile: Profile) -> str | None:
    if not profile.has("TENURE") or abs(float(profile.rows.at["TENURE", "z"])) < TENURE_Z:
        return None
    own, everyone = words.decimal(profile.typical("TENURE")), words.decimal(profile.typical_of_all("TENURE"))
    if own == everyone:
        return None
    return f"Their figures typically cover {own} months, against {everyone} among all customers."


def _part_of_all(feature: str, of_what: str) -> Callable[[Profile], str | None]:
    """How much of what all customers do is theirs, where it is far more than their number."""

    def say(profile: Profile) -> str | None:
        if not profile.has(feature) or profile.times(feature) < FAR_MORE:
            return None
        theirs = HUNDRED * profile.share * profile.times(feature)
        return f"Of every {words.money(HUNDRED)} {of_what}, {words.money(theirs)} is theirs."

    return say


def _cash_beside_purchases(profile: Profile) -> str | None:
    if not profile.has("PURCHASES", "CASH_ADVANCE") or profile.times("PURCHASES") >= HARDLY:
        return None
    bought, drawn = profile.mean("PURCHASES"), profile.mean("CASH_ADVANCE")
    if drawn <= bought:
        return None
    if bought <= 0:
        typical = words.money(profile.typical("CASH_ADVANCE"))
        return f"They buy nothing with the card, and typically draw {typical} in cash."
    return f"For every {words.money(1)} of purchases they draw {words.money(drawn / bought)} in cash."


def _way_of_paying(profile: Profile) -> str | None:
    habit = _habit(profile)
    return habit if habit and "most of the amount" in habit else None


def _mostly_in_full(profile: Profile) -> str | None:
    often = profile.has("PRC_FULL_PAYMENT") and profile.typical("PRC_FULL_PAYMENT") >= OFTEN
    return _payment(profile) if often else None


def _hardly_owing(profile: Profile) -> str | None:
    if not profile.has("BALANCE"):
        return None
    owed, everyone = profile.typical("BALANCE"), profile.typical_of_all("BALANCE")
    if not 0 <= owed <= FAR_LESS * everyone or everyone == 0:
        return None
    nothing = "They owe nothing" if profile.mean("BALANCE") == 0 else f"{HALF} owe nothing"
    own = f"They typically owe {words.money(owed)}" if owed > 0 else nothing
    return f"{own}; the typical customer owes {words.money(everyone)}."


@dataclass(frozen=True)
class Sentence:
    """What may be said of a segment; it is as unusual as ``feature`` is, and makes the one about ``replaces`` idle."""

    feature: str
    say: Callable[[Profile], str | None]
    replaces: str = ""


# The sentences of a portrait
PARTS = (
    Sentence("PURCHASES", _spending),
    Sentence("PURCHASES_FREQUENCY", _habit),
    Sentence("CASH_ADVANCE", _cash),
    Sentence("BALANCE", _balance),
    Sentence("PRC_FULL_PAYMENT", _payment),
    Sentence("TENURE", _tenure),
)

# What a segment may be remembered by; the most unusual is
CONTRASTS = (
    Sentence("PURCHASES", _part_of_all("PURCHASES", "spent on purchases")),
    Sentence("PURCHASES", _cash_beside_purchases),
    Sentence("CASH_ADVANCE", _part_of_all("CASH_ADVANCE", "drawn in cash")),
    Sentence("BALANCE", _part_of_all("BALANCE", "owed")),
    Sentence("BALANCE", _hardly_owing, replaces="BALANCE"),
    Sentence("INSTALMENT_SHARE", _way_of_paying, replaces="PURCHASES_FREQUENCY"),
    Sentence("PRC_FULL_PAYMENT", _mostly_in_full, replaces="PRC_FULL_PAYMENT"),
    Sentence("TENURE", _tenure, replaces="TENURE"),
)


MET = 0.5  # a trait holds from this score on: the segment is on the right side of its anchor
PHRASES = 3


def describe(persona: Persona | None, rows: pd.DataFrame, apart: list[Standout]) -> str:
    """A sentence that no number of the segment's profile (``rows``, index feature) contradicts; ``persona`` is None for
    an unnamed segment."""
    if persona is not None:
        present = [trait for trait in persona.signature if trait.feature in rows.index]
        if all(_holds(trait, rows) for trait in present):
            return f"{persona.line}."
    if not apart:
        return f"{NOTHING_APART}."
    return f"{words.capitalised(words.listing([standout.phrase for standout in apart[:PHRASES]]))}."


def _holds(trait: Trait, rows: pd.DataFrame) -> bool:
    """Whether every reading of the trait's feature that a table may show is on the right side of the anchor."""
    if matching.trait_scores(trait, Readings.of(rows.loc[[trait.feature]])).item() < MET:
        return False
    row = rows.loc[trait.feature]
    if trait.around is None:
        return _beside_all(trait, row)
    return all(_on_side(trait, reading) for reading in _readings(trait.feature, rows))


def _beside_all(trait: Trait, row: pd.Series) -> bool:
    """Mean and median lie on the same side of all customers as the z-score does.

    A mild trait, such as "not far above the others", claims nothing about the side and always holds here.
    """
    if trait.should_be == "high" and trait.z >= 0:
        return row["mean"] >= row["population_mean"] and row["median"] >= row["population_median"]
    if trait.should_be == "low" and trait.z <= 0:
        return row["mean"] <= row["population_mean"] and row["median"] <= row["population_median"]
    return True


def _readings(feature: str, rows: pd.DataFrame) -> list[float]:
    """The mean of a share; of a derived ratio also the ratio of the means, as a reader would work it out."""
    known = dictionary.load()[feature]
    readings = [float(rows.at[feature, "mean"])] if known.kind == "share" else []
    formula = known.formula if isinstance(known, Derived) else Formula()
    if formula.of and set(formula.needs) <= set(rows.index):
        divisor = sum(rows.at[name, "mean"] for name in formula.to)
        if divisor > 0:
            readings.append(float(sum(rows.at[name, "mean"] for name in formula.of) / divisor))
    return readings


def _on_side(trait: Trait, reading: float) -> bool:
    reach = abs(reading - trait.around)
    return {"high": reading >= trait.around, "low": reading <= trait.around, "typical": reach <= trait.width}[
        trait.should_be
    ]
