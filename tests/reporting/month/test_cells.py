"""Every cell of a month's tables and every number of its sentences is its row's, in the order that is promised."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from seg_utils.periods.comparison import FLICKER, REAL
from seg_utils.personas import descriptors
from seg_utils.reporting import markdown, month
from seg_utils.reporting.month import Month

from ..table_cells import rows

NAMES = {0: "Big", 5: "Small", 7: "Odd"}
FEATURES = ["BALANCE", "PURCHASES", "PAYMENTS", "CASH_ADVANCE", "CREDIT_LIMIT", "MINIMUM_PAYMENTS", "TENURE"]
MORE = ["ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "PURCHASES_TRX", "CASH_ADVANCE_TRX", "PRC_FULL_PAYMENT"]
PEOPLE = [
    {"key": key, "persona": name, "colour": 1, "found": name, "failed": 0, "formerly": None}
    for key, name in NAMES.items()
]


@pytest.fixture(scope="module")
def made():
    flows = [
        (0, 0, 40, 0, 0), (0, 5, 6, 4, 2), (0, 7, 9, 9, 0), (5, 0, 5, 4, 1), (5, 5, 50, 0, 0), (7, 5, 3, 0, 3),
        (7, 7, 8, 0, 0), (None, 5, 3, 0, 0), (5, None, 1, 0, 0),
    ]  # fmt: skip
    migration = pd.DataFrame(flows, columns=["from_segment", "to_segment", "customers", "real", "flicker"])
    migration["from_persona"] = migration["from_segment"].map(NAMES).fillna("new")
    migration["to_persona"] = migration["to_segment"].map(NAMES).fillna("gone")
    bridge = pd.DataFrame(
        {
            "segment": [0, 5, 7], "persona": NAMES.values(), "before": [55, 56, 11], "new": [0, 3, 1],
            "returned": [2, 0, 4], "moved_in": [5, 9, 10], "moved_out": [15, 6, 3], "gone": [0, 1, 6],
            "now": [47, 61, 17], "flicker_in": [1, 5, 0], "flicker_out": [2, 1, 3],
        }
    )  # fmt: skip
    shift = pd.DataFrame(
        [(measure, key, 100.0 * n + key, 10.0 + n, -3.0 * n, 7.0, 117.0 * n)
         for n, measure in enumerate(["cash_advances", "value", "balances"], 1) for key in NAMES],
        columns=["measure", "segment", "before", "customer_base", "mix", "behaviour", "now"],
    )  # fmt: skip
    names = [*FEATURES, *MORE, "BALANCE_FREQUENCY", "PURCHASES_FREQUENCY"]
    n = len(names)
    drift = pd.DataFrame(
        {
            "feature": names, "label": names, "psi": np.arange(n) / 100, "verdict": [f"v{i}" for i in range(n)],
            "mean_before": np.arange(n) + 10.0, "mean_now": np.arange(n) + 20.0, "shifted": np.arange(n) % 3 == 0,
            "same_change": (np.arange(n) - 6.5) / 50, "standard_errors": [(-1) ** i * ((5 * i) % n) for i in range(n)],
        }
    )  # fmt: skip
    counts = {"customers": 125, "customers_before": 122, "stayed": 98, "moved": 23, "new": 4, "returned": 6, "gone": 1}
    decision = {
        "period": "2026-11", "before": "2026-10", "counts": counts | {"real": 17, "flicker": 6}, "decision": "watch",
        "reasons": ["something moved"], "segments": PEOPLE,
    }  # fmt: skip
    fates = [("survived", [0], [0.9]), ("split", [5, 6], [0.6, 0.3]), ("merged", [6], [0.7])]
    fate = [{"customers": 10 * i + 20, "fate": how, "into": into, "shares": shares, "sure": i / 4}
            for i, (how, into, shares) in enumerate(fates, 1)]  # fmt: skip
    lineage = {
        "segments": [one | then for one, then in zip(PEOPLE, fate, strict=True)], "emerged": [6, 8], "loss": -0.03,
        "challenger": [*PEOPLE[:2], *({"key": key, "persona": f"Fresh {key}", "colour": 2} for key in (6, 8))],
        "recommended": {"k": 3, "sentence": "3 segments hold up."},
    }  # fmt: skip
    movers = pd.DataFrame(
        [(REAL, 5, "a", "b", "held out")] * 2 + [(REAL, 7, "a", "c", "contact")] * 3
        + [(REAL, 0, "a", "a", "held out")] * 4 + [(FLICKER, 5, "a", "b", "held out")] * 9
        + [(REAL, 7, "a", "c", "none")] * 8,
        columns=["kind", "segment_now", "move_before", "move_now", "campaign_part"],
    )  # fmt: skip
    nothing = descriptors.profile(pd.DataFrame({"customer_id": []}), np.array([]), {}, seed=0)
    quality = {"source": {"name": "a.csv"}, "notes": [], "findings": []}
    return Month(decision, lineage, quality, movers, migration, bridge, shift, drift, nothing, bridge)


def test_transitions_have_each_pair_in_its_row_and_column(made):
    assert rows(month.tables.transitions(made)) == [
        ["From  to", "Big", "Small", "Odd", "Gone"],
        ["Big", "40", "4 (2)", "9", "0"],
        ["Small", "4 (1)", "50", "–", "1"],
        ["Odd", "–", "0 (3)", "8", "6"],
    ]


def test_a_bridge_has_each_segments_own_numbers(made):
    assert rows(month.tables.bridge(made))[1:] == [
        ["Big", "55", "0", "+2", "+5 (1)", "−15 (2)", "0", "47"],
        ["Small", "56", "+3", "0", "+9 (5)", "−6 (1)", "−1", "61"],
        ["Odd", "11", "+1", "+4", "+10 (0)", "−3 (3)", "−6", "17"],
    ]


def test_a_segments_table_has_who_came_beside_who_left(made):
    assert rows(month.segments.page(made, 5))[1:] == [
        ["Big", "4 (2)", "4 (1)"], ["Odd", "0 (3)", "–"], ["New", "3", "–"], ["Returned", "0", "–"], ["Gone", "–", "1"],
    ]  # fmt: skip


def test_totals_are_sums_over_segments_value_first(made):
    assert rows(month.tables.totals(made))[1:] == [
        ["Value a year", "612", "+36", "−18", "+21", "702"],
        ["Balances", "912", "+39", "−27", "+21", "1,053"],
        ["Cash advances", "312", "+33", "−9", "+21", "351"],
    ]


def test_drift_tells_the_surest_first_whatever_their_sign(made):
    ranked = made.drift.reindex(made.drift["standard_errors"].abs().sort_values(ascending=False, kind="stable").index)
    told = rows(month.tables.drift(made))[1:]
    assert [row[-1] for row in told] == ranked["verdict"].tolist()[:12]
    assert ["news" in row[4] for row in told] == ranked["shifted"].tolist()[: len(told)]
    [payments] = [row for row in told if row[-1] == "v2"]
    assert payments == ["Payments", "$12", "$22", "−9.0 %", "", "0.02", "v2"]


def test_lineage_names_where_each_segment_went_and_what_emerged(made):
    told = str(month.tables.lineage(made))
    assert rows(told)[1:] == [
        ["Big", "30", "survived", "Big (90 %)", "25 %"],
        ["Small", "40", "split", "Small (60 %) and Fresh 6 (30 %)", "50 %"],
        ["Odd", "50", "merged", "Fresh 6 (70 %)", "75 %"],
    ]
    assert "Emerged: Fresh 6 and Fresh 8." in told.replace("\\", "")


def test_sentences_name_the_most_and_count_the_rest(made):
    who, worth, to_do, behaviour, holds = (
        " ".join(str(getattr(month.sentences, name)(made)).replace("{.persona colour=1}", "").split()).translate(
            str.maketrans("", "", "[]\\*")
        )
        for name in ("who", "worth", "what_to_do", "behaviour", "holds")
    )
    assert "Of the 122 customers of 2026-10, 121 are here again; 4 are new, 6 returned, 1 is gone." in who
    assert "17 of them really changed segment, the most (9) from Big to Odd; 6 more" in who
    assert "from $612 to $702 (+15 %): +$36 by customers who came and left, −$18 by moves" in worth
    assert "5 customers who changed segment are due another move now, the most (3) that of Odd: c." in to_do
    assert "2 of them are held out" in to_do
    assert "BALANCE fell by 13 %, BALANCE_FREQUENCY rose by 11 % and CASH_ADVANCE fell by 7 % on average" in behaviour
    assert "2 features more changed" in behaviour
    assert (
        "1 of 3 segments came back, but Small split and Odd was merged with others; fresh segments would save 0 %"
        in holds
    )


def test_of_each_segment_the_most_it_came_from_and_went_to(made):
    told = str(month.sentences.of_segment(made, 0)).replace("{.persona colour=1}", "")
    assert "55 before, 47 now (−8). 4 really moved in, the most from [Small] (4), 13 out, the most to [Odd] (9)" in told
    assert "2 new or returned, 0 gone; flicker 1 in, 2 out." in told


def test_all_periods_of_every_kind_and_segment():
    periods = pd.DataFrame(
        {"period": ["1", "2", "3"], "customers": [9, 8, 7], "new": [1, 2, 3], "returned": [4, 5, 6], "gone": [7, 8, 9],
         "real": [10, 11, 12], "flicker": [13, 14, 15], "decision": ["keep", "watch", "refit"]}
    )  # fmt: skip
    told = rows(month.side_by_side.periods(periods))[1:]
    badges = ["[keep]{.badge .firm}", "[watch]{.badge .warning}", "[refit]{.badge .weak}"]
    assert told == [
        ["[1]{.whole}", badges[0], "9", "1", "4", "7", "10", "13"],
        ["[2]{.whole}", badges[1], "8", "2", "5", "8", "11", "14"],
        ["[3]{.whole}", badges[2], "7", "3", "6", "9", "12", "15"],
    ]
    rates = pd.DataFrame(
        [(1, 0, 0, 10, 0.8), (1, 0, 5, 10, 0.1), (1, 0, None, 10, 0.1), (1, 5, 5, 4, 1.0), (3, 0, 0, 6, 0.5),
         (3, 0, None, 6, 0.5), (4, 0, 0, 6, 0.4)],
        columns=["steps", "from_segment", "to_segment", "at_risk", "rate"],
    ).astype({"to_segment": "Int64"})  # fmt: skip
    names = {key: markdown.persona(name, 1) for key, name in NAMES.items()}
    assert rows(month.side_by_side.rates(rates, names)) == [
        ["Segment", "1 period later", "3 periods later"],
        ["Big", "80 %, gone 10 % of 10", "50 %, gone 50 % of 6"],
        ["Small", "100 %, gone 0 % of 4", "–"],
        ["Odd", "–", "–"],
    ]
    likely = pd.DataFrame({"segment": [5, 5, 0, *[0] * 17], "probability": [0.9, 0.8, *[0.1] * 18]})
    held = {"shown": True, "checked_on": "4", "top_rate": 0.3, "rate": 0.1, "auc": 0.7}
    assert rows(month.side_by_side.leaving(held, likely, names))[1:] == [
        ["Big", "18", "2", "0"],
        ["Small", "2", "2", "2"],
    ]


def test_a_segments_trend_is_drawn_of_its_own_rows_in_the_order_of_periods(made, monkeypatch):
    given = []
    monkeypatch.setattr(month.segments.figures, "trend_of", lambda table, colour: given.append((table, colour)))
    monkeypatch.setattr(month.segments.style, "show", lambda figure, **texts: given.append(texts))
    later = made.bridge.assign(period="2026-11", now=made.bridge["now"] + 1, persona="Odd")
    trend = pd.concat([later, made.bridge.assign(period="2026-10", persona="Odd as it was called")])
    month.segments.show_trend(replace(made, trend=trend), 7)
    (table, colour), texts = given
    assert table[["period", "segment", "now"]].to_numpy().tolist() == [["2026-10", 7, 17], ["2026-11", 7, 18]]
    assert colour == 1
    assert texts["label"] == "fig-trend-7"
    assert "Odd had 11 customers before and 18 now" in texts["alt"]


def test_a_workbook_lists_real_moves_the_farthest_first(made, monkeypatch):
    monkeypatch.setattr(month.workbook, "MOST_MOVES", 4)
    movers = made.movers.assign(
        customer_id=[f"c{i}" for i in range(len(made.movers))], crossed=[1, 9, 5, 7, 3, *[0] * 21]
    )
    [sheet] = [one for one in month.workbook.sheets(replace(made, movers=movers)) if one.name == "Real moves"]
    place = sheet.header.index("Customer id")
    assert [row[place].value.lower() for row in sheet.rows] == ["c1", "c3", "c2", "c4"]
