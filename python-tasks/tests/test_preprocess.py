"""The preprocess component: rows 38 to 50 of the fault matrix, and what a good split holds."""

import random
from pathlib import Path

import pytest
from steps import noise, read_rows, split, write_rows

from anneal_tasks.digest import digest_path
from anneal_tasks.errors import DataError

HEADER = ["a", "b", "churn"]


def rows_of(yes: int, no: int) -> list[list[object]]:
    return [[n, n % 7, "yes" if n < yes else "no"] for n in range(yes + no)]


def refusal(tmp_path: Path, header, rows, **parameters) -> DataError:
    raw = write_rows(tmp_path / "raw.csv", header, rows)
    with pytest.raises(DataError) as caught:
        split(raw, tmp_path / "out", **parameters)
    return caught.value


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        pytest.param([[1, 2, "yes"]], "single class", id="one row"),
        pytest.param([[1, 2, "yes"], [3, 4, "no"]], "Too few rows of class 'no'", id="two rows"),
        pytest.param(rows_of(3, 40), "Too few rows of class 'yes': 3 in all", id="rare class"),
        pytest.param(rows_of(40, 0), "All 40 labels are 'yes'", id="single class"),
        pytest.param(
            [*rows_of(5, 5), [1, 1, "maybe"]], "3 classes: 'yes' (5), 'no' (5), 'maybe' (1)", id="3"
        ),
        pytest.param([[1, 2, ""], [3, 4, "NA"]], "no value in any of the 2 rows", id="no labels"),
        pytest.param([*rows_of(5, 5), [1, 1, ""]], "the first on line 12", id="a missing label"),
        pytest.param(
            [*rows_of(20, 20), ["inf", 1, "no"]], "Column 'a' is infinite on line 42", id="inf"
        ),
        pytest.param(
            [*rows_of(20, 20), ["1e400", 1, "no"]], "Column 'a' is infinite on line 42", id="huge"
        ),
        pytest.param(
            [[f"{n},5", n % 7, "yes" if n % 3 else "no"] for n in range(40)],
            "decimal comma, as '0,5' on line 2",
            id="decimal comma",
        ),
    ],
)
def test_data_that_cannot_be_split_is_refused(tmp_path: Path, rows, words: str):
    error = refusal(tmp_path, HEADER, rows)

    assert error.code == "E_DATA"
    assert words in error.message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        pytest.param("Target ", "label_column='Target '", id="case and blank"),
        pytest.param("chrun", "label_column='chrun'", id="typing slip"),
        pytest.param("outcome", "Set label_column to the column", id="another name"),
    ],
)
def test_an_absent_label_lists_the_columns_and_suggests_one(tmp_path: Path, name: str, hint: str):
    error = refusal(tmp_path, ["a", "b", name], rows_of(20, 20))

    assert error.code == "E_DATA"
    assert f"its columns are 'a', 'b', {name!r}" in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    "copy",
    [
        pytest.param({"yes": "yes", "no": "no"}, id="same words"),
        pytest.param({"yes": "1", "no": "0"}, id="numbers"),
        pytest.param({"yes": "2026-01-31", "no": ""}, id="a value for one class only"),
    ],
)
def test_a_copy_of_the_label_is_a_leak(tmp_path: Path, copy: dict[str, str]):
    rows = [[a, copy[label], label] for a, _, label in rows_of(20, 20)]

    error = refusal(tmp_path, ["a", "left", "churn"], rows)

    assert error.code == "E_LEAK"
    assert "'left'" in error.message


@pytest.mark.parametrize("value", [0, 1, -0.1, 2, float("nan"), "0.2", True])
def test_a_test_split_outside_its_range_is_refused(tmp_path: Path, value):
    error = refusal(tmp_path, HEADER, rows_of(20, 20), test_split=value)

    assert error.code == "E_PARAM"


def test_target_is_the_label_where_there_is_no_churn(tmp_path: Path):
    raw = write_rows(tmp_path / "raw.csv", ["a", "b", "target"], rows_of(20, 20))

    parts = split(raw, tmp_path / "out")

    assert parts.report.metadata["label_column"] == "target"


@pytest.mark.parametrize(
    ("classes", "positive"),
    [
        (("yes", "no"), "yes"),
        (("N", "Y"), "Y"),
        (("False", "True"), "True"),
        (("0", "1"), "1"),
        (("10", "9"), "10"),
        (("-1", "1"), "1"),
        (("stayed", "left"), "stayed"),
    ],
)
def test_the_positive_class_is_named_by_rule(tmp_path: Path, classes, positive: str):
    rows = [[n, n % 7, classes[n % 2]] for n in range(40)]
    raw = write_rows(tmp_path / "raw.csv", HEADER, rows)

    parts = split(raw, tmp_path / "out")

    assert parts.report.metadata["positive_class"] == positive


