"""Settings that every test shares."""

import os
from pathlib import Path

# Components are their plain functions then, and kfp imports in milliseconds.
os.environ["_KFP_RUNTIME"] = "true"

import pytest

TASKS_FOLDER = Path(__file__).resolve().parent.parent
EXAMPLES = TASKS_FOLDER.parent / "examples"


@pytest.fixture(autouse=True)
def raised_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a DataError reach the test, instead of ending the process."""
    monkeypatch.setenv("ANNEAL_DEBUG", "1")
    monkeypatch.delenv("ANNEAL_ERROR_FILE", raising=False)


@pytest.fixture(scope="session")
def examples() -> Path:
    """Folder of the example data."""
    return EXAMPLES


@pytest.fixture(scope="session")
def tasks_folder() -> Path:
    """Folder of the Python side: the working directory of every task."""
    return TASKS_FOLDER
