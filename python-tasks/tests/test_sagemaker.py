"""SageMaker's container contract, in this process and below a folder of the test's own."""

import json
from pathlib import Path

import pytest
from steps import noise

from anneal_tasks.components.train import train
from anneal_tasks.digest import digest_path
from anneal_tasks.errors import DataError
from anneal_tasks.sagemaker.hyperparameters import read_hyperparameters
from anneal_tasks.sagemaker.serve import serving_arguments
from anneal_tasks.sagemaker.train import run_training_job


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """SageMaker's folder with one file of training rows."""
    # As in a container: errors end the process, with a line for people.
    monkeypatch.delenv("ANNEAL_DEBUG")
    # The job sets it for its own process.
    monkeypatch.setenv("ANNEAL_ERROR_FILE", "")
    for name in ("input/config", "input/data/train", "model", "output"):
        (tmp_path / name).mkdir(parents=True)
    noise(tmp_path / "input/data/train/rows.csv", seed=1)
    return tmp_path


def give(root: Path, **hyperparameters: str) -> None:
    (root / "input/config/hyperparameters.json").write_text(json.dumps(hyperparameters))


def test_texts_become_what_the_parameters_are(tmp_path: Path):
    given = {"n_estimators": "7", "label_column": "churn", "sagemaker_program": "x.py"}
    file = tmp_path / "hyperparameters.json"
    file.write_text(json.dumps(given))

    values = read_hyperparameters(file, train)

    assert values == {"n_estimators": 7, "label_column": "churn"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"n_estimator": "7"}, "There is no hyperparameter n_estimator."),
        ({"train_data": "/etc/passwd"}, "There is no hyperparameter train_data."),
        ({"max_depth": "deep"}, "max_depth='deep' is no int."),
    ],
)
def test_what_the_component_does_not_take_is_refused(
    tmp_path: Path, given: dict[str, str], message: str
):
    file = tmp_path / "hyperparameters.json"
    file.write_text(json.dumps(given))

    with pytest.raises(DataError, match=r"E_PARAM") as refusal:
        read_hyperparameters(file, train)

    assert refusal.value.message == message


def test_a_job_leaves_model_and_metrics_and_prints_numbers(
    root: Path, capsys: pytest.CaptureFixture[str]
):
    give(root, n_estimators="5", cv_folds="0")

    code = run_training_job(root)

    printed = capsys.readouterr().out.splitlines()
    metrics = json.loads((root / "output/data/metrics.json").read_text())
    assert code == 0
    assert f"train_accuracy={metrics['train_accuracy']}" in printed
    assert f"model_digest={digest_path(root / 'model')}" in printed
    assert not (root / "output/failure").exists()


def test_a_failed_job_says_why_and_has_a_code(root: Path):
    give(root, n_estimators="0")

    code = run_training_job(root)

    assert code == 1
    assert (root / "output/failure").read_text().startswith("E_PARAM: n_estimators=0 is less")


def test_a_job_without_its_one_file_is_refused(root: Path):
    noise(root / "input/data/train/more.csv", seed=2)

    code = run_training_job(root)

    assert code == 1
    assert "found: train/more.csv, train/rows.csv" in (root / "output/failure").read_text()


def test_the_deployers_variables_reach_the_serving_program(tmp_path: Path):
    (tmp_path / "model.pkl").write_bytes(b"model")
    environment = {
        "ANNEAL_MODEL": str(tmp_path / "model.pkl"),
        "ANNEAL_EXPECT_DIGEST": "sha256:00",
        "ANNEAL_ALLOW_PICKLE": "1",
        "SAGEMAKER_BIND_TO_PORT": "9000",
    }

    arguments = serving_arguments(environment)

    assert arguments == [
        *("--model", str(tmp_path / "model.pkl"), "--expect-digest", "sha256:00"),
        *("--host", "0.0.0.0", "--port", "9000", "--allow-pickle"),  # noqa: S104 - the text
    ]


def test_a_model_that_nothing_vouches_for_is_served_by_its_own_digest_but_no_pickle(tmp_path: Path):
    (tmp_path / "model.json").write_text("{}")
    environment = {"ANNEAL_MODEL": str(tmp_path)}

    arguments = serving_arguments(environment)

    assert arguments[3] == digest_path(tmp_path)
    with pytest.raises(DataError, match="ANNEAL_EXPECT_DIGEST"):
        serving_arguments({**environment, "ANNEAL_ALLOW_PICKLE": "1"})


def test_an_empty_model_folder_is_no_model(tmp_path: Path):
    with pytest.raises(DataError, match="is empty"):
        serving_arguments({"ANNEAL_MODEL": str(tmp_path)})
