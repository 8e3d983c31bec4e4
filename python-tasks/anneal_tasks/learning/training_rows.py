"""Training rows, from a CSV file to what a model is fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from anneal_tasks.errors import DataError
from anneal_tasks.learning.schema import Schema, features_frame, infer_columns
from anneal_tasks.tabular.fingerprints import row_fingerprints
from anneal_tasks.tabular.labels import clean_labels, find_classes, find_label_column
from anneal_tasks.tabular.read_table import read_table
from anneal_tasks.tabular.table import Table


@dataclass(frozen=True)
class TrainingRows:
    """Training rows.

    Attributes:
        features: their text cells, without the label.
        frame: the same, as features_frame makes it.
        labels: str array, shape (rows,).
        fingerprints: one a row.
        schema: kinds of the columns, learnt from these rows.
    """

    features: Table
    frame: pd.DataFrame
    labels: np.ndarray
    fingerprints: Sequence[str]
    schema: Schema


def read_training_rows(path: str, label_column: str) -> TrainingRows:
    """Reads training rows from a CSV file.

    Args:
        path: CSV file.
        label_column: name of the label column; empty for the default ones.

    Returns:
        The rows, ready to fit.

    Raises:
        DataError: E_DATA when the file, its labels or its columns cannot be learnt from.
    """
    table = read_table(path)
    label = find_label_column(table.columns, label_column)
    position = table.columns.index(label)
    table, labels = clean_labels(table, label, "refuse")
    classes = find_classes(labels)
    features = table.without(label)
    columns = infer_columns(features)
    if all(column.kind == "ignored" for column in columns):
        raise DataError(
            "E_DATA",
            "No column can be learnt from: each is empty or has a different text in each row.",
            "Give at least one numeric column, or a text column whose values recur.",
        )
    schema = Schema(columns, label, position, (classes.negative, classes.positive))
    return TrainingRows(
        features=features,
        frame=features_frame(features.rows, columns, features.lines),
        labels=np.array(labels),
        fingerprints=row_fingerprints(features),
        schema=schema,
    )
