"""What a model takes: its feature columns and their kinds, learnt from training rows only.

C1. A row is turned into numbers in one place, `features_frame`: training, evaluation and serving
    cannot disagree on what a cell means.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

import numpy as np
import pandas as pd

from anneal_tasks.errors import DataError
from anneal_tasks.tabular.column_checks import is_identifier, refuse_infinite
from anneal_tasks.tabular.table import Table, as_numbers, is_missing

Kind = Literal["numeric", "categorical", "ignored"]


@dataclass(frozen=True)
class Column:
    """One feature column.

    Attributes:
        name: as in the header.
        kind: numeric; categorical (text); ignored: text that names rows, or no value at all.
        values: a categorical column's training values, sorted; else empty.
    """

    name: str
    kind: Kind
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """Feature columns in file order, and the label's place among them.

    Attributes:
        columns: feature columns, without the label.
        label_column: name of the label column.
        label_position: index of the label column in the training file.
        classes: (negative, positive) class.
    """

    columns: tuple[Column, ...]
    label_column: str
    label_position: int
    classes: tuple[str, str]

    @property
    def names(self) -> list[str]:
        """Names of the feature columns, in order."""
        return [column.name for column in self.columns]

    def of_kind(self, kind: Kind) -> list[str]:
        """Names of the feature columns of one kind, in order."""
        return [column.name for column in self.columns if column.kind == kind]

    def to_json(self) -> dict:
        """Returns plain JSON that `schema_from_json` reads."""
        return asdict(self)


def schema_from_json(content: dict) -> Schema:
    """Reads what Schema.to_json wrote."""
    columns = tuple(
        Column(column["name"], column["kind"], tuple(column["values"]))
        for column in content["columns"]
    )
    negative, positive = content["classes"]
    return Schema(columns, content["label_column"], content["label_position"], (negative, positive))


def infer_columns(features: Table) -> tuple[Column, ...]:
    """Finds the kind of every feature column.

    Args:
        features: training rows without their label.

    Returns:
        One column description each, in file order.
    """
    return tuple(_infer_column(name, features.column(name)) for name in features.columns)


def features_frame(
    rows: Sequence[Sequence[str]], columns: Sequence[Column], lines: Sequence[int]
) -> pd.DataFrame:
    """Turns text cells into the frame that a model takes (C1).

    Args:
        rows: text cells of each row, one for every column.
        columns: the model's feature columns.
        lines: number to name each row by in an error, from 1.

    Returns:
        Frame of shape (rows, columns that are not ignored): numeric columns float64 with NaN for
        missing; categorical ones object, text or NaN.

    Raises:
        DataError: E_DATA, naming column and line, for text or an infinite number in a numeric
            column.
    """
    content = {}
    for index, column in enumerate(columns):
        cells = [row[index] for row in rows]
        if column.kind == "numeric":
            content[column.name] = _numeric(column.name, cells, lines)
        elif column.kind == "categorical":
            content[column.name] = _categorical(cells)
    return pd.DataFrame(content, index=range(len(rows)))


def _infer_column(name: str, cells: Sequence[str]) -> Column:
    if all(map(is_missing, cells)):
        return Column(name, "ignored")
    numbers = as_numbers(cells)
    if numbers is not None:
        return Column(name, "numeric")
    if is_identifier(cells, numbers):
        return Column(name, "ignored")
    values = sorted({cell.strip() for cell in cells if not is_missing(cell)})
    return Column(name, "categorical", tuple(values))


def _numeric(name: str, cells: Sequence[str], lines: Sequence[int]) -> np.ndarray:
    numbers = as_numbers(cells)
    if numbers is None:
        row = next(row for row, cell in enumerate(cells) if as_numbers([cell]) is None)
        raise DataError(
            "E_DATA",
            f"Column {name!r} holds {cells[row][:80]!r} on line {lines[row]}, where the model was"
            " trained on numbers.",
            "Give a number with a decimal point, or leave the cell empty.",
        )
    refuse_infinite(name, numbers, lines)
    return numbers


def _categorical(cells: Sequence[str]) -> pd.Series:
    return pd.Series([np.nan if is_missing(cell) else cell.strip() for cell in cells], dtype=object)
