"""What figures and tables are given: each its run's columns, segment by segment."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from seg_utils.core import words
from seg_utils.reporting import ECONOMICS_MIME, sections
from seg_utils.reporting.sections import economics, evidence, segments
from seg_utils.scoring import MODEL_MIME
from seg_utils.scoring.payload import payload
from seg_utils.strategy.definitions import CARE
from seg_utils.strategy.testplan import ENOUGH, TOO_SMALL

from ..table_cells import rows
from .runs import make_run


@pytest.fixture
def shown(monkeypatch):
    """Arguments of every drawing function called, by name, and the texts shown beside."""
    given = {}

    def drawing(name):
        return lambda *args, **options: given.__setitem__(name, args) or name

    show = SimpleNamespace(show=lambda figure, **texts: given.__setitem__(texts["label"], (figure, texts)))
    for module, figures, names in (
        (segments, "money", ["value_map"]), (economics, "figures", ["effects"]), (evidence, "figures", ["segment_map"]),
    ):  # fmt: skip
        monkeypatch.setattr(module, "style", show)
        monkeypatch.setattr(module, figures, SimpleNamespace(**{name: drawing(name) for name in names}))
    return given


def coloured(run):
    """The same with the segments' colours in another order than their numbers."""
    for person, colour in zip(run.personas, reversed(range(run.k)), strict=True):
        person["colour"] = colour
    return run


def test_value_is_drawn_of_each_segment_in_the_order_of_their_numbers(shown):
    run = make_run(4)
    run = coloured(make_run(4, economics=run.economics.iloc[[2, 0, 3, 1]].reset_index(drop=True)))
    segments.show_value(run)
    shares, value, names, colours = shown["value_map"]
    assert shares == [person["share"] for person in run.personas]
    assert value == run.economics.set_index("segment").loc[range(4), "value_share"].tolist()
    assert (names, colours) == (run.names, [3, 2, 1, 0])
    figure, texts = shown["fig-value"]
    assert figure == "value_map"
    assert f"{run.names[int(np.argmax(value))]} bring the most" in texts["alt"]


def test_value_that_means_nothing_is_not_drawn(shown):
    run = make_run(3)
    segments.show_value(make_run(3, economics=run.economics.assign(value_share=[np.nan, 0.5, 0.5])))
    assert shown == {}


def test_effects_are_drawn_of_planned_moves_best_first(shown):
    base = make_run(4).economics.assign(effect_high=[0.3, 0.0, 0.2, 0.1], rank_base=[3, 1, 1, 2])
    economics.show_effects(coloured(make_run(4, economics=base)))
    table, names, colours = shown["effects"]
    assert table["segment"].tolist() == [2, 3, 0]
    assert (names, colours) == (make_run(4).names, [3, 2, 1, 0])
    assert "fig-effects" in shown
    shown.clear()
    economics.show_effects(make_run(4, economics=base.assign(effect_high=0.0)))
    assert shown == {}


def test_the_map_has_everybody_and_the_variance_of_its_axes(shown):
    run = coloured(make_run(3))
    evidence.show_map(run)
    coordinates, explained, labels, names, colours = shown["segment_map"]
    np.testing.assert_array_equal(coordinates, run.assignments[["first_component", "second_component"]])
    np.testing.assert_array_equal(labels, run.assignments["segment"])
    assert (explained, names, colours) == ((0.31, 0.22), run.names, [2, 1, 0])
    assert "53 % of the variance" in shown["fig-map"][1]["alt"]


def test_the_table_of_value_has_the_most_valuable_first():
    run = make_run(5, strategy=make_run(5).strategy.assign(break_even_effect=0.01))
    table = rows(segments.value_table(run))[1:]
    ranked = run.economics.sort_values("segment_value", ascending=False)
    for cells, row in zip(table, ranked.to_dict("records"), strict=True):
        person = run.personas[row["segment"]]
        assert cells[0].startswith(run.names[row["segment"]])
        assert cells[1] == f"{person['size']:,} ({words.percent(person['share'])})"
        assert cells[2] == f"{words.money(row['segment_value'])} ({words.percent(row['value_share'])})"
        assert f"now of segment {row['segment']}" in cells[3].lower()


def test_where_all_bring_nothing_together_the_table_of_value_has_no_shares():
    said = segments.value_table(make_run(3, economics=make_run(3).economics.assign(value_share=float("nan"))))
    assert "(–)" not in said
    assert "all together bring nothing that could be shared out" in said
    assert "shared out" not in segments.value_table(make_run(3))


