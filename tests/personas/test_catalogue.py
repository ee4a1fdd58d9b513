"""The catalogue an analyst edits: every mistake is one clear error with its line."""

from pathlib import Path

import pytest

from seg_utils.core import dictionary
from seg_utils.core.errors import CatalogueError
from seg_utils.personas.catalogue import Trait, load
from seg_utils.personas.requirements import Requirement

REQUIRED = {
    "transactors", "revolvers", "premium", "dormant", "responsible_low_spenders", "instalment_buyers", "moderate_users",
    "cash_advance_dependent", "one_off_buyers", "new_customers", "near_limit",
}  # fmt: skip

STRATEGY = "{objective: o, now: n, later: l, offer: f, channel: c, kpi: k, guardrail: g, owner: w}"

SMALL = f"""\
threshold: 0.5
personas:
  savers:
    name: Savers
    line: Save
    signature:
      - {{feature: BALANCE, should_be: low}}
    requires:
      - {{feature: CASH_SHARE, at_most: 0.5}}
    strategy: {STRATEGY}
  spenders:
    name: Spenders
    line: Spend
    signature:
      - {{feature: PURCHASES, should_be: high, weight: 2, z: 0.5}}
    strategy: {STRATEGY}
otherwise: {STRATEGY}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "personas.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_projects_catalogue_holds_all_personas(catalogue):
    assert {one.id for one in catalogue.personas} >= REQUIRED


def test_no_credit_is_pushed_at_those_it_would_hurt(catalogue):
    for persona_id in ("cash_advance_dependent", "near_limit"):
        guardrail = catalogue.find(persona_id).strategy.guardrail.lower()
        assert "no limit increase" in guardrail
        assert "affordability first" in guardrail


def test_a_small_catalogue_is_read(tmp_path):
    read = load(written(tmp_path, SMALL))
    assert [one.name for one in read.personas] == ["Savers", "Spenders"]
    assert read.personas[1].signature[0] == Trait("PURCHASES", "high", 2.0, None, 0.5, 1.0)
    assert read.personas[0].requires == (Requirement("CASH_SHARE", "at_most", 0.5),)
    assert read.personas[1].requires == ()
    assert read.otherwise.owner == "w"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("feature: BALANCE", "feature: BALANCES", 7, "'feature' is 'BALANCES'; allowed: BALANCE,"),
        ("should_be: low", "should_be: lower", 7, "allowed: high, low, typical"),
        ("feature: CASH_SHARE", "feature: CASH_SHARES", 9, "'feature' is 'CASH_SHARES'; allowed: BALANCE,"),
        ("feature: CASH_SHARE", "feature: cash_shares", 9, "; did you mean CASH_SHARE?"),
        ("at_most: 0.5", "at_mots: 0.5", 9, "'at_mots' is not known here; did you mean at_most?"),
        ("at_most: 0.5", "at_most: 0.5, above: 0", 9, "CASH_SHARE: give one of above, at_least, at_most"),
        (", at_most: 0.5", "", 9, "CASH_SHARE: give one of above, at_least, at_most"),
        ("at_most: 0.5", "at_most: most", 9, "'at_most' is 'most'; it must be a number, or all for all customers"),
        ("at_most: 0.5", "at_most: .inf", 9, "'at_most' must be a number"),
        ("CASH_SHARE, at_most: 0.5", "PURCHASES, above: 50", 9, "PURCHASES is an amount of money: compare it with 0"),
        ("weight: 2", "weight: two", 15, "'weight' must be a number"),
        ("weight: 2", "weight: 0", 15, "'weight' must be above 0"),
        ("weight: 2", "weight: .nan", 15, "'weight' must be a number"),
        ("weight: 2", "around: 0.5", 15, "either 'around'"),
        ("weight: 2, z: 0.5", "around: 500", 15, "PURCHASES is an amount of money: say by 'z' where it lies"),
        ("name: Spenders", "name: savers", 12, "'savers' is also the name of savers; names must differ"),
        ("name: Spenders", "nam: Spenders", 12, "'nam' is not known here; did you mean name?"),
        ("  spenders:", "  savers:", 11, "'savers' is there twice, first in line 3"),
        ("  spenders:", "  unnamed:", 12, "'unnamed' is kept for segments that match no persona"),
        (f"    strategy: {STRATEGY}\n  spenders", "  spenders", 4, "'strategy' is missing"),
        ("owner: w}\n  spenders", "owner: 3}\n  spenders", 10, "'owner' must be text"),
        ("owner: w}\n  spenders", "}\n  spenders", 10, "'owner' is missing"),
        ("threshold: 0.5", "threshold: 5", 1, "it must lie between 0 and 1"),
        ("threshold: 0.5", "threshold: [", 3, "not valid YAML"),
        ("threshold: 0.5", "threshold: 0.5\nmembers: 20", 2, "'members' is 20; it must lie between 0 and 1"),
        (
            "    line: Save\n",
            "    line: Save\n    order: second\n",
            6,
            "'order' is 'second'; allowed: first, kind, last",
        ),
        (
            "    line: Save\n",
            "    line: Save\n    leads: {BALANCE: most}\n",
            6,
            "'BALANCE' is 'most'; allowed: high, low",
        ),
        ("    requires:", "    premise:", 9, "'else' is missing"),
        ("at_most: 0.5", "at_most: 0.5, by: 1", 9, "'by' is 1; more than this share of the members must meet it"),
        ("    line: Save\n", "    line: ''\n", 5, "'line' must be text"),
        ("otherwise:", "else:", 17, "'else' is not known here. Allowed: "),
    ],
)
def test_a_mistake_names_its_line(tmp_path, old, new, line, says):
    assert old in SMALL
    with pytest.raises(CatalogueError) as caught:
        load(written(tmp_path, SMALL.replace(old, new, 1)))
    assert f"personas.yml, line {line}: " in str(caught.value)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_share_of_members_and_the_order_are_read(tmp_path):
    text = SMALL.replace("threshold: 0.5", "threshold: 0.5\nmembers: 0.2")
    read = load(written(tmp_path, text.replace("    line: Save\n", "    line: Save\n    order: last\n")))
    assert (read.members, [one.order for one in read.personas]) == (0.2, ["last", "kind"])
    assert load(written(tmp_path, SMALL)).members == 0


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "just words\n"])
def test_a_file_that_is_no_catalogue_is_refused(tmp_path, text):
    with pytest.raises(CatalogueError, match=r"personas\.yml, line 1: must hold"):
        load(written(tmp_path, text))


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(CatalogueError, match=r"personas\.yml cannot be read"):
        load(tmp_path / "personas.yml")


def test_nothing_in_the_file_is_executed(tmp_path):
    text = SMALL.replace("name: Savers", "name: !!python/object/apply:os.getcwd []")
    with pytest.raises(CatalogueError, match="line 4: not valid YAML"):
        load(written(tmp_path, text))


def test_anchors_stand_on_no_amount_so_that_no_currency_matters(catalogue):
    traits = [trait for one in catalogue.personas for trait in one.signature]
    anchored = {trait.feature for trait in traits if trait.around is not None}
    assert anchored
    assert all(dictionary.load()[feature].kind != "amount" for feature in anchored)


def test_every_persona_requires_what_its_name_claims(catalogue):
    assert all(persona.requires for persona in catalogue.personas)


def test_every_action_has_a_premise_that_says_what_is_wrong_where_it_is_broken(catalogue):
    for persona in catalogue.personas:
        assert persona.premise, persona.id
        assert all(one.otherwise for one in persona.premise), persona.id


def test_no_offer_rests_on_what_no_file_says(catalogue):
    """Files hold no merchants, categories or destinations."""
    for persona in catalogue.personas:
        texts = " ".join([*vars(persona.strategy).values(), *persona.audiences.values()]).lower()
        unknown = [word for word in ("categor", "merchant", "travel", "related", "first purchase") if word in texts]
        assert not unknown, (persona.id, unknown)
