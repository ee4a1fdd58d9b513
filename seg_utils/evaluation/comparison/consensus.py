"""Who stays in the same company whatever is done: each customer's segment beside its cluster in other partitions.

Consensus clustering (Strehl and Ghosh 2002; Monti et al. 2003) counts for every two customers how often they are
together, which takes n times n numbers. Customers of one segment that share a cluster share their company, too, so the
tables of segment by cluster say as much of each customer in as many numbers as there are customers and partitions.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from seg_utils.evaluation.resampling.bootstrap import crosstab

KEPT = 0.5  # Jaccard similarity of a customer's company in two partitions from which on it counts as kept
ALWAYS, MOSTLY = "in all partitions", "in most partitions"


def company(labels: np.ndarray, partitions: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """How like its segment is the cluster that each other partition has a customer in.

    Args:
        labels: everyone's segment, shape (n,), from 0 on.
        partitions: everyone's cluster in each other partition, shape (n,), from 0 on.

    Returns:
        Jaccard similarities of the two sets of customers, one row a customer, one column a partition.
    """
    similarities = {}
    for name, others in partitions.items():
        table = crosstab(labels, others)
        union = table.sum(axis=1, keepdims=True) + table.sum(axis=0, keepdims=True) - table
        similarities[name] = (table / np.maximum(union, 1))[labels, others]
    return pd.DataFrame(similarities)


def kept(labels: np.ndarray, partitions: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Share of each segment's customers that keep their company in all, and in most, other partitions; the last row is
    everyone."""
    share = (company(labels, partitions) >= KEPT).mean(axis=1)
    counted = pd.DataFrame({ALWAYS: share == 1, MOSTLY: share > 0.5})
    by_segment = counted.groupby(pd.Series(labels, name="segment")).mean()
    return pd.concat([by_segment, counted.mean().to_frame("everyone").T.rename_axis("segment")])
