"""What the columns of the tables of all periods mean: unit and meaning by table and name."""

import re

from seg_utils.reporting.exports import column_meanings
from seg_utils.reporting.exports.column_meanings import MONEY, SHARE, shown_unit

CUSTOMERS = "customers"
UNIT = "unit of the outcome"
SPACE = "units of the segments' space"

MEANINGS = {
    "period": ("", "Year and month; of results, what month the responses are of, empty where that was not said"),
    "model": ("", "First letters of the hash of the model that placed the customers, or that drew the campaign"),
    "segment": ("key", "Segment, which keeps its key through all periods; -1 for outliers, who are in none"),
    "next_segment": ("key", "The next nearest segment"),
    "distance": (SPACE, "Distance to the centre of the segment"),
    "first_period": ("", "The period in which the customer came first; start for the run's own customers"),
    "periods_in_segment": (
        "periods",
        "How many periods running the customer has been in it, this one counted",
    ),
    "control_group": ("true or false", "Held out of the campaign"),
    "status": ("", "stayed, moved, new, returned or gone"),
    "kind": ("", "Of a move: real, or border flicker"),
    "crossed": (SPACE, "How far the customer went from the old segment towards the new one"),
    "noise": (SPACE, "How far nine in ten of those who stayed went that way"),
    "share_of_from": (SHARE, "Of those in the segment before and here again"),
    "share_of_met": (SHARE, "Of all who are in both periods"),
    "real": (CUSTOMERS, "Those who really moved"),
    "flicker": (CUSTOMERS, "Those who only crossed a border"),
    "new": (CUSTOMERS, "Those who came for the first time"),
    "returned": (CUSTOMERS, "Those who were away in the period before"),
    "moved_in": (CUSTOMERS, "Those who came from another segment, flicker included"),
    "moved_out": (CUSTOMERS, "Those who went to another segment, flicker included"),
    "gone": (CUSTOMERS, "Those who are not in the period"),
    "flicker_in": (CUSTOMERS, "Those of moved_in who only crossed a border"),
    "flicker_out": (CUSTOMERS, "Those of moved_out who only crossed a border"),
    "customer_base": (MONEY, "Change of the total by new, returned and gone customers"),
    "mix": (MONEY, "Change of the total by customers who changed segment"),
    "behaviour": (MONEY, "Change of the total by customers who have more or less in the same segment"),
    "campaign": ("", "The campaign that customers are held out of"),
}

OWN = {
    ("bridge", "before"): (CUSTOMERS, "Customers of the segment in the period before"),
    ("bridge", "now"): (CUSTOMERS, "Customers of the segment in the period"),
    ("shift", "before"): (MONEY, "Total of the segment in the period before"),
    ("shift", "now"): (MONEY, "Total of the segment in the period"),
    ("shift", "measure"): ("", "What is added up"),
    ("migration", "customers"): (CUSTOMERS, "Those who went that way"),
    ("movers", "customer_id"): ("", "Customer's id as in the customers file; one row each that is in either period"),
    ("membership", "customer_id"): ("", "Customer's id as in the customers file; one row each in the period"),
    ("segment_descriptors", "kind"): ("", "Number or category"),
    ("results", "purpose"): ("", "Whether the move is made for profit or for the customers' sake (care)"),
    ("results", "outcome"): ("", "What the move is judged by"),
    ("results", "yes_no"): ("true or false", "Whether the outcome is yes or no; else it is an amount"),
    ("results", "customers"): (CUSTOMERS, "Those with an outcome"),
    ("results", "control"): (CUSTOMERS, "Those of them who were held out"),
    ("results", "not_reached"): (CUSTOMERS, "Drawn to be contacted, but not contacted"),
    ("results", "control_contacted"): (CUSTOMERS, "Held out, but contacted"),
    ("results", "lost"): (CUSTOMERS, "Drawn to be contacted, of whom no outcome is known"),
    ("results", "lost_control"): (CUSTOMERS, "Held out, of whom no outcome is known"),
    ("results", "split_p"): ("probability", "Chance that groups as unequal come of chance"),
    ("results", "control_mean"): (UNIT, "Mean of those held out"),
    ("results", "lift"): (UNIT, "By how much the outcome of those drawn to be contacted is higher"),
    ("results", "lift_low"): (UNIT, "Lower end of its interval"),
    ("results", "lift_high"): (UNIT, "Upper end of its interval"),
    ("results", "plain_low"): (UNIT, "Lower end without the months before"),
    ("results", "plain_high"): (UNIT, "Upper end without the months before"),
    ("results", "lift_share"): (SHARE, "Lift as a share of the mean of those held out"),
    ("results", "lift_share_error"): (SHARE, "Its standard error"),
    ("results", "pooled_share"): (SHARE, "Lift as a share, drawn towards that of the other moves"),
    ("results", "pooled_low"): (SHARE, "Lower end of its interval"),
    ("results", "pooled_high"): (SHARE, "Upper end of its interval"),
    ("results", "cost"): (MONEY, "Of one customer contacted, more than of one held out"),
    ("results", "money"): (MONEY, "What the lift is worth a customer, net of the cost; empty where it has no price"),
    ("results", "money_low"): (MONEY, "Lower end of its interval"),
    ("results", "money_high"): (MONEY, "Upper end of its interval"),
    ("results", "p"): ("probability", "Chance of such an effect without one"),
    ("results", "p_adjusted"): ("probability", "The same, of several moves (Holm)"),
    ("results", "verdict"): ("", "roll out, stop, test on, or cannot be told"),
    ("results", "more_customers"): (CUSTOMERS, "How many more a test on takes"),
    ("results", "reason"): ("", "Why that is the verdict"),
}
"""Where a name means another thing than elsewhere, or stands in one table alone."""

PATTERNS = {
    r"feature_[1-3]": ("", "Feature of the data dictionary that changed much, the most telling first"),
    r"(before|now)_[1-3]": ("unit of the feature", "Its value in the period {when}"),
    r"confidence_(before|now)": (SHARE, "How sure the placement is in the period {when}: 0 on the border"),
    r"segment_(before|now)|(from|to)_segment": ("key", "Segment {when}; empty where the customer was not there"),
    r"persona_(before|now)|(from|to)_persona": ("", "Name of the segment {when}; of others new, returned or gone"),
    r"move_(before|now)": ("", "What to do with such customers, by the segment {when}"),
    r"\w+_(before|now)": (MONEY, "What these customers have in all, {when}"),
}
WHEN = {"before": "before", "now": "now", "from": "before", "to": "now"}


def describe(table: str, column: str) -> tuple[str, str]:
    """Unit and meaning of a column of a table.

    Raises:
        KeyError: nothing is known of it.
    """
    unit, meaning = OWN.get((table, column)) or MEANINGS.get(column) or _by_pattern(column)
    if not meaning:
        unit, meaning = column_meanings.MEANINGS[column]
    return shown_unit(unit), meaning


def _by_pattern(column: str) -> tuple[str, str]:
    for pattern, (unit, meaning) in PATTERNS.items():
        if found := re.fullmatch(pattern, column):
            when = next((WHEN[part] for part in found.groups() if part), "")
            return unit, meaning.format(when=when)
    return "", ""
