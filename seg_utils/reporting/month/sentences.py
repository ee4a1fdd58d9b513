"""What changed, in five sentences: who, worth what, what to do, who behaves differently, does it still hold."""

import pandas as pd

from seg_utils.core import dictionary, words
from seg_utils.periods.comparison import REAL
from seg_utils.periods.decision import KEEP, REFIT, WATCH
from seg_utils.periods.drift import LEAST_CHANGE
from seg_utils.periods.lineage import KEPT
from seg_utils.reporting.markdown import Markdown, escape_markdown, fill
from seg_utils.reporting.month.made import Month
from seg_utils.strategy.decisions import CONTACT, HELD_OUT

HEADLINES = {KEEP: "the segments hold", WATCH: "watch the segments", REFIT: "the segments no longer fit"}
CALLOUTS = {KEEP: "tip", WATCH: "warning", REFIT: "important"}
NEXT = {
    KEEP: "Go on with the segments in force.",
    WATCH: "Campaigns go on; look at the lineage below, and at the next period before anything is changed.",
    REFIT: "Two periods running say so. Look at the challenger below; make adopt puts it in force, with a reason.",
}

NAMED = 3  # features told of that changed

BECAUSE = {
    "customer_base": "by customers who came and left",
    "mix": "by moves between segments",
    "behaviour": "by behaviour within segments",
}


def page(month: Month) -> Markdown:
    """The first page; it suffices on its own."""
    decision = month.decision
    return fill(
        "month",
        headline=f"{month.period}: {HEADLINES[decision['decision']]}",
        source=month.quality["source"]["name"],
        customers=month.counts["customers"],
        before=month.before,
        sentences=[who(month), worth(month), what_to_do(month), behaviour(month), holds(month)],
        callout=CALLOUTS[decision["decision"]],
        decision=words.capitalised(decision["decision"]),
        next=NEXT[decision["decision"]],
        reasons=[words.capitalised(reason) for reason in decision["reasons"]],
        notes=month.notes,
    )


def who(month: Month) -> Markdown:
    """Who came, left and moved."""
    counts = month.counts
    met = counts["stayed"] + counts["moved"]
    moves = month.migration[(month.migration["real"] > 0)]
    most = ""
    if len(moves):
        top = moves.sort_values(["real", "from_segment", "to_segment"], ascending=[False, True, True]).iloc[0]
        ends = month.name(top["from_segment"]), month.name(top["to_segment"])
        most = f", the most ({words.count(top['real'])}) from {ends[0]} to {ends[1]}"
    came = f"{_are(counts['new'])} new, {words.count(counts['returned'])} returned"
    return Markdown(
        f"**Who.** Of the {words.count(counts['customers_before'])} customers of {month.before}, "
        f"{_are(met)} here again; {came}, {_are(counts['gone'])} gone. "
        f"{words.count(counts['real'])} of them really changed segment{most}; {words.count(counts['flicker'])} more "
        "only crossed a border without changing much."
    )


def of_segment(month: Month, key: int) -> Markdown:
    """Where a segment's customers came from and went to, in a few sentences."""
    row = month.bridge[month.bridge["segment"] == key].iloc[0]
    came = _most(month, month.migration[month.migration["to_segment"] == key], "from_segment", "from")
    left = _most(month, month.migration[month.migration["from_segment"] == key], "to_segment", "to")
    real = [row[f"moved_{way}"] - row[f"flicker_{way}"] for way in ("in", "out")]
    return Markdown(
        f"{month.name(key)}: {words.count(row['before'])} before, {words.count(row['now'])} now "
        f"({words.signed(row['now'] - row['before'], words.count)}). {words.count(real[0])} really moved in{came}, "
        f"{words.count(real[1])} out{left}; "
        f"{words.count(row['new'] + row['returned'])} new or returned, {words.count(row['gone'])} gone; "
        f"flicker {words.count(row['flicker_in'])} in, {words.count(row['flicker_out'])} out."
    )


