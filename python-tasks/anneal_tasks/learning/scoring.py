"""Scores of predictions, and how sure one can be of them.

N1. A score is a finite number or an error: NaN never travels on.
N2. Accuracy is a count divided by a count, correctly rounded: 17 of 20 equals 0.85 exactly.
"""

import math
from collections.abc import Sequence

import numpy as np
from scipy.special import bdtrc
from sklearn.metrics import f1_score, roc_auc_score, roc_curve

from anneal_tasks.errors import DataError

Z_95 = 1.959963984540054
"""97.5% quantile of the standard normal distribution."""

_ROC_POINTS = 100


def accuracy(labels: np.ndarray, predicted: np.ndarray) -> float:
    """Computes the share of rows predicted right (N2).

    Args:
        labels: array, shape (rows,), at least one row.
        predicted: array, shape (rows,).

    Returns:
        A fraction in [0, 1].
    """
    return int(np.sum(labels == predicted)) / len(labels)


def weighted_f1(labels: np.ndarray, predicted: np.ndarray) -> float:
    """Computes F1 averaged over classes by their frequency, as scikit-learn's `weighted`."""
    return float(f1_score(labels, predicted, average="weighted", zero_division=0))


def balanced_accuracy(labels: np.ndarray, predicted: np.ndarray) -> float:
    """Computes the mean over classes of the share of their rows predicted right."""
    recalls = [np.mean(predicted[labels == name] == name) for name in np.unique(labels)]
    return float(np.mean(recalls))


def roc_auc(is_positive: np.ndarray, probabilities: np.ndarray) -> float | None:
    """Computes the area under the ROC curve.

    Args:
        is_positive: bool array, shape (rows,).
        probabilities: float64 array, shape (rows,), of the positive class.

    Returns:
        A fraction in [0, 1]; None where the rows have a single class, for which it is undefined.
    """
    if is_positive.all() or not is_positive.any():
        return None
    return float(roc_auc_score(is_positive, probabilities))


def roc_points(
    is_positive: np.ndarray, probabilities: np.ndarray
) -> list[tuple[float, float, float]]:
    """Lists points of the ROC curve, about a hundred at most, ends included.

    Args:
        is_positive: bool array, shape (rows,).
        probabilities: float64 array, shape (rows,), of the positive class.

    Returns:
        (false positive rate, true positive rate, threshold), from (0, 0) to (1, 1); empty where
        the rows have a single class.
    """
    if is_positive.all() or not is_positive.any():
        return []
    false_rates, true_rates, thresholds = roc_curve(is_positive, probabilities)
    picks = np.unique(np.linspace(0, len(thresholds) - 1, _ROC_POINTS).round().astype(int))
    # scikit-learn puts an infinite threshold first; JSON has none, and no probability exceeds 1.
    return [
        (float(false_rates[i]), float(true_rates[i]), min(float(thresholds[i]), 1.0)) for i in picks
    ]


def wilson_interval(right: int, rows: int, z: float = Z_95) -> tuple[float, float]:
    """Computes the Wilson score interval of a share.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212. Checked: 18 of 20 gives
    0.6990 to 0.9721.

    Args:
        right: rows predicted right.
        rows: all rows, at least 1.
        z: quantile of the standard normal distribution; default for 95%.

    Returns:
        (lower, upper), fractions in [0, 1].
    """
    share = right / rows
    centre = share + z * z / (2 * rows)
    spread = z * math.sqrt(share * (1 - share) / rows + z * z / (4 * rows * rows))
    scale = 1 + z * z / rows
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)


def sign_test(wins: int, losses: int) -> float:
    """Computes how likely at least so many wins are, if wins and losses were a fair coin's.

    The exact one-sided sign test; on paired right and wrong predictions it is McNemar's exact
    test (Q. McNemar, Psychometrika 12 (1947), 153-157). Checked: 5 wins, 0 losses
    give 1/32.

    Args:
        wins: rows where only the first of two predictors is right.
        losses: rows where only the second is right.

    Returns:
        Probability in (0, 1]; 1 when they never differ.
    """
    return float(bdtrc(wins - 1, wins + losses, 0.5)) if wins else 1.0


def majority_wins(labels: np.ndarray, predicted: np.ndarray) -> tuple[str, int, int]:
    """Compares predictions with always answering the most frequent class.

    Args:
        labels: str array, shape (rows,).
        predicted: str array, shape (rows,).

    Returns:
        (most frequent class, rows only the predictions get right, rows only that class does).
    """
    names, counts = np.unique(labels, return_counts=True)
    majority = str(names[np.argmax(counts)])
    is_right = predicted == labels
    is_majority = labels == majority
    return majority, int(np.sum(is_right & ~is_majority)), int(np.sum(~is_right & is_majority))


def confusion_matrix(
    labels: np.ndarray, predicted: np.ndarray, classes: Sequence[str]
) -> list[list[int]]:
    """Counts rows by true class (outer) and predicted class (inner), in the order of classes."""
    return [
        [int(np.sum((labels == true) & (predicted == guess))) for guess in classes]
        for true in classes
    ]


def finite(name: str, value: float) -> float:
    """Returns the value if it is finite (N1).

    Raises:
        DataError: E_METRIC otherwise.
    """
    if not math.isfinite(value):
        raise DataError("E_METRIC", f"The metric {name} is {value}, not a finite number.")
    return float(value)
