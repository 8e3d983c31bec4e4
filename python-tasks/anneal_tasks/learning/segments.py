"""Accuracy by segment: the held-out rows divided by the values of a column."""

from typing import Any

import numpy as np

from anneal_tasks.errors import DataError
from anneal_tasks.learning.held_out_rows import LabelledRows
from anneal_tasks.tabular.table import is_missing

MAX_VALUES = 50
"""A column with more values names rows rather than segments, and would fill the record."""

MISSING = "(missing)"


def count_segments(rows: LabelledRows, column: str, is_right: np.ndarray) -> list[dict[str, Any]]:
    """Counts rows and right answers for each value of a column.

    Args:
        rows: the held-out rows.
        column: a feature column, of the file, whether the model takes it or not.
        is_right: bool array, shape (rows,): whether the model was right.

    Returns:
        `{"value", "rows", "right"}` for each value, sorted by value.

    Raises:
        DataError: E_DATA when there is no such column, or it has more than MAX_VALUES values.
    """
    cells = [
        MISSING if is_missing(row[0]) else row[0].strip() for row in rows.of_columns([column]).rows
    ]
    values = sorted(set(cells))
    if len(values) > MAX_VALUES:
        raise DataError(
            "E_DATA",
            f"Column {column!r} has {len(values)} values; segments have at most {MAX_VALUES}.",
        )
    content = np.array(cells, dtype=object)
    return [
        {
            "value": value,
            "rows": int(np.sum(content == value)),
            "right": int(np.sum(is_right[content == value])),
        }
        for value in values
    ]