def test_the_most_concentrated_amount_comes_first():
    held = pd.DataFrame({"measure": ["purchases", "cash_advances", "balances"], "top_share": [0.4, 0.8, 0.6]})
    said = segments.glance(make_run(2, concentration=held)).replace("\\", "")
    assert "accounts for 80 % of cash advances, 60 % of balances and 40 % of purchases" in said


def test_whom_to_hold_out_is_added_up_over_the_moves_of_page_one():
    plan = make_run(4).test_plan.assign(
        control=[1000, 500, 30, 4],
        months=[6, 99, 12, 3],
        verdict=[ENOUGH, ENOUGH, TOO_SMALL, ENOUGH],
        needed_per_group=1e5,
    )
    pays = make_run(4).strategy.assign(campaign_value_base=[9e4, -1.0, 9e4, 9e4], break_even_effect=0.01)

    def said(**others) -> str:
        run = make_run(4, **({"test_plan": plan, "strategy": pays, "jaccard": [0.9] * 4} | others))
        return " ".join(str(sections.actions.what_to_test(run)).split()).replace("\\", "")

    assert "page one hold out 1,034 customers" in said()
    assert "campaign for 12 months" in said()
    assert "changes for Persona A and Persona D." in said()
    assert "too few to tell what it changes for Persona C:" in said()
    assert "changes for Persona D." in said(jaccard=[0.3, 0.9, 0.9, 0.9])
    by_several = said(test_plan=plan.assign(needed_per_group=100.0))
    assert "One campaign is too few to tell for Persona C: add up several." in by_several
    assert "decide without a test" not in by_several
    hopeless = said(test_plan=plan.assign(verdict=TOO_SMALL, needed_per_group=9e9))
    assert "too few to tell what any move of page one changes" in hopeless
    assert "1,034" in hopeless
    assert "enough to tell" not in hopeless
    assert "nothing to test" in said(strategy=pays.assign(campaign_value_base=-1.0))
    everybody = plan.assign(control=[90_000, 5, 700, 20], verdict=ENOUGH)
    of_all = said(population={"customers": 2_000_000}, test_plan=everybody)
    assert "All 2,000,000 customers together are enough to tell" in of_all
    assert "changes for Persona A, Persona C and Persona D." in of_all
    assert "hold out about 90,720 customers (`held out` in the column campaign_part of the files in all_" in of_all


def test_scores_of_every_k_stand_in_their_columns():
    run = make_run(3)
    table = rows(evidence.scores(run))
    assert table[0] == ["k", *(evidence.CRITERIA[name] for name in evidence.SCORES)]
    assert [row[0] for row in table[1:]] == [f"**{k}**" if k == 3 else str(k) for k in run.k_scores["k"]]
    for cells, row in zip(table[1:], run.k_scores.to_dict("records"), strict=True):
        assert cells[1] == words.count(row["inertia"])
        assert cells[2] == f"{row['silhouette']:.3f}"
        assert cells[3:4] + cells[5:8] == [
            f"{row[name]:.2f}" for name in ("davies_bouldin", "prediction_strength", "bootstrap_ari", "min_jaccard")
        ]
        assert cells[4] == words.count(row["calinski_harabasz"])
        assert cells[8] == words.percent(row["smallest_share"])


def test_scales_are_compared_at_the_nearest_k_with_the_one_in_use(two):
    agreement = pd.DataFrame(
        {"k": [2, 2, 4, 4, 4], "scale": ["log", "standard", "log", "robust", "standard"],
         "other": ["standard", "robust", "standard", "log", "robust"], "ari": [0.1, 0.2, 0.97, 0.4, 0.5]}
    )  # fmt: skip
    stability = pd.DataFrame({"scale": ["log", "standard", "log", "standard"], "k": [2, 2, 4, 4]})
    for number, name in enumerate(evidence.SCALE_SCORES):
        stability[name] = [0.1, 0.2, 0.3, 0.4 + number / 10]
    run = make_run(5, scale_agreement=agreement, scale_stability=stability)
    said = evidence.scales(run)
    assert rows(said)[1:] == [["log", "0.30", "0.30", "0.30", "30 %"], ["standard", "0.40", "0.50", "0.60", "70 %"]]
    assert "are almost those of standard (adjusted Rand index 0.97) and agree only in part with those of robust" in said
    assert "So these segments are one way to divide the customers" in said


@pytest.mark.parametrize(("value", "passes"), [(0.75, True), (0.7499, False)])
def test_a_test_passes_on_its_own_side_of_the_bound(value, passes):
    run = make_run(3)
    scores = run.k_scores.assign(min_jaccard=value, border_density=1.7 - value)
    least, most = evidence._tests(make_run(3, k_scores=scores))
    assert least[1:3] == ("at least 0.75", f"{value}")
    assert [("pass" in cells[3]) for cells in (least, most)] == [passes] * 2


