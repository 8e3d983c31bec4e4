"""The verdict on a model: may it be deployed?

G1. A tie with the threshold passes.
G2. By default a model must also be better than always answering the most frequent class, by more
    than luck: 92% accuracy is no merit where 92% of rows are of one class.
G3. Whatever is not a finite number never passes.
"""

import math
from dataclasses import dataclass

MAX_P_VALUE = 0.05
"""The customary level of a one-sided test: one useless model in twenty gets past it, if it also
reaches the threshold."""


@dataclass(frozen=True)
class Evidence:
    """What the gate looks at.

    Attributes:
        right: held-out rows predicted right.
        rows: held-out rows, at least 1.
        lower_bound: lower end of the accuracy's 95% confidence interval, a fraction.
        majority_accuracy: of always answering the most frequent class, a fraction.
        majority_p_value: how likely the model's lead over that is by luck.
    """

    right: int
    rows: int
    lower_bound: float
    majority_accuracy: float
    majority_p_value: float

    @property
    def accuracy(self) -> float:
        """Share of the held-out rows predicted right, correctly rounded: 17 of 20 is 0.85."""
        return self.right / self.rows


def judge(
    evidence: Evidence, threshold: float, must_beat_majority: bool, use_lower_bound: bool
) -> tuple[bool, str]:
    """Decides whether a model passes.

    Args:
        evidence: its scores.
        threshold: least accuracy that passes, a fraction (G1).
        must_beat_majority: also require a lead over the most frequent class (G2).
        use_lower_bound: compare the lower bound with the threshold instead of the accuracy.

    Returns:
        (passed, one sentence on why).
    """
    score, words = evidence.accuracy, f"Accuracy {evidence.accuracy:.4f}"
    if use_lower_bound:
        score = evidence.lower_bound
        words += f", at least {score:.4f} with 95% confidence"
    words += f" ({evidence.right:,} of {evidence.rows:,} held-out rows)"
    if not math.isfinite(score):
        return False, f"{words} is not a finite number."
    if not score >= threshold:
        return False, f"{words} is below the threshold {threshold:g}."
    if must_beat_majority and not evidence.majority_p_value <= MAX_P_VALUE:
        return False, (
            f"{words} reaches the threshold {threshold:g}, but is not better beyond luck than"
            f" always answering the most frequent class ({evidence.majority_accuracy:.4f};"
            f" p = {evidence.majority_p_value:.2g})."
        )
    return True, (
        f"{words} reaches the threshold {threshold:g}; always answering the most frequent class"
        f" scores {evidence.majority_accuracy:.4f}."
    )
