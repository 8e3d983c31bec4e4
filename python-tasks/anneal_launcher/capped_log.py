"""A task's log on disk, bounded whatever the task prints.

L1. The file never holds more than the limit plus one marker line; memory holds one chunk.
L2. The first half of the limit is what the task printed first, the rest what it printed last.
L3. Bytes are kept as they come: no decoding, no line splitting.
"""

from __future__ import annotations

import os
from typing import BinaryIO

_COPY_BYTES = 64 * 1024


class CappedLog:
    """Writes a head as it comes, and a tail through two segments that take turns.

    Args:
        path: the log file; segments lie beside it until ``close``.
        limit_bytes: most bytes kept, at least 4.
    """

    def __init__(self, path: str, limit_bytes: int) -> None:
        self._path = path
        self._head_room = limit_bytes // 2
        self._tail_bytes = limit_bytes - self._head_room
        self._head: BinaryIO = open(path, "wb", buffering=0)  # noqa: SIM115
        self._segments: list[str] = [f"{path}.tail-a", f"{path}.tail-b"]
        for stale in filter(os.path.exists, self._segments):
            os.unlink(stale)
        self._segment: BinaryIO | None = None
        self._segment_size = 0
        self._beyond_head = 0

    def write(self, chunk: bytes) -> None:
        """Adds bytes (L3)."""
        head, tail = chunk[: self._head_room], chunk[self._head_room :]
        if head:
            self._head.write(head)
            self._head_room -= len(head)
        for start in range(0, len(tail), self._tail_bytes):
            self._write_tail(tail[start : start + self._tail_bytes])

    def close(self) -> None:
        """Joins head, marker and tail into the one file (L1, L2)."""
        if self._segment is not None:
            self._segment.close()
            self._join()
        self._head.close()

    def _write_tail(self, chunk: bytes) -> None:
        if self._segment is None or self._segment_size >= self._tail_bytes:
            self._turn()
        self._segment.write(chunk)
        self._segment_size += len(chunk)
        self._beyond_head += len(chunk)

    def _turn(self) -> None:
        if self._segment is not None:
            self._segment.close()
            self._segments.reverse()
        self._segment = open(self._segments[0], "wb", buffering=0)  # noqa: SIM115
        self._segment_size = 0

    def _join(self) -> None:
        parts = [path for path in reversed(self._segments) if os.path.exists(path)]
        skip = max(0, sum(map(os.path.getsize, parts)) - self._tail_bytes)
        left_out = self._beyond_head - sum(map(os.path.getsize, parts)) + skip
        if left_out:
            self._head.write(f"\n[anneal: {left_out} bytes of log left out here]\n".encode())
        for path in parts:
            with open(path, "rb") as part:
                part.seek(min(skip, os.path.getsize(path)))
                skip = max(0, skip - os.path.getsize(path))
                while chunk := part.read(_COPY_BYTES):
                    self._head.write(chunk)
            os.unlink(path)
