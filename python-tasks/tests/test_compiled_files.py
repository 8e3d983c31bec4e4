"""Committed files that are made from others: they must not have drifted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(command: list[str], folder: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if name != "_KFP_RUNTIME"}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_components_json_is_what_the_components_compile_to(tasks_folder: Path):
    compiled = run(["tools/compile_components.py", "--stdout"], tasks_folder)

    assert compiled == (tasks_folder / "components.json").read_text(encoding="utf-8")


def test_the_seed_pipeline_compiles_to_its_yaml(examples: Path, tmp_path: Path):
    run([str(examples / "seed" / "ml_pipeline.py")], tmp_path)

    compiled = (tmp_path / "ml_pipeline.yaml").read_text(encoding="utf-8")
    assert compiled == (examples / "seed" / "ml_pipeline.yaml").read_text(encoding="utf-8")


def test_target_csv_is_made_from_the_churn_data(examples: Path, tmp_path: Path):
    for part in ("seed", "churn"):
        (tmp_path / part).mkdir()
    script = (examples / "seed" / "make_target_csv.py").read_text(encoding="utf-8")
    (tmp_path / "seed" / "make_target_csv.py").write_text(script, encoding="utf-8")
    (tmp_path / "churn" / "mlc_churn.csv").symlink_to(examples / "churn" / "mlc_churn.csv")

    run(["seed/make_target_csv.py"], tmp_path)

    made = (tmp_path / "seed" / "target.csv").read_bytes()
    assert made == (examples / "seed" / "target.csv").read_bytes()


@pytest.mark.parametrize("name", ["uv.txt", "base.txt", "dev.txt"])
def test_locks_are_hashed_and_name_no_place(tasks_folder: Path, name: str):
    lines = (tasks_folder / "locks" / name).read_text(encoding="utf-8").splitlines()

    pinned = [number for number, line in enumerate(lines) if line[:1].isalnum()]

    assert pinned
    assert all("==" in lines[number] and "--hash=" in lines[number + 1] for number in pinned)
    assert not [line for line in lines if "://" in line or line.startswith("-")]
