"""The wording of findings: one table of templates, and what fills their places.

A place is a field of the finding, one of its parameters, or one of ``_PLACES``. What may follow a colon: ``row|rows``
counts a number or chooses by a yes or no; ``_SPECS``; what Python knows.
"""

from collections.abc import Callable
from string import Formatter
from typing import TYPE_CHECKING, Any

import numpy as np

from seg_utils.data.wording import example_of, joined, listing, plural, rounded, rows_of, show

if TYPE_CHECKING:
    from seg_utils.data.findings import Finding

FIRST = "Where it first shows: "  # before what was found in one of several parts of a file
_BEYOND = "{column} is above {covered:g} in {rows}, up to {highest:g}"
_NOT_COUNTED_OUT = (
    f"{_BEYOND}, and the shares of months are not counted out of it: it seems to say how long a card has been held, "
    "not the months that the figures cover (see data/dictionary.yml); "
)
_BELOW = "{column} is below {minimum:g} in {rows}, the lowest {lowest:g}: "
_FILLED = (
    "; the gaps are filled {as_in_training:as in training|with the median or mean of the others (IMPUTE=): segments "
    "rest on that guess}."
)
_ALONE = (
    "{column} {several:holds|is} {holders}: {times:multiple} times the next largest value ({next_largest:,.15g}) and "
    "{share:percentage} % of the column's total"
)
_REPEATED = "{count:repeated identical row|repeated identical rows} left out, each customer kept once"
_ORIGINAL_UNITS = "give the customers in original units"
_ANOTHER_NAME = "the column is another one under this name"
_YEARS = "it looks like years; multiply by 12"

