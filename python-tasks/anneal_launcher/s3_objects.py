"""Objects of an S3 server as files and folders, laid out as src/storage/s3 does.

O1. An object at the key is a file; objects below ``key/`` are a folder; an empty object ``key/`` is
    an empty folder.
O2. A file is written with its SHA-256, which the server checks and keeps: the worker believes it
    without reading. Only files too large for one request go up in parts, and are read again by it.
O3. An upload replaces what an earlier try left: objects that the artifact no longer has go.
"""

import base64
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

from .transfer_error import TransferError
from .tree_digest import Tree, TreeFile

# One request may carry 5 GiB; a broken one starts over, so larger files go in parts well before.
_WHOLE_BYTES = 1 << 30
_PARTS = TransferConfig(
    multipart_threshold=8 << 20, multipart_chunksize=64 << 20, max_concurrency=4
)
_AT_ONCE = 8
_DELETE_BATCH = 1000
_ENDPOINT_REGION = "us-east-1"


class S3Objects:
    """Reads and writes artifacts.

    Credentials come from boto3's chain: variables, a web identity, the role of the pod.

    Args:
        settings: endpoint, region, pathStyle, encryption, kmsKeyId; all optional.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        endpoint = settings.get("endpoint")
        is_path_style = settings.get("pathStyle", endpoint is not None)
        self._client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=settings.get("region") or (_ENDPOINT_REGION if endpoint else None),
            config=Config(
                retries={"mode": "standard", "max_attempts": 6},
                s3={"addressing_style": "path" if is_path_style else "auto"},
                max_pool_connections=4 * _AT_ONCE,
                # Other servers than AWS do not all take the newer defaults.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )
        self._encryption = _encryption(settings)

    def download(self, uri: str, target: Path) -> None:
        """Brings the file or folder at an address.

        Raises:
            TransferError: E_INPUT_NOT_FOUND when nothing is there.
        """
        bucket, key = _split(uri)
        if key and not key.endswith("/") and self._head(bucket, key):
            self._client.download_file(bucket, key, str(target), Config=_PARTS)
            return
        prefix = f"{key.rstrip('/')}/" if key else ""
        found = list(self._list(bucket, prefix))
        if not found:
            raise TransferError(
                "E_INPUT_NOT_FOUND", f"there is nothing at {uri}", "Check the address of the input."
            )
        target.mkdir(parents=True, exist_ok=True)
        names = [name for name in found if not name.endswith("/")]
        for name in names:
            _place(target, name[len(prefix) :], uri).parent.mkdir(parents=True, exist_ok=True)

        def bring(name: str) -> None:
            place = _place(target, name[len(prefix) :], uri)
            self._client.download_file(bucket, name, str(place), Config=_PARTS)

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(bring, names))

    def upload(self, uri: str, tree: Tree) -> None:
        """Makes the store hold an artifact at an address (O2, O3)."""
        bucket, key = _split(uri)
        keys = {
            f"{key}/{file.relative_path}" if file.relative_path else key: file
            for file in tree.files
        }
        if tree.kind == "folder" and not keys:
            self._client.put_object(Bucket=bucket, Key=f"{key}/", Body=b"", **self._encryption)
            keys = {f"{key}/": None}  # type: ignore[dict-item]
        else:
            with ThreadPoolExecutor(_AT_ONCE) as pool:
                list(pool.map(lambda item: self._write(bucket, *item), keys.items()))
        there = [key] if tree.kind == "folder" and self._head(bucket, key) else []
        stale = [name for name in [*there, *self._list(bucket, f"{key}/")] if name not in keys]
        for start in range(0, len(stale), _DELETE_BATCH):
            batch = [{"Key": name} for name in stale[start : start + _DELETE_BATCH]]
            self._client.delete_objects(Bucket=bucket, Delete={"Objects": batch, "Quiet": True})

    def put(self, uri: str, content: bytes) -> None:
        """Writes one small object."""
        bucket, key = _split(uri)
        self._client.put_object(Bucket=bucket, Key=key, Body=content, **self._encryption)

    def _write(self, bucket: str, key: str, file: TreeFile) -> None:
        if file.size_bytes > _WHOLE_BYTES:
            extra = {"ChecksumAlgorithm": "SHA256", **self._encryption}
            self._client.upload_file(str(file.path), bucket, key, ExtraArgs=extra, Config=_PARTS)
            return
        checksum = base64.b64encode(bytes.fromhex(file.hex)).decode("ascii")
        extra = {"ChecksumAlgorithm": "SHA256", "ChecksumSHA256": checksum, **self._encryption}
        with open(file.path, "rb") as body:
            self._client.put_object(Bucket=bucket, Key=key, Body=body, **extra)

    def _head(self, bucket: str, key: str) -> bool:
        try:
            self._client.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == 404:
                return False
            raise
        return True

    def _list(self, bucket: str, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        for page in pages:
            for entry in page.get("Contents", []):
                yield entry["Key"]


def _split(uri: str) -> tuple[str, str]:
    if not uri.startswith("s3://"):
        raise TransferError(
            "E_INPUT_NOT_FOUND", f"a pod cannot read {uri}", "Use an s3:// address."
        )
    bucket, _, key = uri[len("s3://") :].partition("/")
    return bucket, key


def _place(target: Path, name: str, uri: str) -> Path:
    if any(part in ("", ".", "..") for part in name.split("/")) or "\0" in name:
        raise TransferError("E_INPUT_NOT_FOUND", f"{uri} holds {name!r}, which cannot be a path")
    return target / name


def _encryption(settings: dict[str, Any]) -> dict[str, str]:
    if not settings.get("encryption"):
        return {}
    key = settings.get("kmsKeyId")
    return {
        "ServerSideEncryption": settings["encryption"],
        **({"SSEKMSKeyId": key} if key else {}),
    }
