"""The economics once more, customer by customer in plain Python, from the assumptions as YAML reads them."""

from math import ceil, isnan

import yaml

from seg_utils.core.paths import catalogue


def prices(market="us"):
    """Every price by name, in a market."""
    return {name: entry["value"] for name, entry in _entries(market).items()}


def middles(market="us"):
    """The middle of each price's range."""
    return {name: (entry["low"] + entry["high"]) / 2 for name, entry in _entries(market).items()}


def _entries(market):
    top = yaml.safe_load(catalogue("ECONOMICS").read_text(encoding="utf-8"))
    found = top["assumptions"] | {name: entry for name, entry in top["markets"][market].items() if name != "label"}
    return found | {f"contact_{name}": entry for name, entry in top["channels"].items()}


def moves():
    return yaml.safe_load(catalogue("ECONOMICS").read_text(encoding="utf-8"))["moves"]


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


def groups(customers, inside, move, middle):
    """The numbers of like customers of a segment, in lists: up to twenty for each tenure, of ten or more, by what the
    move is about, in the order of that; those who have nothing of it by themselves."""
    values, weights = annual_values(customers, middle), losses(customers, middle)

    def amount(number):
        one = customers[number]
        if move["purpose"] == "care":
            return _yearly(one, "CASH_ADVANCE", middle)
        found = {
            "spend": _yearly(one, "PURCHASES", middle),
            "average_spend": _yearly(one, "PURCHASES", middle),
            "plan": _yearly(one, "INSTALLMENTS_PURCHASES", middle),
            "keep": values[number],
            "losses": weights[number],
        }[move["lever"]]
        return found / max(_revolving(one), 1) if move.get("rate_cut") else found

    found = {}
    for tenure in {customers[number]["TENURE"] for number in inside}:
        alike = [number for number in inside if customers[number]["TENURE"] == tenure]
        some = sorted((amount(number), number) for number in alike if amount(number) > 0)
        bands = min(max(len(some) // 10, 1), 20)
        ranked = [value for value, _ in some]
        for value, number in some:
            found.setdefault((tenure, ceil((ranked.index(value) + 1) / len(some) * bands)), []).append(number)
        found[tenure, 0] = [number for number in alike if amount(number) <= 0]
    return [group for group in found.values() if group]


def campaign(customers, inside, held_out, move, market):
    """What a move costs and brings, whom it contacts, and its break-even effect.

    Args:
        inside: the numbers of the segment's customers.
        held_out: the numbers of those who are not contacted.
    """
    price = prices(market)
    values, lost = annual_values(customers, price), losses(customers, price)
    earned = max(price["interchange"] - price["rewards"], 0)
    average = sum(_yearly(one, "PURCHASES", price) for one in customers) / len(customers)

    def lever(group):
        """Of the average customer of a group."""
        total = {
            "spend": sum(_yearly(customers[number], "PURCHASES", price) for number in group) * earned,
            "average_spend": len(group) * average * earned,
            "plan": sum(_yearly(customers[number], "INSTALLMENTS_PURCHASES", price) for number in group)
            * price["plan_margin"],
            "keep": max(sum(values[number] for number in group), 0) * price["attrition"] * years_kept(price),
            "losses": sum(lost[number] for number in group),
        }
        return total[move["lever"]] / len(group)

    def cost(group):
        contact = sum(price[f"contact_{name}"] for name in move["first"])
        contact += price["answer_rate"] * sum(price[f"contact_{name}"] for name in move["then"])
        offer = move["takers"] * move["benefit"] * price["benefit_scale"]
        rate = move["takers"] * move.get("rate_cut", 0) * sum(_revolving(customers[number]) for number in group)
        drawn = sum(_yearly(customers[number], "CASH_ADVANCE", price) for number in group)
        fees = move.get("fees_forgone", 0) * drawn * price["cash_advance_fee"]
        return contact + offer + (rate + fees) / len(group)

    def worth(group):
        if move["purpose"] == "care":
            return any(_known(customers[number], "CASH_ADVANCE") > 0 for number in group)
        return move["effect"]["base"] * lever(group) > cost(group)

    chosen = [group for group in groups(customers, inside, move, middles(market)) if worth(group)]
    contacted = [len([number for number in group if number not in held_out]) for group in chosen]
    costs = sum(number * cost(group) for number, group in zip(contacted, chosen, strict=True))
    levers = sum(number * lever(group) for number, group in zip(contacted, chosen, strict=True))
    return {
        "worth_contacting": sum(map(len, chosen)),
        "contacted": sum(contacted),
        "campaign_cost": costs,
        "break_even_effect": costs / levers if levers else float("nan"),
        **{f"campaign_value_{case}": share * levers - costs for case, share in move["effect"].items()},
    }
