"""Strict reading of CSV files.

R1. What is not exactly a table is refused, with the line where it stops being one: nothing is
    renamed, padded, guessed or skipped, except blank lines and a byte order mark.
R2. Memory is bounded by the rows that were accepted: one line holds at most MAX_LINE_CHARACTERS,
    one cell at most MAX_CELL_CHARACTERS.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from anneal_tasks.errors import DataError
from anneal_tasks.tabular.table import Table

MAX_LINE_CHARACTERS = 4 << 20
"""Far beyond any real row; a file without line ends is refused after this much of it."""

MAX_CELL_CHARACTERS = 131_072
"""The limit that Python's csv module starts with."""

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_table(path: str | Path) -> Table:
    """Reads a CSV file.

    Args:
        path: file in UTF-8, cells separated by commas, quoted with `"` where needed, the first
            line a header.

    Returns:
        The table, with at least one row and two columns.

    Raises:
        DataError: E_INPUT_NOT_FOUND when the file cannot be opened; E_DATA, naming the line, when
            it is not such a table.
    """
    source = Path(path)
    _refuse_other_encodings(source)
    try:
        with source.open(encoding="utf-8-sig", newline="") as stream:
            return parse_table(stream)
    except UnicodeDecodeError:
        raise DataError(
            "E_DATA",
            f"Line {_undecodable_line(source)} of the file is not UTF-8 text.",
            "Convert it first, for example: iconv -f LATIN1 -t UTF-8 data.csv > utf8.csv",
        ) from None


def parse_table(stream: TextIO) -> Table:
    """Reads CSV text from an open stream; see read_table.

    Args:
        stream: text opened with `newline=""`.

    Returns:
        The table.

    Raises:
        DataError: E_DATA, naming the line.
    """
    records = csv_records(stream)
    header = next(records, None)
    if header is None:
        raise DataError("E_DATA", "The file is empty.", "Give a CSV file with a header line.")
    columns = tuple(header[1])
    _check_header(columns)
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, cells in records:
        _check_width(line, cells, columns)
        rows.append(cells)
        lines.append(line)
    if not rows:
        raise DataError(
            "E_DATA", "The file has a header line and 0 rows.", "Give a file with data rows."
        )
    return Table(columns, rows, lines)


def _refuse_other_encodings(source: Path) -> None:
    try:
        with source.open("rb") as stream:
            start = stream.read(2)
    except OSError as error:
        raise DataError(
            "E_INPUT_NOT_FOUND",
            f"{source} cannot be read: {error.strerror}.",
            "Check the path and its permissions.",
        ) from None
    if start in _UTF16_MARKS:
        raise DataError(
            "E_DATA",
            "The file is UTF-16 text; only UTF-8 is read.",
            "Convert it first, for example: iconv -f UTF-16 -t UTF-8 data.csv > utf8.csv",
        )


def csv_records(stream: TextIO) -> Iterator[tuple[int, list[str]]]:
    """Yields (line on which the record starts, cells) of CSV text; blank lines are left out.

    Raises:
        DataError: E_DATA, naming the line, where the text is not CSV (R2).
    """
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(_bounded_lines(stream), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _syntax_error(line, str(error)) from None
        if cells:
            yield line, cells


def _bounded_lines(stream: TextIO) -> Iterator[str]:
    number = 0
    while text := stream.readline(MAX_LINE_CHARACTERS):
        number += 1
        if len(text) >= MAX_LINE_CHARACTERS:
            raise DataError(
                "E_DATA",
                f"Line {number} is longer than {MAX_LINE_CHARACTERS:,} characters.",
                "Check that the file is text with line ends.",
            )
        if "\0" in text:
            raise DataError("E_DATA", f"Line {number} holds a NUL byte: this is not a text file.")
        yield text


def _syntax_error(line: int, fault: str) -> DataError:
    if "unexpected end of data" in fault or "field larger" in fault:
        return DataError(
            "E_DATA",
            f"A quoted cell of the record that starts on line {line} is not closed"
            f" within {MAX_CELL_CHARACTERS:,} characters.",
            'Close the quote, or write "" for a quote inside a cell.',
        )
    return DataError(
        "E_DATA",
        f"The record that starts on line {line} is not valid CSV: {fault}.",
        'Quote the whole cell and write "" for a quote inside it.',
    )


def _check_header(columns: tuple[str, ...]) -> None:
    if len(columns) == 1:
        _refuse_single_column(columns[0])
    for position, name in enumerate(columns, start=1):
        if not name.strip():
            raise DataError(
                "E_DATA",
                f"Column {position} of {len(columns)} has no name.",
                "Name it in the header; pandas leaves out its row numbers with index=False.",
            )
    repeated = [name for name, count in Counter(columns).items() if count > 1]
    if repeated:
        raise DataError(
            "E_DATA",
            f"The header has more than one column named {', '.join(map(repr, repeated))}.",
            "Give each column its own name.",
        )


def _refuse_single_column(header: str) -> None:
    for separator, words in _OTHER_SEPARATORS.items():
        if separator in header:
            raise DataError(
                "E_DATA",
                f"The header is one column, {header[:80]!r}: the file seems to be separated"
                f" by {words}.",
                "Separate cells with commas, and write numbers with a decimal point.",
            )
    raise DataError(
        "E_DATA",
        f"The file has a single column, {header[:80]!r}.",
        "Give a label column and at least one feature column, separated by commas.",
    )


def _check_width(line: int, cells: list[str], columns: tuple[str, ...]) -> None:
    if len(cells) != len(columns):
        raise DataError(
            "E_DATA",
            f"Line {line} has {len(cells)} cells; the header has {len(columns)} columns.",
            "Quote cells that hold commas, and give every row as many cells as the header.",
        )


def _undecodable_line(source: Path) -> int:
    with source.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                return number
    return 1
