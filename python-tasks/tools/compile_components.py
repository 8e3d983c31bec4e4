"""Writes components.json: the interface and executor of every component, as KFP compiles them.

P1. The output depends on the components' source only: equal source gives equal bytes.

Needs the full KFP SDK (locks/dev.txt):

    python python-tasks/tools/compile_components.py
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from google.protobuf import json_format  # noqa: E402

from anneal_tasks.component import IMAGE  # noqa: E402
from anneal_tasks.components.deploy_model import deploy_model  # noqa: E402
from anneal_tasks.components.evaluate import evaluate  # noqa: E402
from anneal_tasks.components.gate_evidence import gate_evidence  # noqa: E402
from anneal_tasks.components.preprocess import preprocess  # noqa: E402
from anneal_tasks.components.train import train  # noqa: E402

COMPONENTS = {
    "preprocess": preprocess,
    "train": train,
    "evaluate": evaluate,
    "deploy_model": deploy_model,
    "gate_evidence": gate_evidence,
}


def compile_components() -> str:
    """Compiles every component.

    Returns:
        JSON text: `{"image", "components": {name: {"component": ComponentSpec, "executor":
        ExecutorSpec}}}`, both specs as in the IR's `components` and `deploymentSpec.executors`.
    """
    document = {
        "image": IMAGE,
        "components": {name: _compiled(part) for name, part in COMPONENTS.items()},
    }
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _compiled(part: Any) -> dict[str, Any]:
    spec = json_format.MessageToDict(part.pipeline_spec)
    (component,) = spec["components"].values()
    (executor,) = spec["deploymentSpec"]["executors"].values()
    component.pop("executorLabel")
    return {"component": component, "executor": executor}


def main() -> None:
    """Writes components.json, or with --stdout prints it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--stdout", action="store_true", help="print, do not write the file")
    text = compile_components()
    if arguments.parse_args().stdout:
        sys.stdout.write(text)
    else:
        (ROOT / "components.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
