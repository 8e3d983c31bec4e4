"""The files of one execution's folder that both the supervisor and the worker read.

F1. A file appears whole or not at all: written beside, synced, renamed.
"""

from __future__ import annotations

import json
import os
from typing import Any


def read_json(path: str) -> dict[str, Any] | None:
    """Reads a JSON object; None when the file is absent."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None


def write_json(path: str, value: dict[str, Any]) -> None:
    """Writes a JSON object (F1)."""
    beside = f"{path}.{os.getpid()}.tmp"
    with open(beside, "w", encoding="utf-8") as file:
        json.dump(value, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
