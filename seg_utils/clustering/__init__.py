"""Partitions of customers, with canonical segment ids, and what places a customer in one of them."""

from seg_utils.clustering.k_means import best_start, from_centres, kmeans
from seg_utils.clustering.partition import Clustering, assign, canonical
from seg_utils.clustering.placement import OUTLIERS, Centres, Exemplars, Mixture, Placement
