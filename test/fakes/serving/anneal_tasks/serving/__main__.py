"""A stand-in for the serving program: same command line and HTTP contract, no machine learning.

Its model is a folder with the one file `model.json`:
    answer: what every prediction is.
    on_load: "die" ends it with a message, "hang" never answers /ping; absent: it serves.
    sample, expected: as in a real model, for the deployer's smoke test.
    status: of every answer to /invocations, 200 by default; delay_ms: before each.
A row with the key "wait_file" is answered once that file exists; {"die": true} ends the process, {"die_if": answer}
that of the model with this answer;
{"env": true} is answered with the names of the environment variables.
"""

import argparse
import hashlib
import json
import os
import pathlib
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--expect-digest", required=True)
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--allow-pickle", action="store_true")
    return parser.parse_args()


def load_model(arguments):
    content = (pathlib.Path(arguments.model) / "model.json").read_bytes()
    listing = hashlib.sha256(content).hexdigest() + "  model.json\n"
    digest = "sha256:" + hashlib.sha256(listing.encode()).hexdigest()
    if digest != arguments.expect_digest:
        sys.exit(f"the model is {digest}, expected {arguments.expect_digest}")
    model = json.loads(content)
    if model.get("pickle") and not arguments.allow_pickle:
        sys.exit("the model is pickled and --allow-pickle was not given")
    if model.get("on_load") == "die":
        sys.exit("ValueError: the weights do not fit")
    if model.get("on_load") == "hang":
        threading.Event().wait()
    return model


def predict(model, row):
    if row.get("die") or row.get("die_if") == model["answer"]:
        os._exit(9)
    if row.get("env"):
        return sorted(os.environ)
    while "wait_file" in row and not os.path.exists(row["wait_file"]):
        time.sleep(0.01)
    return model["answer"]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model = None

    def do_GET(self):
        self.answer({})

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        rows = body["instances"] if isinstance(body, dict) else body
        predictions = [predict(self.model, row) for row in rows]
        time.sleep(self.model.get("delay_ms", 0) / 1000)
        self.answer({"predictions": predictions}, self.model.get("status", 200))

    def answer(self, content, status=200):
        encoded = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    def log_message(self, *_):
        pass


def main():
    arguments = parse_arguments()
    Handler.model = load_model(arguments)
    server = ThreadingHTTPServer((arguments.host, arguments.port), Handler)
    server.daemon_threads = True
    print(json.dumps({"ready": True, "port": arguments.port}), flush=True)
    server.serve_forever()


main()
