"""Predictions as the caller wants to read them."""

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

from anneal_tasks.serving.request_error import RequestError

_ANYTHING = ("*/*", "application/*", "application/json")


def encode(predictions: Sequence[dict[str, Any]], accept: str) -> tuple[str, bytes]:
    """Writes predictions in the first accepted form.

    Args:
        predictions: `{"label", "probability"}` each, probability optional.
        accept: the request's Accept header; empty means JSON.

    Returns:
        (content type, body): JSON `{"predictions": [...]}`, or CSV lines `label,probability`
        without a header.

    Raises:
        RequestError: 406 when neither is accepted.
    """
    for choice in accept.split(",") if accept.strip() else ["*/*"]:
        media_type = choice.partition(";")[0].strip().lower()
        if media_type in _ANYTHING:
            body = json.dumps({"predictions": list(predictions)}, ensure_ascii=False)
            return "application/json", body.encode("utf-8")
        if media_type in ("text/csv", "text/*"):
            return "text/csv; charset=utf-8", _csv(predictions)
    raise RequestError(
        406, f"Nothing of {accept!r} can be written.", "Accept application/json or text/csv."
    )


def _csv(predictions: Sequence[dict[str, Any]]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerows(prediction.values() for prediction in predictions)
    return buffer.getvalue().encode("utf-8")
