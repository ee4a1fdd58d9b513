"""Check of single values that stand alone: one row that the sums, shares and means of its whole column hang on.

The largest values of heavy-tailed amounts are far apart, too. Those beneath them say how far: in a Pareto tail
the logarithms of neighbouring values' ratios, times their rank, are independent and exponential (Rényi's
representation); lognormal and lighter tails lie closer together. So the gap above all but the few largest is compared
with the mean of the gaps beneath it (Hill's estimator), and the chance of such a gap has a closed form.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from seg_utils.data.checks.magnitudes import are_large_customers, excesses
from seg_utils.data.checks.severity import Columns
from seg_utils.data.columns.matching import ID
from seg_utils.data.findings import Finding

MOST_ALONE = 20  # so many values may stand alone together; more are a group (magnitudes.groups_apart)
TAIL_VALUES = 40
TAIL_SHARE = 0.1
LEAST_TAIL = 6  # gaps beneath: so many, of a tenth of the values, and no fewer than these

# Limits that end at one round number have no gaps beneath; amounts of any card thin out no faster than this
LEAST_HILL = 0.2

# A value is damage when it is so many times the next, holds such a share of the total, and the chance of it is so
# small; any of these will do. Of 5,600 simulated portfolios (lognormal, Pareto, Lomax, Weibull; 60 to 100,000
# customers, some of them corporate) 4 were refused, all of at most 1,000 customers with a tail of exponent 1 or as
# heavy; none of 12 of a million, and none of 1,800 parts of the public and the bundled file.
GAPS = ((100.0, 0.0, 2e-6), (10.0, 0.3, 2e-5), (5.0, 0.3, 1e-6), (1e3, 0.8, 2e-3))

NOTED = (5.0, 0.0, 1e-4)
NOTED_SHARE = 0.2

# One row that holds this share of a column's total, and as much as so many of its values on average, is noted
# whatever the chance of it
NOTED_VALUES = 15

# A customer who has much of everything may have so many times the next one's amount, with a note
LARGEST_CUSTOMERS = 1000.0

UNEXPECTED = (2.0, 0.0, 1e-4)

# An amount is noted from so many times what is expected, if it is also apart from the others' surprises
LEAST_TIMES = 50.0

LARGE = 1 << 16  # from so many values on, only those above the largest of a sample are sorted
SAMPLED_ABOVE = 10


class Gap(NamedTuple):
    """The ``count`` largest values are ``times`` the next or more, hold ``share`` of the total; ``chance`` of that."""

    count: int
    times: float
    share: float
    chance: float
    least: float
    below: float


def lone(columns: Columns) -> Iterator[Finding]:
    """Values orders of magnitude beyond all others of their column, or with much of its total."""
    for name in columns.names("amount", "count"):
        beneath = _gaps(columns, name)
        damage = _damage(columns, name, beneath)
        if damage:
            yield _alone("error", columns, name, damage, case="damage")
            continue
        noted = next((gap for gap in beneath if _exceeds(gap, *NOTED)), None)
        if noted is None and beneath and beneath[0].share > max(NOTED_SHARE, NOTED_VALUES / _filled(columns, name)):
            noted = beneath[0]
        if noted:
            yield _alone("warning", columns, name, noted)


def unexpected(columns: Columns) -> Iterator[Finding]:
    """Amounts far above what the same customers' other amounts let expect; of a very large file, those of a sample."""
    for name, (places, excess) in columns.measured(excesses).items():
        times = 10.0**excess
        order = np.argsort(-times, kind="stable")
        tail = _tail(len(times))
        beneath = gaps(times[order[: MOST_ALONE + tail + 1]], tail, float(times.sum()))
        noted = next((gap for gap in beneath if _exceeds(gap, *UNEXPECTED)), None)
        if noted and times[order[noted.count - 1]] >= LEAST_TIMES:
            odd = np.zeros(len(columns), dtype=bool)
            odd[places[order[: noted.count]] * columns.step] = True
            yield columns.finding("warning", "unexpected", odd, name, times=times[order[0]])


