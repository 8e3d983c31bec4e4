"""Facts about a model for the gate, each counted on rows, none judged.

E1. A fact that cannot be had is absent, and its reason stands under `unavailable`: nothing is
    guessed, and no other fact is lost with it.
E2. Rows are compared by what the model sees of them: its feature columns, without the label.
E3. The champion is compared on rows that neither it nor the challenger was trained on.
E4. Overlap is counted before any model is loaded, as far as the tables alone tell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from anneal_tasks.errors import DataError
from anneal_tasks.learning.held_out_rows import LabelledRows, read_rows
from anneal_tasks.learning.prediction_time import prediction_time
from anneal_tasks.learning.scoring import majority_wins, sign_test
from anneal_tasks.learning.segments import count_segments
from anneal_tasks.serving.predictor import Predictor, open_predictor
from anneal_tasks.tabular.fingerprints import canonical_cell, row_fingerprints


@dataclass(frozen=True)
class Rival:
    """A model with what it was fitted on.

    Attributes:
        path: model folder or file.
        digest: of its bytes, `sha256:<hex>`.
        allow_pickle: whether it may be loaded when it is a pickle.
        train_data: CSV files; empty when they are not known.
    """

    path: str
    digest: str
    allow_pickle: bool
    train_data: Sequence[str]


@dataclass(frozen=True)
class Wanted:
    """What is to be measured.

    Attributes:
        held_out: CSV files of the evaluation's rows; empty when they are not known.
        labels: label columns that their metadata name.
        segment_columns: columns that divide the rows.
        smoke_rows: single predictions to time.
    """

    held_out: Sequence[str]
    labels: Sequence[str] = ()
    segment_columns: Sequence[str] = ()
    smoke_rows: int = 20


@dataclass
class _Findings:
    facts: dict[str, Any] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, measure: Callable[[], Any]) -> Any:
        """Keeps a fact, or the reason why there is none (E1)."""
        try:
            fact = measure()
        except DataError as error:
            if error.code == "E_DIGEST":
                raise
            self.unavailable[name] = error.message
            return None
        self.facts[name] = fact
        return fact


def gather_evidence(model: Rival, champion: Rival | None, wanted: Wanted) -> dict[str, Any]:
    """Gathers what can be known about a model.

    Args:
        model: the model about to be deployed.
        champion: the model that is live; None when there is none.
        wanted: the rows, and what to measure on them.

    Returns:
        Plain JSON: `leak` {held_out_rows, overlap_rows, repeated_rows, train_rows}; `scores`
        {rows, right, majority_right, wins, losses, p_value} against the most frequent class;
        `champion` {rows, left_out_rows, right, champion_right, wins, losses, p_value};
        `segments` {column: [{value, rows, right}]}; `latency` {rows, p50_ms, p95_ms};
        `unavailable` {name: reason} for each of them that is absent.

    Raises:
        DataError: E_DIGEST when a model's bytes are not the recorded ones.
    """
    findings = _Findings()
    predictor, why = _open(model)
    rows = _read_held_out(wanted, predictor)
    findings.take("leak", lambda: _leak(model, predictor, rows))
    predictions = findings.take("scores", lambda: _predictions(predictor, why, rows))
    if predictions is None:
        reason = findings.unavailable["scores"]
        missing = ["latency", *(f"segments.{name}" for name in wanted.segment_columns)]
        findings.unavailable.update(dict.fromkeys(missing, reason))
        if champion is not None:
            findings.unavailable["champion"] = reason
        return {**findings.facts, "unavailable": findings.unavailable}
    labels, predicted = predictions
    findings.facts["scores"] = _scores(labels, predicted)
    if champion is not None:
        findings.take("champion", lambda: _compare(model, predictor, champion, rows, predicted))
    findings.facts["segments"] = _segments(findings, wanted, rows, labels == predicted)
    findings.take("latency", lambda: prediction_time(predictor, rows(), wanted.smoke_rows))
    return {**findings.facts, "unavailable": findings.unavailable}


def _open(rival: Rival) -> tuple[Predictor | None, str]:
    try:
        return open_predictor(rival.path, rival.digest, rival.allow_pickle), ""
    except DataError as error:
        if error.code == "E_DIGEST":
            raise
        return None, error.message


def _read_held_out(wanted: Wanted, predictor: Predictor | None) -> Callable[[], LabelledRows]:
    """Reads the rows once; what is wrong with them is raised wherever they are asked for."""
    kept: list[LabelledRows | DataError] = []

    def rows() -> LabelledRows:
        if not kept:
            try:
                kept.append(_labelled(wanted.held_out, wanted.labels, predictor))
            except DataError as error:
                kept.append(error)
        if isinstance(kept[0], DataError):
            raise kept[0]
        return kept[0]

    return rows


def _labelled(
    paths: Sequence[str], labels: Sequence[str], predictor: Predictor | None
) -> LabelledRows:
    if not paths:
        raise DataError("E_DATA", "No data set of the evaluation is on record.")
    named = predictor.label_column if predictor is not None else ""
    return read_rows(paths, named or next(iter(labels), ""))


def _leak(
    model: Rival, predictor: Predictor | None, rows: Callable[[], LabelledRows]
) -> dict[str, int]:
    held_out = rows()
    trained = [read_rows([path], held_out.label_column) for path in model.train_data]
    if not trained and (predictor is None or predictor.train_rows is None):
        raise DataError("E_DATA", "No data set that the model was fitted on is on record.")
    names = _compared_columns(predictor, [held_out, *trained])
    known = _fingerprints(trained, names)
    if predictor is not None and predictor.train_rows is not None:
        known |= predictor.train_rows
    prints = row_fingerprints(held_out.of_columns(names))
    return {
        "held_out_rows": len(prints),
        "overlap_rows": sum(each in known for each in prints),
        "repeated_rows": len(prints) - len(set(prints)),
        "train_rows": len(known),
    }


def _compared_columns(predictor: Predictor | None, tables: Sequence[LabelledRows]) -> list[str]:
    """E2; without a readable model the tables must have the same columns."""
    if predictor is not None and all(
        column.name in table.features.columns for table in tables for column in predictor.columns
    ):
        return [column.name for column in predictor.columns]
    headers = {frozenset(table.features.columns) for table in tables}
    if len(headers) > 1:
        raise DataError("E_DATA", "The training rows and the held-out rows have different columns.")
    return list(tables[0].features.columns)


def _fingerprints(tables: Sequence[LabelledRows], names: Sequence[str]) -> set[str]:
    return {each for table in tables for each in row_fingerprints(table.of_columns(names))}


def _predictions(
    predictor: Predictor | None, why: str, rows: Callable[[], LabelledRows]
) -> tuple[np.ndarray, np.ndarray]:
    if predictor is None:
        raise DataError("E_MODEL_FORMAT", why)
    held_out = rows()
    return np.array(held_out.labels), _predict(predictor, held_out)


def _predict(predictor: Predictor, rows: LabelledRows) -> np.ndarray:
    strangers = sorted(set(rows.labels) - {canonical_cell(name) for name in predictor.classes})
    if strangers:
        raise DataError(
            "E_DATA", f"The held-out rows have the class {strangers[0]!r}, which the model lacks."
        )
    cells = rows.of_columns([column.name for column in predictor.columns]).rows
    try:
        answers = predictor.predict(cells)
    except DataError:
        raise
    except Exception as error:
        raise DataError("E_MODEL_FORMAT", f"The model cannot predict: {error!r}"[:300]) from error
    return np.array([canonical_cell(answer["label"]) for answer in answers])


def _scores(labels: np.ndarray, predicted: np.ndarray) -> dict[str, Any]:
    majority, wins, losses = majority_wins(labels, predicted)
    return {
        "rows": len(labels),
        "right": int(np.sum(labels == predicted)),
        "majority_right": int(np.sum(labels == majority)),
        "wins": wins,
        "losses": losses,
        "p_value": sign_test(wins, losses),
    }


def _compare(
    model: Rival,
    predictor: Predictor,
    champion: Rival,
    rows: Callable[[], LabelledRows],
    predicted: np.ndarray,
) -> dict[str, Any]:
    """Pairs the answers of challenger and champion, row by row (E3).

    The p-value is that of McNemar's exact test, one-sided: rows that only one of the two gets
    right are a fair coin's under the null hypothesis (Q. McNemar, Psychometrika 12 (1947),
    153-157; exact binomial form).
    """
    rival, why = _open(champion)
    if rival is None:
        raise DataError("E_MODEL_FORMAT", f"The champion cannot be read: {why}")
    held_out = rows()
    fresh = ~(_is_known(champion, rival, held_out) | _is_known(model, predictor, held_out))
    answers = _predict(rival, held_out)[fresh]
    labels, own = np.array(held_out.labels)[fresh], predicted[fresh]
    wins = int(np.sum((own == labels) & (answers != labels)))
    losses = int(np.sum((own != labels) & (answers == labels)))
    return {
        "rows": int(np.sum(fresh)),
        "left_out_rows": int(np.sum(~fresh)),
        "right": int(np.sum(own == labels)),
        "champion_right": int(np.sum(answers == labels)),
        "wins": wins,
        "losses": losses,
        "p_value": sign_test(wins, losses),
    }


def _is_known(rival: Rival, predictor: Predictor, held_out: LabelledRows) -> np.ndarray:
    names = [column.name for column in predictor.columns]
    if predictor.train_rows is not None:
        known = predictor.train_rows
    elif rival.train_data:
        tables = [read_rows([path], held_out.label_column) for path in rival.train_data]
        known = _fingerprints(tables, names)
    else:
        raise DataError("E_DATA", "It is not on record which rows both models were trained on.")
    prints = row_fingerprints(held_out.of_columns(names))
    return np.array([each in known for each in prints], dtype=bool)


def _segments(
    findings: _Findings,
    wanted: Wanted,
    rows: Callable[[], LabelledRows],
    is_right: np.ndarray,
) -> dict[str, list[dict[str, Any]]]:
    segments = {}
    for column in wanted.segment_columns:
        try:
            segments[column] = count_segments(rows(), column, is_right)
        except DataError as error:
            findings.unavailable[f"segments.{column}"] = error.message
    return segments
