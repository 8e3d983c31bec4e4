"""Serves a model over HTTP.

    python -m anneal_tasks.serving --model PATH --expect-digest sha256:…

Prints one JSON line when ready: {"event": "ready", "host", "port", "pid", "modelDigest"}. Ends on
SIGTERM or SIGINT with exit code 0 once requests in hand are answered; with exit code 1, and one
line on stderr, when the model cannot be served.
"""

import argparse
import json
import os
import signal
import socket
import threading
from collections.abc import Callable

from anneal_tasks.errors import DataError, reported_errors
from anneal_tasks.serving.predictor import open_predictor
from anneal_tasks.serving.server import ServingServer


def main() -> None:
    """Runs the program."""
    arguments = _arguments()
    with reported_errors():
        predictor = open_predictor(arguments.model, arguments.expect_digest, arguments.allow_pickle)
        try:
            server = ServingServer(arguments.host, arguments.port, predictor, arguments.verbose)
        except OSError as error:
            raise DataError(
                "E_DEPLOY",
                f"Cannot listen on {arguments.host}:{arguments.port}: {error.strerror}.",
                "Choose another port.",
            ) from None
    _serve(server, arguments.drain_seconds)


def _serve(server: ServingServer, drain_seconds: float) -> None:
    wait_for_end = _on_end()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host, port = server.server_address[:2]
    ready = {
        "event": "ready",
        "host": host,
        "port": port,
        "pid": os.getpid(),
        "modelDigest": server.predictor.digest,
    }
    print(json.dumps(ready), flush=True)
    wait_for_end()
    server.drain(drain_seconds)


def _on_end() -> Callable[[], object]:
    """Catches SIGTERM and SIGINT from now on; returns what waits for one of them."""
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    # A signal may be delivered to any thread, and then wakes no lock that the main thread waits
    # for; a byte on a socket wakes whoever reads it.
    signal.set_wakeup_fd(sender.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    return lambda: (receiver.recv(1), sender)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m anneal_tasks.serving", description="Serves a model over HTTP."
    )
    parser.add_argument("--model", required=True, help="model folder or file")
    parser.add_argument(
        "--expect-digest", required=True, help="sha256:… that the model must have; checked first"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8080, help="port; 0 takes a free one")
    parser.add_argument(
        "--allow-pickle",
        action="store_true",
        help="load a pickled estimator too: only for models whose every maker you trust",
    )
    parser.add_argument(
        "--drain-seconds", type=float, default=10.0, help="time for requests in hand at the end"
    )
    parser.add_argument("--verbose", action="store_true", help="log each request")
    return parser.parse_args()


if __name__ == "__main__":
    main()
