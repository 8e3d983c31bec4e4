"""A SageMaker training job: the train component, fed and read the way SageMaker does it.

    in    /opt/ml/input/config/hyperparameters.json   parameters of the component, as text
          /opt/ml/input/data/train/                   one CSV file of training rows
    out   /opt/ml/model/                              the model folder, which `serve` reads
          /opt/ml/output/data/                        metrics.json, feature_importances.json
          /opt/ml/output/failure                      why it failed, in at most 1024 characters

J1. A failed job has a non-zero exit code, and its reason in the failure file: SageMaker shows it
    as the job's FailureReason.
J2. Each number of the metrics is printed as `name=value`, for metric definitions to match.
"""

import json
import os
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Any

# The component is its plain function then; see component.py.
os.environ["_KFP_RUNTIME"] = "true"

from kfp.dsl import Dataset, Metrics, Model

from anneal_tasks.components.train import train
from anneal_tasks.errors import DataError, reported_errors
from anneal_tasks.sagemaker.hyperparameters import read_hyperparameters

ROOT = Path("/opt/ml")
_CHANNELS = ("train", "training")
_FAILURE_CHARACTERS = 1024  # SageMaker's limit of FailureReason


def run_training_job(root: Path = ROOT) -> int:
    """Runs the job.

    Args:
        root: SageMaker's folder.

    Returns:
        The exit code (J1).
    """
    with tempfile.TemporaryDirectory() as scratch:
        error_file = Path(scratch, "error.json")
        os.environ["ANNEAL_ERROR_FILE"] = str(error_file)
        try:
            with reported_errors():
                _train(root)
        except SystemExit as end:
            if error_file.exists():
                error = json.loads(error_file.read_text("utf-8"))
                reason = f"{error['code']}: {error['message']} {error['hint']}"
                _write_failure(root, reason.strip())
            return int(end.code or 0)
        except Exception as error:
            traceback.print_exc()
            _write_failure(root, f"{type(error).__name__}: {error}")
            return 1
    return 0


def _train(root: Path) -> None:
    config = root / "input" / "config" / "hyperparameters.json"
    parameters = read_hyperparameters(config, train)
    results = root / "output" / "data"
    results.mkdir(parents=True, exist_ok=True)
    metrics = Metrics("metrics", str(results / "metrics.json"))
    importances = Metrics("feature_importances", str(results / "feature_importances.json"))
    model = Model("model", str(root / "model"))
    train_data = Dataset("train_data", str(_training_file(root / "input" / "data")))
    train(train_data, model, metrics, importances, **parameters)
    _print_metrics(metrics.metadata)
    print(f"model_digest={model.metadata['model_digest']}", flush=True)


def _training_file(channels: Path) -> Path:
    folders = [channels / name for name in _CHANNELS if (channels / name).is_dir()]
    files = [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file()]
    if len(files) == 1:
        return files[0]
    found = ", ".join(file.relative_to(channels).as_posix() for file in files) or "none"
    raise DataError(
        "E_DATA",
        f"The training channel must hold one CSV file; found: {found}.",
        "Give the job one input channel named train, in File mode, with one object.",
    )


def _print_metrics(metrics: dict[str, Any]) -> None:
    for name, value in metrics.items():
        if isinstance(value, int | float):
            print(f"{name}={value}", flush=True)


def _write_failure(root: Path, reason: str) -> None:
    try:
        (root / "output").mkdir(parents=True, exist_ok=True)
        (root / "output" / "failure").write_text(reason[:_FAILURE_CHARACTERS], encoding="utf-8")
    except OSError as error:
        print(f"The failure file cannot be written: {error}", file=sys.stderr, flush=True)
