"""Runs the components in this process, as KFP's executor would."""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kfp.dsl import ClassificationMetrics, Dataset, Metrics, Model

from anneal_tasks.components.evaluate import Verdict, evaluate
from anneal_tasks.components.preprocess import preprocess
from anneal_tasks.components.train import train


@dataclass
class Parts:
    """What preprocess wrote."""

    train: Dataset
    test: Dataset
    report: Metrics


@dataclass
class Trained:
    """What train wrote."""

    model: Model
    metrics: Metrics
    importances: Metrics


@dataclass
class Evaluated:
    """What evaluate wrote."""

    verdict: Verdict
    metrics: Metrics
    classification: ClassificationMetrics


def split(raw: Path, folder: Path, **parameters) -> Parts:
    folder.mkdir(parents=True, exist_ok=True)
    parts = Parts(
        train=Dataset("train_data", str(folder / "train.csv")),
        test=Dataset("test_data", str(folder / "test.csv")),
        report=Metrics("data_report", str(folder / "report.json")),
    )
    preprocess(Dataset("raw_data", str(raw)), parts.train, parts.test, parts.report, **parameters)
    return parts


def fit(train_data: Dataset, folder: Path, **parameters) -> Trained:
    folder.mkdir(parents=True, exist_ok=True)
    trained = Trained(
        model=Model("model", str(folder / "model")),
        metrics=Metrics("metrics", str(folder / "train_metrics.json")),
        importances=Metrics("importances", str(folder / "importances.json")),
    )
    parameters = {"cv_folds": 0, **parameters}
    train(train_data, trained.model, trained.metrics, trained.importances, **parameters)
    return trained


def score(model: Model, test_data: Dataset, folder: Path, **parameters) -> Evaluated:
    folder.mkdir(parents=True, exist_ok=True)
    metrics = Metrics("metrics", str(folder / "metrics.json"))
    classification = ClassificationMetrics("classification", str(folder / "classification.json"))
    verdict = evaluate(model, test_data, metrics, classification, **parameters)
    return Evaluated(verdict, metrics, classification)


def write_rows(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


def read_rows(path: str | Path) -> list[list[str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def noise(path: Path, seed: int, rows: int = 400, positives: float = 0.5) -> Path:
    """Writes random features with labels that have nothing to do with them."""
    draw = random.Random(seed)  # noqa: S311 - test data
    return write_rows(
        path,
        ["a", "b", "c", "kind", "churn"],
        [
            [
                round(draw.gauss(0, 1), 6),
                round(draw.gauss(0, 1), 6),
                draw.randrange(100),
                draw.choice("uvwxyz"),
                "yes" if draw.random() < positives else "no",
            ]
            for _ in range(rows)
        ],
    )
