"""The evaluate component: a model and held-out rows in, metrics and the gate's verdict out."""

from typing import NamedTuple

import numpy as np
from kfp.dsl import ClassificationMetrics, Dataset, Input, Metrics, Model, Output

from anneal_tasks.component import component
from anneal_tasks.errors import reported_errors
from anneal_tasks.learning import scoring
from anneal_tasks.learning.gate import Evidence, judge
from anneal_tasks.learning.held_out import read_held_out
from anneal_tasks.learning.model_folder import Prediction, TrainedModel, read_model
from anneal_tasks.metrics_file import record
from anneal_tasks.parameters import checked


class Verdict(NamedTuple):
    """What the gate of a pipeline reads."""

    passed: bool
    test_accuracy: float
    reason: str


@component
def evaluate(
    model: Input[Model],
    test_data: Input[Dataset],
    metrics: Output[Metrics],
    classification: Output[ClassificationMetrics],
    threshold: float = 0.85,
    must_beat_majority: bool = True,
    use_lower_bound: bool = False,
) -> Verdict:
    """Scores a model on rows it has never seen and decides whether it may be deployed.

    Args:
        model: Model folder that `train` wrote.
        test_data: CSV file of held-out rows.
        metrics: Test metrics, bound to the digest of the model they were measured on.
        classification: Confusion matrix and ROC curve.
        threshold: Least accuracy that passes, a fraction in [0, 1]; equality passes.
        must_beat_majority: Also require a lead over always answering the most frequent class.
        use_lower_bound: Judge by the lower end of the accuracy's 95% confidence interval.

    Returns:
        passed: Whether the model may be deployed.
        test_accuracy: Share of test rows predicted right.
        reason: One sentence on why the model passed or not.
    """
    with reported_errors():
        threshold = checked("threshold", threshold)
        trained = read_model(model.path)
        held_out = read_held_out(test_data.path, trained)
        prediction = trained.predict(held_out.frame)
        evidence = _evidence(held_out.labels, prediction)
        passed, reason = judge(evidence, threshold, must_beat_majority, use_lower_bound)
        scores = _scores(held_out.labels, prediction, trained, evidence)
        record(
            metrics,
            {
                **{name: scoring.finite(name, value) for name, value in scores.items()},
                "n_test": evidence.rows,
                "threshold": threshold,
                "passed": passed,
                "reason": reason,
                "model_digest": trained.digest,
            },
        )
        _record_curves(classification, held_out.labels, prediction, trained)
        print(reason, flush=True)
        return Verdict(passed, evidence.accuracy, reason)


def _evidence(labels: np.ndarray, prediction: Prediction) -> Evidence:
    right = int(np.sum(labels == prediction.labels))
    majority, wins, losses = scoring.majority_wins(labels, prediction.labels)
    return Evidence(
        right=right,
        rows=len(labels),
        lower_bound=scoring.wilson_interval(right, len(labels))[0],
        majority_accuracy=int(np.sum(labels == majority)) / len(labels),
        majority_p_value=scoring.sign_test(wins, losses),
    )


def _scores(
    labels: np.ndarray, prediction: Prediction, trained: TrainedModel, evidence: Evidence
) -> dict[str, float]:
    area = scoring.roc_auc(labels == trained.schema.classes[1], prediction.probabilities)
    return {
        "test_accuracy": evidence.accuracy,
        "test_accuracy_lower": evidence.lower_bound,
        "test_accuracy_upper": scoring.wilson_interval(evidence.right, evidence.rows)[1],
        "test_f1_weighted": scoring.weighted_f1(labels, prediction.labels),
        "test_balanced_accuracy": scoring.balanced_accuracy(labels, prediction.labels),
        **({} if area is None else {"test_roc_auc": area}),
        "majority_accuracy": evidence.majority_accuracy,
        "majority_p_value": evidence.majority_p_value,
    }


def _record_curves(
    classification: ClassificationMetrics,
    labels: np.ndarray,
    prediction: Prediction,
    trained: TrainedModel,
) -> None:
    classes = list(trained.schema.classes)
    classification.log_confusion_matrix(
        classes, scoring.confusion_matrix(labels, prediction.labels, classes)
    )
    points = scoring.roc_points(labels == classes[1], prediction.probabilities)
    if points:
        classification.log_roc_curve(*(list(values) for values in zip(*points, strict=True)))
    record(classification, {"positive_class": classes[1]})
