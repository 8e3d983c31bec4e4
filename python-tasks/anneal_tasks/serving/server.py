"""The HTTP server: a thread for each connection, and an end that loses no answer.

D1. Draining: no connection is taken any more, requests in hand are answered, silent connections
    are closed at once, and the rest after the time given.
"""

import contextlib
import socket
import sys
import threading
import time
from http.server import ThreadingHTTPServer

from anneal_tasks.serving.counters import Counters
from anneal_tasks.serving.handler import Handler
from anneal_tasks.serving.predictor import Predictor


class ServingServer(ThreadingHTTPServer):
    """Serves one predictor."""

    # Ended connections are waited for in `drain`, with a limit; leftovers must not hold the exit.
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(
        self, host: str, port: int, predictor: Predictor, is_verbose: bool = False
    ) -> None:
        """Opens the port; requests are answered once serve_forever runs.

        Args:
            host: address to listen on.
            port: port to listen on; 0 takes a free one.
            predictor: what answers.
            is_verbose: whether each request is logged.
        """
        self.predictor = predictor
        self.counters = Counters()
        self.is_verbose = is_verbose
        self.is_draining = False
        self._changed = threading.Condition()
        self._open: dict[socket.socket, bool] = {}
        super().__init__((host, port), Handler)

    def drain(self, seconds: float) -> None:
        """Ends serve_forever, then lets requests in hand end (D1).

        Args:
            seconds: time they have.
        """
        self.is_draining = True
        self.shutdown()
        self.server_close()
        deadline = time.monotonic() + seconds
        with self._changed:
            for connection, is_busy in self._open.items():
                if not is_busy:
                    _stop_reading(connection)
            while self._open and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)

    def connection_is_busy(self, connection: socket.socket) -> None:
        """Notes that a request has begun."""
        self._note(connection, is_busy=True)

    def connection_is_idle(self, connection: socket.socket) -> None:
        """Notes that its answer is written."""
        self._note(connection, is_busy=False)

    def process_request(self, request: socket.socket, client_address: tuple) -> None:
        """Starts a thread for a new connection."""
        with self._changed:
            self._open[request] = False
        super().process_request(request, client_address)

    def shutdown_request(self, request: socket.socket) -> None:
        """Closes a connection."""
        super().shutdown_request(request)
        with self._changed:
            self._open.pop(request, None)
            self._changed.notify_all()

    def handle_error(self, request: socket.socket, client_address: tuple) -> None:
        """Logs a fault in answering; a caller who went away is none."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)

    def _note(self, connection: socket.socket, *, is_busy: bool) -> None:
        with self._changed:
            if connection in self._open:
                self._open[connection] = is_busy
                if self.is_draining and not is_busy:
                    _stop_reading(connection)


def _stop_reading(connection: socket.socket) -> None:
    # Its thread then reads the end of the stream, and closes it.
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
