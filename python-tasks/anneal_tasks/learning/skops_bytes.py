"""Models as bytes, without pickle.

B1. Equal models give equal bytes: skops names its parts by memory address and stamps the time,
    so both are replaced, by numbers in order of appearance and by the first date ZIP can hold.
B2. Only types of TRUSTED_TYPES, beside skops' own list, are ever constructed.
"""

import io
import json
import zipfile
from typing import Any

import skops.io

from anneal_tasks.errors import DataError

TRUSTED_TYPES = ("numpy.dtype", "sklearn.tree._tree.Tree")
"""Types of our own models that skops leaves to us: both are plain arrays and names inside."""

_SCHEMA = "schema.json"
_FIRST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_READ_WRITE_ALL = 0o644 << 16


def dump_model(model: Any) -> bytes:
    """Writes a scikit-learn model in skops format, reproducibly (B1).

    Args:
        model: an estimator of types that skops knows.

    Returns:
        A ZIP archive, uncompressed.
    """
    with zipfile.ZipFile(io.BytesIO(skops.io.dumps(model))) as archive:
        schema = json.loads(archive.read(_SCHEMA))
        files: dict[str, str] = {}
        _rename(schema, {}, files)
        parts = {new: archive.read(old) for old, new in files.items()}
    parts[_SCHEMA] = json.dumps(schema, separators=(",", ":")).encode("utf-8")
    return _archive(parts)


def load_model(content: bytes) -> Any:
    """Reads a model in skops format (B2).

    Args:
        content: a ZIP archive that skops wrote.

    Returns:
        The estimator.

    Raises:
        DataError: E_MODEL_FORMAT when it holds other types, or cannot be read.
    """
    try:
        foreign = set(skops.io.get_untrusted_types(data=content)) - set(TRUSTED_TYPES)
        if not foreign:
            return skops.io.loads(content, trusted=list(TRUSTED_TYPES))
    except Exception as error:
        raise DataError("E_MODEL_FORMAT", f"The model cannot be read: {error}") from error
    raise DataError(
        "E_MODEL_FORMAT",
        f"The model holds types that are not trusted: {', '.join(sorted(foreign))}.",
        "Train the model with Anneal's train component.",
    )


def _rename(node: Any, numbers: dict[int, int], files: dict[str, str]) -> None:
    """Renames ids and part files in place, in document order (B1)."""
    if isinstance(node, list):
        for child in node:
            _rename(child, numbers, files)
    elif isinstance(node, dict):
        if isinstance(node.get("__id__"), int):
            node["__id__"] = numbers.setdefault(node["__id__"], len(numbers) + 1)
        if "__loader__" in node and isinstance(node.get("file"), str):
            suffix = node["file"].rpartition(".")[2]
            node["file"] = files.setdefault(node["file"], f"{len(files) + 1}.{suffix}")
        for child in node.values():
            _rename(child, numbers, files)


def _archive(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _FIRST_ZIP_DATE)
            entry.external_attr = _READ_WRITE_ALL
            entry.create_system = 3
            archive.writestr(entry, content)
    return buffer.getvalue()
