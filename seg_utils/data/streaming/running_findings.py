"""What is noticed about a file that is read in parts: counts of the whole file, and the first examples, no more."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from seg_utils.data.columns.duplicate_ids import id_texts
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
            odd = id_texts(checked.iloc[finding.rows]).combine_chunks()
            concerned = pc.is_in(id_texts(customers), value_set=odd).to_numpy()
            if not concerned.any():
                continue
            if key not in self._of_parts:
                named = dict(zip(customers[concerned], names[concerned], strict=True))
                examples = tuple({**example, ID: named.get(example[ID], example[ID])} for example in finding.examples)
                self._of_parts[key] = replace(finding, examples=examples, rows=None)
            self._counts[key] = self._counts.get(key, 0) + int(concerned.sum())

    def counted(self) -> list[dict[str, Any]]:
        """What was found in parts, as plain values, each with how often; None where it is on no rows."""
        plain = {field.name for field in fields(Finding)} - {"rows"}
        return [
            {name: getattr(finding, name) for name in plain} | {"count_of_rows": self._counts.get(key)}
            for key, finding in self._of_parts.items()
        ]

    def add_counted(self, counted: Iterable[Mapping[str, Any]]) -> None:
        """Findings on a part, as ``counted`` gave them."""
        for raw in counted:
            plain = dict(raw)
            count, examples = plain.pop("count_of_rows"), tuple(plain.pop("examples"))
            finding = Finding(**plain, examples=examples)
            self._of_parts.setdefault(_key(finding), finding)
            if count is not None:
                self._counts[_key(finding)] = self._counts.get(_key(finding), 0) + count

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
