"""Trains small churn models with the project's own components, for tests of serving.

Usage: train_churn.py CSV OUT. Writes OUT/small and OUT/large (model folders) and prints, as JSON,
what scikit-learn itself says of one raw row: {"row", "small": {...}, "large": {...}}.
"""

import csv
import json
import sys
from pathlib import Path

import pandas as pd
from kfp.dsl import Dataset, Metrics, Model

from anneal_tasks.components.preprocess import preprocess
from anneal_tasks.components.train import train
from anneal_tasks.digest import digest_path
from anneal_tasks.learning.skops_bytes import load_model

TREES = {"small": 3, "large": 30}


def main(source, out):
    train_data = Dataset("train_data", str(out / "train.csv"))
    test_data = Dataset("test_data", str(out / "test.csv"))
    preprocess(
        Dataset("raw_data", str(source)), train_data, test_data, Metrics("r", str(out / "r.json"))
    )
    with open(test_data.path, encoding="utf-8", newline="") as stream:
        row = next(csv.DictReader(stream))
    row.pop("churn")
    print(json.dumps({"row": row, **{name: fit(name, train_data, row, out) for name in TREES}}))


def fit(name, train_data, row, out):
    model = Model("model", str(out / name))
    metrics = Metrics("metrics", str(out / f"{name}.metrics"))
    importances = Metrics("importances", str(out / f"{name}.importances"))
    train(train_data, model, metrics, importances, n_estimators=TREES[name], cv_folds=0)
    estimator = load_model((out / name / "model.skops").read_bytes())
    frame = pd.DataFrame([{column: as_value(text) for column, text in row.items()}])
    (label,) = estimator.predict(frame)
    positive = list(estimator.classes_).index("yes")
    return {
        "modelDigest": digest_path(model.path),
        "label": str(label),
        "probability": float(estimator.predict_proba(frame)[0][positive]),
    }


def as_value(text):
    try:
        return float(text)
    except ValueError:
        return text


main(Path(sys.argv[1]), Path(sys.argv[2]))
