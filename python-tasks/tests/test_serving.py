"""The serving program, in a process of its own, over real HTTP."""

import contextlib
import csv
import http.client
import io
import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import skops.io
from sklearn.ensemble import RandomForestClassifier
from steps import fit, noise, read_rows, split

from anneal_tasks.digest import digest_path
from anneal_tasks.learning.skops_bytes import TRUSTED_TYPES

START_SECONDS = 60


class Serving:
    """A running serving program."""

    def __init__(self, process: subprocess.Popen, ready: dict) -> None:
        self.process = process
        self.ready = ready

    def ask(self, method: str, path: str, body=None, **headers: str):
        connection = http.client.HTTPConnection("127.0.0.1", self.ready["port"], timeout=30)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=named)
            response = connection.getresponse()
            return response.status, response.read().decode(), response

    def predict(self, body: str | bytes, content_type: str = "application/json", **headers: str):
        content = body.encode() if isinstance(body, str) else body
        status, text, _ = self.ask(
            "POST", "/invocations", content, Content_Type=content_type, **headers
        )
        return status, text

    def answers(self, body: str, content_type: str = "application/json") -> list[dict]:
        status, text = self.predict(body, content_type)
        assert status == 200, text
        return json.loads(text)["predictions"]


def launch(tasks_folder: Path, model: Path, digest: str, *options: str) -> subprocess.Popen:
    arguments = ["--model", str(model), "--expect-digest", digest, "--port", "0", *options]
    return subprocess.Popen(
        [sys.executable, "-m", "anneal_tasks.serving", *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(tasks_folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextlib.contextmanager
def serving(tasks_folder: Path, model: Path, *options: str):
    process = launch(tasks_folder, model, digest_path(model), *options)
    try:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        yield Serving(process, json.loads(line))
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def churn(examples: Path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("serving")
    parts = split(examples / "churn" / "mlc_churn.csv", folder)
    return parts, Path(fit(parts.train, folder, n_estimators=50).model.path)


@pytest.fixture(scope="module")
def server(churn, tasks_folder: Path):
    with serving(tasks_folder, churn[1]) as running:
        yield running


@pytest.fixture(scope="module")
def held_out(churn) -> list[list[str]]:
    return read_rows(churn[0].test.path)


@pytest.fixture(scope="module")
def expected(churn) -> tuple[list[str], list[float]]:
    """scikit-learn's own answers, by its own CSV reader and none of our code."""
    frame = pd.read_csv(churn[0].test.path).drop(columns="churn")
    model = skops.io.load(churn[1] / "model.skops", trusted=list(TRUSTED_TYPES))
    return model.predict(frame).tolist(), model.predict_proba(frame)[:, 1].tolist()


def as_csv(rows) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()


def pairs(answers: list[dict]) -> tuple[list[str], list[float]]:
    return [one["label"] for one in answers], [one["probability"] for one in answers]


def test_it_says_where_it_listens_and_what_it_serves(server: Serving, churn):
    assert server.ready["event"] == "ready"
    assert server.ready["host"] == "127.0.0.1"
    assert server.ready["pid"] == server.process.pid
    assert server.ready["modelDigest"] == digest_path(churn[1])


def test_ping_answers_200_and_names_the_model(server: Serving, churn):
    status, text, response = server.ask("GET", "/ping")

    assert status == 200
    assert json.loads(text) == {"status": "ok", "modelDigest": digest_path(churn[1])}
    assert response.headers["X-Anneal-Model-Digest"] == digest_path(churn[1])


def test_a_csv_batch_with_header_gets_scikit_learns_answers(server: Serving, held_out, expected):
    answers = server.answers(as_csv([row[:-1] for row in held_out]), "text/csv; charset=utf-8")

    assert pairs(answers) == expected


def test_a_csv_batch_without_header_gets_the_same(server: Serving, held_out, expected):
    answers = server.answers(as_csv([row[:-1] for row in held_out[1:]]), "text/csv")

    assert pairs(answers) == expected


def test_lines_cut_from_the_file_may_keep_their_label(server: Serving, held_out, expected):
    assert pairs(server.answers(as_csv(held_out), "text/csv")) == expected
    assert pairs(server.answers(as_csv(held_out[1:]), "text/csv")) == expected


def test_a_header_may_order_columns_its_own_way(server: Serving, held_out, expected):
    answers = server.answers(as_csv([row[::-1] for row in held_out]), "text/csv")

    assert pairs(answers) == expected


def test_json_instances_by_name_get_the_same(server: Serving, churn, expected):
    frame = pd.read_csv(churn[0].test.path).drop(columns="churn")
    body = json.dumps({"instances": json.loads(frame.to_json(orient="records"))})

    assert pairs(server.answers(body)) == expected


def test_json_instances_by_position_get_the_same(server: Serving, held_out, expected):
    body = json.dumps({"instances": [row[:-1] for row in held_out[1:]]})

    assert pairs(server.answers(body)) == expected


def test_a_single_row_gets_a_single_answer(server: Serving, held_out, expected):
    by_name = dict(zip(held_out[0], held_out[1], strict=True))
    first = ([expected[0][0]], [expected[1][0]])

    assert pairs(server.answers(json.dumps(by_name))) == first
    assert pairs(server.answers(json.dumps(held_out[1][:-1]))) == first
    assert pairs(server.answers(",".join(held_out[1][:-1]), "text/csv")) == first


def test_the_sample_row_gets_the_answer_recorded_at_training(server: Serving, churn):
    description = json.loads((churn[1] / "model.json").read_text())

    assert server.answers(json.dumps(description["sample"])) == [description["expected"]]


def test_answers_come_as_csv_when_asked_for(server: Serving, held_out, expected):
    body = as_csv([row[:-1] for row in held_out[1:3]])

    status, text = server.predict(body, "text/csv", Accept="text/csv")

    assert status == 200
    rows = list(csv.reader(io.StringIO(text)))
    assert [(row[0], float(row[1])) for row in rows] == list(zip(*expected, strict=True))[:2]


def test_missing_values_and_new_categories_are_answered(server: Serving, held_out):
    row = dict(zip(held_out[0], held_out[1], strict=True))
    row.update(state="Atlantis", total_day_minutes=None)

    (answer,) = server.answers(json.dumps(row))

    assert answer["label"] in ("no", "yes")
    assert 0 <= answer["probability"] <= 1


@pytest.mark.parametrize(
    ("body", "content_type", "status", "words"),
    [
        pytest.param("1,2", "text/csv", 400, "Line 1 has 2 values; 19 are needed", id="width"),
        pytest.param("", "text/csv", 400, "no rows", id="empty"),
        pytest.param('"1,2', "text/csv", 400, "not closed", id="open quote"),
        pytest.param("{", "application/json", 400, "not JSON", id="broken JSON"),
        pytest.param("[" * 100_000, "application/json", 400, "not JSON", id="deep JSON"),
        pytest.param('{"instances": []}', "application/json", 400, "no rows", id="no instances"),
        pytest.param('{"stat": 1}', "application/json", 400, "no column 'stat'", id="unknown"),
        pytest.param('{"state": "KS"}', "application/json", 400, "18 missing in all", id="absent"),
        pytest.param('[["a", []]]', "application/json", 400, "a list or an object", id="nested"),
        pytest.param("5", "application/json", 400, "has 1 values", id="a number"),
        pytest.param("<a/>", "application/xml", 415, "'application/xml' is not read", id="XML"),
        pytest.param(b"\xff\xfe", "text/csv", 400, "not UTF-8", id="encoding"),
    ],
)
def test_a_callers_mistake_is_named(server: Serving, body, content_type, status, words):
    found, text = server.predict(body, content_type)

    assert found == status
    assert words in json.loads(text)["error"]["message"]


def test_text_in_a_numeric_column_is_named_by_row(server: Serving, held_out):
    rows = [held_out[1][:-1], ["KS", "long", *held_out[2][2:-1]]]

    status, text = server.predict(as_csv(rows), "text/csv")

    assert status == 400
    assert "'account_length' holds 'long' on line 2" in json.loads(text)["error"]["message"]


def test_an_answer_nobody_can_write_is_refused(server: Serving, held_out):
    status, _ = server.predict(",".join(held_out[1][:-1]), "text/csv", Accept="image/png")

    assert status == 406


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("POST", "/ping", 404), ("PUT", "/invocations", 501)],
)
def test_other_requests_are_refused_as_json(server: Serving, method: str, path: str, status: int):
    found, text, _ = server.ask(method, path, b"x")

    assert found == status
    assert json.loads(text)["error"]["message"]


def test_a_body_too_large_is_refused_unread(server: Serving):
    with socket.create_connection(("127.0.0.1", server.ready["port"]), timeout=30) as connection:
        connection.sendall(
            b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n"
        )
        head = connection.recv(4096).decode()

    assert head.startswith("HTTP/1.1 413")
    assert "Connection: close" in head


def test_a_refused_request_does_not_disturb_the_next_on_its_connection(server: Serving, held_out):
    connection = http.client.HTTPConnection("127.0.0.1", server.ready["port"], timeout=30)
    with contextlib.closing(connection):
        connection.request("POST", "/nothing", body=b"1,2,3", headers={"Content-Type": "text/csv"})
        refused = connection.getresponse()
        refused.read()
        body = ",".join(held_out[1][:-1])
        connection.request("POST", "/invocations", body=body, headers={"Content-Type": "text/csv"})
        answered = connection.getresponse()

        assert (refused.status, answered.status) == (404, 200)


def test_many_callers_at_once_get_their_own_answers(server: Serving, held_out, expected):
    found: dict[int, list[dict]] = {}

    def call(index: int) -> None:
        found[index] = server.answers(",".join(held_out[index + 1][:-1]), "text/csv")

    threads = [threading.Thread(target=call, args=(index,)) for index in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    answers = [found[index][0]["probability"] for index in range(40)]
    assert answers == expected[1][:40]


def test_stats_count_calls_rows_and_mistakes(churn, tasks_folder: Path, held_out):
    with serving(tasks_folder, churn[1]) as fresh:
        fresh.answers(as_csv([row[:-1] for row in held_out[1:4]]), "text/csv")
        fresh.predict("1,2", "text/csv")

        stats = json.loads(fresh.ask("GET", "/stats")[1])

    assert (stats["requests"], stats["errors"], stats["rows"]) == (2, 1, 3)
    assert stats["latencyMs"]["max"] >= stats["latencyMs"]["p50"] > 0


def test_the_schema_lists_columns_in_order(server: Serving, held_out):
    schema = json.loads(server.ask("GET", "/schema")[1])

    assert [column["name"] for column in schema["columns"]] == held_out[0][:-1]
    assert schema["classes"] == ["no", "yes"]


def test_sigterm_ends_it_although_a_caller_keeps_a_connection_open(churn, tasks_folder: Path):
    with serving(tasks_folder, churn[1]) as running:
        idle = http.client.HTTPConnection("127.0.0.1", running.ready["port"], timeout=30)
        idle.request("GET", "/ping")
        idle.getresponse().read()
        started = time.monotonic()

        running.process.send_signal(signal.SIGTERM)

        assert running.process.wait(timeout=START_SECONDS) == 0
        assert time.monotonic() - started < 8
        idle.close()


def test_sigterm_lets_a_request_in_hand_be_answered(churn, tasks_folder: Path, held_out):
    body = ",".join(held_out[1][:-1]).encode()
    head = (
        "POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    with serving(tasks_folder, churn[1]) as running:
        port = running.ready["port"]
        with socket.create_connection(("127.0.0.1", port), timeout=30) as caller:
            caller.sendall(head.encode() + body[:10])
            # The head is read once the program waits for the rest: a second caller is answered.
            assert running.ask("GET", "/ping")[0] == 200
            running.process.send_signal(signal.SIGTERM)
            deadline = time.monotonic() + START_SECONDS
            while time.monotonic() < deadline and _accepts(port):
                time.sleep(0.01)

            caller.sendall(body[10:])
            answer = caller.recv(65536)

        assert answer.startswith(b"HTTP/1.1 200")
        assert running.process.wait(timeout=START_SECONDS) == 0


def _accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def refused_start(tasks_folder: Path, model: Path, digest: str, *options: str) -> str:
    process = launch(tasks_folder, model, digest, *options)
    out, err = process.communicate(timeout=START_SECONDS)
    assert process.returncode == 1
    assert out == ""
    assert "Traceback" not in err
    return err.splitlines()[-1]


def test_another_digest_than_expected_is_not_served(churn, tasks_folder: Path):
    wrong = "sha256:" + "0" * 64

    assert refused_start(tasks_folder, churn[1], wrong).startswith("E_DIGEST: The model is sha256:")


def test_a_model_that_answers_otherwise_than_at_training_is_not_served(
    tasks_folder: Path, tmp_path: Path
):
    parts = split(noise(tmp_path / "raw.csv", seed=1), tmp_path)
    model = Path(fit(parts.train, tmp_path, n_estimators=5).model.path)
    description = json.loads((model / "model.json").read_text())
    description["expected"]["probability"] += 0.25
    (model / "model.json").write_text(json.dumps(description))

    assert "but predicted" in refused_start(tasks_folder, model, digest_path(model))


def test_a_model_of_another_scikit_learn_is_not_served(tasks_folder: Path, tmp_path: Path):
    parts = split(noise(tmp_path / "raw.csv", seed=1), tmp_path)
    model = Path(fit(parts.train, tmp_path, n_estimators=5).model.path)
    description = json.loads((model / "model.json").read_text())
    description["libraries"]["scikit-learn"] = "0.24.2"
    (model / "model.json").write_text(json.dumps(description))

    words = refused_start(tasks_folder, model, digest_path(model))

    assert "made with scikit-learn 0.24.2" in words


@pytest.fixture(scope="module")
def pickled(examples: Path, tmp_path_factory) -> tuple[Path, pd.DataFrame, RandomForestClassifier]:
    """A model as the seed pipeline writes it."""
    frame = pd.read_csv(examples / "seed" / "target.csv")
    features = frame.drop("target", axis=1)
    model = RandomForestClassifier(n_estimators=10, max_depth=5, random_state=42)
    model.fit(features, frame["target"])
    path = tmp_path_factory.mktemp("pickled") / "model_output"
    path.write_bytes(pickle.dumps(model))
    return path, features, model


def test_a_pickle_is_served_when_allowed(pickled, tasks_folder: Path):
    path, features, model = pickled
    with serving(tasks_folder, path, "--allow-pickle") as running:
        answers = running.answers(features[:50].to_csv(index=False, header=False), "text/csv")
        named = running.answers(features[:50].to_json(orient="records"))

    assert pairs(answers) == pairs(named)
    assert [int(answer["label"]) for answer in answers] == model.predict(features[:50]).tolist()
    assert pairs(answers)[1] == model.predict_proba(features[:50])[:, 1].tolist()


def test_a_pickle_is_not_served_by_default(pickled, tasks_folder: Path):
    words = refused_start(tasks_folder, pickled[0], digest_path(pickled[0]))

    assert words.startswith("E_MODEL_FORMAT: The model is not in skops format")


class Bomb:
    """Its pickle makes a file when loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


def test_a_pickle_with_another_digest_is_never_loaded(tasks_folder: Path, tmp_path: Path):
    (tmp_path / "bomb").write_bytes(pickle.dumps(Bomb(tmp_path / "loaded")))

    words = refused_start(tasks_folder, tmp_path / "bomb", "sha256:" + "0" * 64, "--allow-pickle")

    assert words.startswith("E_DIGEST")
    assert not (tmp_path / "loaded").exists()


def test_a_pickle_of_something_else_is_not_served(tasks_folder: Path, tmp_path: Path):
    path = tmp_path / "array"
    path.write_bytes(pickle.dumps(np.arange(3)))

    words = refused_start(tasks_folder, path, digest_path(path), "--allow-pickle")

    assert "is a ndarray, not a fitted scikit-learn classifier" in words


def test_a_taken_port_is_named(churn, tasks_folder: Path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        words = refused_start(tasks_folder, churn[1], digest_path(churn[1]), "--port", str(port))

    assert f"Cannot listen on 127.0.0.1:{port}" in words
