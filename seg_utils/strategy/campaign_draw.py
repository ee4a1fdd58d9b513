"""A campaign drawn among any number of customers, some at a time: whom to contact and whom to hold out.

Of customers who are a sample of all, what holds is held to be so of all: whom it is worth contacting is told by the
sample's groups of like customers, and the sample's own customers have the part that they have there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from seg_utils.strategy import grouping
from seg_utils.strategy.campaigns import Valuation
from seg_utils.strategy.decisions import parts
from seg_utils.strategy.definitions import Assumptions
from seg_utils.strategy.testplan import control_group

Alike = tuple[int, float, bool]  # segment, tenure, and whether there is any of what the segment's move is about


@dataclass(frozen=True)
class Campaign:
    """What a run decided on its customers, by which others are contacted or held out.

    ``decided`` is the strategy table and ``sums`` are those of ``grouping.sums_of``. ``bands`` holds, of those who are
    alike, the largest amount in each band, rising, and whether it is worth contacting, both (bands,).
    """

    name: str
    people: Sequence[dict[str, Any]]
    decided: pd.DataFrame
    assumptions: Assumptions
    sums: dict[str, float]
    bands: dict[Alike, tuple[np.ndarray, np.ndarray]]

    def drawn(self, ids: pd.Series, each: Mapping[str, np.ndarray], segments: pd.Series) -> pd.DataFrame:
        """``campaign, control_group, campaign_part`` of customers as a run's ``segments.csv`` has them, in their order;
        by their ids, ``grouping.rows`` and segments."""
        held_out = control_group(ids, self.assumptions.test.control_share, self.name)
        part = parts(self.decided, segments, self._worth(each, segments.to_numpy()), held_out)
        return pd.DataFrame({"campaign": self.name, "control_group": held_out, "campaign_part": part}, segments.index)

    def _worth(self, each: Mapping[str, np.ndarray], labels: np.ndarray) -> np.ndarray:
        """Whether each customer's band is worth contacting; those beyond all bands count to the last, and whoever has
        nobody alike is left alone."""
        worth = np.zeros(len(labels), dtype=bool)
        if not self.bands:
            return worth
        amount, _ = grouping.amounts(each, labels, self.people, self.assumptions, self.sums)
        for alike, places in _alike(each, labels, amount).indices.items():
            if alike in self.bands:
                most, pays = self.bands[alike]
                worth[places] = pays[np.minimum(np.searchsorted(most, amount[places]), len(most) - 1)]
        return worth


def learnt(name: str, valuation: Valuation, decided: pd.DataFrame) -> Campaign:
    """The campaign of this name that a run drew among its customers, to be drawn among others; ``decided`` is
    ``decisions.decide``'s table."""
    people, assumptions = valuation.people, valuation.assumptions
    if not valuation.inputs:
        return Campaign(name, people, decided, assumptions, {}, {})
    amount, group, worth = valuation.amount, valuation.group, valuation.worth_contacting
    bands = {}
    for alike, places in _alike(valuation.rows, valuation.labels, amount).indices.items():
        inside = pd.DataFrame({"most": amount[places], "pays": worth[places]}).groupby(group[places]).max()
        bands[alike] = inside["most"].to_numpy(), inside["pays"].to_numpy()
    return Campaign(name, people, decided, assumptions, grouping.sums_of(valuation.rows, assumptions), bands)


def _alike(each: Mapping[str, np.ndarray], labels: np.ndarray, amount: np.ndarray) -> Any:
    """Rows by ``Alike``."""
    alike = pd.DataFrame({"segment": labels, "tenure": each["tenure"], "any": amount > 0})
    return alike.groupby(["segment", "tenure", "any"])
