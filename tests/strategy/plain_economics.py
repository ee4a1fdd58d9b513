"""The economics once more, customer by customer in plain Python, from the assumptions as YAML reads them."""

from math import isnan

import yaml

from seg_utils.core.paths import ECONOMICS


def prices(market="us"):
    """Every price by name, in a market."""
    top = yaml.safe_load(ECONOMICS.read_text(encoding="utf-8"))
    found = {name: entry["value"] for name, entry in top["assumptions"].items()}
    found |= {name: entry["value"] for name, entry in top["markets"][market].items() if name != "label"}
    return found | {f"contact_{name}": entry["value"] for name, entry in top["channels"].items()}


def moves():
    return yaml.safe_load(ECONOMICS.read_text(encoding="utf-8"))["moves"]


def years_kept(price):
    """Year by year; whole years only."""
    return sum(((1 - price["closure"]) / (1 + price["discount"])) ** year for year in range(int(price["years"])))


def _known(customer, name):
    value = customer.get(name, 0.0)
    return 0.0 if isnan(value) else value


def _yearly(customer, name, price):
    covered = price["months_covered"]
    tenure = _known(customer, "TENURE")
    months = min(tenure, covered) if tenure > 0 else covered
    return _known(customer, name) * 12 / months


def _risk(customer, price):
    limit = _known(customer, "CREDIT_LIMIT")
    used = min(_owed(customer) / limit, 1) if limit > 0 else 0.5
    spent = max(_known(customer, "CASH_ADVANCE"), 0) + max(_known(customer, "PURCHASES"), 0)
    cash = max(_known(customer, "CASH_ADVANCE"), 0) / spent if spent else 0
    return (1 + price["loss_by_utilisation"] * used) * (1 + price["loss_by_cash"] * cash)


def _owed(customer):
    return max(_known(customer, "BALANCE"), 0)


def _revolving(customer):
    return _owed(customer) * (1 - min(max(_known(customer, "PRC_FULL_PAYMENT"), 0), 1))


def losses(customers, price):
    """A year's expected losses of each."""
    weights = [_revolving(one) * _risk(one, price) for one in customers]
    pot = price["loss_rate"] * sum(map(_revolving, customers))
    return [pot * weight / sum(weights) if weight else 0.0 for weight in weights]


def annual_values(customers, price):
    """What each brings a year, net."""
    return [
        _yearly(one, "PURCHASES", price) * (price["interchange"] - price["rewards"])
        + _revolving(one) * price["apr"]
        + _yearly(one, "CASH_ADVANCE", price) * price["cash_advance_fee"]
        - _owed(one) * (price["funding_cost"] + price["operating_cost"])
        - lost
        - price["servicing_cost"]
        for one, lost in zip(customers, losses(customers, price), strict=True)
    ]


def campaign(customers, inside, held_out, move, price):
    """What a move costs and brings at base, whom it contacts, and its break-even effect.

    Args:
        inside: the numbers of the segment's customers.
        held_out: the numbers of those who are not contacted.
    """
    values, lost = annual_values(customers, price), losses(customers, price)
    earned = max(price["interchange"] - price["rewards"], 0)
    average = sum(_yearly(one, "PURCHASES", price) for one in customers) / len(customers)

    def lever(number):
        one = customers[number]
        return {
            "spend": _yearly(one, "PURCHASES", price) * earned,
            "average_spend": average * earned,
            "plan": _yearly(one, "INSTALLMENTS_PURCHASES", price) * price["plan_margin"],
            "keep": max(values[number], 0) * price["attrition"] * years_kept(price),
            "losses": lost[number],
        }[move["lever"]]

    def cost(number):
        one = customers[number]
        contact = sum(price[f"contact_{name}"] for name in move["first"])
        contact += price["answer_rate"] * sum(price[f"contact_{name}"] for name in move["then"])
        offer = move["takers"] * move["benefit"] * price["benefit_scale"]
        rate = move["takers"] * move.get("rate_cut", 0) * _revolving(one)
        fees = move.get("fees_forgone", 0) * _yearly(one, "CASH_ADVANCE", price) * price["cash_advance_fee"]
        return contact + offer + rate + fees

    effect = move["effect"]["base"]
    if move["purpose"] == "care":
        worth = [number for number in inside if _known(customers[number], "CASH_ADVANCE") > 0]
    else:
        worth = [number for number in inside if effect * lever(number) > cost(number)]
    contacted = [number for number in worth if number not in held_out]
    costs, levers = sum(map(cost, contacted)), sum(map(lever, contacted))
    return {
        "worth_contacting": len(worth),
        "contacted": len(contacted),
        "campaign_cost": costs,
        "break_even_effect": costs / levers if levers else float("nan"),
        **{f"campaign_value_{case}": share * levers - costs for case, share in move["effect"].items()},
    }
