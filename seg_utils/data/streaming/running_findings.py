"""What is noticed about a file that is read in parts: counts of the whole file, and the first examples, no more."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding

Key = tuple[str, str]


class RunningFindings:
    """Findings on the file, and on its parts: those on rows are added up, of others alike the first stands for all."""

    def __init__(self) -> None:
        self._of_file: dict[Key, Finding] = {}
        self._of_parts: dict[Key, Finding] = {}
        self._counts: dict[Key, int] = {}

    def note(self, findings: Iterable[Finding]) -> None:
        """Findings on the whole file, in the place of earlier ones alike."""
        self._of_file |= {_key(finding): finding for finding in findings}

    def add(self, findings: Iterable[Finding], checked: pd.Series, customers: pd.Series, names: pd.Series) -> None:
        """Findings on a part.

        Args:
            checked: ids (m,) of the rows that were checked, which the findings' ``rows`` are places of.
            customers: ids (n,) of those among them who are new customers: the others were counted before.
            names: what these customers are called in the whole file (n,).
        """
        for finding in findings:
            key = _key(finding)
            if finding.rows is None:
                self._of_parts.setdefault(key, finding)
                continue
            concerned = customers.isin(checked.iloc[finding.rows])
            if not concerned.any():
                continue
            if key not in self._of_parts:
                named = dict(zip(customers[concerned], names[concerned], strict=True))
                examples = tuple({**example, ID: named.get(example[ID], example[ID])} for example in finding.examples)
                self._of_parts[key] = replace(finding, examples=examples, rows=None)
            self._counts[key] = self._counts.get(key, 0) + int(concerned.sum())

    def all(self, n_customers: int, *, several: bool) -> list[Finding]:
        """What was noticed so far, among so many customers, in one or several parts."""
        return [*self._of_file.values(), *(self._whole(key, n_customers, several) for key in self._of_parts)]

    def _whole(self, key: Key, n_customers: int, several: bool) -> Finding:
        """What was noticed in parts, as a finding on the whole file."""
        finding = self._of_parts[key]
        if key in self._counts:
            return replace(finding, count=self._counts[key], total=n_customers)
        return replace(finding, parameters={**finding.parameters, "in_one_part": several})


def _key(finding: Finding) -> Key:
    return finding.rule, finding.column
