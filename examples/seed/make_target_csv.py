"""Writes target.csv: mlc_churn.csv's numeric columns, and its label as a target of 0 or 1.

The seed pipeline drops `target` and gives every other column to a random forest as it is, so it
takes numbers only. Needs nothing but Python:

    python examples/seed/make_target_csv.py
"""

import csv
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SOURCE = FOLDER.parent / "churn" / "mlc_churn.csv"
LABEL = "churn"


def main() -> None:
    """Writes target.csv beside this script."""
    with SOURCE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    numeric = [name for name in rows[0] if name != LABEL and _is_numeric(row[name] for row in rows)]
    with (FOLDER / "target.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*numeric, "target"])
        for row in rows:
            writer.writerow([*(row[name] for name in numeric), int(row[LABEL] == "yes")])


def _is_numeric(cells: Iterable[str]) -> bool:
    try:
        list(map(float, cells))
    except ValueError:
        return False
    return True


if __name__ == "__main__":
    main()
