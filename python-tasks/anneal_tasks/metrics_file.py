"""Metric artifacts: KFP keeps metrics in an artifact's metadata; the same go to its file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kfp.dsl import Artifact

from anneal_tasks.errors import DataError


def record(artifact: Artifact, values: Mapping[str, Any]) -> None:
    """Adds values to an artifact's metadata and writes all of it to the artifact's file.

    Args:
        artifact: a Metrics or ClassificationMetrics output.
        values: plain JSON by name; numbers finite.

    Raises:
        DataError: E_METRIC for a number that is not finite.
    """
    artifact.metadata.update(values)
    try:
        text = json.dumps(artifact.metadata, indent=2, ensure_ascii=False, allow_nan=False)
    except ValueError:
        broken = [name for name, value in artifact.metadata.items() if value != value]
        raise DataError(
            "E_METRIC", f"Not a finite number: {', '.join(broken) or 'a nested metric'}."
        ) from None
    Path(artifact.path).write_text(text + "\n", encoding="utf-8")
