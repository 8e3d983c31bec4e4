"""Compares captured requests with training data.

    python -m anneal_tasks.monitoring --reference train.csv --captured FOLDER --out report.json

Writes the report (drift_report.py) to `--out`; ends with exit code 1 and one line on stderr when
the training data or the model's description cannot be read. The model itself is never loaded.
"""

import argparse
import json
from pathlib import Path

from anneal_tasks.errors import DataError, reported_errors
from anneal_tasks.learning.schema import infer_columns, schema_from_json
from anneal_tasks.monitoring.captured_rows import Format, read_captured
from anneal_tasks.monitoring.drift_report import drift_report
from anneal_tasks.tabular.read_table import read_table
from anneal_tasks.tabular.table import Table, as_numbers


def main() -> None:
    """Runs the program."""
    arguments = _arguments()
    with reported_errors():
        reference = [read_table(path) for path in arguments.reference]
        form = _format(arguments.description, reference)
        _check_reference(reference, form)
        folders = [Path(folder) for folder in arguments.captured]
        captured = read_captured(folders, form, arguments.since, arguments.max_rows)
        report = drift_report(reference, captured, form)
    Path(arguments.out).write_text(
        json.dumps(report, ensure_ascii=False, allow_nan=False), encoding="utf-8"
    )


def _format(description: str, reference: list[Table]) -> Format:
    """Reads the model's own description; without one every column of the training data counts."""
    if not description:
        return Format(infer_columns(reference[0]))
    try:
        content = json.loads(Path(description).read_text(encoding="utf-8"))
        schema = schema_from_json(content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(
            "E_MODEL_FORMAT", f"The model's description cannot be read: {error!r}."
        ) from None
    return Format(schema.columns, schema.label_column, schema.label_position, schema.classes)


def _check_reference(reference: list[Table], form: Format) -> None:
    for table in reference:
        for column in form.columns:
            if column.name not in table.columns:
                raise DataError(
                    "E_DATA",
                    f"The training data has no column {column.name!r}, which the model takes.",
                )
            if column.kind == "numeric" and as_numbers(table.column(column.name)) is None:
                raise DataError(
                    "E_DATA",
                    f"Column {column.name!r} of the training data holds text, not numbers.",
                )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m anneal_tasks.monitoring",
        description="Compares captured requests with training data.",
    )
    parser.add_argument("--reference", action="append", required=True, help="CSV; repeat for more")
    parser.add_argument(
        "--captured",
        action="append",
        default=[],
        help="folder of captured requests; repeat for more",
    )
    parser.add_argument("--description", default="", help="model.json of the model")
    parser.add_argument("--since", default="", help="ISO 8601: earlier requests are left out")
    parser.add_argument("--max-rows", type=int, default=100_000, help="captured rows, the latest")
    parser.add_argument("--out", required=True, help="file for the report")
    return parser.parse_args()


if __name__ == "__main__":
    main()