def without(frame: pd.DataFrame, features: list[str]) -> tuple[pd.DataFrame, list[Finding]]:
    """Customers without those of whom a value is damage by ``lone``, and who they were."""
    columns = Columns(frame, features)
    odd = np.zeros(len(frame), dtype=bool)
    values = []
    for name in columns.names("amount", "count"):
        damage = _damage(columns, name, _gaps(columns, name))
        if damage:
            odd |= columns[name] >= damage.least
            values.append(_alone("warning", columns, name, damage, case="alone"))
    if not values:
        return frame, []
    count = int(np.count_nonzero(odd))
    examples = tuple({ID: str(customer)} for customer in frame[ID][odd].head(MOST_ALONE))
    dropped = Finding(
        "warning", "lone", "", count, examples, action="dropped", case="dropped", parameters={"values": values}
    )
    return frame[~odd].reset_index(drop=True), [dropped]


def _damage(columns: Columns, name: str, beneath: list[Gap]) -> Gap | None:
    """The lowest gap above which values are damage, if there is one."""
    for gap in reversed(beneath):
        if any(_exceeds(gap, *bounds) for bounds in GAPS):
            alone = np.flatnonzero(columns[name] >= gap.least)
            if gap.times >= LARGEST_CUSTOMERS or not are_large_customers(columns, name, alone):
                return gap
    return None


def _exceeds(gap: Gap, times: float, share: float, chance: float) -> bool:
    return gap.times >= times and gap.share >= share and gap.chance < chance


def _gaps(columns: Columns, name: str) -> list[Gap]:
    """The gaps beneath the largest value, the two largest, and so on, where there are enough values beneath."""
    values = columns[name]
    tail = _tail(_filled(columns, name))
    top = _largest(columns, name, MOST_ALONE + tail + 1)
    whole = columns.is_complete(name) and columns.extremes(name)[0] >= 0  # as a rule, and no copy is needed
    return gaps(top, tail, float((values if whole else values[values > 0]).sum()))


def _tail(values: int) -> int:
    """How many gaps beneath are looked at among so many values."""
    return int(min(TAIL_VALUES, max(LEAST_TAIL, TAIL_SHARE * values)))


def gaps(top: np.ndarray, tail: int, total: float) -> list[Gap]:
    """The gaps beneath the first of the largest values (m,), falling, each beside ``tail`` gaps below it."""
    counts = np.arange(1, min(MOST_ALONE, len(top) - tail - 1) + 1)
    if not len(counts):
        return []
    below = np.lib.stride_tricks.sliding_window_view(top, tail + 1)[counts]
    hill = np.log(below[:, :-1] / below[:, -1:]).mean(axis=1).clip(min=LEAST_HILL)
    times = top[counts - 1] / below[:, 0]
    chance = (1 + counts * np.log(times) / (tail * hill)) ** -tail
    share = [top[:count].sum() / total for count in counts]
    measured = zip(times, share, chance, top[counts - 1], below[:, 0], strict=True)
    return [Gap(count, *map(float, values)) for count, values in enumerate(measured, start=1)]


def _filled(columns: Columns, name: str) -> int:
    """How many values are above zero: all are counted, as a sample may hold none of a column that is seldom filled."""
    return int(np.count_nonzero(columns[name] > 0))


def _largest(columns: Columns, name: str, count: int) -> np.ndarray:
    """The largest values above zero, falling; at least ``count`` of them, if there are."""
    values = columns[name]
    if len(values) > LARGE:
        bound = np.sort(np.nan_to_num(columns.sample(name)))[-SAMPLED_ABOVE]
        above = values[values >= bound]
        values = above if count <= len(above) <= LARGE else values
    values = values[values > 0]
    if len(values) > count:
        values = np.partition(values, len(values) - count)[-count:]
    return np.sort(values)[::-1]


def _alone(severity: str, columns: Columns, name: str, gap: Gap, case: str = "") -> Finding:
    """The values above a gap, as a finding."""
    words = {"times": gap.times, "next_largest": gap.below, "share": gap.share}
    return columns.finding(severity, "lone", columns[name] >= gap.least, name, case=case, **words)
