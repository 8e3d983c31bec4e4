"""The model: one scikit-learn pipeline from raw columns to a class.

E1. Everything that is learnt (medians, categories, scales, trees) is learnt by `fit`, from the
    rows given to it: whoever fits on training rows only cannot leak.
E2. The same rows and seed give the same model, whatever the machine's number of cores.
"""

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from anneal_tasks.learning.schema import Schema

MAX_CATEGORIES = 100
"""Of a text column; rarer ones share one input, so that a free-text column stays affordable."""

_MISSING = "(missing)"


def fit_estimator(
    frame: pd.DataFrame, labels: np.ndarray, schema: Schema, parameters: dict[str, int]
) -> Pipeline:
    """Fits imputing, encoding, scaling and a random forest.

    Args:
        frame: features, as features_frame makes them.
        labels: str array, shape (rows,): class of each row.
        schema: kinds of the columns.
        parameters: n_estimators, max_depth and random_state.

    Returns:
        The fitted pipeline; it predicts with one thread (E2).
    """
    forest = RandomForestClassifier(**parameters, n_jobs=-1)
    estimator = Pipeline([("columns", _column_transformer(schema)), ("forest", forest)])
    estimator.fit(frame, labels)
    # Trees are fitted alike on any number of cores; a sum of votes is not rounded alike.
    forest.n_jobs = None
    return estimator


def column_importances(estimator: Pipeline, schema: Schema) -> dict[str, float]:
    """Sums the forest's importances over the inputs made from each column.

    Mean decrease in impurity, normalised by scikit-learn (RandomForestClassifier's
    feature_importances_); it favours columns with many values.

    Args:
        estimator: a fitted pipeline.
        schema: kinds of the columns.

    Returns:
        Importance by column, greatest first, summing to 1; ignored columns have none.
    """
    transformer = estimator.named_steps["columns"]
    importances = estimator.named_steps["forest"].feature_importances_
    totals = dict.fromkeys(schema.of_kind("numeric") + schema.of_kind("categorical"), 0.0)
    for inputs, names in _inputs_by_column(transformer, schema):
        for offset, name in enumerate(names):
            totals[name] += float(importances[inputs.start + offset])
    return dict(sorted(totals.items(), key=lambda item: (-item[1], item[0])))


def _column_transformer(schema: Schema) -> ColumnTransformer:
    # Kept even when empty: a cross-validation fold may hold no value of a sparse column.
    median = SimpleImputer(strategy="median", keep_empty_features=True)
    numeric = Pipeline([("impute", median), ("scale", StandardScaler())])
    categorical = Pipeline(
        [
            ("impute", SimpleImputer(strategy="constant", fill_value=_MISSING)),
            (
                "encode",
                OneHotEncoder(
                    handle_unknown="infrequent_if_exist",
                    max_categories=MAX_CATEGORIES,
                    sparse_output=False,
                ),
            ),
        ]
    )
    parts = [
        ("numeric", numeric, schema.of_kind("numeric")),
        ("categorical", categorical, schema.of_kind("categorical")),
    ]
    return ColumnTransformer([part for part in parts if part[2]])


def _inputs_by_column(transformer: ColumnTransformer, schema: Schema) -> list:
    """Pairs each block of the forest's inputs with the column that each input came from."""
    blocks = []
    places = transformer.output_indices_
    if "numeric" in places:
        blocks.append((places["numeric"], schema.of_kind("numeric")))
    if "categorical" in places:
        encoder = transformer.named_transformers_["categorical"].named_steps["encode"]
        names = schema.of_kind("categorical")
        sources = [
            name
            for name, inputs in zip(names, _inputs_per_column(encoder), strict=True)
            for _ in range(inputs)
        ]
        blocks.append((places["categorical"], sources))
    return blocks


def _inputs_per_column(encoder: OneHotEncoder) -> list[int]:
    counts = []
    for categories, infrequent in zip(
        encoder.categories_, encoder.infrequent_categories_, strict=True
    ):
        rare = 0 if infrequent is None else len(infrequent) - 1
        counts.append(len(categories) - rare)
    return counts
