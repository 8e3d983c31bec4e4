"""Request bodies, as CSV or JSON, into rows of text cells in the model's column order.

R1. Nothing is guessed: an unknown or absent column, or another number of cells, is refused.
R2. The label column may be there, as in a line cut from the training file; it is left out.
"""

import difflib
import io
import json
from collections.abc import Sequence
from typing import Any

from anneal_tasks.errors import DataError
from anneal_tasks.learning.schema import Column
from anneal_tasks.serving.predictor import Predictor
from anneal_tasks.serving.request_error import RequestError
from anneal_tasks.tabular.read_table import csv_records
from anneal_tasks.tabular.table import is_missing

MAX_ROWS = 100_000

_MEDIA_TYPES = "Send text/csv or application/json."


def read_rows(body: bytes, content_type: str, predictor: Predictor) -> list[list[str]]:
    """Reads the rows of a request.

    Args:
        body: CSV with or without a header line; or JSON: `{"instances": [...]}`, a list, or one
            object. An instance is an object by column name or a list in column order.
        content_type: the request's media type; parameters such as charset are ignored.
        predictor: whose columns count.

    Returns:
        At least one row of text cells, in the order of the predictor's columns.

    Raises:
        RequestError: 415 for another media type, 400 for content that does not fit.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    readers = {"text/csv": _csv_rows, "application/json": _json_rows}
    if media_type not in readers:
        raise RequestError(
            415, f"The content type {media_type or '(none)'!r} is not read.", _MEDIA_TYPES
        )
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RequestError(400, "The body is not UTF-8 text.") from None
    rows = readers[media_type](text, predictor)
    if not rows:
        raise RequestError(400, "The body holds no rows.")
    if len(rows) > MAX_ROWS:
        raise RequestError(413, f"The body holds {len(rows)} rows; {MAX_ROWS} are taken at once.")
    return rows


def _csv_rows(text: str, predictor: Predictor) -> list[list[str]]:
    try:
        records = list(csv_records(io.StringIO(text, newline="")))
    except DataError as error:
        raise RequestError(400, error.message, error.hint) from None
    header = _header(records, predictor)
    if header is None:
        return [_by_position(f"Line {line}", cells, predictor) for line, cells in records]
    _check_names(header, predictor)
    order = [header.index(column.name) for column in predictor.columns]
    rows = []
    for line, cells in records[1:]:
        _check_width(f"Line {line}", cells, len(header))
        rows.append([cells[index] for index in order])
    return rows


def _header(records: list[tuple[int, list[str]]], predictor: Predictor) -> list[str] | None:
    """Returns the first record when at least half of it are names of columns."""
    if not records:
        return None
    cells = [cell.strip() for cell in records[0][1]]
    names = {column.name for column in predictor.columns} | {predictor.label_column}
    return cells if 2 * sum(cell in names for cell in cells) >= len(cells) else None


def _json_rows(text: str, predictor: Predictor) -> list[list[str]]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise RequestError(400, f"The body is not JSON: {error}.") from None
    if isinstance(content, dict) and isinstance(content.get("instances"), list):
        content = content["instances"]
    instances = content if isinstance(content, list) else [content]
    if instances and not any(isinstance(instance, dict | list) for instance in instances):
        # One row as a bare list.
        instances = [instances]
    return [
        _json_row(f"Instance {number}", instance, predictor)
        for number, instance in enumerate(instances, start=1)
    ]


def _json_row(place: str, instance: Any, predictor: Predictor) -> list[str]:
    if isinstance(instance, list):
        given = [_cell(place, value, None) for value in instance]
        cells = _by_position(place, given, predictor)
        pairs = zip(cells, predictor.columns, strict=True)
        return [_as_known(cell, column) for cell, column in pairs]
    if not isinstance(instance, dict):
        raise RequestError(400, f"{place} is neither an object nor a list.")
    _check_names(list(instance), predictor)
    return [
        _as_known(_cell(place, instance[column.name], column), column)
        for column in predictor.columns
    ]


def _cell(place: str, value: Any, column: Column | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return str(value)
    where = f"Column {column.name!r} of {place.lower()}" if column else place
    raise RequestError(400, f"{where} holds a list or an object where a single value belongs.")


def _as_known(cell: str, column: Column) -> str:
    """Writes a JSON truth value, `True`, as the column's own values do: true, TRUE, 1 ..."""
    if cell not in ("True", "False") or cell in column.values:
        return cell
    if column.kind == "numeric":
        return "1" if cell == "True" else "0"
    same = [value for value in column.values if value.casefold() == cell.casefold()]
    return same[0] if same else cell


def _by_position(place: str, cells: Sequence[str], predictor: Predictor) -> list[str]:
    position = predictor.label_position
    if position >= 0 and len(cells) == len(predictor.columns) + 1:
        label = cells[position].strip()
        if is_missing(label) or label in predictor.classes:
            return [*cells[:position], *cells[position + 1 :]]
    _check_width(place, cells, len(predictor.columns))
    return list(cells)


def _check_width(place: str, cells: Sequence[str], wanted: int) -> None:
    if len(cells) != wanted:
        raise RequestError(
            400,
            f"{place} has {len(cells)} values; {wanted} are needed.",
            "GET /schema lists the columns in order.",
        )


def _check_names(given: Sequence[str], predictor: Predictor) -> None:
    names = [column.name for column in predictor.columns]
    unknown = [name for name in given if name not in names and name != predictor.label_column]
    if unknown:
        near = difflib.get_close_matches(unknown[0], names, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else "GET /schema lists the columns."
        raise RequestError(400, f"There is no column {unknown[0]!r}.", hint)
    absent = [name for name in names if name not in given]
    if absent:
        raise RequestError(
            400,
            f"The column {absent[0]!r} is not there ({len(absent)} missing in all).",
            "Give null, or an empty cell, for a value that is not known.",
        )
    if len(set(given)) < len(given):
        raise RequestError(400, "A column is given twice.")
