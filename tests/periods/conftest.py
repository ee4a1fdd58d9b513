"""Seeded months of the same customers: noise for everybody, another kind's behaviour for some."""

import numpy as np
import pandas as pd
import pytest

AMOUNTS = ["BALANCE", "ONEOFF_PURCHASES", "INSTALLMENTS_PURCHASES", "CASH_ADVANCE", "PAYMENTS", "MINIMUM_PAYMENTS"]
NOISE = 0.08


def month(before, *, seed, changed=0, noise=NOISE):
    """The customers a month later, and who of them behaves like somebody else from now on."""
    rng = np.random.default_rng(seed)
    frame, n = before.reset_index(drop=True), len(before)
    who = rng.choice(n, changed, replace=False)
    behaviour = frame.columns.drop("customer_id")
    after = frame.copy()
    after.loc[who, behaviour] = frame[behaviour].to_numpy()[rng.permutation(n)[:changed]]
    for name in AMOUNTS:
        after[name] *= np.exp(rng.normal(0, noise, n))
    after["PURCHASES"] = after["ONEOFF_PURCHASES"] + after["INSTALLMENTS_PURCHASES"]
    return after, np.isin(np.arange(n), who)


@pytest.fixture(scope="session")
def model(models):
    """Four segments of 1,200 bundled customers."""
    return models.made()


@pytest.fixture(scope="session")
def before(models):
    """The customers that the model was made from."""
    return models.sample().head(models.TRAINED_ON).reset_index(drop=True)


@pytest.fixture(scope="session")
def later(before):
    """Two months on: 60 changed for good, 30 left, 40 joined under other ids."""
    after, changed = month(before, seed=3, changed=60)
    joined = month(before.tail(40), seed=4)[0].assign(customer_id=[f"NEW-{number}" for number in range(40)])
    now = pd.concat([after.iloc[30:], joined], ignore_index=True)
    return now, set(after.loc[changed, "customer_id"])
