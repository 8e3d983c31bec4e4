r"""The population stability index of one feature.

    PSI = sum over bins i of (a_i - e_i) * ln(a_i / e_i)

with e_i the share of the training rows in bin i, and a_i that of the captured rows. It is the
symmetric Kullback-Leibler divergence of the two binned samples (Jeffreys, 1946), so exchanging them
changes nothing.

Customary limits, a rule of thumb of credit scoring (Siddiqi, Credit Risk Scorecards, Wiley 2006):
below 0.1 no change worth a look, 0.1 to 0.25 a moderate one, above 0.25 a large one.

P1. Bins come from the training rows alone: deciles of numbers; the values themselves where a column
    has few of them, or is text.
P2. Missing values are a bin of their own, and so are values that training never saw.
P3. A share below EMPTY_SHARE counts as EMPTY_SHARE, or an empty bin would make the index infinite.
P4. Two samples of one population do not give 0: with B bins the index is about (B - 1)(1/n + 1/m)
    on average (Yurdakul, Statistical Properties of Population Stability Index, 2018). Few rows say
    little.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from anneal_tasks.tabular.table import as_numbers, is_missing

BINS = 10
"""Deciles, as is customary."""

EMPTY_SHARE = 1e-4

MAX_VALUES = 20
"""Values of a text column that have a bin of their own; the rarest ones share one."""

MISSING = "(missing)"
OTHER = "(other)"


@dataclass(frozen=True)
class Bin:
    """One bin.

    Attributes:
        label: what is in it: `< 3.5`, `3.5 to 7`, a value, `(missing)`, `(other)`.
        reference: share of the training rows, a fraction.
        captured: share of the captured rows, a fraction.
    """

    label: str
    reference: float
    captured: float


@dataclass(frozen=True)
class Stability:
    """How far a feature has moved.

    Attributes:
        psi: the index, from 0; higher is further.
        bins: what it is the sum over.
    """

    psi: float
    bins: tuple[Bin, ...]


def stability(reference: Sequence[str], captured: Sequence[str], *, is_numeric: bool) -> Stability:
    """Compares one feature of two samples.

    Args:
        reference: text cells of the training rows, at least one.
        captured: text cells of the captured rows, at least one.
        is_numeric: whether the model takes the feature as a number.

    Returns:
        The index and its bins; the order of the cells does not matter.

    Raises:
        ValueError: when a sample is empty, or a numeric one holds text.
    """
    if not reference or not captured:
        raise ValueError("A sample without rows cannot be compared.")
    binned = _numeric_bins if is_numeric else _value_bins
    labels, of_reference, of_captured = binned(reference, captured)
    expected = _shares(of_reference, len(labels))
    actual = _shares(of_captured, len(labels))
    bins = [
        Bin(label, float(e), float(a)) for label, e, a in zip(labels, expected, actual, strict=True)
    ]
    return Stability(population_stability(expected, actual), tuple(bins))


def population_stability(expected: np.ndarray, actual: np.ndarray) -> float:
    """Returns the index of two binned samples.

    Args:
        expected: float64 array, shape (bins,): shares of the training rows, fractions.
        actual: float64 array, shape (bins,): shares of the captured rows, fractions.
    """
    e = np.maximum(expected, EMPTY_SHARE)
    a = np.maximum(actual, EMPTY_SHARE)
    return float(np.sum((a - e) * np.log(a / e)))


def _shares(bins: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(bins, minlength=count) / len(bins)


def _numeric_bins(
    reference: Sequence[str], captured: Sequence[str]
) -> tuple[list[str], np.ndarray, np.ndarray]:
    samples = [_numbers(reference), _numbers(captured)]
    known = samples[0][~np.isnan(samples[0])]
    values = np.unique(known)
    if len(values) <= BINS:
        return _binned_values([f"{value:g}" for value in values], *map(_as_text, samples))
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS))
    labels = [f"< {edges[0]:g}", *_between(edges), f">= {edges[-1]:g}", MISSING]
    of_samples = [
        np.where(np.isnan(sample), len(edges) + 1, np.searchsorted(edges, sample, side="right"))
        for sample in samples
    ]
    return labels, of_samples[0], of_samples[1]


def _between(edges: np.ndarray) -> list[str]:
    return [f"{low:g} to {high:g}" for low, high in pairwise(edges)]


def _numbers(cells: Sequence[str]) -> np.ndarray:
    numbers = as_numbers(cells)
    if numbers is None:
        raise ValueError("A numeric feature holds text.")
    return numbers


def _as_text(numbers: np.ndarray) -> list[str]:
    return [MISSING if np.isnan(number) else f"{number:g}" for number in numbers]


def _value_bins(
    reference: Sequence[str], captured: Sequence[str]
) -> tuple[list[str], np.ndarray, np.ndarray]:
    samples = [
        [MISSING if is_missing(cell) else cell.strip() for cell in cells]
        for cells in (reference, captured)
    ]
    counts = Counter(value for value in samples[0] if value != MISSING)
    frequent = sorted(counts, key=lambda value: (-counts[value], value))[:MAX_VALUES]
    return _binned_values(frequent, *samples)


def _binned_values(
    values: Sequence[str], reference: Sequence[str], captured: Sequence[str]
) -> tuple[list[str], np.ndarray, np.ndarray]:
    labels = [*values, MISSING, OTHER]
    places = {label: place for place, label in enumerate(labels)}
    of_samples = [
        np.array([places.get(value, places[OTHER]) for value in sample])
        for sample in (reference, captured)
    ]
    return labels, of_samples[0], of_samples[1]
