"""What answers predictions: a model folder, or a bare scikit-learn estimator in one file.

P1. The bytes whose digest was checked are the bytes that are loaded.
P2. A pickle runs code of whoever made it: it is loaded only when that is allowed in so many words,
    and only with the digest of a model that a run on record has made.
P3. A predictor has answered one row before anyone else may ask.
"""

import io
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from anneal_tasks.digest import digest_bytes
from anneal_tasks.errors import DataError
from anneal_tasks.learning.model_folder import TrainedModel, answer, read_model
from anneal_tasks.learning.schema import Column, features_frame
from anneal_tasks.learning.skops_bytes import load_model

_ZIP_MARK = b"PK\x03\x04"


class Predictor(Protocol):
    """Answers rows of text cells.

    Attributes:
        columns: feature columns, in the order of a row's cells.
        label_column: name of the column that requests may hold but that is not used; or empty.
        label_position: where that column stood in the training file, -1 when not known.
        classes: classes as text.
        digest: `sha256:<hex>` of the model.
        train_rows: fingerprints of the rows it was trained on; None where the model does not say.
    """

    columns: Sequence[Column]
    label_column: str
    label_position: int
    classes: Sequence[str]
    digest: str
    train_rows: frozenset[str] | None

    def predict(self, rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        """Predicts rows.

        Args:
            rows: text cells of each row, one for every column.

        Returns:
            `{"label", "probability"}` for each; probability is of the positive class and left out
            where the model gives none.

        Raises:
            DataError: E_DATA, naming column and row, for a cell that does not fit its column.
        """
        ...


def open_predictor(path: str | Path, expected_digest: str, allow_pickle: bool) -> Predictor:
    """Loads a model and tries it (P1, P2, P3).

    Args:
        path: model folder, or one file that holds a scikit-learn classifier as skops or pickle.
        expected_digest: digest of the model, `sha256:<hex>`.
        allow_pickle: whether a pickle may be loaded.

    Returns:
        A predictor that has answered one row.

    Raises:
        DataError: E_INPUT_NOT_FOUND, E_DIGEST, or E_MODEL_FORMAT.
    """
    source = Path(path)
    if not source.exists():
        raise DataError("E_INPUT_NOT_FOUND", f"There is no model at {source}.")
    if source.is_dir():
        predictor = _FolderPredictor(read_model(source, expected_digest))
    else:
        predictor = _FilePredictor(source.read_bytes(), expected_digest, allow_pickle)
    _try(predictor)
    return predictor


class _FolderPredictor:
    def __init__(self, trained: TrainedModel) -> None:
        self._trained = trained
        self.columns = trained.schema.columns
        self.label_column = trained.schema.label_column
        self.label_position = trained.schema.label_position
        self.classes = trained.schema.classes
        self.digest = trained.digest
        self.train_rows = trained.train_rows
        self.sample = [trained.description["sample"][name] for name in trained.schema.names]
        self.expected = trained.description["expected"]

    def predict(self, rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        frame = features_frame(rows, self.columns, range(1, len(rows) + 1))
        prediction = self._trained.predict(frame)
        return list(map(answer, prediction.labels, prediction.probabilities))


class _FilePredictor:
    """A bare estimator over numeric columns, such as the seed pipeline's pickled forest."""

    label_position = -1
    train_rows = None

    def __init__(self, content: bytes, expected_digest: str, allow_pickle: bool) -> None:
        self.digest = digest_bytes(content)
        if self.digest != expected_digest:
            raise DataError(
                "E_DIGEST", f"The model is {self.digest}, not {expected_digest} as expected."
            )
        self._estimator = _load_estimator(content, allow_pickle)
        self._has_names = hasattr(self._estimator, "feature_names_in_")
        self.columns = [Column(name, "numeric") for name in _column_names(self._estimator)]
        self.label_column = "target" if self._has_names else ""
        self.classes = [str(name) for name in self._estimator.classes_.tolist()]
        self.sample = ["0"] * len(self.columns)
        self.expected = None

    def predict(self, rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
        frame = features_frame(rows, self.columns, range(1, len(rows) + 1))
        values = frame if self._has_names else frame.to_numpy()
        labels = self._estimator.predict(values).tolist()
        probabilities = self._positive_probabilities(values)
        if probabilities is None:
            return [{"label": str(label)} for label in labels]
        return list(map(answer, labels, probabilities))

    def _positive_probabilities(self, values: pd.DataFrame | np.ndarray) -> np.ndarray | None:
        if len(self.classes) != 2 or not hasattr(self._estimator, "predict_proba"):
            return None
        return self._estimator.predict_proba(values)[:, 1]


def _load_estimator(content: bytes, allow_pickle: bool) -> Any:
    if content.startswith(_ZIP_MARK):
        return load_model(content)
    if not allow_pickle:
        raise DataError(
            "E_MODEL_FORMAT",
            "The model is not in skops format; it may be a pickle, which runs its maker's code.",
            "Save it with skops, or allow pickles where you trust every step that made it.",
        )
    try:
        return pickle.load(io.BytesIO(content))  # noqa: S301 - allowed and digest-checked (P2)
    except Exception as error:
        raise DataError("E_MODEL_FORMAT", f"The pickle cannot be loaded: {error!r}") from error


def _column_names(estimator: Any) -> list[str]:
    if not hasattr(estimator, "classes_") or not hasattr(estimator, "n_features_in_"):
        raise DataError(
            "E_MODEL_FORMAT",
            f"The model is a {type(estimator).__name__}, not a fitted scikit-learn classifier.",
            "Save the fitted classifier itself.",
        )
    names = getattr(estimator, "feature_names_in_", None)
    if names is not None:
        return [str(name) for name in names]
    return [f"column_{index + 1}" for index in range(estimator.n_features_in_)]


def _try(predictor: Any) -> None:
    try:
        (prediction,) = predictor.predict([predictor.sample])
    except Exception as error:
        raise DataError(
            "E_MODEL_FORMAT", f"The model cannot predict its sample row: {error}"
        ) from error
    if predictor.expected not in (None, prediction):
        raise DataError(
            "E_MODEL_FORMAT",
            f"The model predicts {prediction} for its sample row, but predicted"
            f" {predictor.expected} when it was trained.",
            "Serve it with the library versions that model.json names.",
        )
