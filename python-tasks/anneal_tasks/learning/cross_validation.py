"""How a model of this kind does on rows it was not fitted on, measured within the training part.

V1. A fold's rows are never fitted on, nor rows equal to them; medians, categories and scales are
    learnt anew for each fold.
"""

from collections import Counter

import numpy as np

from anneal_tasks.learning.estimator import fit_estimator
from anneal_tasks.learning.model_folder import predict_rows
from anneal_tasks.learning.scoring import accuracy, weighted_f1
from anneal_tasks.learning.training_rows import TrainingRows
from anneal_tasks.tabular.split import fold_of_rows


def cross_validate(rows: TrainingRows, parameters: dict[str, int], folds: int) -> dict[str, float]:
    """Fits on all folds but one and scores on that one, for each (V1).

    Args:
        rows: the training rows.
        parameters: n_estimators, max_depth and random_state.
        folds: number of folds, at least 2; fewer are used when a class has fewer rows.

    Returns:
        cv_accuracy and cv_f1_weighted (means over folds), cv_accuracy_std (population standard
        deviation over folds) and cv_folds (the number used).
    """
    folds = min(folds, min(Counter(rows.labels.tolist()).values()))
    fold_of = np.array(
        fold_of_rows(rows.fingerprints, rows.labels.tolist(), folds, parameters["random_state"])
    )
    scores = np.array(
        [_score_fold(rows, parameters, fold_of == fold) for fold in np.unique(fold_of)]
    )
    return {
        "cv_accuracy": float(scores[:, 0].mean()),
        "cv_accuracy_std": float(scores[:, 0].std()),
        "cv_f1_weighted": float(scores[:, 1].mean()),
        "cv_folds": len(scores),
    }


def _score_fold(
    rows: TrainingRows, parameters: dict[str, int], is_held_out: np.ndarray
) -> tuple[float, float]:
    estimator = fit_estimator(
        rows.frame[~is_held_out], rows.labels[~is_held_out], rows.schema, parameters
    )
    predicted = predict_rows(estimator, rows.schema, rows.frame[is_held_out]).labels
    labels = rows.labels[is_held_out]
    return accuracy(labels, predicted), weighted_f1(labels, predicted)
