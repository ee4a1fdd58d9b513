import re

import pytest

from seg_utils.core import paths
from seg_utils.core.errors import CatalogueError
from seg_utils.personas import catalogue
from seg_utils.strategy.assumptions import NAMES, load
from seg_utils.strategy.definitions import GUESS, basis

TEXT = paths.catalogue("ECONOMICS").read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_every_assumption_has_a_source_or_is_our_guess(assumptions):
    table = assumptions.table()
    assert table["name"].tolist()[: len(NAMES)] == list(NAMES)
    assert {f"contact_{channel}" for channel in ("app", "email", "letter", "call")} <= set(table["name"])
    assert (table["source"].str.len() > 0).all()
    assert table["guess"].any()
    assert not table["guess"].all()


def test_every_persona_of_the_catalogue_has_a_move(assumptions):
    assert {one.id for one in catalogue.load(paths.catalogue("PERSONAS")).personas} == set(assumptions.moves)


def test_no_credit_is_sold_to_those_it_would_hurt(assumptions):
    assert assumptions.move("cash_advance_dependent").lever == "losses"
    assert assumptions.move("cash_advance_dependent").purpose == "care"
    assert assumptions.move("near_limit").lever == "losses"


def test_a_market_changes_its_own_prices_and_no_other():
    here = load()
    for market, changed in (("eu", {"interchange", "rewards", "cash_advance_fee"}), ("us", set())):
        there = load(market=market)
        assert {name for name in here.items if here.items[name] != there.items[name]} == changed
        assert there.moves == here.moves
        assert there.market == market
    capped = load(market="uk")
    assert capped["interchange"] == 0.003
    assert "Payment Systems Regulator" in capped.items["interchange"].source
    assert capped.items["interchange"].label == here.items["interchange"].label


def test_an_analysts_own_market_is_found(tmp_path):
    (tmp_path / "economics.yml").write_text(
        TEXT.replace("  uk:\n", "  atlantis:\n    label: Atlantis\n  uk:\n"), encoding="utf-8"
    )
    assert load(tmp_path / "economics.yml", market="atlantis").market_label == "Atlantis"
    with pytest.raises(CatalogueError, match=r"market 'atlantis' is not known; known are us, eu, uk"):
        load(market="atlantis")


def test_sources_are_not_from_memory(assumptions):
    """Whatever is no guess names a year or says what in the file shows it."""
    for item in assumptions.items.values():
        assert item.source.startswith(GUESS) or re.search(r"20[0-2]\d|public file", item.source), item.name


def test_a_customer_who_is_kept_is_worth_all_that_they_bring(assumptions):
    """Revolvers who pay down lose interest, too, so that avoided losses alone would overstate the move."""
    assert assumptions.move("revolvers").lever == "keep"
    assert assumptions.move("premium").lever == "keep"


def test_an_unknown_persona_gets_the_move_for_all_others(assumptions):
    assert assumptions.move("no_such_persona") is assumptions.otherwise


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("value: 0.17", "value: 17 %", "'value' must be a number"),
        ("value: 0.17", "value: 0.4", "must not decrease"),
        ("high: 0.04\n", "high: 1.8\n", "plan_margin: 1.8 is more than all"),
        ("value: 3\n    low: 1\n", "value: 3\n    low: 0\n", "years must be above 0"),
        ("lever: keep", "lever: kept", "'lever' is 'kept'; allowed: spend"),
        ("purpose: care", "purpose: caring", "'purpose' is 'caring'; allowed: profit, care"),
        ("measure: closures", "measure: closing", "'measure' is 'closing'; allowed: purchases"),
        ("{low: 0, base: 0.10, high: 0.25}", "{low: 0, base: 0.5, high: 0.25}", "must not decrease"),
        ("first: [app]", "first: [apps]", "'first' is ['apps']; it must be a list of app, email, statement"),
        ("then: [call]", "then: call", "'then' is 'call'; it must be a list of app, email, statement"),
        ("takers: 0.1", "takers: 10", "'takers' is 10; it must lie between 0 and 1"),
        ("rate_cut: 0.05", "rate_cut: 5", "'rate_cut' is 5; it must lie between 0 and 1"),
        ("rate_cut: 0.05", "rate_cuts: 0.05", "'rate_cuts' is not known here; did you mean rate_cut?"),
        ("    low: 0.033", "    low: 0.33", "low 0.33 is above high 0.068"),
        (
            "    label: European Union\n    interchange",
            "    label: European Union\n    intrchange",
            "'intrchange' is not",
        ),
        ("    label: European Union\n", "", "'label' is missing"),
        ("benefit: 15", "benefit: -1", "'benefit' must be a number of 0 or more"),
        ("  app:\n    label: Message in the app\n", "  app:\n", "'label' is missing"),
        ("power: 0.8", "power: 80", "'power' is 80; it must lie between 0 and 1"),
        ("natural_response: 0.05", "natural_response: 0", "'natural_response' is 0; it must lie between 0 and 1"),
        ("control_share: 0.2", "control_share: 0.6", "keeps most customers"),
        ("  servicing_cost:", "  serving_cost:", "'serving_cost' is not known here; did you mean servicing_cost?"),
        ("    unit: share of cash advances\n", "", "'unit' is missing"),
    ],
)
def test_a_mistake_names_its_line(tmp_path, old, new, says):
    assert old in TEXT
    path = tmp_path / "economics.yml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CatalogueError, match=re.escape(says)) as caught:
        load(path)
    named = int(re.search(r"economics\.yml, line (\d+): ", str(caught.value))[1])
    assert abs(named - line_of(TEXT, old)) <= 6


