"""The statistics of a campaign: differences of means with their intervals, covariates, several moves, pooling.

Welch's test and the interval of a share are SciPy's. Means are compared by intention to treat: as the groups were
drawn, whoever was reached.
"""

import warnings
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

FEW_EVENTS = 10  # with fewer yes or no answers in a group, its share is no mean that is spread as a normal one is
LEAST_P = 1e-12  # smaller ones are not told apart
ROUND_OFF = 1e-12  # what customers who do not differ may seem to, as a share of what they are

# Penalty on coefficients of standardised figures: next to nothing for thousands of customers, enough for dozens
RIDGE = 30.0

FOLDS = 5
SEED = 42


@dataclass(frozen=True)
class Difference:
    """Mean of the treated less that of the control group, in the unit of what is compared.

    ``low`` and ``high`` bound it at ``1 - significance``; ``share`` is the difference as a share of the control group's
    mean, NaN where that is not above 0, and ``share_error`` its standard error.
    """

    control_mean: float
    treated_mean: float
    low: float
    high: float
    error: float
    p: float
    share: float
    share_error: float

    @property
    def lift(self) -> float:
        """The difference."""
        return self.treated_mean - self.control_mean


def predicted(features: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """What a customer's earlier figures let expect of the outcome, shape (n,): a ridge regression, out of fold.

    Customers are predicted from others only and whatever their group, so that an adjustment by it favours neither
    (Guo and others, 2021, "Machine learning for variance reduction in online experiments").

    Args:
        features: shape (n, p), earlier figures without missing values.
        outcome: shape (n,).
    """
    from sklearn.linear_model import Ridge
    from sklearn.model_selection import KFold, cross_val_predict
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    folds = KFold(FOLDS, shuffle=True, random_state=SEED)
    model = make_pipeline(StandardScaler(copy=False), Ridge(alpha=RIDGE, copy_X=False))  # a fold is a copy already
    return cross_val_predict(model, features, outcome, cv=folds)


def adjusted(outcome: np.ndarray, covariate: np.ndarray, control: np.ndarray) -> np.ndarray:
    """The outcome without what the covariate explains of it, shape (n,), the mean kept.

    CUPED (Deng and others, 2013): the slope is that within the groups, so that the effect takes no part in it.
    """
    within = np.where(control, covariate - covariate[control].mean(), covariate - covariate[~control].mean())
    if not (variance := float(within @ within)) > 0:
        return outcome
    return outcome - float(within @ outcome) / variance * (covariate - covariate.mean())


def difference(outcome: np.ndarray, control: np.ndarray, significance: float) -> Difference:
    """Treated less control by Welch's test.

    Where customers of a group do not differ, the difference is sure; all but the means is NaN where there is none.

    Args:
        outcome: shape (n,).
        control: who was held out, shape (n,); at least two customers in each group.
        significance: one less the confidence of the interval.
    """
    held_out, treated = outcome[control], outcome[~control]
    means = float(held_out.mean()), float(treated.mean())
    errors = [float(group.std(ddof=1) / len(group) ** 0.5) for group in (held_out, treated)]
    lift = means[1] - means[0]
    least = ROUND_OFF * max(map(abs, means))
    if not max(errors) > least:
        sure = abs(lift) > least
        return _with_share(*means, lift, lift, 0.0, 0.0, 0.0, 0.0) if sure else Difference(*means, *[float("nan")] * 6)
    with warnings.catch_warnings(action="ignore", category=RuntimeWarning):  # one group may be all alike
        test = stats.ttest_ind(treated, held_out, equal_var=False)
        low, high = test.confidence_interval(1 - significance)
    return _with_share(*means, float(low), float(high), float(np.hypot(*errors)), float(test.pvalue), *errors)


def difference_of_shares(answers: np.ndarray, control: np.ndarray, significance: float, null: float = 0) -> Difference:
    """The same of few yes or no answers: Newcombe's hybrid of Wilson's intervals (1998, method 10).

    Args:
        null: the difference that ``p`` tests: the significance of the widest interval that leaves it out.
    """
    sizes, events = (
        np.array([control.sum(), (~control).sum()]),
        np.array([answers[control].sum(), answers[~control].sum()]),
    )

    def bounds(significance: float) -> tuple[float, float, np.ndarray]:
        """Those of the difference, and those of either share (group, bound)."""
        wilson = [
            stats.binomtest(int(yes), int(size)).proportion_ci(1 - significance, method="wilson")
            for yes, size in zip(events, sizes, strict=True)
        ]
        (low_c, high_c), (low_t, high_t) = wilson
        below = np.hypot(shares[1] - low_t, high_c - shares[0])
        above = np.hypot(high_t - shares[1], shares[0] - low_c)
        return lift - below, lift + above, np.array(wilson)

    shares = events / sizes
    lift = float(shares[1] - shares[0])
    low, high, wilson = bounds(significance)
    errors = np.diff(wilson)[:, 0] / 2 / float(stats.norm.isf(significance / 2))
    side = 0 if lift > null else 1
    if lift == null:
        p = 1.0
    elif (bounds(LEAST_P)[side] - null) * (lift - null) > 0:
        p = LEAST_P
    else:
        p = optimize.brentq(lambda level: bounds(level)[side] - null, LEAST_P, 1.0)
    control_share, treated_share = map(float, shares)
    return _with_share(control_share, treated_share, float(low), float(high), float(np.hypot(*errors)), p, *errors)


def _with_share(
    control: float, treated: float, low: float, high: float, error: float, p: float, error_c: float, error_t: float
) -> Difference:
    """The same as a share of the control group's mean, whose own error counts, too (delta method)."""
    if not control > 0:
        return Difference(control, treated, low, high, error, p, float("nan"), float("nan"))
    share_error = float(np.hypot(error_t, error_c * treated / control) / control)
    return Difference(control, treated, low, high, error, p, treated / control - 1, share_error)


def few_events(answers: np.ndarray, control: np.ndarray) -> bool:
    """Whether a group has few of either answer."""
    groups = answers[control], answers[~control]
    return min(min(group.sum(), len(group) - group.sum()) for group in groups) < FEW_EVENTS


def holm(p: np.ndarray) -> np.ndarray:
    """P values adjusted for being several (Holm, 1979), shape (n,); NaN, which tests nothing, stays."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p)[: np.count_nonzero(~np.isnan(p))]
    adjusted = np.full(len(p), np.nan)
    adjusted[order] = np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1)).clip(max=1.0)
    return adjusted


def partially_pooled(effects: np.ndarray, errors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each effect drawn towards the mean of all, the more the less sure it is; and the errors of that, both (n,).

    Empirical Bayes under a random-effects model: between effects lies the variance of DerSimonian and Laird (1986),
    and that of the mean counts, too. Effects without a known error stay as they are.
    """
    effects, errors = (np.array(values, dtype=float) for values in (effects, errors))
    known = (errors > 0) & ~np.isnan(effects)
    if np.count_nonzero(known) < 2:
        return effects, errors
    effect, variance = effects[known], errors[known] ** 2
    weight = 1 / variance
    q = float(weight @ (effect - np.average(effect, weights=weight)) ** 2)
    between = max(0.0, (q - len(effect) + 1) / (weight.sum() - (weight @ weight) / weight.sum()))
    total = 1 / (variance + between)
    mean = float(np.average(effect, weights=total))
    own = between / (between + variance)
    effects[known] = own * effect + (1 - own) * mean
    errors[known] = np.sqrt(own * variance + (1 - own) ** 2 / total.sum())
    return effects, errors


def split_p(drawn: np.ndarray, seen: np.ndarray) -> float:
    """How likely groups as unequal as those seen are by chance, given those drawn (a sample-ratio mismatch).

    Args:
        drawn: customers held out and not, as the campaign drew them.
        seen: those of them whose outcome is known.
    """
    missing = np.asarray(drawn) - np.asarray(seen)
    table = np.array([seen, missing])
    if not (table.sum(axis=0) > 0).all() or not (table.sum(axis=1) > 0).all():
        return 1.0
    return float(stats.fisher_exact(table).pvalue if table.min() < FEW_EVENTS else stats.chi2_contingency(table).pvalue)
