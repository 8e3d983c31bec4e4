"""Counts of requests and how long they took."""

import threading
import time
from collections import deque
from typing import Any

_RECENT = 1000


class Counters:
    """Counts that many threads add to."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._started = time.monotonic()
        self._requests = 0
        self._errors = 0
        self._rows = 0
        self._recent_seconds: deque[float] = deque(maxlen=_RECENT)

    def add(self, seconds: float, rows: int, is_error: bool) -> None:
        """Counts one answered call of /invocations."""
        with self._lock:
            self._requests += 1
            self._errors += is_error
            self._rows += rows
            self._recent_seconds.append(seconds)

    def snapshot(self) -> dict[str, Any]:
        """Returns the counts; latencies are of the last thousand calls, in milliseconds."""
        with self._lock:
            ordered = sorted(self._recent_seconds)
            counts = {"requests": self._requests, "errors": self._errors, "rows": self._rows}
        return {
            **counts,
            "uptimeSeconds": round(time.monotonic() - self._started, 3),
            "latencyMs": {
                "p50": _quantile_ms(ordered, 0.5),
                "p95": _quantile_ms(ordered, 0.95),
                "max": _quantile_ms(ordered, 1.0),
            },
        }


def _quantile_ms(ordered: list[float], share: float) -> float | None:
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 3)
