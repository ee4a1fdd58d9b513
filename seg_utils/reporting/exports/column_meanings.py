"""What the columns of the exported tables mean, where they are no features: unit and meaning by name."""

from collections.abc import Sequence

from seg_utils.core import dictionary
from seg_utils.core.dictionary import Derived, Feature
from seg_utils.core.transformation import Formula

SHARE = "share, 0 to 1"
MONEY = "currency"
YEARLY = "currency a year"
ASSUMED = "; rests on the assumptions of assumptions.csv"

MEANINGS = {
    "customer_id": ("", "Customer's id as in the customers file; one row each"),
    "segment": ("number", "Segment, 0 for the largest; -1 for outliers, who are in none"),
    "persona": ("", "Name of the segment"),
    "confidence": (SHARE, "How sure the placement is: 0 on the border to the next segment"),
    "distance": ("standardised units", "Distance to the centre of the segment (of the nearest one for outliers)"),
    "second_segment": ("number", "The next nearest segment"),
    "second_persona": ("", "Name of the next nearest segment"),
    "third_segment": ("number", "The third nearest segment; empty where there are only two"),
    "third_persona": ("", "Name of the third nearest segment"),
    "drivers": ("", "What brought the customer to this segment and not to the next one, most telling first"),
    "imputed": ("features", "How many of the features were missing and filled in"),
    "campaign": ("", "The campaign that customers are kept out of"),
    "control_group": (
        "true or false",
        "Kept out of it, by its name and the customer's id, to measure its effect",
    ),
    "feature": ("", "Feature of the data dictionary, or derived from such"),
    "label": ("", "What people call the feature"),
    "unit": ("", "Unit of the row's mean, median and quartiles"),
    "mean": ("see unit", "Mean in the segment, missing values left out"),
    "median": ("see unit", "Median in the segment"),
    "q25": ("see unit", "A quarter of the segment lies below"),
    "q75": ("see unit", "A quarter of the segment lies above"),
    "population_mean": ("see unit", "Mean of all customers"),
    "population_median": ("see unit", "Median of all customers"),
    "z": (
        "standard deviations",
        "From the mean of all customers to the segment's, amounts and counts as log1p",
    ),
    "rank": (SHARE, "Where the segment's median stands among all customers, from 0, the lowest, to 1, the highest"),
    "descriptor": ("", "Column that customers are not compared by, as named by DESCRIBE"),
    "kind": ("", "Number or category"),
    "level": ("", "Value of a category, the rarer ones as other; missing where there is none; empty for a number"),
    "share": (SHARE, "Of the segment's customers, those at this level"),
    "population_share": (SHARE, "Of all customers, those at this level"),
    "population_q25": ("as in the file", "A quarter of all customers lies below"),
    "population_q75": ("as in the file", "A quarter of all customers lies above"),
    "effect_measure": ("", "Measure of how far segments differ: eta squared of the ranks, or Cramér's V"),
    "effect": (SHARE, "That measure, less what chance gives; empty where all customers are alike"),
    "effect_by_chance": (SHARE, "What 99 in 100 draws stay below in which customers swap their segments"),
    "effect_size": ("", "What such an effect is called, after Cohen"),
    "objective": ("", "What to achieve with the segment"),
    "action_now": ("", "What to do first"),
    "action_later": ("", "What to do after that"),
    "offer": ("", "What to offer"),
    "channel": ("", "Where to offer it"),
    "kpi": ("", "What to watch"),
    "guardrail": ("", "What not to do"),
    "owner": ("", "Who acts"),
    "customers": ("customers", "Customers in the segment"),
    "customers_share": (SHARE, "The segment's share of customers"),
    "value_per_customer": (YEARLY, f"Value of a customer of the segment{ASSUMED}"),
    "segment_value": (YEARLY, f"Value of the segment{ASSUMED}"),
    "value_share": (SHARE, f"The segment's share of the value of all customers{ASSUMED}"),
    "annual_value": (YEARLY, f"What the customer brings a year, net of every cost{ASSUMED}"),
    "lifetime_value": (MONEY, f"The annual value over the years a customer counts for, discounted{ASSUMED}"),
    "lifetime_value_low": (MONEY, f"The least of it, one assumption at a time at either end of its range{ASSUMED}"),
    "lifetime_value_high": (MONEY, f"The most of it, one assumption at a time at either end of its range{ASSUMED}"),
    "losses": (YEARLY, f"Expected credit losses of a customer of the segment, below zero{ASSUMED}"),
    "purpose": ("", "Whether the move is made for profit or for the customers' sake (care)"),
    "lever": ("", "What of a customer the move changes, as report/economics.yml explains"),
    "worth_contacting": ("customers", f"Customers whom the move is worth contacting{ASSUMED}"),
    "contacted": ("customers", f"Those of them who are not kept aside{ASSUMED}"),
    "given_up": (MONEY, f"Income given up for each customer contacted{ASSUMED}"),
    "campaign_cost": (MONEY, f"What contacts, benefits and income given up cost{ASSUMED}"),
    "break_even_effect": (SHARE, f"Share of the lever at which a campaign breaks even; empty where none does{ASSUMED}"),
    "effect_low": (SHARE, f"Effect on the lever, average of the contacted, low case{ASSUMED}"),
    "effect_base": (SHARE, f"Effect on the lever, average of the contacted, base case{ASSUMED}"),
    "effect_high": (SHARE, f"Effect on the lever, average of the contacted, high case{ASSUMED}"),
    "move_source": ("", "What the effect rests on: our guess, a source, or a campaign that measured it"),
    "campaign_value_low": (YEARLY, f"What a campaign may bring, low case{ASSUMED}"),
    "campaign_value_base": (YEARLY, f"What a campaign may bring, base case{ASSUMED}"),
    "campaign_value_high": (YEARLY, f"What a campaign may bring, high case{ASSUMED}"),
    "rank_base": ("number", f"Rank of the campaign, base case, 1 the best; moves of care come last{ASSUMED}"),
    "measure": ("", "What a test of the move compares"),
    "months": ("months", "How long the test takes"),
    "control": ("customers", "Those worth contacting who are kept aside"),
    "effect_that_matters": (
        SHARE,
        "Effect a test must show, as a share of the measure; empty where none is planned",
    ),
    "needed_per_group": ("customers", "Customers each of two equal groups needs to show that effect"),
    "power_here": (SHARE, "Chance that the groups there are show that effect"),
    "first_reading": (SHARE, "Smallest extra response that the groups show; empty where none"),
    "pooled_with": ("", "Segments whose moves are measured by the same, to be read together"),
    "test_verdict": ("", "Whether these customers can show whether the move works"),
}


