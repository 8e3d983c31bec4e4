"""A table as it stands in a CSV file: text cells, with the lines they came from.

T1. Cells keep their text: what is written again is what was read, whatever its type.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

MISSING_CELLS = frozenset({"", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null", "None", "<NA>"})
"""Cells that mean "no value": those of pandas.read_csv that people write by hand."""


@dataclass(frozen=True)
class Table:
    """Rows of text cells.

    Attributes:
        columns: names, in file order, without duplicates.
        rows: cells of each row, as many as columns.
        lines: line of the file on which each row starts, from 1 (the header's).
    """

    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: list[int]

    def column(self, name: str) -> list[str]:
        """Returns the cells of one column, top to bottom."""
        index = self.columns.index(name)
        return [row[index] for row in self.rows]

    def select(self, indexes: Iterable[int]) -> "Table":
        """Returns the rows at these positions, in the order given."""
        chosen = list(indexes)
        return Table(self.columns, [self.rows[i] for i in chosen], [self.lines[i] for i in chosen])

    def without(self, name: str) -> "Table":
        """Returns the table without one column."""
        index = self.columns.index(name)
        rows = [row[:index] + row[index + 1 :] for row in self.rows]
        return Table(self.columns[:index] + self.columns[index + 1 :], rows, self.lines)


def write_table(path: str | Path, table: Table) -> None:
    r"""Writes a table as CSV: UTF-8, `\n` line ends, quotes only where needed (T1)."""
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(table.rows)


def is_missing(cell: str) -> bool:
    """Tells whether a cell holds no value."""
    return cell.strip() in MISSING_CELLS


def as_numbers(cells: Sequence[str]) -> np.ndarray | None:
    """Reads cells as numbers.

    Args:
        cells: text cells.

    Returns:
        float64 array, shape (cells,), NaN where a value is missing, infinite where the cell says
        so or overflows; None when a cell is neither missing nor a number.
    """
    meanings: dict[str, float] = {}
    for cell in set(cells):
        try:
            meanings[cell] = np.nan if is_missing(cell) else _number(cell)
        except ValueError:
            return None
    return np.array([meanings[cell] for cell in cells], dtype=np.float64)


def _number(cell: str) -> float:
    # float() also reads 1_000, which no other CSV reader takes for a number.
    if "_" in cell:
        raise ValueError(cell)
    return float(cell)