@pytest.mark.parametrize(
    ("old", "new"),
    [("    low: 0.033", "    low: 0.068"), ("control_share: 0.2", "control_share: 0.5"), ("takers: 0.1", "takers: 1"),
     ("{low: 0, base: 0.10, high: 0.25}", "{low: 0.1, base: 0.1, high: 0.1}")],
)  # fmt: skip
def test_the_ends_of_what_is_allowed_are_allowed(tmp_path, old, new):
    assert old in TEXT
    path = tmp_path / "economics.yml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    load(path)


MEASURED = """\
moves:
  premium: {effect: {low: -0.02, base: 0.03, high: 0.08}, source: "measured: campaign spring"}
  cash_advance_dependent: {fees_forgone: 0.1, source: "measured: campaign spring"}
"""


def with_measured(tmp_path, measured=MEASURED, named="spring.yml"):
    (tmp_path / "economics.yml").write_text(TEXT + f"\nmeasured: {named}\n", encoding="utf-8")
    (tmp_path / "spring.yml").write_text(measured, encoding="utf-8")
    return tmp_path / "economics.yml"


def test_what_a_campaign_measured_takes_the_place_of_what_was_assumed(tmp_path, assumptions):
    found = load(with_measured(tmp_path))
    assert found.move("premium").effect == {"low": -0.02, "base": 0.03, "high": 0.08}
    assert found.move("premium").source == "measured: campaign spring"
    care = found.move("cash_advance_dependent")
    assert care.fees_forgone == 0.1
    assert care.effect == assumptions.move("cash_advance_dependent").effect
    assert care.source.startswith(GUESS)  # its effect on losses still is one
    assert care.source.endswith("fees forgone measured: campaign spring")
    assert found.move("transactors") == assumptions.move("transactors")


def test_of_several_campaigns_the_last_one_counts(tmp_path):
    (tmp_path / "autumn.yml").write_text(MEASURED.replace("0.03", "0.04"), encoding="utf-8")
    assert load(with_measured(tmp_path, named="[spring.yml, autumn.yml]")).move("premium").effect["base"] == 0.04


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("base: 0.03", "base: 0.3", r"spring\.yml, line 2: low, base and high must not decrease"),
        ("premium", "premum", r"spring\.yml, line 2: 'premum' is not known here; did you mean premium\?"),
        ("0.1", "1.1", r"spring\.yml, line 3: 'fees_forgone' is 1\.1; it must lie between 0 and 1"),
        (', source: "measured: campaign spring"}\n  cash', "}\n  cash", "'source' is missing"),
    ],
)
def test_a_mistake_in_what_was_measured_names_its_line(tmp_path, old, new, says):
    assert old in MEASURED
    with pytest.raises(CatalogueError, match=says):
        load(with_measured(tmp_path, MEASURED.replace(old, new, 1)))


def test_a_file_of_measured_effects_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CatalogueError, match=r"'measured' names summer\.yml, which does not exist"):
        load(with_measured(tmp_path, named="summer.yml"))


def test_effects_are_called_after_what_they_rest_on():
    assert basis(["our guess: they sing"]) == basis([]) == "guessed"
    assert basis(["measured: spring", "our guess"]) == "guessed or measured"
    assert basis(["Somebody (2020)"]) == "assumed"


def test_a_move_for_a_persona_that_is_not_in_the_catalogue_names_the_line(tmp_path):
    text = paths.catalogue("ECONOMICS").read_text(encoding="utf-8").replace("  transactors:", "  transctors:", 1)
    (tmp_path / "economics.yml").write_text(text, encoding="utf-8")
    known = [one.id for one in catalogue.load(paths.catalogue("PERSONAS")).personas]
    with pytest.raises(CatalogueError, match=r"economics\.yml, line \d+: 'transctors' is not known here.*transactors"):
        load(tmp_path / "economics.yml", personas=known)
