"""Customers along lines that wind, branch or cross, and that hold no groups, to compare real ones with."""

from typing import NamedTuple

import numpy as np

from seg_utils.clustering import best_start

# Whether customers lie along lines is told by how far the inertia falls from so many centres, at least, to
# ``FINER`` times as many: along lines with the square of their number, over an area in proportion to it
COARSE, FINER = 6, 3
STARTS = 3

# Dimensions, by how far the inertia falls, between which customers follow lines, which have some width: less have
# single points; thick curves that cross were measured at up to 1.75, groups in a plane mostly from 1.9 on
POINTS, AREAS = 0.8, 1.8

CELLS = 600  # so many pieces of about equal length make up the tree


class _Cells(NamedTuple):
    """Short pieces of a tree: middle (cells, features), number of the edge, place on it from 0 to 1, and length."""

    middle: np.ndarray
    edge: np.ndarray
    place: np.ndarray
    length: np.ndarray


class BranchLookalikes:
    """Draws customers along the branches of a tree through X, and no other structure.

    One smooth curve averages a spiral away, and does not pass through a figure of eight. The shortest tree that joins
    many centres of X does (a principal tree, as in Mao et al. 2015). Customers are spread over lengths of it that hold
    a window of them: that leaves customers along lines as they are, and fills a gap between groups with customers. How
    they deviate from the tree is drawn for each principal axis by itself.

    Args:
        X: coordinates, shape (n, features).
        nodes: centres of X that the tree joins, shape (nodes, features), all different.
    """

    def __init__(self, X: np.ndarray, nodes: np.ndarray) -> None:
        from scipy.sparse.csgraph import minimum_spanning_tree, shortest_path
        from scipy.spatial.distance import cdist

        tree = minimum_spanning_tree(cdist(nodes, nodes))
        ends = np.column_stack(tree.nonzero())
        edge, place = _nearest_places(X, nodes, ends)
        self._deviations = X - _points(nodes, ends, edge, place)
        self._cells = _cells(nodes, ends)
        ways = _ways(self._cells, ends, shortest_path(tree, directed=False))
        self._outwards = np.argsort(ways, axis=1, kind="stable")
        self._customers = np.bincount(_cell_of(self._cells, edge, place), minlength=len(ways))

    def draw(self, window: int, random: np.random.Generator) -> np.ndarray:
        """As many customers as X has, shape (n, features), spread over lengths of the tree that hold ``window``."""
        share = self._spread(window)
        drawn = self._cells.middle[random.choice(len(share), len(self._deviations), p=share)]
        axes = np.linalg.eigh(self._deviations.T @ self._deviations)[1]
        return drawn + random.permuted(self._deviations @ axes, axis=0) @ axes.T

    def _spread(self, window: int) -> np.ndarray:
        """The share of customers in each cell, if those of a cell are spread over all around that hold a window."""
        reached = np.cumsum(self._customers[self._outwards], axis=1) >= min(window, len(self._deviations))
        share = np.zeros(len(self._customers))
        for cell in np.flatnonzero(self._customers):
            around = self._outwards[cell, : reached[cell].argmax() + 1]
            lengths = self._cells.length[around]
            share[around] += self._customers[cell] * lengths / lengths.sum()
        return share / share.sum()


def centres_on_lines(X: np.ndarray, k: int, seed: int) -> np.ndarray | None:
    """Centres of X, shape (n, features), several for each of k segments; None where customers do not follow lines.

    The dimension of customers is the one that quantisation shows (Graf & Luschgy 2000): the inertia falls with the
    number of centres to the power of -2 / dimension.
    """
    coarse = max(COARSE, k)
    few, many = (best_start(X, count, seed=seed, starts=STARTS) for count in (coarse, FINER * coarse))
    fallen = few.inertia / max(many.inertia, np.finfo(float).eps)
    return np.unique(many.centroids, axis=0) if FINER ** (2 / AREAS) <= fallen <= FINER ** (2 / POINTS) else None


def _nearest_places(X: np.ndarray, nodes: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The edge nearest to each customer, and the nearest place on it, from 0 to 1."""
    start, step = nodes[ends[:, 0]], nodes[ends[:, 1]] - nodes[ends[:, 0]]
    along = (X @ step.T - (start * step).sum(axis=1)) / (step**2).sum(axis=1)
    places = np.clip(along, 0, 1)
    apart = [((X - start[edge] - np.outer(places[:, edge], step[edge])) ** 2).sum(axis=1) for edge in range(len(ends))]
    nearest = np.argmin(apart, axis=0)
    return nearest, places[np.arange(len(X)), nearest]


def _points(nodes: np.ndarray, ends: np.ndarray, edge: np.ndarray, place: np.ndarray) -> np.ndarray:
    one, other = nodes[ends[edge, 0]], nodes[ends[edge, 1]]
    return one + place[:, None] * (other - one)


def _cells(nodes: np.ndarray, ends: np.ndarray) -> _Cells:
    lengths = np.linalg.norm(nodes[ends[:, 1]] - nodes[ends[:, 0]], axis=1)
    pieces = np.ceil(CELLS * lengths / lengths.sum()).astype(int)
    edge = np.repeat(np.arange(len(ends)), pieces)
    place = np.concatenate([(np.arange(count) + 0.5) / count for count in pieces])
    return _Cells(_points(nodes, ends, edge, place), edge, place, (lengths / pieces)[edge])


def _cell_of(cells: _Cells, edge: np.ndarray, place: np.ndarray) -> np.ndarray:
    """The number of the cell for places on edges, each shape (n,)."""
    pieces = np.bincount(cells.edge)
    first = np.cumsum(pieces) - pieces
    return first[edge] + np.minimum((place * pieces[edge]).astype(int), pieces[edge] - 1)


def _ways(cells: _Cells, ends: np.ndarray, between: np.ndarray) -> np.ndarray:
    """How far it is from cell to cell along the tree, shape (cells, cells); ``between`` nodes it is given."""
    whole = np.bincount(cells.edge, cells.length)[cells.edge]
    to_ends = np.column_stack([cells.place * whole, (1 - cells.place) * whole])
    nodes = ends[cells.edge]
    ways = np.min(
        [
            between[np.ix_(nodes[:, one], nodes[:, other])] + to_ends[:, one, None] + to_ends[:, other]
            for one in (0, 1)
            for other in (0, 1)
        ],
        axis=0,
    )
    same = cells.edge[:, None] == cells.edge
    return np.where(same, np.abs(to_ends[:, :1] - to_ends[:, 0]), ways)
