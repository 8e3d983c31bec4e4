"""Moves artifacts between a pod and the S3 store.

``python3 -m anneal_launcher.transfer fetch`` is the pod's first container, ``… store`` its last
one; the task runs between them and knows nothing of S3. ANNEAL_TRANSFER holds the plan that the
worker wrote (src/runners/kubernetes/transfer-plan.ts).

T1. The listing is written last: when it is there, all that it names is in the store, whole.
T2. Digests follow the store's rule (see ``tree_digest``); an input is what lineage says it is, or
    the task never starts.
T3. What went wrong is one JSON object in the pod's termination message: code, message, hint,
    retryable.
T4. Both steps may run again: the same files go to the same keys.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .transfer_error import TransferError, explain, report
from .tree_digest import digest_tree

_ENCODING = "utf-8"


def main(arguments: list[str]) -> int:
    """Carries out one step. Returns the exit code of the container."""
    if arguments not in (["fetch"], ["store"]):
        print("usage: python3 -m anneal_launcher.transfer fetch|store", file=sys.stderr)
        return 2
    try:
        plan = json.loads(os.environ["ANNEAL_TRANSFER"])
        if arguments == ["fetch"]:
            fetch(plan)
        else:
            store(plan)
    except Exception as error:  # the last place where it can be said
        report(explain(error))
        return 1
    return 0


def fetch(plan: dict[str, Any]) -> None:
    """Brings the inputs to where the task reads them, and makes the folders it writes to.

    Raises:
        TransferError: E_INPUT_NOT_FOUND, E_DIGEST, E_STORE_FULL.
    """
    os.umask(0)  # the task may run as another user; nobody else shares the pod
    for folder in plan["folders"]:
        os.makedirs(folder, exist_ok=True)
    bucket = _bucket(plan) if plan["inputs"] else None
    for wanted in plan["inputs"]:
        target = Path(wanted["to"])
        target.parent.mkdir(parents=True, exist_ok=True)
        bucket.download(wanted["from"], target)
        expected = wanted.get("digest")
        found = digest_tree(target).digest
        if expected is not None and found != expected:
            raise TransferError(
                "E_DIGEST",
                f"{wanted['from']} is not what it was: {expected} then, {found} now",
                "Import it again, or restore the object's earlier version.",
            )
    print(f"{len(plan['inputs'])} inputs are here", flush=True)


def store(plan: dict[str, Any]) -> None:
    """Puts the outputs into the store, then the listing of them (T1).

    Raises:
        TransferError: E_TASK_OUTPUT for what an artifact cannot hold; E_STORE.
    """
    root = Path(plan["root"])
    bucket = _bucket(plan)
    outputs: dict[str, Any] = {}
    for name in [*plan["outputs"], *_elsewhere(plan, root)]:
        path = root / name
        if not os.path.lexists(path):
            continue
        tree = digest_tree(path)
        bucket.upload(f"{plan['place']}/{name}", tree)
        outputs[name] = {"digest": tree.digest, "sizeBytes": tree.size_bytes, "kind": tree.kind}
    documents = [name for name in plan["documents"] if _is_document(root / name)]
    for name in documents:
        bucket.upload(f"{plan['place']}/{name}", digest_tree(root / name))
    listing = {
        "version": 1,
        "outputs": outputs,
        "documents": documents,
        "storedAt": datetime.now(timezone.utc).isoformat().replace("+00:00", "Z"),
    }
    bucket.put(f"{plan['place']}/{plan['listing']}", json.dumps(listing).encode(_ENCODING))
    print(f"{len(outputs)} outputs are stored", flush=True)


def _elsewhere(plan: dict[str, Any], root: Path) -> list[str]:
    """Paths below the root, outside the planned outputs, that the task says hold its artifacts."""
    try:
        said = json.loads((root / plan["executorOutput"]).read_text(_ENCODING))
        artifacts = [a for entry in said["artifacts"].values() for a in entry["artifacts"]]
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return []  # the worker reads the document itself, and says what is wrong with it
    found = []
    for artifact in artifacts:
        said_path = artifact.get("customPath") or artifact.get("custom_path") or artifact.get("uri")
        name = _below(str(said_path or ""), root)
        is_planned = any(name == o or (name or "").startswith(f"{o}/") for o in plan["outputs"])
        if name and not is_planned and name not in found:
            found.append(name)
    return found


def _below(address: str, root: Path) -> str | None:
    path = address[len("file://") :] if address.startswith("file://") else address
    if not path.startswith("/"):
        return None
    relative = os.path.relpath(os.path.normpath(path), root)
    return None if relative == "." or relative.startswith("..") else relative


def _is_document(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


def _bucket(plan: dict[str, Any]) -> Any:
    from .s3_objects import S3Objects  # boto3 is in the image of tasks only

    return S3Objects(plan["s3"])


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
