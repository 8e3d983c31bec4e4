"""The column to predict, and its two classes.

L1. The label column is the one asked for; else `churn`, or `target` where there is no `churn`.
L2. The positive class, the one whose probability is reported, is found by the first rule that
    tells the two apart: a word that says yes (POSITIVE_WORDS); the greater number; the one that
    sorts last, as scikit-learn orders classes.
"""

import difflib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from anneal_tasks.errors import DataError
from anneal_tasks.tabular.table import Table, as_numbers, is_missing

DEFAULT_LABELS = ("churn", "target")
POSITIVE_WORDS = frozenset({"yes", "y", "true", "t", "1", "1.0", "positive", "churn", "churned"})
_COLUMNS_SHOWN = 20


@dataclass(frozen=True)
class Classes:
    """The two classes of a label column, as they are written in the file."""

    negative: str
    positive: str


def find_label_column(columns: Sequence[str], wanted: str = "") -> str:
    """Names the label column (L1).

    Args:
        columns: columns of the table.
        wanted: column asked for; empty for the default ones.

    Returns:
        A member of `columns`.

    Raises:
        DataError: E_DATA, listing the columns and the nearest name, when it is not there.
    """
    candidates = (wanted,) if wanted else DEFAULT_LABELS
    for name in candidates:
        if name in columns:
            return name
    raise DataError(
        "E_DATA",
        f"The file has no column {' or '.join(map(repr, candidates))}; its columns are"
        f" {_shown(columns)}.",
        _suggestion(columns, candidates),
    )


def find_classes(labels: Sequence[str]) -> Classes:
    """Finds the two classes of a label column (L2).

    Args:
        labels: label cells, none missing, without outer blanks.

    Returns:
        The negative and the positive class.

    Raises:
        DataError: E_DATA when there are not exactly two.
    """
    counts = Counter(labels)
    if len(counts) == 1:
        raise DataError(
            "E_DATA",
            f"All {len(labels)} labels are {labels[0]!r}: there is a single class.",
            "A classifier needs rows of two classes.",
        )
    if len(counts) > 2:
        raise DataError("E_DATA", _too_many(counts), _folding_hint(counts))
    first, second = sorted(counts)
    positive = _positive(first, second)
    return Classes(negative=first if positive == second else second, positive=positive)


def clean_labels(table: Table, label_column: str, missing_labels: str) -> tuple[Table, list[str]]:
    """Takes the label cells out of a table, without outer blanks.

    Args:
        table: the whole table.
        label_column: name of the label column.
        missing_labels: `refuse` or `drop` rows without a label.

    Returns:
        (the table of labelled rows, their labels).

    Raises:
        DataError: E_DATA when all labels are missing, or some are and they are refused.
    """
    labels = [cell.strip() for cell in table.column(label_column)]
    unlabelled = [row for row, label in enumerate(labels) if is_missing(label)]
    if not unlabelled:
        return table, labels
    if len(unlabelled) == len(labels):
        raise DataError(
            "E_DATA",
            f"Column {label_column!r} has no value in any of the {len(labels)} rows.",
            "Give the label of each row.",
        )
    if missing_labels == "refuse":
        raise DataError(
            "E_DATA",
            f"Column {label_column!r} has no value in {len(unlabelled)} of {len(labels)} rows,"
            f" the first on line {table.lines[unlabelled[0]]}.",
            "Fill the labels in, or set missing_labels=drop to leave such rows out.",
        )
    kept = [row for row, label in enumerate(labels) if not is_missing(label)]
    return table.select(kept), [labels[row] for row in kept]


def _positive(first: str, second: str) -> str:
    is_yes = [name.casefold() in POSITIVE_WORDS for name in (first, second)]
    if is_yes[0] != is_yes[1]:
        return first if is_yes[0] else second
    numbers = as_numbers([first, second])
    if numbers is not None and numbers[0] > numbers[1]:
        return first
    return second


def _shown(columns: Sequence[str]) -> str:
    rest = len(columns) - _COLUMNS_SHOWN
    listed = ", ".join(map(repr, columns[:_COLUMNS_SHOWN]))
    return listed if rest <= 0 else f"{listed} and {rest} more"


def _suggestion(columns: Sequence[str], candidates: Sequence[str]) -> str:
    by_folded = {name.strip().casefold(): name for name in reversed(columns)}
    for wanted in candidates:
        near = difflib.get_close_matches(wanted.strip().casefold(), by_folded, n=1, cutoff=0.7)
        if near:
            name = by_folded[near[0]]
            return f"Did you mean {name!r}? Rename the column, or set label_column={name!r}."
    return "Set label_column to the column that the model shall predict."


def _too_many(counts: Counter[str]) -> str:
    listed = ", ".join(f"{name!r} ({count})" for name, count in counts.most_common(5))
    more = "" if len(counts) <= 5 else f" and {len(counts) - 5} more"
    return f"The label has {len(counts)} classes: {listed}{more}; exactly two are supported."


def _folding_hint(counts: Counter[str]) -> str:
    if len({name.casefold() for name in counts}) == 2:
        return "Some classes differ only in upper and lower case: write each in one way."
    return "Give a label column with two different values."
