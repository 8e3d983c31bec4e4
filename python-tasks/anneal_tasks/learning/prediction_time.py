"""How long one prediction takes, row by row, on the machine of the gate."""

import math
import time
from collections.abc import Sequence
from typing import Any

from anneal_tasks.learning.held_out_rows import LabelledRows
from anneal_tasks.serving.predictor import Predictor


def prediction_time(predictor: Predictor, rows: LabelledRows, count: int) -> dict[str, Any]:
    """Times single predictions of held-out rows, after one that is not counted.

    Args:
        predictor: the model, loaded.
        rows: held-out rows, taken from the first on, again and again when they are few.
        count: predictions to time, at least 1.

    Returns:
        `{"rows", "p50_ms", "p95_ms"}`: predictions timed, and percentiles in milliseconds.
    """
    cells = rows.of_columns([column.name for column in predictor.columns]).rows
    predictor.predict([cells[0]])
    times = []
    for index in range(count):
        start = time.perf_counter()
        predictor.predict([cells[index % len(cells)]])
        times.append((time.perf_counter() - start) * 1000)
    return {"rows": count, "p50_ms": _percentile(times, 50), "p95_ms": _percentile(times, 95)}


def _percentile(values: Sequence[float], percent: int) -> float:
    """Takes the nearest-rank percentile: of 20 values the 95th is the 19th smallest."""
    ordered = sorted(values)
    return round(ordered[math.ceil(len(ordered) * percent / 100) - 1], 3)