TEMPLATES = {
    # reading
    "packing": "The file was taken out of {packing}.",
    "encoding": (
        "The file is not UTF-8 and was read as {encoding}; if names or ids look wrong, save it as UTF-8 (first such "
        "character in line {line:,})."
    ),
    "preamble": "{count:line|lines} above the header in row {row} ignored: {titles:quoted}.",
    "sheet": "Sheet {sheet:quoted} was read; other sheets ignored: {others:quoted}.",
    "blank_rows": "{count:blank row|blank rows} skipped.",
    "no_line_end": (
        "The last line has no line end; if the file was cut short, customers are missing. Check its last row."
    ),
    "sampled": (
        "The analysis rests on {sampled:,} of {count:customer|customers}, drawn by a hash of the id: a share is off by "
        "at most {error:percentage} points, nineteen times in twenty. Counts and amounts are of all, estimated from "
        "these; every customer is placed, and counted under All customers."
    ),
    "sampled/month": (
        "Of {count:customer|customers}, the {sampled:,} whom the run's sample holds, or would hold, are compared: "
        "counts, bridges and totals are theirs. make score places every customer."
    ),
    "columns": "{count:feature|features} matched by name.",
    "columns/renamed": "{count:feature|features} matched, {n_renamed} under another name: {renamed:quoted_all}.",
    "extra_columns": "{count:column|columns} that customers are not compared by: {examples:quoted_many}.",
    "no_id": "The file has no id column; row numbers serve as ids.",
    "duplicate_columns": (
        "{places} columns answer to {column} and hold the same values: column {used} of the file was used, "
        "{several:columns|column} {others} ignored."
    ),
    "id_spaces": "Spaces around {count:id|ids} removed.",
    "id_floats": "Ids end in .0 as numbers do; it was removed.",
    "decorated_numbers": "{column} is written with the sign {sign} ({action}).",
    "other_currency": (
        "Amounts carry the sign {sign}, but the report writes {currency} and prices in {currency}: name a dictionary "
        'with currency: "{sign}" by DICTIONARY=, and the MARKET= whose prices fit.'
    ),
    "bad_rows": "{count:row|rows} dropped as BAD_ROWS=drop asks ({summary}){beware}.",
    "duplicate_rows": f"{_REPEATED}: {{ids}}.",
    "duplicate_rows/in_parts": f"{_REPEATED}.",
    "synthetic": "These customers are synthetic: every id starts with {prefix}.",
    "features_subset": "Only {used:feature|features} used as FEATURES= asks; left out: {examples:names}.",
    "left_out": "The clustering goes without {reasons:reasons}.",
    # is it in original units at all?
    "transformed/centred": (
        "{count} of {columns:column|columns} have mean 0 and negative values: the data are {standardised:already "
        f"standardised|principal components or already centred}}; {_ORIGINAL_UNITS}"
    ),
    "transformed/below_zero": (
        "{count} of {columns:column|columns} are largely below zero ({names:names}, …): the data are already "
        f"standardised, centred on a median or otherwise scaled; {_ORIGINAL_UNITS}"
    ),
    "transformed/small": (
        "no amount in {names:names} exceeds {largest:.4g}: the data are already {to_one:scaled to 0–1|logarithms, "
        f"thousands or otherwise transformed}}; {_ORIGINAL_UNITS}"
    ),
    "identical": (
        "all {count:,} rows hold the same values: they are one customer again and again, or defaults; export the "
        "customers themselves"
    ),
    "no_variation/all": (
        "{left:column|columns} of {columns} tell customers apart (the others are empty or the same for all): segments "
        "need {needed} or more; export more columns"
    ),
    "no_variation": "{column} is {value:g} for all customers: it tells nobody from another and was set aside.",
    "no_value": "{column} holds no value at all and was set aside, as if it were not in the file: was it exported?",
    "no_value/new": (
        "{count:column holds|columns hold} no value at all: {names:names}; typical values stand for them."
    ),
    "missing": "{column} is missing in {rows}.",
    "missing/much": "{column} is missing in {rows}" + _FILLED,
    "incomplete_rows": "A value is missing in {rows}" + _FILLED,
    "negative": f"{_BELOW}an amount or count cannot be negative: correct the sign, or export the original values",
    "negative/code": f"{_BELOW}{{code:g}} looks like a code for missing: leave those cells empty",
    "sign/large": (
        f"{_BELOW}that is far larger than any value above: a decimal sign was probably lost, or the unit is another"
    ),
    "sign": (
        f"{_BELOW}so many cannot mean that {{meaning}}: the column is probably written with the other sign; change it, "
        "or export the original values"
    ),
    "below_zero": f"{_BELOW}{{meaning}}.",
    "impossible": (
        "{column} holds {highest:g} ({rows} above {impossible:g}), which no customer has: decimal signs were probably "
        "lost, or the unit is another"
    ),
    "limits": (
        "{column} is not as its dictionary says ({allowed}) in {rows}, such as {example}; if that is how customers "
        "are, change the limits there."
    ),
    "missing_code": (
        "{column} is {code:g} in {rows}, its largest value: it looks like a code for missing; leave those cells empty"
    ),
    # decimal signs, units, single values
    "decimals": (
        "decimal signs were probably lost or moved in about {count:cell|cells} of {n_columns:column|columns} "
        "({traces:each}{such}): as a rule a spreadsheet or a program of another language took the point for a "
        "thousands separator, or part of the rows is in another unit such as cents; export the customers again and do "
        "not pass the file through a spreadsheet, as dropping rows leaves the rest of the damage"
    ),
    "decimals/apart": (
        "about {count:value|values} around {times:,.0f} times too {too_large:large|small}{whole: and without decimals|}"
    ),
    "decimals/short": "{count:value|values} with two decimals or fewer and six elsewhere",
    "decimals/no_last_zeros": (
        "none of {fractions:,} numbers with {places} decimals ends in 0, so that about {count:,} of them are a tenth, "
        "a hundredth … of what they were"
    ),
    "decimals/whole_shares": "{count:share|shares} above {maximum:g}",
    "units_change": (
        "from about row {row:,} ({customer:quoted}) on, {together:all amounts are|{column} is} about {times:about} "
        "times as {larger:large|small} as before, which {together:no count or share|no other amount} follows: two "
        "files in different units (cents, thousands, another currency) were probably put together, or decimal signs "
        "were lost; bring all rows to one unit (or sort the rows another way, if the figures are right)"
    ),
    "lone": f"{_ALONE}; sums, shares and means hang on that: is it right?",
    "lone/damage": (
        f"{_ALONE}; no tail of real amounts reaches so far, a decimal sign was probably lost: correct "
        "{several:them, or drop the {count} rows|it, or drop the row} with BAD_ROWS=drop"
    ),
    "lone/alone": _ALONE,
    "lone/dropped": "{count:row|rows} dropped as BAD_ROWS=drop asks: {values:sentences}.",
    "unexpected": (
        "{column} {several:holds|is} {holders}, {times:about} times what the customer's other amounts let expect: is a "
        "decimal sign in another place?"
    ),
    "cut": (
        "{column} never reaches {cut:,.0f} although {rows} are above {near:.0f}: thousands separators were probably "
        "taken for the end or the beginning of a number, as in 1,234.50; export it again without thousands separators"
    ),
    "mixed_units": (
        "About {rows} have around {times:,.0f} times what others have of every amount, but no more transactions: are "
        "they large customers, or is that part of the file in another unit, such as cents?"
    ),
    # kinds of columns
    "frequency_range/divided_twice": (
        "{column} is {highest:g} at most, not a month in {months:.0f}: it was divided by 100 twice"
    ),
    "tenure_years": f"{{column}} is {{highest:g}} at most and the frequencies count in months: {_YEARS}",
    "tenure_years/new": f"{{column}} is {{highest:g}} at most: {_YEARS}",
    "months_beyond/counted_out": (
        f"{_BEYOND}; the shares of months are counted out of it, so the figures cover more than a year."
    ),
    "months_beyond": f"{_BEYOND}, which the shares of months do not follow: {{example}}.",
    "months_on_book": f"{_NOT_COUNTED_OUT}it was set aside.",
    "months_on_book/needed": f"{_NOT_COUNTED_OUT}the model needs the months covered",
    # columns against one another
    "zeros_together/seldom": (
        "In {count} of {pairs} pairs such as {first} and {second} one is often zero where the other is not: the "
        "columns of these customers do not go together as usual."
    ),
    "over_limit": "{column} is above {limit} in {rows}.",
    "units/limit": (
        "{column} is typically more than 100 times every other amount: it is in another unit, such as cents"
    ),
    "units": (
        "{column} is typically {ratio:.3g} times {limit}: it is in another unit (such as cents or thousands), or "
        f"{_ANOTHER_NAME}"
    ),
    "swapped": (
        "{column} exceeds {larger} in {rows}: the two columns were probably swapped, or one is in another unit"
    ),
    "unrelated": (
        "No other column goes with {names:names}, although the others go together: was one sorted or shifted by itself?"
    ),
}

