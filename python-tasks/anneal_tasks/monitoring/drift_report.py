"""The report of one comparison: every feature's stability index, the greatest first."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from anneal_tasks.monitoring.captured_rows import Captured, Format
from anneal_tasks.monitoring.stability_index import stability
from anneal_tasks.tabular.table import Table

FORMAT = "anneal-drift/1"


def drift_report(reference: Sequence[Table], captured: Captured, form: Format) -> dict[str, Any]:
    """Compares captured rows with training rows, feature by feature.

    Args:
        reference: tables that the model was trained on; each holds every feature column.
        captured: what the endpoint was asked.
        form: the model's columns; ignored ones are left out.

    Returns:
        Plain JSON: `format`, `referenceRows`, `captured` (counts and times), `features` with
        name, kind, psi and bins, and `maxPsi` with its `maxFeature`; both are null without
        captured rows.
    """
    features = []
    if captured.rows:
        features = [
            _feature(position, reference, captured, form)
            for position, column in enumerate(form.columns)
            if column.kind != "ignored"
        ]
    features.sort(key=lambda feature: (-feature["psi"], feature["name"]))
    greatest = features[0] if features else None
    return {
        "format": FORMAT,
        "referenceRows": sum(len(table.rows) for table in reference),
        "captured": {
            "rows": len(captured.rows),
            "requests": captured.requests,
            "unreadable": captured.unreadable,
            "earliest": captured.earliest or None,
            "latest": captured.latest or None,
        },
        "maxPsi": greatest and greatest["psi"],
        "maxFeature": greatest and greatest["name"],
        "features": features,
    }


def _feature(
    position: int, reference: Sequence[Table], captured: Captured, form: Format
) -> dict[str, Any]:
    column = form.columns[position]
    trained = [cell for table in reference for cell in table.column(column.name)]
    asked = [row[position] for row in captured.rows]
    found = stability(trained, asked, is_numeric=column.kind == "numeric")
    return {
        "name": column.name,
        "kind": column.kind,
        "psi": found.psi,
        "bins": [asdict(each) for each in found.bins],
    }
