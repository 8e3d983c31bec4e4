r"""Digests an artifact by the store's rule (src/storage/local/digest-content.ts).

D1. A file: SHA-256 of its bytes. A folder: SHA-256 of the lines ``<hex>  <path>\n``, sorted by
    path as UTF-8 bytes.
D2. A symbolic link counts as the file it points to when that file lies inside the same artifact;
    every other link, device, pipe or socket is refused, as is a name that cannot be a key.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from .transfer_error import TransferError

_CHUNK_BYTES = 1 << 20
# As src/storage/s3/remote-tree.ts: the worker would refuse to read more.
_MAX_FILES = 100_000


@dataclass(frozen=True)
class TreeFile:
    """One file of an artifact: its path within it (empty for a single file), and what it holds."""

    relative_path: str
    path: Path
    hex: str
    size_bytes: int


@dataclass(frozen=True)
class Tree:
    """A digested artifact; ``kind`` is ``file`` or ``folder``."""

    kind: str
    digest: str
    size_bytes: int
    files: tuple[TreeFile, ...]


def digest_tree(path: Path) -> Tree:
    """Digests the file or folder at a path.

    Raises:
        TransferError: E_TASK_OUTPUT for what an artifact cannot hold (D2).
        OSError: when it cannot be read.
    """
    if path.is_dir() and not path.is_symlink():
        files = tuple(_digest_file(name, path / name, path) for name in _names_below(path))
        listing = "".join(f"{file.hex}  {file.relative_path}\n" for file in files)
        digest = hashlib.sha256(listing.encode("utf-8")).hexdigest()
        return Tree("folder", f"sha256:{digest}", sum(f.size_bytes for f in files), files)
    file = _digest_file("", path, path)
    return Tree("file", f"sha256:{file.hex}", file.size_bytes, (file,))


def _names_below(root: Path) -> list[str]:
    names: list[str] = []
    for folder, folders, files in os.walk(root):
        folders.sort()
        for name in folders:
            if os.path.islink(os.path.join(folder, name)):
                raise _refused(Path(folder, name), "it is a link to a folder")
        names.extend(os.path.relpath(os.path.join(folder, name), root) for name in files)
        if len(names) > _MAX_FILES:
            raise _refused(root, f"it holds more than {_MAX_FILES} files")
    for name in names:
        if any(character in name for character in "\n\r") or not _is_text(name):
            raise _refused(root, f"the name {name!r} cannot be kept")
    return sorted(names, key=lambda name: name.encode("utf-8"))


def _digest_file(relative_path: str, path: Path, root: Path) -> TreeFile:
    if path.is_symlink():
        target = path.resolve()
        if root == path or root.resolve() not in target.parents:
            raise _refused(path, "it is a link that leads out of the artifact")
    if not stat.S_ISREG(os.stat(path).st_mode):
        raise _refused(path, "it is not a regular file")
    state = hashlib.sha256()
    size = 0
    with open(path, "rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            state.update(chunk)
            size += len(chunk)
    return TreeFile(relative_path, path, state.hexdigest(), size)


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _refused(path: Path, reason: str) -> TransferError:
    return TransferError(
        "E_TASK_OUTPUT",
        f"the output at {path} cannot be stored: {reason}",
        "Write regular files with plain names below the path that the task is given.",
    )
