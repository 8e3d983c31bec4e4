"""Test rows, from a CSV file to what a model is scored on.

H1. A row that the model was trained on is never scored.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from anneal_tasks.errors import DataError
from anneal_tasks.learning.model_folder import TrainedModel
from anneal_tasks.learning.schema import features_frame
from anneal_tasks.tabular.fingerprints import row_fingerprints
from anneal_tasks.tabular.labels import clean_labels, find_label_column
from anneal_tasks.tabular.read_table import read_table
from anneal_tasks.tabular.table import Table


@dataclass(frozen=True)
class HeldOut:
    """Test rows, ready to predict.

    Attributes:
        frame: features, as features_frame makes them.
        labels: str array, shape (rows,).
    """

    frame: pd.DataFrame
    labels: np.ndarray


def read_held_out(path: str, trained: TrainedModel) -> HeldOut:
    """Reads test rows from a CSV file.

    Args:
        path: CSV file; its columns may be in another order than the training file's.
        trained: the model they are for.

    Returns:
        The rows, ready to predict.

    Raises:
        DataError: E_LEAK when the model was trained on one of them (H1); E_DATA when they do not
            fit the model.
    """
    schema = trained.schema
    table = read_table(path)
    label = find_label_column(table.columns, schema.label_column)
    table, labels = clean_labels(table, label, "refuse")
    strangers = sorted(set(labels) - set(schema.classes))
    if strangers:
        raise DataError(
            "E_DATA",
            f"The test rows have the class {strangers[0]!r}; the model knows"
            f" {schema.classes[0]!r} and {schema.classes[1]!r}.",
            "Train and evaluate on parts of the same file.",
        )
    features = _in_model_order(table.without(label), schema.names)
    _refuse_trained_rows(features, trained)
    frame = features_frame(features.rows, schema.columns, features.lines)
    return HeldOut(frame, np.array(labels))


def _in_model_order(features: Table, names: list[str]) -> Table:
    absent = [name for name in names if name not in features.columns]
    if absent:
        raise DataError(
            "E_DATA",
            f"The test rows have no column {', '.join(map(repr, absent))}, which the model takes.",
            "Train and evaluate on parts of the same file.",
        )
    order = [features.columns.index(name) for name in names]
    rows = [[row[index] for index in order] for row in features.rows]
    return Table(tuple(names), rows, features.lines)


def _refuse_trained_rows(features: Table, trained: TrainedModel) -> None:
    known = [
        line
        for line, fingerprint in zip(features.lines, row_fingerprints(features), strict=True)
        if fingerprint in trained.train_rows
    ]
    if known:
        raise DataError(
            "E_LEAK",
            f"The model was trained on {len(known)} of the {len(features.rows)} test rows, the"
            f" first on line {known[0]}: its score on them would say nothing.",
            "Evaluate on rows held out from training, such as preprocess's test_data.",
        )
