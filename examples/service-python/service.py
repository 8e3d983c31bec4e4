"""A service that retrains on a webhook: Python's standard library and Temporal's SDK, nothing of Anneal.

POST /retrain starts the pipeline as a Temporal workflow; its type is the pipeline's name, its argument the
parameters. The workflow's id is made of the delivery's, so a delivery that comes again starts no second run.
"""

import asyncio
import hashlib
import hmac
import json
import os
import re
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from temporalio.client import Client, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

PIPELINE = "ml-training-pipeline"
TASK_QUEUE = "anneal"
MAX_BODY_BYTES = 64 * 1024
DELIVERY_ID = re.compile(r"[A-Za-z0-9._-]{1,80}")


async def start_run(client: Client, delivery: str, parameters: dict) -> str:
    """Starts the run of a delivery, once.

    Args:
        client: connection to the Temporal server that Anneal's workers poll.
        delivery: id that the sender gave the delivery; the same one gives the same run.
        parameters: the pipeline's parameters; the worker checks them.

    Returns:
        The run's id.
    """
    run_id = f"delivery-{delivery}"
    try:
        await client.start_workflow(
            PIPELINE,
            parameters,
            id=run_id,
            task_queue=TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        )
    except WorkflowAlreadyStartedError:
        pass  # the delivery came before
    return run_id


async def run_state(client: Client, run_id: str) -> dict:
    """Reads a run's state by the workflow's query `run`."""
    handle: WorkflowHandle = client.get_workflow_handle(run_id)
    view = await handle.query("run")
    return {"status": view["status"], "outputs": view["outputs"]}


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Checks `sha256=<hex>` against the body as it came."""
    expected = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, signature)


class Handler(BaseHTTPRequestHandler):
    """POST /retrain and GET /runs/ID; Temporal's client lives in the loop of another thread."""

    client: Client
    loop: asyncio.AbstractEventLoop
    secret: str

    def do_POST(self) -> None:
        body = self.read_body()
        if body is None:
            return self.answer(413, {"error": "The body is missing or too large."})
        if not is_signed(body, self.headers.get("X-Signature-256", ""), self.secret):
            return self.answer(401, {"error": "The signature is missing or wrong."})
        delivery = self.headers.get("X-Delivery-Id", "")
        if self.path != "/retrain" or DELIVERY_ID.fullmatch(delivery) is None:
            return self.answer(400, {"error": "POST /retrain with X-Delivery-Id."})
        try:
            parameters = json.loads(body)
        except ValueError:
            return self.answer(400, {"error": "The body is not JSON."})
        run_id = self.call(start_run(self.client, delivery, parameters))
        self.answer(202, {"runId": run_id})

    def do_GET(self) -> None:
        _, _, run_id = self.path.partition("/runs/")
        if run_id == "":
            return self.answer(404, {"error": "GET /runs/ID."})
        self.answer(200, self.call(run_state(self.client, run_id)))

    def read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MAX_BODY_BYTES:
            return None
        return self.rfile.read(int(length))

    def call(self, work):
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=30)

    def answer(self, status: int, body: dict) -> None:
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args) -> None:
        print(format % args, file=sys.stderr)


def main() -> None:
    Handler.secret = os.environ["WEBHOOK_SECRET"]
    Handler.loop = asyncio.new_event_loop()
    threading.Thread(target=Handler.loop.run_forever, daemon=True).start()
    connecting = Client.connect(
        os.environ["TEMPORAL_ADDRESS"],
        namespace=os.environ.get("TEMPORAL_NAMESPACE", "default"),
    )
    Handler.client = asyncio.run_coroutine_threadsafe(connecting, Handler.loop).result(timeout=30)
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
