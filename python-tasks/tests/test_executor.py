"""Components as the runner starts them: KFP's executor in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from steps import noise

TYPES = {
    "train_data": "system.Dataset",
    "test_data": "system.Dataset",
    "data_report": "system.Metrics",
}


def execute(tasks_folder: Path, folder: Path, raw: str, **environment: str):
    outputs = {
        name: {
            "artifacts": [{"name": name, "type": {"schemaTitle": kind}, "uri": f"{folder}/{name}"}]
        }
        for name, kind in TYPES.items()
    }
    raw_data = {"name": "raw", "type": {"schemaTitle": "system.Dataset"}, "uri": raw}
    executor_input = {
        "inputs": {"artifacts": {"raw_data": {"artifacts": [raw_data]}}},
        "outputs": {"artifacts": outputs, "outputFile": f"{folder}/executor_output.json"},
    }
    components = json.loads((tasks_folder / "components.json").read_text())["components"]
    container = components["preprocess"]["executor"]["container"]
    values = {"{{$}}": json.dumps(executor_input)}
    arguments = [values.get(argument, argument) for argument in container["args"]]
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, *container["command"][1:], *arguments],
        cwd=tasks_folder,
        env={**kept, "_KFP_RUNTIME": "true", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_compiled_command_runs_the_component(tasks_folder: Path, tmp_path: Path):
    raw = noise(tmp_path / "raw.csv", seed=1)

    done = execute(tasks_folder, tmp_path, str(raw))

    assert done.returncode == 0, done.stderr
    output = json.loads((tmp_path / "executor_output.json").read_text())
    report = output["artifacts"]["data_report"]["artifacts"][0]["metadata"]
    assert report["rows"] == 400
    assert (tmp_path / "train_data").is_file()


def test_an_error_is_one_line_and_a_file_for_the_runner(tasks_folder: Path, tmp_path: Path):
    error_file = tmp_path / "error.json"

    done = execute(tasks_folder, tmp_path, "/absent.csv", ANNEAL_ERROR_FILE=str(error_file))

    assert done.returncode == 1
    error = json.loads(error_file.read_text())
    assert error == {
        "code": "E_INPUT_NOT_FOUND",
        "message": "/absent.csv cannot be read: No such file or directory.",
        "hint": "Check the path and its permissions.",
        "retryable": False,
    }
    assert done.stderr.splitlines()[-1] == (
        "E_INPUT_NOT_FOUND: /absent.csv cannot be read: No such file or directory."
        " Check the path and its permissions."
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert not (tmp_path / "executor_output.json").exists()


def test_a_traceback_is_there_for_whoever_debugs(tasks_folder: Path, tmp_path: Path):
    done = execute(tasks_folder, tmp_path, "/absent.csv", ANNEAL_DEBUG="1")

    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert "E_INPUT_NOT_FOUND" in done.stderr


def test_deploy_model_says_who_deploys(tmp_path: Path):
    from kfp.dsl import Metrics, Model

    from anneal_tasks.components.deploy_model import deploy_model
    from anneal_tasks.errors import DataError

    with pytest.raises(DataError, match="Anneal, whose deployer carries this task out"):
        deploy_model(Model("model", str(tmp_path)), Metrics("metrics", str(tmp_path)))