def _most(month: Month, flows: pd.DataFrame, end: str, way: str) -> str:
    """Where most real moves come from or go to; nothing where there are none."""
    flows = flows[flows["real"] > 0].sort_values(["real", end], ascending=[False, True])
    return (
        f", the most {way} {month.name(flows[end].iloc[0])} ({words.count(flows['real'].iloc[0])})"
        if len(flows)
        else ""
    )


def worth(month: Month) -> Markdown:
    """What the total is now, and why."""
    if month.totals.empty:
        return Markdown("")
    name, row = next(month.totals.iterrows())
    parts = [f"{words.signed(row[part], words.money)} {reason}" for part, reason in BECAUSE.items()]
    change = f" ({words.signed(row['now'] / row['before'] - 1, words.percent)})" if row["before"] > 0 else ""
    return Markdown(
        f"**Worth.** {words.capitalised(name)} went from {words.money(row['before'])} to {words.money(row['now'])}"
        f"{change}: {words.listing(parts)}."
    )


def what_to_do(month: Month) -> Markdown:
    """For whom another move is due now, of those that go first."""
    real = month.movers[(month.movers["kind"] == REAL) & month.movers["campaign_part"].isin([CONTACT, HELD_OUT])]
    other = real[real["move_before"] != real["move_now"]]
    if other.empty:
        return Markdown("**What to do.** Nobody who changed segment is due another move.")
    by_segment = other.groupby(["segment_now", "move_now"]).size().sort_values(ascending=False, kind="stable")
    (segment, action), most = by_segment.index[0], by_segment.iloc[0]
    held = int((other["campaign_part"] == HELD_OUT).sum())
    aside = f" {words.count(held)} of them are held out and stay so." if held else ""
    return Markdown(
        f"**What to do.** {words.plural(len(other), 'customer')} who changed segment are due another move now, the "
        f"most ({words.count(most)}) that of {month.name(segment)}: {escape_markdown(action)}.{aside}"
    )


def behaviour(month: Month) -> Markdown:
    """What the same customers do differently."""
    news = month.drift[month.drift["shifted"]].sort_values("same_change", key=abs, ascending=False, kind="stable")
    if news.empty:
        least = words.percent(LEAST_CHANGE)
        return Markdown(
            f"**Behaviour.** The same customers do what they did: no feature's mean changed by {least} or more."
        )
    changes = [
        f"{dictionary.within(row['label'])} {'rose' if change > 0 else 'fell'} by {words.percent(abs(change))}"
        for row in news.head(NAMED).to_dict("records")
        for change in [row["same_change"]]
    ]
    more = len(news) - NAMED
    rest = f", and {words.plural(more, 'feature')} more changed (@tbl-drift)" if more > 0 else ""
    return Markdown(f"**Behaviour.** Of the same customers, {words.listing(changes)} on average{rest}.")


def holds(month: Month) -> Markdown:
    """Whether the segments came back on this period's customers."""
    lineage = month.lineage
    lost = [segment for segment in lineage["segments"] if segment["fate"] not in KEPT]
    k = len(lineage["segments"])
    kept = f"{k - len(lost)} of {k} segments" if lost else f"all {words.plural(k, 'segment')}"
    others = [f"{month.name(segment['key'])} {_became(segment['fate'])}" for segment in lost]
    but = f", but {words.listing(others)}" if others else ""
    return Markdown(
        f"**Does it hold?** Fitted afresh on {month.period}, {kept} came back{but}; fresh segments would save "
        f"{words.percent(max(lineage['loss'], 0))} of the spread within segments."
    )


def _are(number: int) -> str:
    return f"{words.count(number)} {'is' if number == 1 else 'are'}"


def _became(fate: str) -> str:
    return {"vanished": "vanished", "merged": "was merged with others", "split": "split"}[fate]
