"""What went wrong with a transfer, in the words of Anneal's errors.

E1. A message never holds a credential: boto3's messages name keys of objects and reasons only.
"""

from __future__ import annotations

import errno
import json
import os
import sys

# Kubernetes keeps 4 KiB of it for all containers of a pod together with their reasons.
_MESSAGE_BYTES = 2000
_CREDENTIALS = (
    "Give the pods credentials: a service account with a role, or the secret named by "
    "ANNEAL_KUBERNETES_STORE_SECRET."
)
_RIGHTS = "Allow s3:GetObject, s3:PutObject, s3:ListBucket and s3:DeleteObject on the store."


class TransferError(Exception):
    """A transfer that failed; the message has no full stop."""

    def __init__(self, code: str, message: str, hint: str = "", retryable: bool = False) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.retryable = retryable


def explain(error: Exception) -> TransferError:
    """Turns any failure of a step into a TransferError."""
    if isinstance(error, TransferError):
        return error
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return TransferError(
            "E_STORE_FULL", "the node's disk is full", "Ask for more ephemeral storage.", True
        )
    name = type(error).__name__
    if name in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"):
        return TransferError("E_STORE", "the pod has no credentials for S3", _CREDENTIALS)
    if name in ("ClientError", "S3UploadFailedError"):
        return _explain_answer(error)
    if _is_network(name):
        return TransferError(
            "E_STORE",
            f"S3 cannot be reached from the pod ({_short(str(error))})",
            "Check ANNEAL_KUBERNETES_S3_ENDPOINT and the network policy.",
            True,
        )
    return TransferError("E_STORE", f"{name}: {_short(str(error))}", "Read the pod's log.")


def report(error: TransferError) -> None:
    """Leaves the failure in the log and in the termination message."""
    print(f"{error.code}: {error.message}. {error.hint}", file=sys.stderr, flush=True)
    content = {
        "code": error.code,
        "message": _short(error.message),
        "hint": error.hint,
        "retryable": error.retryable,
    }
    place = os.environ.get("ANNEAL_ERROR_FILE", "/dev/termination-log")
    try:
        with open(place, "w", encoding="utf-8") as stream:
            stream.write(json.dumps(content, ensure_ascii=False))
    except OSError as reason:
        print(f"(the reason could not be left at {place}: {reason})", file=sys.stderr, flush=True)


def _explain_answer(error: Exception) -> TransferError:
    answer = getattr(error, "response", {})
    code = str(answer.get("Error", {}).get("Code", ""))
    status = int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) or 0)
    said = _short(str(error))
    if code in ("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"):
        return TransferError("E_STORE", f"S3 refused the pod's credentials ({code})", _CREDENTIALS)
    if code in ("AccessDenied", "403") or status == 403:
        return TransferError("E_STORE", f"the pod may not do this in S3: {said}", _RIGHTS)
    if code == "NoSuchBucket":
        return TransferError("E_STORE", f"the bucket does not exist: {said}", "Create the bucket.")
    return TransferError("E_STORE", said, "Read the pod's log.", status >= 500 or status == 429)


def _is_network(name: str) -> bool:
    return name.endswith(("ConnectionError", "TimeoutError", "ConnectTimeoutError")) or name in (
        "EndpointConnectionError",
        "ConnectionClosedError",
        "ProxyConnectionError",
        "SSLError",
        "HTTPClientError",
        "ResponseStreamingError",
        "IncompleteReadError",
    )


def _short(text: str) -> str:
    return text.encode("utf-8")[:_MESSAGE_BYTES].decode("utf-8", "ignore")
