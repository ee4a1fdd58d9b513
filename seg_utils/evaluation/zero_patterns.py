"""Yes/no switches: columns that are at their lowest value for the same customers, such as all that tells of one use.

A customer who never takes cash has no cash amount, no cash months and no cash count. Each such switch leaves a real gap
between customers, but a gap that one column has does not make a group: what counts is what goes together beyond it.
"""

from dataclasses import dataclass

import numpy as np

# A column whose lowest value fewer, or more, customers than that share have is no switch
LEAST_OFF, MOST_OFF = 0.03, 0.97

SAME = 0.8  # correlation of two columns' zeros from which on they are one switch
WITHIN = 0.97  # a switch is off for everyone, up to this share, for whom one that hangs on it is off
LEAST_TOLD = 1 / 3  # of the customers outside the largest segment, switches tell this share, or nothing is said of them
COMMON = 0.01  # a value that more customers have may be a group of its own in a column


@dataclass(frozen=True)
class Switch:
    """``columns`` that are at their lowest together, for the customers ``off`` (n,).

    ``parts`` are numbers of earlier switches: this one is off where all of them are, as all purchases are where both
    kinds of purchases are; empty for a switch of its own.
    """

    columns: tuple[int, ...]
    off: np.ndarray
    parts: tuple[int, ...]


def switches(X: np.ndarray) -> list[Switch]:
    """The switches among the columns of customers, shape (n, features); those that are off most often first."""
    lowest = np.equal(X, X.min(axis=0))
    often = lowest.mean(axis=0)
    families: list[list[int]] = []
    for column in np.flatnonzero((often > LEAST_OFF) & (often < MOST_OFF)).tolist():
        alike = (family for family in families if _correlation(lowest[:, column], lowest[:, family[0]]) >= SAME)
        family = next(alike, None)
        if family is None:
            families.append([column])
        else:
            family.append(column)
    offs = [lowest[:, family].mean(axis=1) > 0.5 for family in families]
    order = sorted(range(len(families)), key=lambda number: (-int(offs[number].sum()), families[number]))
    zero_switches: list[Switch] = []
    for number in order:
        zero_switches.append(Switch(tuple(families[number]), offs[number], _parts(offs[number], zero_switches)))
    return zero_switches


def common_values(X: np.ndarray) -> bool:
    """Whether more than a share ``COMMON`` of customers, shape (n, features), have the same value in some column."""
    beyond = int(COMMON * len(X)) + 1
    rising = np.sort(X, axis=0)
    return bool((rising[beyond:] == rising[:-beyond]).any())


def told_by(zero_switches: list[Switch], labels: np.ndarray) -> float:
    """Share of customers whose segment, ``labels`` (n,), is the usual one of those with the same switches off."""
    pattern = np.zeros(len(labels), dtype=np.int64)
    for switch in zero_switches:
        pattern = np.unique(2 * pattern + switch.off, return_inverse=True)[1]
    k = int(labels.max()) + 1
    table = np.bincount(pattern * k + labels, minlength=(int(pattern.max()) + 1) * k).reshape(-1, k)
    return float(table.max(axis=1).sum() / len(labels))


def tells(share: float, labels: np.ndarray) -> bool:
    """Whether ``told_by`` says clearly more than the share of the largest segment, which would be guessed without."""
    largest = np.bincount(labels).max() / len(labels)
    return bool(share - largest >= LEAST_TOLD * (1 - largest) > 0)


def _parts(off: np.ndarray, earlier: list[Switch]) -> tuple[int, ...]:
    wider = [number for number, other in enumerate(earlier) if other.off[off].mean() >= WITHIN]
    if len(wider) < 2:
        return ()
    together = np.logical_and.reduce([earlier[number].off for number in wider])
    return tuple(wider) if _correlation(together, off) >= SAME else ()


def _correlation(first: np.ndarray, other: np.ndarray) -> float:
    if first.all() or other.all() or not first.any() or not other.any():
        return 0.0
    return float(np.corrcoef(first, other)[0, 1])
