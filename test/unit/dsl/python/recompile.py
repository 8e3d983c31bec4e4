"""Loads pipelines with the stock KFP SDK and compiles them again.

Reads a JSON list of pipeline specs (as YAML or JSON text) from standard input and writes a JSON
list of what the SDK compiles from them.
"""

import json
import sys
import tempfile
from pathlib import Path

import yaml
from kfp import compiler, components

recompiled = []
with tempfile.TemporaryDirectory() as folder:
    target = Path(folder) / "pipeline.yaml"
    for text in json.load(sys.stdin):
        compiler.Compiler().compile(components.load_component_from_text(text), str(target))
        recompiled.append(next(yaml.safe_load_all(target.read_text("utf-8"))))
json.dump(recompiled, sys.stdout)
