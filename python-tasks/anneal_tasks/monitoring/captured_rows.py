"""Rows of captured requests, in the format of SageMaker's data capture: JSON Lines, one a request.

    {"captureData": {"endpointInput": {"observedContentType": "text/csv", "mode": "INPUT",
                                       "data": "1,2", "encoding": "CSV"}},
     "eventMetadata": {"eventId": "...", "inferenceTime": "2026-01-31T06:00:00Z"},
     "eventVersion": "0"}

Local endpoints write the same format. `encoding` is CSV, JSON or BASE64; other fields are ignored.

C1. A request is read as the serving program read it: by the model's columns, nothing guessed.
C2. What cannot be read is counted, never guessed: a torn last line, a request of another model's
    columns.
C3. Memory is bounded: files are read line by line, and of the requests the latest are kept.
C4. Times are compared by whole seconds: SageMaker writes no finer ones.
"""

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from anneal_tasks.learning.schema import Column
from anneal_tasks.serving.payload import read_rows
from anneal_tasks.serving.request_error import RequestError

MAX_LINE_BYTES = 16 << 20
"""Beyond any request that an endpoint takes, also in base64."""


@dataclass(frozen=True)
class Format:
    """What a model's requests look like.

    Attributes:
        columns: feature columns, in the order of a row's cells.
        label_column: a column that requests may hold but that is not compared; or empty.
        label_position: where it stood in the training file, -1 when not known.
        classes: classes as text.
    """

    columns: Sequence[Column]
    label_column: str = ""
    label_position: int = -1
    classes: Sequence[str] = ()


@dataclass
class Captured:
    """What the captured requests hold.

    Attributes:
        rows: text cells of each row, one for every column, the oldest first.
        requests: requests that were read.
        unreadable: lines that were not (C2).
        earliest: time of the first request that was read, ISO 8601; or empty.
        latest: time of the last one.
    """

    rows: list[list[str]] = field(default_factory=list)
    requests: int = 0
    unreadable: int = 0
    earliest: str = ""
    latest: str = ""


def read_captured(folders: Sequence[Path], form: Format, since: str, max_rows: int) -> Captured:
    """Reads the captured requests of some folders.

    Args:
        folders: folders of `.jsonl` files, at any depth; rotated ones (`.jsonl.1`) count too.
        form: what the model's requests look like.
        since: ISO 8601: earlier requests are left out; or empty.
        max_rows: rows kept, the latest ones.

    Returns:
        The rows, and what was left out.
    """
    begin = _moment(since).replace(microsecond=0) if since else None  # C4
    captured = Captured()
    kept = _LatestRows(max_rows)
    times: list[tuple[datetime, str]] = []
    for line in _lines(folders):
        try:
            event = json.loads(line)
            time = event["eventMetadata"]["inferenceTime"]
            moment = _moment(time)
            if begin is not None and moment < begin:
                continue
            given = event["captureData"]["endpointInput"]
            rows = read_rows(_body(given), given.get("observedContentType", ""), form)
        except (ValueError, KeyError, TypeError, AttributeError, RequestError):
            captured.unreadable += 1
            continue
        captured.requests += 1
        kept.add(moment, rows)
        times = [min([*times, (moment, time)]), max([*times, (moment, time)])]
    captured.rows = kept.rows()
    if times:
        captured.earliest, captured.latest = times[0][1], times[1][1]
    return captured


class _LatestRows:
    """The latest rows of requests that come in any order (C3)."""

    def __init__(self, max_rows: int) -> None:
        self._max_rows = max_rows
        self._requests: list[tuple[datetime, list[list[str]]]] = []
        self._count = 0

    def add(self, moment: datetime, rows: list[list[str]]) -> None:
        """Takes in a request."""
        kept = rows[-self._max_rows :]
        self._requests.append((moment, kept))
        self._count += len(kept)
        if self._count > 2 * self._max_rows:
            self._drop_oldest()

    def rows(self) -> list[list[str]]:
        """Returns the rows that are kept, the oldest first."""
        self._drop_oldest()
        return [row for _, rows in self._requests for row in rows][-self._max_rows :]

    def _drop_oldest(self) -> None:
        self._requests.sort(key=lambda each: each[0])
        dropped = 0
        for _, rows in self._requests:
            if self._count - len(rows) < self._max_rows:
                break
            self._count -= len(rows)
            dropped += 1
        del self._requests[:dropped]


def _lines(folders: Sequence[Path]) -> Iterator[bytes]:
    for path in (path for folder in folders for path in sorted(folder.rglob("*.jsonl*"))):
        if not path.is_file():
            continue
        with path.open("rb") as stream:
            while line := stream.readline(MAX_LINE_BYTES):
                if line.strip():
                    yield line


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))  # Python 3.10 knows no Z
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} names no time zone.")
    return moment


def _body(given: dict[str, Any]) -> bytes:
    content = given["data"]
    if given["encoding"] == "BASE64":
        return base64.b64decode(content, validate=True)
    if given["encoding"] not in ("CSV", "JSON"):
        raise ValueError(f"The encoding {given['encoding']!r} is not read.")
    return content.encode("utf-8")
