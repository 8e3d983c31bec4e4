"""Splits of rows into parts that share no row.

S1. Rows with equal features stay together: no test row, and no validation row, was trained on.
S2. Where a row goes depends on its own content and the seed: not on the order of rows, on other
    rows' values, or on a library's random numbers. The same file splits the same way for ever.
S3. Each class keeps its share, within one row where no rows are equal.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence

from anneal_tasks.errors import DataError

MIN_ROWS_PER_CLASS = 2
"""In each part: one row of a class has no spread, and a split can lose it altogether."""


def split_rows(
    fingerprints: Sequence[str], labels: Sequence[str], test_split: float, random_state: int
) -> tuple[list[int], list[int]]:
    """Splits rows into a training and a test part, stratified by label.

    Args:
        fingerprints: one a row; rows with equal ones stay together (S1).
        labels: class of each row.
        test_split: share held out, a fraction in (0, 1); a class's share is rounded to nearest.
        random_state: seed.

    Returns:
        (training rows, test rows): positions in ascending order.

    Raises:
        DataError: E_DATA when a part would have fewer than MIN_ROWS_PER_CLASS rows of a class.
    """
    test: set[int] = set()
    for groups in _shuffled_groups(fingerprints, labels, random_state).values():
        wanted = int(sum(map(len, groups)) * test_split + 0.5)
        taken = 0
        for rows in groups:
            if taken + len(rows) <= wanted:
                test.update(rows)
                taken += len(rows)
    train_rows = [row for row in range(len(labels)) if row not in test]
    test_rows = sorted(test)
    _check_parts(labels, train_rows, test_rows, test_split)
    return train_rows, test_rows


def fold_of_rows(
    fingerprints: Sequence[str], labels: Sequence[str], folds: int, random_state: int
) -> list[int]:
    """Deals rows into cross-validation folds, stratified by label.

    Args:
        fingerprints: one a row; rows with equal ones stay together (S1).
        labels: class of each row.
        folds: number of folds, at least 2.
        random_state: seed.

    Returns:
        The fold of each row, from 0.
    """
    fold_of = [0] * len(labels)
    for groups in _shuffled_groups(fingerprints, labels, random_state).values():
        for turn, rows in enumerate(groups):
            for row in rows:
                fold_of[row] = turn % folds
    return fold_of


def _shuffled_groups(
    fingerprints: Sequence[str], labels: Sequence[str], random_state: int
) -> dict[str, list[list[int]]]:
    """Groups rows by fingerprint; by class, in an order drawn from the seed (S2)."""
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, fingerprint in enumerate(fingerprints):
        rows_of[fingerprint].append(row)
    by_class: dict[str, list[list[int]]] = defaultdict(list)
    for fingerprint in sorted(rows_of, key=lambda key: _draw(key, random_state)):
        rows = rows_of[fingerprint]
        by_class[_most_frequent(labels[row] for row in rows)].append(rows)
    return by_class


def _draw(fingerprint: str, random_state: int) -> bytes:
    return hashlib.blake2b(f"{random_state}:{fingerprint}".encode(), digest_size=16).digest()


def _most_frequent(labels) -> str:
    # Equal counts: by name, so that row order does not decide (S2).
    return min(Counter(labels).items(), key=lambda item: (-item[1], item[0]))[0]


def _check_parts(
    labels: Sequence[str], train_rows: list[int], test_rows: list[int], test_split: float
) -> None:
    for part, rows in (("training", train_rows), ("test", test_rows)):
        counts = Counter(labels[row] for row in rows)
        for name, total in sorted(Counter(labels).items()):
            if counts[name] < MIN_ROWS_PER_CLASS:
                raise DataError(
                    "E_DATA",
                    f"Too few rows of class {name!r}: {total} in all, of which test_split="
                    f"{test_split:g} leaves {counts[name]} in the {part} part; at least"
                    f" {MIN_ROWS_PER_CLASS} are needed in each part.",
                    "Give more rows of that class (rows with equal features count as one),"
                    " or a test_split nearer 0.5.",
                )
