"""Scores and the gate, against closed forms and scikit-learn."""

import numpy as np
import pytest
from kfp.dsl import Metrics
from sklearn import metrics as reference

from anneal_tasks.errors import DataError
from anneal_tasks.learning import scoring
from anneal_tasks.learning.gate import Evidence, judge
from anneal_tasks.metrics_file import record

DRAW = np.random.default_rng(11)
LABELS = DRAW.choice(["no", "yes"], 500, p=[0.8, 0.2])
PREDICTED = np.where(DRAW.random(500) < 0.8, LABELS, "no")
PROBABILITIES = np.clip(DRAW.random(500) * 0.6 + 0.4 * (LABELS == "yes"), 0, 1)


def evidence(right: int, rows: int, majority: float = 0.5, p_value: float = 0.001) -> Evidence:
    return Evidence(right, rows, scoring.wilson_interval(right, rows)[0], majority, p_value)


def test_accuracy_is_exact_at_a_tie():
    labels = np.array(["yes"] * 20)

    assert scoring.accuracy(labels, np.array(["yes"] * 17 + ["no"] * 3)) == 0.85


def test_balanced_accuracy_is_scikit_learns():
    expected = reference.balanced_accuracy_score(LABELS, PREDICTED)

    assert scoring.balanced_accuracy(LABELS, PREDICTED) == pytest.approx(expected, abs=1e-12)


def test_the_area_under_the_curve_agrees_with_its_points():
    points = scoring.roc_points(LABELS == "yes", PROBABILITIES)

    area = np.trapezoid if hasattr(np, "trapezoid") else np.trapz
    assert area([p[1] for p in points], [p[0] for p in points]) == pytest.approx(
        scoring.roc_auc(LABELS == "yes", PROBABILITIES), abs=0.01
    )


def test_a_single_class_has_no_curve():
    everyone = np.ones(5, dtype=bool)

    assert scoring.roc_auc(everyone, np.full(5, 0.5)) is None
    assert scoring.roc_points(everyone, np.full(5, 0.5)) == []


def test_confusion_matrix_is_scikit_learns():
    expected = reference.confusion_matrix(LABELS, PREDICTED, labels=["no", "yes"]).tolist()

    assert scoring.confusion_matrix(LABELS, PREDICTED, ["no", "yes"]) == expected


@pytest.mark.parametrize(
    ("right", "rows", "lower"),
    # Fault matrix, section D2: accuracy .90 at three sizes.
    [(18, 20, 0.699), (90, 100, 0.826), (900, 1000, 0.880)],
)
def test_the_wilson_interval_narrows_with_rows(right: int, rows: int, lower: float):
    assert scoring.wilson_interval(right, rows)[0] == pytest.approx(lower, abs=0.0005)


def test_the_wilson_interval_stays_within_zero_and_one():
    assert scoring.wilson_interval(0, 5)[0] == 0
    assert scoring.wilson_interval(5, 5)[1] == 1


@pytest.mark.parametrize(
    ("wins", "losses", "chance"),
    # Sums of binomial coefficients over 2**n.
    [(0, 0, 1), (0, 4, 1), (1, 0, 1 / 2), (5, 0, 1 / 32), (3, 1, 5 / 16), (2, 2, 11 / 16)],
)
def test_the_sign_test_is_exact(wins: int, losses: int, chance: float):
    assert scoring.sign_test(wins, losses) == pytest.approx(chance, rel=1e-12)


def test_majority_wins_counts_where_the_two_differ():
    labels = np.array(["no", "no", "no", "yes", "yes"])
    predicted = np.array(["no", "yes", "no", "yes", "no"])

    assert scoring.majority_wins(labels, predicted) == ("no", 1, 1)


@pytest.mark.parametrize(
    ("right", "rows", "threshold", "passed"),
    [(17, 20, 0.85, True), (8499, 10000, 0.85, False), (0, 5, 0.0, True), (5, 5, 1.0, True)],
)
def test_a_tie_passes(right: int, rows: int, threshold: float, passed: bool):
    verdict = judge(
        evidence(right, rows), threshold, must_beat_majority=True, use_lower_bound=False
    )

    assert verdict[0] is passed


def test_eighteen_of_twenty_does_not_clear_the_gate_by_its_lower_bound():
    verdict = judge(evidence(18, 20), 0.85, must_beat_majority=True, use_lower_bound=True)

    assert verdict[0] is False


@pytest.mark.parametrize("p_value", [0.06, 1.0, float("nan")])
def test_a_lead_that_may_be_luck_does_not_pass(p_value: float):
    found = evidence(95, 100, majority=0.92, p_value=p_value)

    assert judge(found, 0.85, must_beat_majority=True, use_lower_bound=False)[0] is False
    assert judge(found, 0.85, must_beat_majority=False, use_lower_bound=False)[0] is True


@pytest.mark.parametrize("lower", [float("nan"), float("inf")])
def test_what_is_no_finite_number_never_passes(lower: float):
    found = Evidence(9, 10, lower, 0.5, 0.001)

    assert judge(found, 0.0, must_beat_majority=False, use_lower_bound=True)[0] is False


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [1.0, float("nan")]])
def test_metrics_that_are_no_finite_numbers_are_not_recorded(tmp_path, value):
    with pytest.raises(DataError) as caught:
        record(Metrics("metrics", str(tmp_path / "metrics")), {"test_accuracy": value})

    assert caught.value.code == "E_METRIC"
    assert not (tmp_path / "metrics").exists()
