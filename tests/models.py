"""Models of the bundled customers, one for each way to place a customer, made small and once."""

from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import cache
from unittest import mock

import numpy as np

from seg_utils import clustering, data
from seg_utils.clustering import OUTLIERS, Exemplars, Mixture
from seg_utils.core import dictionary
from seg_utils.core.paths import SAMPLE
from seg_utils.features import feature_space
from seg_utils.scoring import model
from seg_utils.serving import schemas

K = 4
TRAINED_ON = 1200
KINDS = ("centres", "mixture", "exemplars", "encoded", "derived")
# Derived features of every kind that can be clustered on: with a limit, with a divisor of 0 for many, weighted
DERIVED = ("MINIMUM_COVERAGE", "ONEOFF_SHARE", "VALUE_ESTIMATE")
EXAMPLE = schemas.EXAMPLE


@cache
def sample():
    """The bundled customers."""
    return data.load(SAMPLE).frame


@contextmanager
def clustered_on(*names, optional=()):
    """The dictionary as it is where these derived features say that they are clustered, these columns are optional."""
    known = dictionary.load()
    derived = tuple(replace(one, clustered=one.name in names) for one in known.derived)
    features = tuple(replace(one, optional=one.name in optional) for one in known.features)
    with mock.patch.object(dictionary, "load", return_value=replace(known, derived=derived, features=features)):
        yield


@cache
def made(kind="centres", *, scale="log", features=None):
    """A model whose segments have words."""
    frame = sample().head(TRAINED_ON)
    encoder = (8, 3) if kind == "encoded" else ()
    if kind == "derived":  # some columns are compared by, others only read
        features = ("BALANCE", "PAYMENTS", "PRC_FULL_PAYMENT", *DERIVED)
    with clustered_on(*DERIVED) if kind == "derived" else nullcontext():
        fitted = feature_space.fit(frame, scale=scale, impute="median", features=features, encoder=encoder)
    X = fitted.transform(frame)
    found = clustering.kmeans(X, K, seed=42)
    built = model.build(frame, fitted, found, algorithm="kmeans", seed=42)
    if kind == "mixture":
        built = replace(built, placement=mixture(X, found.labels))
    if kind == "exemplars":
        labels = np.where(np.arange(len(X)) % 11 == 0, OUTLIERS, found.labels)
        built = replace(built, placement=Exemplars(X[:300], labels[:300]))
    return built.described([words(segment) for segment in range(K)])


def mixture(X, labels):
    """A Gaussian for each segment."""
    parts = [X[labels == segment] for segment in range(K)]
    covariances = [np.cov(part.T) + 0.05 * np.eye(X.shape[1]) for part in parts]
    factors = [np.linalg.cholesky(np.linalg.inv(covariance)).copy() for covariance in covariances]
    return Mixture(
        np.array([len(part) / len(X) for part in parts]), np.stack([part.mean(axis=0) for part in parts]),
        np.stack(factors),
    )  # fmt: skip


def words(segment):
    """What a segment is called and what to do with it."""
    return {
        "persona": f"Persona {'ABCDEFGH'[segment]}",
        "description": f"What segment {segment} does.",
        "share": 0.1,
        "colour": segment,
        "actions": {"now": f"now {segment}", "later": f"later {segment}"},
    }


def values(frame, of):
    """Customers as the arrays that the scorers take."""
    return frame[list(of.space.inputs)].to_numpy(dtype=np.float64)
