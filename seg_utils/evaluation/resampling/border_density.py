"""How dense the borders between neighbouring segments are, on customers that the segments were not fitted to.

A border through one cloud is as dense as what lies on both sides of it; between groups there is a valley. Density is
measured at the bottom of the valley, and along the data: on a curved cloud customers are counted by how far one has to
go among customers to reach them, since a straight line sees more of the curve where that leans.
"""

import numpy as np

from seg_utils.clustering.lloyd import Run

WINDOW = 0.3  # half-width of the windows at the border and at the two centres, in half-distances between the centroids

# How far from the middle the bottom of the valley is looked for, in half-distances, beside a group that is very much
# larger; in the middle between equals. It is found on the customers the segments were fitted to and measured on the
# others: the lowest of several counts would be too low on the same.
VALLEY = 0.4

PLACES = 5  # in how many places it is looked for

# A border this dense on the straight line is one through a cloud; the way along the data need not be looked for
FULL = 1.2

LEAST_FOR_A_SLOPE = 5  # so few customers in a window have no direction
CELL = 0.12  # side of the cells that ways along the data go through, in half-distances between the centroids

# Cells on either side of the border, and half as many again across, that ways are looked for in: four half-distances
# beyond it nobody counts
REACH = 34

# From a cell to its neighbours, the knight's moves included: a way is too long by 3 % at most
STEPS = ((0, 1), (1, 0), (1, 1), (1, -1), (1, 2), (2, 1), (1, -2), (2, -1))

RIDGE = 0.1  # share of the mean variance added to every direction: a few customers cannot turn the discriminant


def border_density(run: Run, fitted: np.ndarray, X: np.ndarray, labels: np.ndarray) -> float:
    """Density at the border of two neighbouring segments over the density at the thinner one's centre, at its worst.

    Measured along the linear discriminant of the two. Islands give 0. A convex cloud cut in two gives about 1 or more:
    it is not thinner in its middle than on both sides. So does one that bends round, but not always one that runs
    across the discriminant beside the cut, as a steep wave does: there customers crowd at its turns. Those are told by
    lookalikes along a curve (``null_models``).

    Args:
        run: segments fitted on ``fitted``, shape (m, features).
        X: other customers, shape (n, features), and their nearest segments ``labels``, shape (n,).
    """
    whitening = _whitening(fitted - run.centroids[run.labels])
    centroids = run.centroids @ whitening
    seen = [fitted[run.labels == segment] @ whitening for segment in range(len(centroids))]
    members = [X[labels == segment] @ whitening for segment in range(len(centroids))]
    worst, pairs = 0.0, []
    for one, other in neighbours(run.centroids):
        apart = (centroids[other] - centroids[one]) / 2
        if not apart.any():
            continue
        middle, direction = (centroids[one] + centroids[other]) / 2, apart / (apart @ apart)
        border = _valley((np.concatenate([seen[one], seen[other]]) - middle) @ direction)
        points = np.concatenate([members[one], members[other]]) - middle
        along = points @ direction
        across = _longest_axis(points - np.outer(along, apart)) / np.sqrt(apart @ apart)
        placed = along - border, across, -1 - border, 1 - border
        pairs.append(placed)
        worst = max(worst, _straight(*placed))
    if worst >= FULL:
        return worst
    return max([worst, *(_along_the_data(*placed) for placed in pairs)])


