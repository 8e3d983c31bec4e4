"""HTTP requests: SageMaker's container contract (GET /ping, POST /invocations), and two more.

    GET /ping          200 once the model is ready, which it is before the port is opened
    POST /invocations  predictions
    GET /schema        the model's columns and classes
    GET /stats         counts and latencies

H1. A caller's mistake is answered with 4xx and JSON `{"error": {"message", "hint"}}`; a fault of
    the program with 500 and no details, which go to the log.
H2. Every answer names the model in X-Anneal-Model-Digest.
"""

import json
import sys
import time
import traceback
from http.server import BaseHTTPRequestHandler
from typing import Any

from anneal_tasks.errors import DataError
from anneal_tasks.serving.payload import read_rows
from anneal_tasks.serving.request_error import RequestError
from anneal_tasks.serving.response import encode

MAX_BODY_BYTES = 6 * 1024 * 1024
"""SageMaker's long-standing limit of a real-time invocation's payload (InvokeEndpoint)."""

_JSON = "application/json"


class Handler(BaseHTTPRequestHandler):
    """Answers the requests of one connection."""

    protocol_version = "HTTP/1.1"
    server_version = "anneal-serving"
    sys_version = ""
    # Seconds that a silent connection is kept.
    timeout = 60
    # Answers are written in two pieces; without this, the second waits for the first's receipt.
    disable_nagle_algorithm = True

    def parse_request(self) -> bool:
        """Reads a request's head, which has begun to arrive."""
        self.server.connection_is_busy(self.connection)
        return super().parse_request()

    def do_GET(self) -> None:
        """Answers GET."""
        path = self.path.partition("?")[0]
        predictor = self.server.predictor
        if path == "/ping":
            self._send_json({"status": "ok", "modelDigest": predictor.digest})
        elif path == "/stats":
            self._send_json(self.server.counters.snapshot())
        elif path == "/schema":
            self._send_json(_schema(predictor))
        else:
            self._send_error(RequestError(404, f"There is no GET {path}."))

    def do_POST(self) -> None:
        """Answers POST."""
        started = time.perf_counter()
        rows = 0
        try:
            answer_type, content, rows = self._invocations()
            status = 200
        except RequestError as error:
            status, answer_type, content = error.status, _JSON, _error_body(error)
        except ConnectionError:
            self.close_connection = True
            return
        except Exception:
            traceback.print_exc()
            error = RequestError(500, "The model could not answer; the log says why.")
            status, answer_type, content = error.status, _JSON, _error_body(error)
        # Counted first: who has the answer also finds it in the counts.
        self.server.counters.add(time.perf_counter() - started, rows, status != 200)
        self._send(status, answer_type, content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Logs one line; requests are counted, not logged."""
        if self.server.is_verbose:
            print(format % args, file=sys.stderr, flush=True)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Answers a request that is not HTTP as understood here, as JSON (H1)."""
        self.close_connection = True
        self._send_error(RequestError(code, explain or message or f"Status {code}."))

    def _invocations(self) -> tuple[str, bytes, int]:
        """Returns (content type, body, rows) of the answer."""
        # Read in any case: on a kept connection the next request comes right after it.
        body = self._body()
        path = self.path.partition("?")[0]
        if path != "/invocations":
            raise RequestError(404, f"There is no POST {path}.", "POST to /invocations.")
        cells = read_rows(body, self.headers.get("Content-Type", ""), self.server.predictor)
        predictions = self._predict(cells)
        return *encode(predictions, self.headers.get("Accept", "")), len(cells)

    def _predict(self, cells: list[list[str]]) -> list[dict[str, Any]]:
        try:
            return self.server.predictor.predict(cells)
        except DataError as error:
            raise RequestError(400, error.message, error.hint) from None

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self.close_connection = True
            raise RequestError(
                411, "The request does not say how long its body is (Content-Length)."
            )
        # Digits first: int() refuses thousands of them.
        if len(length) > len(str(MAX_BODY_BYTES)) or int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            raise RequestError(413, f"The body is larger than {MAX_BODY_BYTES:,} bytes.")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise ConnectionError("the caller went away")
        return body

    def _send_error(self, error: RequestError) -> None:
        self._send(error.status, _JSON, _error_body(error))

    def _send_json(self, content: Any) -> None:
        self._send(200, _JSON, json.dumps(content).encode("utf-8"))

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        if self.server.is_draining:
            self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Anneal-Model-Digest", self.server.predictor.digest)
        self.send_header("X-Content-Type-Options", "nosniff")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if getattr(self, "command", None) != "HEAD":
            self.wfile.write(body)
        self.wfile.flush()
        self.server.connection_is_idle(self.connection)


def _schema(predictor: Any) -> dict[str, Any]:
    return {
        "columns": [
            {"name": column.name, "kind": column.kind, "values": list(column.values)}
            for column in predictor.columns
        ],
        "classes": list(predictor.classes),
        "modelDigest": predictor.digest,
    }


def _error_body(error: RequestError) -> bytes:
    content = {"message": error.message, **({"hint": error.hint} if error.hint else {})}
    return json.dumps({"error": content}, ensure_ascii=False).encode("utf-8")
