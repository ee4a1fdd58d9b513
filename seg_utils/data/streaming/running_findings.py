"""What is noticed about a file that is read in pieces: counts of the whole file, and the first examples, no more."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from seg_utils.data.checks.severity import Columns, rows_of
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding, show

FIRST = "Where it first shows: "
"""Before what a piece says of itself, where there are several."""


class Concerned(tuple):
    """Examples that know whom they are examples of: ``ids`` of all customers concerned, among ``n``."""

    ids: pd.api.extensions.ExtensionArray
    n: int


class Noting(Columns):
    """The same columns, whose examples are ``Concerned``."""

    def __init__(self, columns: Columns) -> None:
        vars(self).update(vars(columns))

    def examples(self, odd: np.ndarray, *names: str) -> Concerned:
        """Up to five customers of a mask (n,), with the values of these columns."""
        shown = Concerned(super().examples(odd, *names))
        shown.ids, shown.n = self._ids[odd], len(self)
        return shown


@dataclass
class Counted:
    """A finding as it first shows, and how many customers of the file it concerns so far."""

    finding: Finding
    customers: int

    def told(self, n_customers: int) -> Finding:
        """The finding about a whole file of so many customers."""
        one = self.finding
        message = one.message.replace(rows_of(one.count, one.examples.n), rows_of(self.customers, n_customers))
        return replace(one, message=message, count=self.customers, examples=tuple(one.examples))


class Findings:
    """Findings on the file, and on its pieces: those on rows are added up, of others alike the first stands for all."""

    def __init__(self) -> None:
        self._of_file: dict[tuple[str, str], Finding] = {}
        self._of_rows: dict[tuple[str, str], Counted | Finding] = {}

    def note(self, findings: Iterable[Finding]) -> None:
        """Findings on the whole file, in the place of earlier ones alike."""
        self._of_file |= {_key(one): one for one in findings}

    def add(self, findings: Iterable[Finding], customers: pd.Series, names: pd.Series) -> None:
        """Findings on a piece, of whose rows ``customers`` (n,), ids, are new customers: the others were counted.

        ``names`` (n,) are the ids that these customers go by in the whole file.
        """
        for one in findings:
            if not isinstance(one.examples, Concerned):
                self._of_rows.setdefault(_key(one), one)
            elif (concerned := customers.isin(one.examples.ids)).any():
                if _key(one) not in self._of_rows:
                    known = dict(zip(customers[concerned], names[concerned], strict=True))
                    self._of_rows[_key(one)] = Counted(_light(one, known), 0)
                self._of_rows[_key(one)].customers += int(concerned.sum())

    def all(self, n_customers: int, *, several: bool) -> list[Finding]:
        """What was noticed so far, among so many customers, in one or several pieces."""
        first = FIRST if several else ""
        return [
            *self._of_file.values(),
            *(
                one.told(n_customers) if isinstance(one, Counted) else replace(one, message=first + one.message)
                for one in self._of_rows.values()
            ),
        ]


def _key(one: Finding) -> tuple[str, str]:
    return one.rule, one.column


def _light(one: Finding, names: Mapping[str, str]) -> Finding:
    """The same in other ids, and without those of all customers concerned, of whom a long file has many."""
    shown = Concerned({**example, ID: names.get(example[ID], example[ID])} for example in one.examples)
    shown.ids, shown.n = one.examples.ids[:0], one.examples.n
    first, named = (f"such as {show(examples[0][ID])} with" for examples in (one.examples, shown))
    return replace(one, message=one.message.replace(first, named), examples=shown)
