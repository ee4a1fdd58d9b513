"""What to do with each segment: one decision, which report, tables, model, form and months all follow.

A move for profit makes sense when its segment comes back and has a persona, and when what it brings at our best guess
of its effect is not next to nothing. A move of care makes sense when its segment comes back. At most three go first.
"""

from typing import Any

import pandas as pd

from seg_utils.core import words
from seg_utils.evaluation.resampling.stability import WEAK
from seg_utils.personas.catalogue import UNNAMED
from seg_utils.strategy.definitions import CARE, PROFIT

People = list[dict[str, Any]]  # ``personas.json``

# Decisions for a move that goes first: one to make; one to try, since it about breaks even or brings little; one of
# care
GO_FIRST = MAKE, TRY, FOR_CARE = "make", "try", "care"

NOT_NOW = "not now"  # others go first, or it brings too little
LEAVE_ALONE = "leave alone"  # no effect that we think possible makes a campaign pay
UNDERSTAND = "understand first"  # no persona describes these customers, so no campaign is planned
NO_CAMPAIGN = "no campaign"  # the segment does not come back, or there are no segments
NOBODY_CONTACTED = LEAVE_ALONE, NO_CAMPAIGN
MOVES = 3

# A move whose effect is guessed at so many times its break-even or more is one to make; nearer to it, one to try
SAFE = 2.0

# A campaign that brings no more than this share of what is ``at_stake`` is no move to tell of
NEXT_TO_NOTHING = 0.0005

# Moves that bring less than this share of what is ``at_stake`` are no matter of budgets: ones to try
BUDGET = 0.01

NO_EFFECT = "no effect that we think possible covers the cost"  # why to leave customers alone
NO_OFFER, NO_CHANNEL = "No offer", "No contact"
UNCONTACTED = {"marketing": NO_OFFER, "customer_success": "Answer when they call"}
LOOK_AGAIN = "Look again when there are new data"

# Why no campaign aims at a segment: it does not come back, or there are no segments
COMES_NOT_BACK = "with a few customers exchanged, others would be in it"
NOT_A_SEGMENT = "the evidence finds no segments, only parts of one cloud"

# What speaks against a move, whatever it is for
WEAK_SEGMENT = "aims at a segment not to build on"
NO_PERSONA = "aims at customers whom no persona describes yet"

ONE = 1.0  # what a move would bring is told in whole amounts; below one, that it is less

CONTACT, HELD_OUT, NO_PART = "contact", "held out", "none"  # parts that a customer has in the moves that go first


def decide(strategy: pd.DataFrame, people: People, grades: list[str], *, has_segments: bool) -> pd.DataFrame:
    """The strategy table (``overview.table``, one row a segment) with each segment's ``decision``, and with what to do
    as it is decided. ``decision`` follows ``persona`` and is empty where nothing is said of money and the segment comes
    back; ``action_now``, ``action_later``, ``offer`` and ``channel`` are what the decision leaves of the persona's."""
    decisions = _of_moves(strategy, people, grades) if "purpose" in strategy else pd.Series("", index=strategy.index)
    weak = [not has_segments or grades[segment] == WEAK for segment in strategy["segment"]]
    decisions = decisions.mask(pd.Series(weak, index=strategy.index), NO_CAMPAIGN)
    decided = strategy.drop(columns="decision", errors="ignore")
    decided.insert(2, "decision", decisions)
    no_campaign = COMES_NOT_BACK if has_segments else NOT_A_SEGMENT
    changes = [_words(row, no_campaign) for row in decided.to_dict("records")]
    return decided.assign(**{name: [change[name] for change in changes] for name in changes[0]})


def with_decisions(people: People, decided: pd.DataFrame) -> People:
    """The segments with what is decided in place of what their personas ask for.

    Args:
        decided: ``decide``'s table, in the order of the segments.
    """
    return [
        person
        | {
            "strategy": person["strategy"]
            | {
                "now": row["action_now"],
                "later": row["action_later"],
                "offer": row["offer"],
                "channel": row["channel"],
            },
            "actions": {"now": row["action_now"], "later": row["action_later"]}
            if any(person["actions"].values())
            else person["actions"],
            "audiences": person["audiences"]
            | {
                name: text
                for name, text in UNCONTACTED.items()
                if name in person["audiences"] and row["decision"] in NOBODY_CONTACTED
            },
        }
        for person, row in zip(people, decided.to_dict("records"), strict=True)
    ]


def parts(decided: pd.DataFrame, segments: pd.Series, worth: Any, held_out: Any) -> pd.Series:
    """What part each customer has in the moves that ``decide`` says go first: ``contact``, ``held out`` or ``none``; by
    segment, whether contacting is worth its cost, and whether they are in the control group."""
    first = segments.isin(decided.loc[decided["decision"].isin(GO_FIRST), "segment"])
    concerned = first & worth
    return pd.Series(NO_PART, segments.index).mask(concerned, CONTACT).mask(concerned & held_out, HELD_OUT)


