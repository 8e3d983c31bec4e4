"""What the stock KFP SDK compiles."""

import tempfile
from pathlib import Path
from typing import Any

import yaml
from kfp import compiler


def documents_of(pipeline: Any) -> list[dict[str, Any]]:
    """Compiles a pipeline: its spec, and after it the platform spec when there is one."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "pipeline.yaml"
        compiler.Compiler().compile(pipeline, str(target))
        return list(yaml.safe_load_all(target.read_text("utf-8")))