def test_latent_classes_find_those_segments_that_come_near():
    run = make_run(3)
    latent = run.metrics["latent_classes"]

    def found(*jaccard):
        metrics = run.metrics | {"latent_classes": latent | {"jaccard": jaccard}}
        return evidence.another_model(make_run(3, metrics=metrics))

    assert "finds every segment" in found(0.75, 0.8, 1.0)
    assert "finds none" in found(0.7499, None, 0.1)
    assert "Persona B" in found(0.7, 0.75, None)
    assert "Persona A" not in found(0.7, 0.75, None)


def test_assumptions_of_moves_and_prices_stand_row_by_row():
    base = make_run(3).economics.assign(
        purpose=["profit", CARE, "profit"], given_up=[0.0, 2.0, 7.5], effect_low=[0.01, 0.02, 0.03],
        lever=["keep", "losses", "spend"], contact_cost=[0.1, 0.2, 3.0],
    )  # fmt: skip
    run = make_run(3, economics=base)
    tables = rows(economics.page(run).split("tbl-economics")[1])
    moves, prices = tables[1:4], tables[5:]
    for cells, row in zip(moves, base.to_dict("records"), strict=True):
        assert cells[2:5] == [words.money(row[name]) for name in ("contact_cost", "offer_cost", "given_up")]
        effect = f"{words.percent(row['effect_low'])} / 15 % / 30 % of {economics.LEVERS[row['lever']]}"
        assert cells[5] == f"{effect} ({words.money(row['lever_value'])})"
    assert [cells[1] for cells in moves] == ["E-mail; then personal call"] * 2 + ["E-mail"]
    assert len(prices) == len(run.assumptions)
    by_label = {row["label"]: row for row in run.assumptions.to_dict("records")}
    for label, value, span, unit, _ in prices:
        row = by_label[label]
        write, left = economics._unit(row["unit"])
        assert (value, span, unit) == (write(row["value"]), f"{write(row['low'])} – {write(row['high'])}", left)


@pytest.mark.parametrize(
    ("unit", "written", "left"),
    [("currency a month", "$0.25", "a month"), ("share of purchases", "25 %", "of purchases"),
     ("a year", "25 %", "a year"), ("years", "0.25", "years")],
)  # fmt: skip
def test_an_assumption_is_written_in_its_unit(unit, written, left):
    write, rest = economics._unit(unit)
    assert (write(0.25), rest) == (written, left)


@pytest.fixture
def displayed(monkeypatch):
    """What is displayed as it is, by kind, each time."""
    given = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: given.append(data) if raw else None)
    return given


def test_sliders_are_shown_with_what_they_compute_with_where_money_is_spoken_of(displayed):
    run = make_run(3)
    sections.sliders.show(run)
    [data] = displayed
    assert set(data) == {"text/markdown", ECONOMICS_MIME}
    assert data[ECONOMICS_MIME] == sections.sliders.model(run)
    displayed.clear()
    sections.sliders.show(make_run(3, left_out={"money": "no prices"}))
    assert displayed == []


def test_the_form_has_its_model_beside_it_where_a_page_can_hold_it(displayed, models, monkeypatch):
    made = models.made()
    run = make_run(len(made.centroids), model=made.to_dict())
    sections.form.show(run)
    monkeypatch.setattr(sections.form, "fits", lambda loaded: False)
    sections.form.show(run)
    page, too_large = displayed
    assert set(page) == {"text/markdown", MODEL_MIME}
    assert page[MODEL_MIME] == payload(made)
    assert set(too_large) == {"text/markdown"}
    assert too_large["text/markdown"] != page["text/markdown"]


def test_descriptors_are_drawn_where_a_column_was_named(described, shown, monkeypatch):
    drawn = {}
    monkeypatch.setattr(sections.descriptors.figures, "described", lambda *given: drawn.setdefault("given", given))
    monkeypatch.setattr(
        sections.descriptors, "style", SimpleNamespace(show=lambda figure, **texts: drawn.update(texts))
    )
    sections.descriptors.show(make_run(3))
    assert drawn == {}
    run = coloured(make_run(3, segment_descriptors=described.segment_descriptors))
    sections.descriptors.show(run)
    profile, colours, names = drawn["given"]
    assert profile is described.segment_descriptors
    assert (colours, names) == ([2, 1, 0], run.names)
    assert drawn["label"] == "fig-descriptors"
    assert "Age and " in drawn["alt"]