def describe(column: str) -> tuple[str, str]:
    """Unit and meaning of a column; features, derived ones too, are described by the data dictionary, and what it does
    not know is a descriptor."""
    known = dictionary.load()
    for measure in known.measures:
        if column == f"{measure.name}_share":
            return SHARE, f"The segment's share of all {measure.label.lower()}"
    if column in MEANINGS:
        unit, meaning = MEANINGS[column]
        return shown_unit(unit), meaning
    features = {feature.name: feature for feature in known.described}
    if column in features:
        return shown_unit(features[column].unit), features[column].description
    labels = {one.name: f"{one.label}, as" for one in known.descriptors}
    return "", f"{labels.get(column, 'As')} in the customers file; customers are not compared by it"


def formula(feature: Feature) -> str:
    """How a derived feature is computed from columns, as the data dictionary says; empty where it is a column."""
    return in_words(feature.formula) if isinstance(feature, Derived) else ""


def in_words(formula: Formula) -> str:
    """A formula as people write it."""
    if formula.fifth:
        return f"fifth of the customers by {' + '.join(formula.fifth)}, 1 the lowest, 5 the highest"
    if formula.weighted:
        return " + ".join(f"{weight:g} × {name}" for name, weight in formula.weighted)
    ratio = f"{_summed(formula.of)} / {_summed(formula.to)}, empty where the divisor is 0"
    return ratio if formula.at_most is None else f"{ratio}; what is above {formula.at_most:g} counts as that"


def _summed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"({' + '.join(names)})"


def shown_unit(unit: str) -> str:
    """A unit as people read it, with the currency's sign."""
    return unit.replace("currency", f"currency ({dictionary.load().currency})")
