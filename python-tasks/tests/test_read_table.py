"""Rows 35 to 37 and 45 to 47 of the fault matrix: files that are not tables."""

from pathlib import Path

import pytest

from anneal_tasks.errors import DataError
from anneal_tasks.tabular import read_table as reading
from anneal_tasks.tabular.read_table import read_table
from anneal_tasks.tabular.table import write_table


def refusal(path: Path, content: bytes) -> DataError:
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        read_table(path)
    return caught.value


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data.csv"


def test_a_missing_file_is_not_found(tmp_path: Path):
    with pytest.raises(DataError) as caught:
        read_table(tmp_path / "absent.csv")

    assert caught.value.code == "E_INPUT_NOT_FOUND"
    assert "absent.csv" in caught.value.message


def test_a_folder_is_not_found_as_a_file(tmp_path: Path):
    with pytest.raises(DataError) as caught:
        read_table(tmp_path)

    assert caught.value.code == "E_INPUT_NOT_FOUND"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "is empty", id="empty file"),
        pytest.param(b"\n\n", "is empty", id="blank lines only"),
        pytest.param(b"a,churn\n", "0 rows", id="header only"),
        pytest.param(b"a,a,churn\n1,2,yes\n", "more than one column named 'a'", id="same name"),
        pytest.param(b",a,churn\n0,1,yes\n", "Column 1 of 3 has no name", id="unnamed column"),
        pytest.param(b"a,churn\n1,yes\n2\n", "Line 3 has 1 cells", id="short row"),
        pytest.param(b"a,churn\n1,yes\n2,no,x\n", "Line 3 has 3 cells", id="long row"),
        pytest.param(
            b'a,churn\n1,yes\n"2,no\n3,no\n', "starts on line 3 is not closed", id="quote"
        ),
        pytest.param(b'a,churn\n"1"x,yes\n', "starts on line 2 is not valid CSV", id="bad quote"),
        pytest.param(b"a;churn\n1;yes\n", "separated by semicolons", id="semicolons"),
        pytest.param(b"a\tchurn\n1\tyes\n", "separated by tabs", id="tabs"),
        pytest.param(b"churn\nyes\n", "single column, 'churn'", id="one column"),
        pytest.param("a,churn\n1,yes\né,no\n".encode("latin-1"), "Line 3", id="Latin-1"),
        pytest.param("a,churn\n1,yes\n".encode("utf-16"), "UTF-16", id="UTF-16"),
        pytest.param(b"a,churn\n1,\0\n", "Line 2 holds a NUL byte", id="NUL"),
    ],
)
def test_what_is_not_a_table_is_refused_by_line(file: Path, content: bytes, words: str):
    error = refusal(file, content)

    assert error.code == "E_DATA"
    assert words in error.message


def test_a_line_without_end_is_refused_before_it_fills_memory(file: Path, monkeypatch):
    monkeypatch.setattr(reading, "MAX_LINE_CHARACTERS", 1000)

    error = refusal(file, b"a,churn\n" + b"x" * 5000)

    assert "Line 2 is longer than 1,000 characters" in error.message


def test_an_open_quote_is_refused_before_it_fills_memory(file: Path):
    error = refusal(file, b'a,churn\n"' + b"x\n" * 100_000)

    assert "starts on line 2 is not closed" in error.message


def test_a_byte_order_mark_and_blank_lines_are_accepted(file: Path):
    file.write_bytes(b"\xef\xbb\xbfa,churn\r\n1,yes\r\n\r\n2,no\r\n")

    table = read_table(file)

    assert table.columns == ("a", "churn")
    assert table.rows == [["1", "yes"], ["2", "no"]]
    assert table.lines == [2, 4]


def test_cells_are_written_as_they_were_read(file: Path, tmp_path: Path):
    file.write_bytes('a,b,churn\n1.50,"x, ""y""",yes\n007,é,no\n'.encode())

    write_table(tmp_path / "again.csv", read_table(file))

    assert (tmp_path / "again.csv").read_bytes() == file.read_bytes()
