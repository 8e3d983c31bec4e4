"""A made-up row that a model can be tried with."""

from collections import Counter

import numpy as np

from anneal_tasks.learning.schema import Column
from anneal_tasks.tabular.table import Table, as_numbers, is_missing


def sample_row(features: Table, columns: tuple[Column, ...]) -> dict[str, str]:
    """Makes one row of each column's most typical value.

    Args:
        features: training rows without their label.
        columns: their kinds.

    Returns:
        Text cell by column: the lower median of a numeric column, the most frequent value of a
        categorical one (of equals the first in sort order), nothing for an ignored one.
    """
    return {column.name: _typical(features.column(column.name), column) for column in columns}


def _typical(cells: list[str], column: Column) -> str:
    if column.kind == "ignored":
        return ""
    present = [cell.strip() for cell in cells if not is_missing(cell)]
    if column.kind == "numeric":
        order = np.argsort(as_numbers(present), kind="stable")
        return present[order[(len(present) - 1) // 2]]
    return min(Counter(present).items(), key=lambda item: (-item[1], item[0]))[0]