def against(strategy: pd.DataFrame, people: People, grades: list[str]) -> pd.DataFrame:
    """What speaks against each move that pays at our best guess: one column a reason, in words."""
    weak = {segment for segment, grade in enumerate(grades) if grade == WEAK}
    unnamed = {person["segment"] for person in people if person["persona_id"] == UNNAMED}
    least = NEXT_TO_NOTHING * at_stake(strategy)
    return pd.DataFrame(
        {
            WEAK_SEGMENT: strategy["segment"].isin(weak),
            NO_PERSONA: strategy["segment"].isin(unnamed),
            "brings next to nothing": strategy["campaign_value_base"] <= least,
        }
    )


def at_stake(strategy: pd.DataFrame) -> float:
    """What a campaign is large or small beside: what segments bring or cost in a year. Beside what all bring together,
    every campaign of customers who cost more than they bring would be large."""
    return float(strategy["segment_value"].abs().sum())


def first_moves(kinds: pd.Series, strategy: pd.DataFrame) -> pd.DataFrame:
    """The rows of the moves that go first, at most ``MOVES``, in their order: those to make and then those to try, each
    by what their campaigns bring, then care, by how many customers it contacts. A move of care has a place kept for it;
    others of care have the places that are left. ``kinds`` says what kind each row's move is, None for no move."""
    sensible = strategy.assign(kind=kinds)[kinds.notna()].sort_values("rank_base", kind="stable")
    care = sensible[sensible["kind"] == FOR_CARE].sort_values("contacted", ascending=False, kind="stable")
    profit = pd.concat([sensible[sensible["kind"] == kind] for kind in (MAKE, TRY)]).head(MOVES - min(len(care), 1))
    return pd.concat([profit, care.head(MOVES - len(profit))])


def out_of_reach(strategy: pd.DataFrame) -> pd.Series:
    """Which moves for profit no effect that we think possible makes pay, one truth value a row."""
    planned = (strategy["purpose"] == PROFIT) & (strategy["effect_high"] > 0)
    return planned & ~(strategy["break_even_effect"] <= strategy["effect_high"])


def _of_moves(strategy: pd.DataFrame, people: People, grades: list[str]) -> pd.Series:
    kinds = _kinds(strategy, people, grades)
    listed = first_moves(kinds, strategy).index
    decisions = pd.Series(NOT_NOW, index=strategy.index, dtype=object)
    decisions[~(strategy["effect_high"] > 0)] = UNDERSTAND
    decisions[out_of_reach(strategy)] = LEAVE_ALONE
    decisions[listed] = kinds[listed]
    return decisions


def _kinds(strategy: pd.DataFrame, people: People, grades: list[str]) -> pd.Series:
    """What kind of move each is; None for one that makes no sense."""
    reasons = against(strategy, people, grades)
    safe = strategy["effect_base"] >= SAFE * strategy["break_even_effect"]
    large = strategy["campaign_value_base"] >= BUDGET * at_stake(strategy)
    kinds = pd.Series(None, index=strategy.index, dtype=object)
    profit = (strategy["purpose"] == PROFIT) & (strategy["campaign_value_base"] > 0) & ~reasons.any(axis=1)
    kinds[profit] = (safe & large)[profit].map({True: MAKE, False: TRY})
    cared_for = (strategy["purpose"] == CARE) & (strategy["contacted"] > 0)
    kinds[cared_for & ~reasons[[WEAK_SEGMENT, NO_PERSONA]].any(axis=1)] = FOR_CARE
    return kinds


def _words(row: dict[str, Any], no_campaign: str) -> dict[str, str]:
    """What to do now and later, the offer and its channel, as it is decided; ``no_campaign`` is why none aims at it."""
    asked = {name: row[name] for name in ("action_now", "action_later", "offer", "channel")}
    none = {"action_later": LOOK_AGAIN, "offer": NO_OFFER, "channel": NO_CHANNEL}
    if row["decision"] == NO_CAMPAIGN:
        return none | {"action_now": f"Aim no campaign at these customers as a segment: {no_campaign}"}
    if row["decision"] == LEAVE_ALONE:
        return none | {"action_now": f"Leave them alone: {NO_EFFECT}"}
    if row["decision"] == NOT_NOW:
        now = row["action_now"]
        return asked | {"action_now": f"Not now, {_why_not_now(row)}: {now[:1].lower()}{now[1:]}"}
    return asked


def _why_not_now(row: dict[str, Any]) -> str:
    brings = row["campaign_value_base"]
    if row["purpose"] != PROFIT:
        return "others go first"
    if brings <= 0:
        return "at our best guess it would not pay"
    return f"it would bring {words.money(round(brings)) if brings >= ONE else f'less than {words.money(ONE)}'}"
