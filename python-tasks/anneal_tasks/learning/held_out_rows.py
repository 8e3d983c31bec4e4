"""Labelled rows of one or more CSV files, as the gate compares them."""

from collections.abc import Sequence
from dataclasses import dataclass

from anneal_tasks.errors import DataError
from anneal_tasks.tabular.fingerprints import canonical_cell
from anneal_tasks.tabular.labels import clean_labels, find_label_column
from anneal_tasks.tabular.read_table import read_table
from anneal_tasks.tabular.table import Table


@dataclass(frozen=True)
class LabelledRows:
    """Rows with their labels.

    Attributes:
        features: text cells, without the label.
        labels: one a row, in canonical form: `1`, `1.0` and ` 1` are equal.
        label_column: name of the label column.
    """

    features: Table
    labels: list[str]
    label_column: str

    def of_columns(self, names: Sequence[str]) -> Table:
        """Returns the features of these columns, in the order given.

        Raises:
            DataError: E_DATA when one of them is not there.
        """
        absent = [name for name in names if name not in self.features.columns]
        if absent:
            raise DataError("E_DATA", f"The rows have no column {absent[0]!r}.")
        order = [self.features.columns.index(name) for name in names]
        rows = [[row[index] for index in order] for row in self.features.rows]
        return Table(tuple(names), rows, self.features.lines)


def read_rows(paths: Sequence[str], label_column: str) -> LabelledRows:
    """Reads labelled rows.

    Args:
        paths: CSV files with the same columns, at least one.
        label_column: name of the label column; empty for the default ones.

    Returns:
        The rows of all files, in the order given.

    Raises:
        DataError: E_DATA or E_INPUT_NOT_FOUND when a file is no table of labelled rows.
    """
    parts = [_read(path, label_column) for path in paths]
    first = parts[0]
    features = [part.of_columns(first.features.columns) for part in parts]
    return LabelledRows(
        Table(
            first.features.columns,
            [row for part in features for row in part.rows],
            [line for part in features for line in part.lines],
        ),
        [label for part in parts for label in part.labels],
        first.label_column,
    )


def _read(path: str, label_column: str) -> LabelledRows:
    whole = read_table(path)
    name = find_label_column(whole.columns, label_column)
    table, labels = clean_labels(whole, name, "refuse")
    return LabelledRows(table.without(name), list(map(canonical_cell, labels)), name)
