"""The preprocess component: one checked CSV file in, disjoint train and test files out."""

from collections.abc import Sequence
from typing import Any

from kfp.dsl import Dataset, Input, Metrics, Output

from anneal_tasks.component import component
from anneal_tasks.errors import reported_errors
from anneal_tasks.metrics_file import record
from anneal_tasks.parameters import checked
from anneal_tasks.tabular.column_checks import check_columns
from anneal_tasks.tabular.fingerprints import row_fingerprints
from anneal_tasks.tabular.labels import clean_labels, find_classes, find_label_column
from anneal_tasks.tabular.read_table import read_table
from anneal_tasks.tabular.split import split_rows
from anneal_tasks.tabular.table import Table, is_missing, write_table


@component
def preprocess(
    raw_data: Input[Dataset],
    train_data: Output[Dataset],
    test_data: Output[Dataset],
    data_report: Output[Metrics],
    test_split: float = 0.2,
    label_column: str = "",
    random_state: int = 42,
    missing_labels: str = "refuse",
):
    """Checks a CSV file and splits it into training and test rows, stratified by label.

    Args:
        raw_data: CSV file, UTF-8, comma-separated, with a header line.
        train_data: Rows to train on: the input's own text, unchanged.
        test_data: Rows held out for evaluation; no row of it equals a training row.
        data_report: Rows, columns, class balance, duplicates and warnings.
        test_split: Share of rows held out, a fraction in (0, 1).
        label_column: Column to predict; empty means `churn`, or `target` where there is no churn.
        random_state: Seed of the split.
        missing_labels: What to do with rows without a label: `refuse` or `drop`.
    """
    with reported_errors():
        test_split = checked("test_split", test_split)
        random_state = checked("random_state", random_state)
        missing_labels = checked("missing_labels", missing_labels)
        whole = read_table(raw_data.path)
        label = find_label_column(whole.columns, label_column)
        table, labels = clean_labels(whole, label, missing_labels)
        classes = find_classes(labels)
        features = table.without(label)
        warnings = check_columns(features, labels)
        fingerprints = row_fingerprints(features)
        warnings += _duplicate_warnings(fingerprints)
        train_rows, test_rows = split_rows(fingerprints, labels, test_split, random_state)
        facts = {
            "label_column": label,
            "negative_class": classes.negative,
            "positive_class": classes.positive,
        }
        for artifact, rows in ((train_data, train_rows), (test_data, test_rows)):
            write_table(artifact.path, table.select(rows))
            artifact.metadata.update(facts, **_part_facts(rows, labels, classes.positive))
        report = {
            **_table_facts(whole, table, fingerprints),
            **facts,
            "positive_share": _share(labels, range(len(labels)), classes.positive),
            "train_rows": len(train_rows),
            "train_positive_share": _share(labels, train_rows, classes.positive),
            "test_rows": len(test_rows),
            "test_positive_share": _share(labels, test_rows, classes.positive),
            "test_split": test_split,
            "random_state": random_state,
            "warnings": warnings,
        }
        record(data_report, report)
        for warning in warnings:
            print(f"warning: {warning}", flush=True)


def _duplicate_warnings(fingerprints: Sequence[str]) -> list[str]:
    repeats = len(fingerprints) - len(set(fingerprints))
    if not repeats:
        return []
    return [
        f"{repeats} rows repeat the features of an earlier row; rows with equal features are kept"
        " in the same part, so that none is both trained on and tested with."
    ]


def _table_facts(whole: Table, table: Table, fingerprints: Sequence[str]) -> dict[str, Any]:
    return {
        "rows": len(table.rows),
        "columns": len(table.columns),
        "dropped_rows": len(whole.rows) - len(table.rows),
        "duplicate_rows": len(fingerprints) - len(set(fingerprints)),
        "missing_cells": sum(map(is_missing, (cell for row in table.rows for cell in row))),
    }


def _part_facts(rows: Sequence[int], labels: Sequence[str], positive: str) -> dict[str, Any]:
    return {"rows": len(rows), "positive_share": _share(labels, rows, positive)}


def _share(labels: Sequence[str], rows: Sequence[int], positive: str) -> float:
    return sum(labels[row] == positive for row in rows) / len(rows)
