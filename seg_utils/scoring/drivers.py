"""What drove a placement: the features that set a customer's segment before the next one."""

from dataclasses import dataclass

import numpy as np

from seg_utils.scoring.model import Located, SegmentModel

TOP = 3


@dataclass(frozen=True)
class Drivers:
    """``features`` (n, top): columns of the model's features, most telling first, -1 where fewer of them speak for the
    segment; ``high`` (n, top): whether the customer's value is above the average training customer's."""

    features: np.ndarray
    high: np.ndarray


def drivers(model: SegmentModel, located: Located, top: int = TOP) -> Drivers:
    """The features that bring a customer closer to the own segment's centre than to the next one's.

    A squared distance is a sum over features, so the difference of the two distances is one too; the largest summands
    are what drove it. They are its Shapley values against the point halfway between the two centres, where neither
    segment is nearer: SHAP would add samples and time, and no other number. Always in scaled features, in which centres
    have a meaning even where codes were clustered. For a customer in no segment the two nearest segments are compared.
    What was filled in drives nothing.
    """
    own, following = located.order[:, :2].T
    to_own = (located.scaled - model.scaled_centroids[own]) ** 2
    gain = (located.scaled - model.scaled_centroids[following]) ** 2 - to_own
    gain = np.where(located.known, gain, -np.inf)
    columns = (-gain).argsort(axis=1, kind="stable")[:, :top]
    speaks = np.take_along_axis(gain, columns, axis=1) > 0
    high = np.take_along_axis(located.scaled, columns, axis=1) > 0
    return Drivers(np.where(speaks, columns, -1), high)
