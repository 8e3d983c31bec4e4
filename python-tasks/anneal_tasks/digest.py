r"""Digests of artifacts, equal to those of Anneal's artifact store.

D1. A file's digest is the SHA-256 of its bytes.
D2. A folder's digest is the SHA-256 of one line `<sha256 hex>  <path>\n` a file, path relative
    with `/`, sorted by the path's UTF-8 bytes. Empty folders, times and modes do not count.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from anneal_tasks.errors import DataError

_CHUNK_BYTES = 1 << 20


def digest_path(path: str | Path) -> str:
    """Computes the digest of a file or folder.

    Args:
        path: a file (D1) or a folder of files (D2).

    Returns:
        `sha256:` and 64 hexadecimal digits.

    Raises:
        DataError: E_INPUT_NOT_FOUND when there is nothing; E_DATA when a folder holds a link.
    """
    root = Path(path)
    if not root.exists():
        raise DataError("E_INPUT_NOT_FOUND", f"There is no file or folder {root}.")
    if root.is_file():
        return f"sha256:{_file_hash(root)}"
    return _listing_digest({name: _file_hash(root / name) for name in folder_files(root)})


def digest_contents(contents: Mapping[str, bytes]) -> str:
    """Computes the digest that a folder with these files has (D2).

    Args:
        contents: bytes of each file by its relative path.

    Returns:
        `sha256:` and 64 hexadecimal digits.
    """
    return _listing_digest(
        {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    )


def digest_bytes(content: bytes) -> str:
    """Computes the digest that a file with this content has (D1)."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def folder_files(root: Path) -> list[str]:
    """Lists the files below a folder.

    Args:
        root: an existing folder.

    Returns:
        Relative paths with `/`, in no particular order.

    Raises:
        DataError: E_DATA when it holds a link, which could point out of the folder.
    """
    names = []
    for entry in root.rglob("*"):
        if entry.is_symlink():
            raise DataError("E_DATA", f"{entry} is a symbolic link, which an artifact cannot hold.")
        if entry.is_file():
            names.append(entry.relative_to(root).as_posix())
    return names


def _listing_digest(hashes: Mapping[str, str]) -> str:
    ordered = sorted(hashes, key=lambda name: name.encode("utf-8"))
    listing = "".join(f"{hashes[name]}  {name}\n" for name in ordered)
    return digest_bytes(listing.encode("utf-8"))


def _file_hash(path: Path) -> str:
    state = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            state.update(chunk)
    return state.hexdigest()
