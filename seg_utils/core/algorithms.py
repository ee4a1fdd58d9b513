"""The registry of clustering algorithms: what the package has to know of each beside its function.

The functions are in ``clustering.algorithms``; here is what parameters, resampling, stages and the report ask.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Algorithm:
    """What is asked of an algorithm.

    ``label`` is what people call it, inside a sentence; ``finds_k`` whether it finds its own number of segments;
    ``starts`` whether it searches from several starts; ``seeded`` whether anything random happens in it where nobody is
    left out of the fit; ``memberships`` whether it gives every customer a probability of each segment; ``replicates``
    how many its stability rests on, which is fewer where a fit takes seconds.
    """

    label: str
    finds_k: bool = False
    starts: bool = False
    seeded: bool = True
    memberships: bool = False
    replicates: int = 20


# By the name that ``ALGORITHM=`` takes
ALGORITHMS = {
    "kmeans": Algorithm("K-Means", starts=True, replicates=50),
    "minibatch": Algorithm("MiniBatch K-Means", starts=True, replicates=50),
    "gmm": Algorithm("a Gaussian mixture", starts=True, memberships=True),
    "ward": Algorithm("Ward's hierarchical clustering", seeded=False),
    "dbscan": Algorithm("DBSCAN", finds_k=True, seeded=False),
    "hdbscan": Algorithm("HDBSCAN", finds_k=True, seeded=False),
}
