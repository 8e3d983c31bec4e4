"""The model artifact: a folder that says all about itself.

    model.skops      the fitted pipeline, raw columns to class
    model.json       schema, classes, parameters, library versions, one sample row with its answer
    train_rows.txt   fingerprints of the training rows, sorted, one a line

M1. Equal training gives an equal folder, byte for byte.
M2. Bytes are read once, and the digest is of the bytes that were read: what is checked is loaded.
M3. The sample row is made up of each column's most typical values: it is nobody's data.
M4. Python's patch level leaves no trace: a machine and an image train the same folder.
"""

import json
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.pipeline import Pipeline

from anneal_tasks.digest import digest_contents, folder_files
from anneal_tasks.errors import DataError
from anneal_tasks.learning.schema import Schema, features_frame, schema_from_json
from anneal_tasks.learning.skops_bytes import dump_model, load_model

FORMAT = "anneal-model/1"
_LIBRARIES = ("numpy", "pandas", "scikit-learn", "skops")


@dataclass(frozen=True)
class Prediction:
    """What a model says of some rows.

    Attributes:
        labels: str array, shape (rows,): the class predicted.
        probabilities: float64 array, shape (rows,): probability of the positive class.
    """

    labels: np.ndarray
    probabilities: np.ndarray


@dataclass(frozen=True)
class TrainedModel:
    """A model with what is known about it.

    Attributes:
        estimator: the fitted pipeline.
        schema: its columns and classes.
        train_rows: fingerprints of the rows it was trained on.
        description: all of model.json.
        digest: digest of the folder it was read from; empty before it is written.
    """

    estimator: Pipeline
    schema: Schema
    train_rows: frozenset[str]
    description: dict[str, Any]
    digest: str = ""

    def predict(self, frame: pd.DataFrame) -> Prediction:
        """Predicts rows given as features_frame makes them."""
        return predict_rows(self.estimator, self.schema, frame)


def predict_rows(estimator: Pipeline, schema: Schema, frame: pd.DataFrame) -> Prediction:
    """Predicts rows with a fitted pipeline.

    Args:
        estimator: a fitted pipeline.
        schema: its columns and classes.
        frame: features, as features_frame makes them.

    Returns:
        The class and the probability of the positive class for every row; the class is the more
        probable one, as scikit-learn's predict says (a tie goes to the class that sorts first).
    """
    classes = list(estimator.classes_)
    probabilities = estimator.predict_proba(frame)
    labels = estimator.classes_[np.argmax(probabilities, axis=1)]
    positive = schema.classes[1]
    # A fold of few rows may hold one class only.
    column = classes.index(positive) if positive in classes else None
    return Prediction(labels, np.zeros(len(frame)) if column is None else probabilities[:, column])


def write_model(
    path: str | Path,
    estimator: Pipeline,
    schema: Schema,
    train_rows: Sequence[str],
    details: dict[str, Any],
) -> None:
    """Writes the model folder (M1).

    Args:
        path: folder to make; it must not hold anything.
        estimator: the fitted pipeline.
        schema: its columns and classes.
        train_rows: fingerprints of the training rows.
        details: `parameters`, `sample` (M3) and counts to keep in model.json.
    """
    description = {
        "format": FORMAT,
        "positive_class": schema.classes[1],
        **schema.to_json(),
        **details,
        "expected": _expected(estimator, schema, details["sample"]),
        "libraries": _library_versions(),
    }
    folder = Path(path)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.skops").write_bytes(dump_model(estimator))
    (folder / "model.json").write_text(
        json.dumps(description, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    (folder / "train_rows.txt").write_text(
        "".join(f"{row}\n" for row in sorted(set(train_rows))), encoding="utf-8"
    )


def read_model(path: str | Path, expected_digest: str | None = None) -> TrainedModel:
    """Reads a model folder (M2).

    Args:
        path: folder that write_model made.
        expected_digest: digest it must have, `sha256:<hex>`; None accepts any.

    Returns:
        The model, ready to predict.

    Raises:
        DataError: E_DIGEST for other bytes than expected; E_MODEL_FORMAT when it is no model
            folder, or was made with another version of scikit-learn.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise DataError("E_MODEL_FORMAT", f"{folder} is not a model folder.")
    contents = {name: (folder / name).read_bytes() for name in folder_files(folder)}
    digest = digest_contents(contents)
    if expected_digest is not None and digest != expected_digest:
        raise DataError("E_DIGEST", f"The model is {digest}, not {expected_digest} as expected.")
    try:
        description = json.loads(contents["model.json"])
        train_rows = frozenset(contents["train_rows.txt"].decode("utf-8").split())
        schema = schema_from_json(description)
    except (KeyError, ValueError, TypeError) as error:
        raise DataError(
            "E_MODEL_FORMAT",
            f"{folder} is not a model folder of format {FORMAT} ({error!r}).",
            "Use a model that Anneal's train component wrote.",
        ) from None
    _check_libraries(description)
    estimator = load_model(contents["model.skops"])
    return TrainedModel(estimator, schema, train_rows, description, digest)


def answer(label: str, probability: float) -> dict[str, Any]:
    """Forms one prediction the way it is served and recorded: label, positive probability."""
    return {"label": str(label), "probability": float(probability)}


def _expected(estimator: Pipeline, schema: Schema, sample: dict[str, str]) -> dict[str, Any]:
    frame = features_frame([[sample[name] for name in schema.names]], schema.columns, [1])
    prediction = predict_rows(estimator, schema, frame)
    return answer(prediction.labels[0], prediction.probabilities[0])


def _library_versions() -> dict[str, str]:
    versions = {name: version(name) for name in _LIBRARIES}
    # The exact release is in the run's manifest, as part of the task's environment (M4).
    release = ".".join(platform.python_version().split(".")[:2])
    return {"python": release, **versions}


def _check_libraries(description: dict[str, Any]) -> None:
    made_with = description.get("libraries", {}).get("scikit-learn", "")
    # scikit-learn promises nothing about models across releases (its "model persistence" guide).
    if made_with.split(".")[:2] != version("scikit-learn").split(".")[:2]:
        raise DataError(
            "E_MODEL_FORMAT",
            f"The model was made with scikit-learn {made_with}; this is {version('scikit-learn')}.",
            "Train it again in this environment.",
        )
