"""Fingerprints of rows: equal for rows that a model could not tell apart.

F1. Only values count: `1`, `1.0` and ` 1 ` are equal, and so are all ways to write "missing".
F2. The order of columns does not count; their names do.
F3. The label does not count: the same customer with another label is still the same customer.
"""

import hashlib
from collections.abc import Sequence

from anneal_tasks.tabular.table import Table, is_missing

_DIGEST_BYTES = 16
"""128 bits: a chance collision among a billion rows is less likely than 1e-20 (birthday bound)."""


def row_fingerprints(features: Table) -> list[str]:
    """Computes one fingerprint a row.

    Args:
        features: the table without its label column (F3).

    Returns:
        32 hexadecimal digits for each row, in row order.
    """
    order = sorted(range(len(features.columns)), key=lambda index: features.columns[index])
    columns = [_canonical([row[index] for row in features.rows]) for index in order]
    names = "\x1f".join(features.columns[index] for index in order)
    start = hashlib.blake2b(names.encode("utf-8") + b"\x1e", digest_size=_DIGEST_BYTES)
    return [_finish(start, cells) for cells in zip(*columns, strict=True)]


def canonical_cell(cell: str) -> str:
    """Writes a cell's value the one way that stands for all ways to write it (F1)."""
    text = cell.strip()
    if is_missing(text):
        return ""
    try:
        # Adding 0.0 makes -0.0 the same as 0.0.
        return repr(float(text) + 0.0)
    except ValueError:
        return text


def _canonical(cells: Sequence[str]) -> list[str]:
    meanings = {cell: canonical_cell(cell) for cell in set(cells)}
    return [meanings[cell] for cell in cells]


def _finish(start: "hashlib.blake2b", cells: Sequence[str]) -> str:
    state = start.copy()
    state.update("\x1f".join(cells).encode("utf-8"))
    return state.hexdigest()