# What is wrong with rows that are noted while they are few, and the likely cause where they are many
ODD_ROWS = {
    "frequency_range": ("{column} is outside 0–1", f"decimal signs were probably lost, or {_ANOTHER_NAME}"),
    "frequency_range/percentage": (
        "{column} is outside 0–1", "it looks like a percentage; divide the column by 100",
    ),
    "frequency_range/months": (
        "{column} is outside 0–1", "it looks like a number of months; divide by the months observed",
    ),
    "count_fraction": (
        "{column} is no whole number", f"counts are whole numbers: {_ANOTHER_NAME}, or it was averaged or scaled",
    ),
    "tenure_fraction": ("{column} is no whole number of months", "months are whole numbers"),
    "tenure_fraction/years": ("{column} is no whole number of months", _YEARS),
    "tenure_range": ("{column} is below 1 month", f"{_ANOTHER_NAME}, or it counts years"),
    "purchases_sum": (
        "{column} is not {parts}",
        "decimal signs were probably lost or moved, or columns were swapped or are in different units",
    ),
    "no_limit": ("{column} is zero", "the limit cannot be zero so often"),
    "far_beyond_limit": (
        "{column} is more than {times:g} times {limit}",
        "decimal signs were probably lost, columns swapped, or one of them is in another unit such as cents",
    ),
    "zeros_together": (
        "{column} and {second} are not zero together",
        "numbers were damaged, or columns were swapped, shifted or sorted on their own",
    ),
    "whole_months": ("{column} is no share of whole months", "decimal signs were probably lost or moved"),
    "months_of_tenure": (
        "The frequencies are no whole months of {column}",
        "{column} was probably sorted, shuffled or shifted on its own, or cut at the end of the file",
    ),
}  # fmt: skip


def sentence(finding: "Finding") -> str:
    """One sentence on a finding."""
    key = f"{finding.rule}/{finding.case}" if finding.case else finding.rule
    if key in ODD_ROWS:
        statement, cause = ODD_ROWS[key]
        template = statement + " in {rows}, such as {example}" + (f": {cause}" if finding.parameters["many"] else ".")
    else:
        template = TEMPLATES[key]
    first = FIRST if finding.parameters.get("in_one_part") else ""
    return first + _WORDS.vformat(template, (), finding)


class _Words(Formatter):
    """Fills the places of a template from a finding."""

    def get_value(self, key: str, args: tuple, finding: "Finding") -> Any:
        if key in _PLACES:
            return _PLACES[key](finding)
        return finding.parameters[key] if key in finding.parameters else getattr(finding, key)

    def format_field(self, value: Any, spec: str) -> str:
        """A value in words."""
        if "|" in spec:
            singular, several = spec.split("|")
            if isinstance(value, bool | np.bool_):
                return singular if value else several
            return plural(value, singular, several)
        return _SPECS[spec](value) if spec in _SPECS else super().format_field(value, spec)


def _holders(finding: "Finding") -> str:
    """Customers who are examples, by their value."""
    shown = []
    for example in finding.examples:
        (_, customer), (_, value) = example.items()
        shown.append(f"{value:,} ({show(customer)})")
    more = finding.count - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


_WORDS = _Words()
_PLACES: dict[str, Callable[["Finding"], Any]] = {
    "rows": lambda finding: rows_of(finding.count, finding.total),
    "several": lambda finding: finding.count > 1,
    "example": lambda finding: example_of(finding.examples[0]),
    "such": lambda finding: f"; such as {example_of(finding.examples[0])}" if finding.examples else "",
    "holders": _holders,
}
_SPECS: dict[str, Callable[[Any], str]] = {
    "quoted": lambda value: show(value) if isinstance(value, str) else listing(value),
    "quoted_many": lambda values: listing(values, 12),
    "quoted_all": lambda values: listing(values, len(values)),
    "names": ", ".join,
    "reasons": lambda reasons: "; ".join(f"{name} ({reason})" for name, reason in reasons.items()),
    "each": lambda findings: "; ".join(f"{finding.column}: {finding.message}" for finding in findings),
    "sentences": lambda findings: joined([finding.message for finding in findings]),
    "about": rounded,
    "multiple": lambda times: f"{times:.2g}" if times < 10 or times > 1e9 else f"{times:,.0f}",
    "percentage": lambda share: f"{100 * share:.2g}" if share < 0.99 else f"{100 * share:.4g}",
}
