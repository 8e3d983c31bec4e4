"""Checks of feature columns before anything learns from them.

K1. A column that says the label in other words is refused: it would not be known at prediction.
K2. What is only suspicious is a warning in the report.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from anneal_tasks.errors import DataError
from anneal_tasks.tabular.table import Table, as_numbers, is_missing

_ROWS_PER_VALUE = 10
"""A column with fewer rows for each of its values is not judged: chance could explain purity."""

_MIN_ROWS_FOR_IDENTIFIER = 20


def check_columns(features: Table, labels: Sequence[str]) -> list[str]:
    """Checks every feature column.

    Args:
        features: the table without its label column.
        labels: class of each row.

    Returns:
        Warnings, as sentences, in column order (K2).

    Raises:
        DataError: E_LEAK for a copy of the label (K1); E_DATA for an infinite number, or numbers
            written with a decimal comma.
    """
    warnings = []
    for name in features.columns:
        cells = features.column(name)
        _refuse_label_copy(name, cells, labels)
        numbers = as_numbers(cells)
        if numbers is None:
            _refuse_decimal_comma(name, cells, features.lines)
        else:
            refuse_infinite(name, numbers, features.lines)
        warnings += _warnings(name, cells, numbers, labels)
    return warnings


def refuse_infinite(name: str, numbers: np.ndarray, lines: Sequence[int]) -> None:
    """Refuses infinite numbers.

    Args:
        name: the column's name.
        numbers: float64 array, shape (rows,).
        lines: line of the file of each row.

    Raises:
        DataError: E_DATA with the column and the first line.
    """
    rows = np.flatnonzero(np.isinf(numbers))
    if rows.size:
        raise DataError(
            "E_DATA",
            f"Column {name!r} is infinite on line {lines[rows[0]]} ({rows.size} such rows in all).",
            "Leave the cell empty where the value is not known.",
        )


def is_identifier(cells: Sequence[str], numbers: np.ndarray | None) -> bool:
    """Tells whether a column names rows: a different text, or whole number, in each of them."""
    if len(cells) < _MIN_ROWS_FOR_IDENTIFIER or len(set(cells)) < len(cells):
        return False
    return numbers is None or bool(np.all(numbers == np.floor(numbers)))


def _refuse_label_copy(name: str, cells: Sequence[str], labels: Sequence[str]) -> None:
    is_judged = len(cells) >= 2 * _ROWS_PER_VALUE
    if is_judged and len(set(cells)) == 2 and len(set(zip(cells, labels, strict=True))) == 2:
        raise DataError(
            "E_LEAK",
            f"Column {name!r} says the label in other words: each of its two values"
            " goes with one class, in every row.",
            "Remove the column: it would not be known when a prediction is asked for.",
        )


def _refuse_decimal_comma(name: str, cells: Sequence[str], lines: Sequence[int]) -> None:
    with_comma = [row for row, cell in enumerate(cells) if "," in cell]
    swapped = [cell.replace(",", ".") if cell.count(",") == 1 else cell for cell in cells]
    if with_comma and as_numbers(swapped) is not None:
        row = with_comma[0]
        raise DataError(
            "E_DATA",
            f"Column {name!r} writes numbers with a decimal comma, as {cells[row]!r} on line"
            f" {lines[row]}.",
            "Write them with a decimal point.",
        )


def _warnings(
    name: str, cells: Sequence[str], numbers: np.ndarray | None, labels: Sequence[str]
) -> list[str]:
    values = Counter(cells)
    if all(map(is_missing, values)):
        return [f"Column {name!r} has no value in any row."]
    if len(values) == 1:
        return [f"Column {name!r} is constant: {cells[0]!r} in every row."]
    if is_identifier(cells, numbers):
        return [f"Column {name!r} has a different value in each row, as an identifier has."]
    is_judged = len(values) * _ROWS_PER_VALUE <= len(cells)
    if is_judged and len(set(zip(cells, labels, strict=True))) == len(values):
        return [f"Column {name!r} decides the label alone: check that it is known beforehand."]
    missing = sum(count for cell, count in values.items() if is_missing(cell))
    return [f"Column {name!r} has no value in {missing} rows."] if missing else []
