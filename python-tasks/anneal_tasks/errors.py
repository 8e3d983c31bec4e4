"""The errors of this package, and how they reach the runner.

E1. A code never changes once published: the runner and its users compare codes.
E2. The runner reads ANNEAL_ERROR_FILE; the log gets one line; a traceback only with ANNEAL_DEBUG.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path


class DataError(Exception):
    """Input that cannot be worked with; the same input fails the same way, so it is not retried."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        """Makes an error.

        Args:
            code: one of Anneal's codes: E_DATA, E_LEAK, E_METRIC, E_PARAM, E_INPUT_NOT_FOUND,
                E_DIGEST, E_MODEL_FORMAT, E_DEPLOY, E_ENDPOINT_NAME, E_INSTANCE_TYPE.
            message: what was found, and where, as a sentence.
            hint: what to do next, as a sentence.
        """
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.code}:", self.message, self.hint) if part)


@contextlib.contextmanager
def reported_errors() -> Iterator[None]:
    """Ends the process with exit code 1 when its body raises a DataError, having reported it (E2).

    Raises:
        SystemExit: code 1, in place of the DataError.
        DataError: when ANNEAL_DEBUG is set, for its traceback.
    """
    try:
        yield
    except DataError as error:
        _write_error_file(error)
        if os.environ.get("ANNEAL_DEBUG"):
            raise
        print(error, file=sys.stderr, flush=True)
        raise SystemExit(1) from None


def _write_error_file(error: DataError) -> None:
    address = os.environ.get("ANNEAL_ERROR_FILE")
    if not address:
        return
    content = {
        "code": error.code,
        "message": error.message,
        "hint": error.hint,
        "retryable": False,
    }
    text = json.dumps(content, ensure_ascii=False)
    # Replaced whole: the runner may look while this process is being killed.
    draft = Path(f"{address}.draft")
    try:
        draft.write_text(text, encoding="utf-8")
        draft.replace(address)
    except OSError:
        # A pod's termination message is a mounted file: it can be written, not replaced.
        Path(address).write_text(text, encoding="utf-8")
