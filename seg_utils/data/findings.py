"""What was noticed about a customers file, as data; ``messages`` words it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from seg_utils.data import messages

SET_ASIDE = "set aside"  # what is done about a column that the segmentation goes on without

# What quality.json and scoring.json hold of a finding, in order
SERIALISED = ("severity", "rule", "column", "count", "examples", "action", "message")


@dataclass(frozen=True)
class Finding:
    """One thing noticed about the file.

    ``severity`` is info, warning or error; ``column`` is a feature, the id or empty when the whole file is meant;
    ``count`` is the number of rows, cells or columns concerned, ``total`` of how many rows where rows are counted;
    ``examples`` hold plain JSON values; ``action`` says what was done; ``case`` which of a rule's wordings applies, and
    ``parameters`` what else that wording names. ``rows`` are the places of the rows concerned among those checked.
    """

    severity: str
    rule: str
    column: str = ""
    count: int = 0
    examples: tuple[Any, ...] = ()
    action: str = "kept"
    total: int = 0
    case: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    rows: np.ndarray | None = field(default=None, compare=False, repr=False)

    @property
    def message(self) -> str:
        """One sentence for people."""
        return messages.sentence(self)

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in SERIALISED} | {"examples": list(self.examples)}


def error(rule: str, column: str = "", count: int = 1, *, case: str = "", **parameters: Any) -> Finding:
    """A finding that stops the run."""
    return Finding("error", rule, column, count, action="stopped", case=case, parameters=parameters)