def neighbours(centroids: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of segments with no third one nearer to the point halfway between their centroids (Gabriel graph)."""
    one, other = np.triu_indices(len(centroids), 1)
    middle = (centroids[one] + centroids[other]) / 2
    half = ((centroids[one] - middle) ** 2).sum(axis=1)
    nearest = ((middle[:, None] - centroids[None]) ** 2).sum(axis=2).min(axis=1)
    adjacent = nearest >= half * (1 - 1e-9)
    return list(zip(one[adjacent].tolist(), other[adjacent].tolist(), strict=True))


def _whitening(residuals: np.ndarray) -> np.ndarray:
    """What makes residuals, shape (n, features), uncorrelated and of variance one, up to ``RIDGE``."""
    within = residuals.T @ residuals / len(residuals)
    variances, axes = np.linalg.eigh(within)
    ridge = RIDGE * variances.mean()
    return axes / np.sqrt(np.maximum(variances, 0) + ridge) if ridge > 0 else axes


def _valley(along: np.ndarray) -> float:
    """Where from the middle towards the smaller of two segments, with centres at -1 and 1, the fewest customers are."""
    before, after = np.count_nonzero(along < 0), np.count_nonzero(along >= 0)
    farthest = VALLEY * (before - after) / max(before, after)
    places = np.linspace(0, farthest, PLACES)
    return float(places[np.argmin([_count(along, at) for at in places])])


def _count(along: np.ndarray, at: float) -> int:
    return int((np.abs(along - at) < WINDOW).sum())


def _ratio(along: np.ndarray, before: float, after: float) -> float:
    """Customers at the border, at 0, over those at the emptier of the two centres."""
    return _count(along, 0) / max(min(_count(along, before), _count(along, after)), 1)


def _longest_axis(points: np.ndarray) -> np.ndarray:
    """Coordinate of points, shape (n, features), on their longest principal axis, shape (n,)."""
    return points @ np.linalg.eigh(points.T @ points)[1][:, -1]


def _straight(along: np.ndarray, across: np.ndarray, before: float, after: float) -> float:
    """The ratio of densities on the straight line, per length of the arc where customers follow one.

    An arc leans to either side on either side of its top; there the line sees √(1 + slope²) times as many customers
    for each unit of length.

    Args:
        along: customers' distance from the border, negative before it, in half-distances, shape (n,).
        across: their distance from the line on the longest axis across it, shape (n,).
        before: where the one centre is.
        after: where the other is.
    """
    slopes = [_lean(along[here], across[here]) for here in (np.abs(along - at) < WINDOW for at in (before, after))]
    bend = min(np.abs(slopes)) if slopes[0] * slopes[1] < 0 else 0.0
    return _ratio(along, before, after) * np.sqrt(1 + bend**2)


def _lean(along: np.ndarray, across: np.ndarray) -> float:
    """Slope of the curve that customers follow in a window: the regression of ``across`` on ``along``.

    As locally in a principal curve (Hastie & Stuetzle 1989), less what chance alone would give.
    """
    if len(along) < LEAST_FOR_A_SLOPE or along.min() == along.max():
        return 0.0
    centered = along - along.mean()
    spread = centered @ centered
    slope = centered @ across / spread
    residuals = across - across.mean() - slope * centered
    chance = residuals @ residuals / (len(along) - 2) / spread
    return float(np.sign(slope) * np.sqrt(max(slope**2 - chance, 0.0)))


def _along_the_data(along: np.ndarray, across: np.ndarray, before: float, after: float) -> float:
    """The ratio of densities if one may only go among customers; arguments as of ``_straight``."""
    detours = np.zeros(len(along))
    centers = []
    for side, center in ((-1, before), (1, after)):
        here = np.sign(along) == side
        detours[here] = _detours(np.abs(along[here]), across[here])
        centers.append(center + side * (detours[here].mean() if here.any() else 0.0))
    return _ratio(along + np.sign(along) * detours, *centers)


def _detours(depth: np.ndarray, across: np.ndarray) -> np.ndarray:
    """By how much the way to the border through cells that hold customers is longer than the straight one, shape (n,).

    None for customers who cannot be reached: they stand on an island.

    Args:
        depth: straight distance to the border, not negative, shape (n,), in half-distances.
        across: the other coordinate, shape (n,).
    """
    row, column = (depth / CELL).astype(int), np.rint(across / CELL).astype(int) + REACH * 3 // 2
    inside = (row < REACH) & (column >= 0) & (column <= REACH * 3)
    cells = np.zeros((REACH, REACH * 3 + 1), dtype=bool)
    cells[row[inside], column[inside]] = True
    lengths = np.full(cells.shape, np.inf)
    lengths[cells] = _ways(cells)
    detours = np.zeros(len(depth))
    longer = lengths[row[inside], column[inside]] - (row[inside] + 0.5)
    detours[inside] = np.where(np.isfinite(longer), np.maximum(longer, 0), 0) * CELL
    return detours


def _ways(cells: np.ndarray) -> np.ndarray:
    """Shortest way, in cells, from the border at row 0 to each filled cell, in their order; infinite where none is."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import dijkstra

    count = int(cells.sum())
    numbers = np.full(cells.shape, -1)
    numbers[cells] = np.arange(count)
    rows, columns = cells.shape
    first = numbers[0][cells[0]]
    ends = [(np.full(len(first), count), first, np.full(len(first), 0.5))]
    for down, right in STEPS:
        one = numbers[: rows - down, max(0, -right) : columns - max(0, right)].ravel()
        other = numbers[down:, max(0, right) : columns - max(0, -right)].ravel()
        both = (one >= 0) & (other >= 0)
        ends.append((one[both], other[both], np.full(int(both.sum()), np.hypot(down, right))))
    start, end, length = (np.concatenate(parts) for parts in zip(*ends, strict=True))
    graph = coo_array((length, (start, end)), shape=(count + 1, count + 1)).tocsr()
    return dijkstra(graph, directed=False, indices=count)[:count]
