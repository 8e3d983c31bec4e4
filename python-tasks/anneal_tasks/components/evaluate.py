"""The evaluate component: a model and held-out rows in, metrics and the gate's verdict out."""

from typing import NamedTuple

from kfp.dsl import ClassificationMetrics, Dataset, Input, Metrics, Model, Output

from anneal_tasks.component import component


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
        must_beat_majority: Also refuse a model that is not better than always answering the
            most frequent class.
        use_lower_bound: Compare the lower end of the 95% confidence interval with the
            threshold, instead of the accuracy itself.

    Returns:
        passed: Whether the model may be deployed.
        test_accuracy: Share of test rows predicted right.
        reason: One sentence on why the model passed or not.
    """