def test_rows_without_label_are_dropped_and_counted_when_asked(tmp_path: Path):
    raw = write_rows(tmp_path / "raw.csv", HEADER, [*rows_of(20, 20), [99, 1, ""]])

    parts = split(raw, tmp_path / "out", missing_labels="drop")

    assert parts.report.metadata["dropped_rows"] == 1
    assert parts.report.metadata["rows"] == 40


def test_suspicious_columns_are_warned_about(tmp_path: Path):
    rows = [
        [f"c{n:03}", "same", "", "abcd"[n % 2 + 2 * (n % 4 == 3)], n, "yes" if n % 2 else "no"]
        for n in range(80)
    ]
    header = ["customer", "constant", "empty", "pure", "number", "churn"]

    parts = split(write_rows(tmp_path / "raw.csv", header, rows), tmp_path / "out")

    warnings = parts.report.metadata["warnings"]
    assert [warning.split("'")[1] for warning in warnings] == header[:5]
    assert "as an identifier has" in warnings[0]
    assert "is constant" in warnings[1]
    assert "no value in any row" in warnings[2]
    assert "decides the label alone" in warnings[3]
    assert "as an identifier has" in warnings[4]


def test_the_parts_hold_every_row_once_with_its_class_ratio(examples: Path, tmp_path: Path):
    raw = examples / "churn" / "mlc_churn.csv"

    parts = split(raw, tmp_path)

    train, test = read_rows(parts.train.path), read_rows(parts.test.path)
    assert train[0] == test[0] == read_rows(raw)[0]
    assert sorted(train[1:] + test[1:]) == sorted(read_rows(raw)[1:])
    # 707 of 5,000 customers left (data README); a fifth of them is 141.4.
    assert len(test) - 1 == 1000
    assert sum(row[-1] == "yes" for row in test) == 141


def test_the_same_file_gives_the_same_bytes(examples: Path, tmp_path: Path):
    raw = examples / "churn" / "wa_churn.csv"

    first, second = split(raw, tmp_path / "1"), split(raw, tmp_path / "2")

    assert digest_path(first.train.path) == digest_path(second.train.path)
    assert digest_path(first.test.path) == digest_path(second.test.path)
    assert first.report.metadata == second.report.metadata


def test_another_seed_gives_another_split(tmp_path: Path):
    raw = noise(tmp_path / "raw.csv", seed=1)

    first = split(raw, tmp_path / "1", random_state=1)
    second = split(raw, tmp_path / "2", random_state=2)

    assert digest_path(first.test.path) != digest_path(second.test.path)


def test_permuting_the_test_rows_leaves_the_training_part_unchanged(tmp_path: Path):
    raw = noise(tmp_path / "raw.csv", seed=1)
    first = split(raw, tmp_path / "1")
    header, *rows = read_rows(raw)
    held_out = read_rows(first.test.path)[1:]
    places = [place for place, row in enumerate(rows) if row in held_out]
    shuffled = random.Random(5).sample(places, len(places))  # noqa: S311 - test data
    for place, row in zip(shuffled, [rows[place] for place in places], strict=True):
        rows[place] = row

    second = split(write_rows(tmp_path / "permuted.csv", header, rows), tmp_path / "2")

    assert digest_path(second.train.path) == digest_path(first.train.path)
    assert digest_path(second.test.path) != digest_path(first.test.path)


def test_rows_with_equal_features_stay_in_one_part(tmp_path: Path):
    header, *rows = read_rows(noise(tmp_path / "once.csv", seed=2, rows=200))
    # The same number written another way is the same row; so is one with another label.
    again = [[f" {row[0]}", row[1], f"{row[2]}.0", row[3], row[4]] for row in rows]
    raw = write_rows(tmp_path / "raw.csv", header, [*rows, *rows, *again])

    parts = split(raw, tmp_path / "out")

    def features(dataset):
        return {(float(r[0]), r[1], float(r[2]), r[3]) for r in read_rows(dataset.path)[1:]}

    assert not features(parts.train) & features(parts.test)
    assert parts.report.metadata["duplicate_rows"] == 400
    assert "400 rows repeat the features" in parts.report.metadata["warnings"][-1]
