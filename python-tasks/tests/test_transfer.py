"""Transfers of pods with moto as S3: layout, digests, errors (T1 to T4 of transfer.py)."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import moto
import pytest

from anneal_launcher import transfer
from anneal_launcher.transfer_error import TransferError, explain
from anneal_launcher.tree_digest import digest_tree
from anneal_tasks.digest import digest_path

PLACE = "s3://store/project/runs/r/train/1"


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An S3 server in this process, with one bucket."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with moto.mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket="store")
        yield client


def plan(root: Path, **changes: Any) -> dict[str, Any]:
    """A plan for a pod whose files are below a folder."""
    return {
        "version": 1,
        "s3": {"region": "us-east-1"},
        "inputs": [],
        "folders": [str(root / "outputs"), str(root / "parameters")],
        "root": str(root),
        "place": PLACE,
        "outputs": ["outputs/model"],
        "documents": ["parameters/size", "executor_output.json"],
        "executorOutput": "executor_output.json",
        "listing": "transferred.json",
        **changes,
    }


def objects(client: Any) -> dict[str, bytes]:
    """Everything in the bucket, by key below the attempt's place."""
    prefix = "project/runs/r/train/1/"
    found = client.list_objects_v2(Bucket="store").get("Contents", [])
    return {
        entry["Key"].removeprefix(prefix): client.get_object(Bucket="store", Key=entry["Key"])[
            "Body"
        ].read()
        for entry in found
    }


def test_a_folder_is_stored_under_the_keys_and_the_digest_of_the_store(
    client: Any, tmp_path: Path
) -> None:
    transfer.fetch(plan(tmp_path))
    (tmp_path / "outputs/model/sub").mkdir(parents=True)
    (tmp_path / "outputs/model/sub/b").write_bytes(b"two")
    (tmp_path / "outputs/model/a").write_bytes(b"one")
    (tmp_path / "parameters/size").write_text("6")

    transfer.store(plan(tmp_path))

    stored = objects(client)
    listing = json.loads(stored.pop("transferred.json"))
    assert stored == {
        "outputs/model/a": b"one",
        "outputs/model/sub/b": b"two",
        "parameters/size": b"6",
    }
    assert listing["documents"] == ["parameters/size"]
    assert listing["outputs"]["outputs/model"] == {
        "digest": digest_path(tmp_path / "outputs/model"),
        "sizeBytes": 6,
        "kind": "folder",
    }


def test_each_object_carries_its_sha256(client: Any, tmp_path: Path) -> None:
    transfer.fetch(plan(tmp_path))
    (tmp_path / "outputs/model").write_bytes(b"weights")

    transfer.store(plan(tmp_path))

    key = "project/runs/r/train/1/outputs/model"
    head = client.head_object(Bucket="store", Key=key, ChecksumMode="ENABLED")
    expected = hashlib.sha256(b"weights").digest()
    assert base64.b64decode(head["ChecksumSHA256"]) == expected


def test_storing_again_removes_what_an_earlier_try_left(client: Any, tmp_path: Path) -> None:
    transfer.fetch(plan(tmp_path))
    (tmp_path / "outputs/model").mkdir()
    (tmp_path / "outputs/model/old").write_bytes(b"1")
    transfer.store(plan(tmp_path))
    (tmp_path / "outputs/model/old").rename(tmp_path / "outputs/model/new")

    transfer.store(plan(tmp_path))

    assert sorted(objects(client)) == ["outputs/model/new", "transferred.json"]


def test_an_empty_folder_is_kept_by_a_marker(client: Any, tmp_path: Path) -> None:
    transfer.fetch(plan(tmp_path))
    (tmp_path / "outputs/model").mkdir()

    transfer.store(plan(tmp_path))

    assert objects(client)["outputs/model/"] == b""


def test_files_and_folders_arrive_as_inputs(client: Any, tmp_path: Path) -> None:
    client.put_object(Bucket="store", Key="data/file.csv", Body=b"a,b\n")
    client.put_object(Bucket="store", Key="data/tree/x/y", Body=b"deep")
    root = tmp_path / "task"
    inputs = [
        {"from": "s3://store/data/file.csv", "to": str(tmp_path / "in/0/file.csv")},
        {"from": "s3://store/data/tree", "to": str(tmp_path / "in/1/tree")},
    ]

    transfer.fetch(plan(root, inputs=inputs))

    assert (tmp_path / "in/0/file.csv").read_bytes() == b"a,b\n"
    assert (tmp_path / "in/1/tree/x/y").read_bytes() == b"deep"


def test_an_input_that_changed_is_refused(client: Any, tmp_path: Path) -> None:
    client.put_object(Bucket="store", Key="data/file.csv", Body=b"changed")
    wanted = {
        "from": "s3://store/data/file.csv",
        "to": str(tmp_path / "file.csv"),
        "digest": f"sha256:{'0' * 64}",
    }

    with pytest.raises(TransferError) as caught:
        transfer.fetch(plan(tmp_path / "task", inputs=[wanted]))

    assert caught.value.code == "E_DIGEST"


@pytest.mark.usefixtures("client")
@pytest.mark.parametrize("address", ["s3://store/absent", "https://example.test/x"])
def test_an_input_that_is_not_there_is_named(tmp_path: Path, address: str) -> None:
    wanted = {"from": address, "to": str(tmp_path / "x")}

    with pytest.raises(TransferError, match=address) as caught:
        transfer.fetch(plan(tmp_path / "task", inputs=[wanted]))

    assert caught.value.code == "E_INPUT_NOT_FOUND"


def test_an_artifact_that_the_task_put_elsewhere_is_stored_too(client: Any, tmp_path: Path) -> None:
    transfer.fetch(plan(tmp_path))
    (tmp_path / "elsewhere").write_bytes(b"here")
    said = {"artifacts": {"model": {"artifacts": [{"uri": f"{tmp_path}/elsewhere"}]}}}
    (tmp_path / "executor_output.json").write_text(json.dumps(said))

    transfer.store(plan(tmp_path))

    listing = json.loads(objects(client)["transferred.json"])
    assert list(listing["outputs"]) == ["elsewhere"]


def test_a_link_out_of_an_artifact_is_refused(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model/passwd").symlink_to("/etc/passwd")

    with pytest.raises(TransferError, match="leads out of the artifact") as caught:
        digest_tree(tmp_path / "model")

    assert caught.value.code == "E_TASK_OUTPUT"


def test_a_link_within_an_artifact_counts_as_its_file(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model/a").write_bytes(b"same")
    (tmp_path / "model/b").symlink_to("a")

    tree = digest_tree(tmp_path / "model")

    assert [(file.relative_path, file.size_bytes) for file in tree.files] == [("a", 4), ("b", 4)]


@pytest.mark.usefixtures("client")
def test_what_went_wrong_is_left_as_one_object(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNEAL_ERROR_FILE", str(tmp_path / "termination-log"))
    wanted = [{"from": "s3://no-such-bucket/key", "to": str(tmp_path / "x")}]
    monkeypatch.setenv("ANNEAL_TRANSFER", json.dumps(plan(tmp_path / "task", inputs=wanted)))

    exit_code = transfer.main(["fetch"])

    said = json.loads((tmp_path / "termination-log").read_text())
    assert exit_code == 1
    assert said["code"] == "E_STORE"
    assert said["retryable"] is False
    assert "bucket" in said["message"]


def test_missing_credentials_say_where_they_come_from() -> None:
    from botocore.exceptions import NoCredentialsError

    error = explain(NoCredentialsError())

    assert error.code == "E_STORE"
    assert "ANNEAL_KUBERNETES_STORE_SECRET" in error.hint
