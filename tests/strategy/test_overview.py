from seg_utils import strategy
from seg_utils.strategy.overview import ECONOMICS, WORDS


def test_words_and_numbers_side_by_side(customers, labels, people, assumptions):
    money = strategy.money(customers, labels)
    valuation = strategy.Valuation(customers, labels, people, assumptions)
    economics = valuation.economics()
    plan = strategy.test_plan(valuation, economics)
    table = strategy.table(people, money, economics, plan)
    assert list(table)[:10] == ["segment", "persona", *WORDS]
    assert table["segment"].tolist() == [0, 1, 2]
    assert table["action_now"].tolist() == ["now 0", "now 1", "now 2"]
    assert table["guardrail"].tolist() == ["guardrail 0", "guardrail 1", "guardrail 2"]
    assert table["purchases_share"].tolist() == money["purchases_share"].tolist()
    assert all((table[name] == economics[name]).all() or table[name].isna().any() for name in ECONOMICS)
    assert table["test_verdict"].tolist() == plan["verdict"].tolist()


def test_words_alone(people):
    assert list(strategy.table(people)) == ["segment", "persona", *WORDS]
