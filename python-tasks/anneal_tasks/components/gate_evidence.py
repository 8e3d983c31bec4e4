"""The gate_evidence component: a model about to be deployed in, facts for the gate out.

It decides nothing: what the facts are worth is the policy's matter.
"""

from typing import List  # noqa: UP035 - KFP reads typing.List of artifacts only

from kfp.dsl import Dataset, Input, Model

from anneal_tasks.component import component
from anneal_tasks.errors import reported_errors
from anneal_tasks.learning.gate_evidence import Rival, Wanted, gather_evidence
from anneal_tasks.parameters import checked


@component
def gate_evidence(
    model: Input[Model],
    model_digest: str,
    train_data: Input[List[Dataset]] = None,  # noqa: UP006
    held_out: Input[List[Dataset]] = None,  # noqa: UP006
    champion: Input[Model] = None,
    champion_digest: str = "",
    champion_train_data: Input[List[Dataset]] = None,  # noqa: UP006
    segment_columns: list = [],  # noqa: B006 - KFP takes no other default
    smoke_rows: int = 20,
    allow_pickle: bool = False,
    champion_allow_pickle: bool = False,
) -> dict:
    """Measures what the gate of an endpoint asks about a model, on its held-out rows.

    Args:
        model: Model about to be deployed: a model folder, or one file with an estimator.
        model_digest: Digest of its recorded bytes; other bytes are refused.
        train_data: CSV files that the model was fitted on.
        held_out: CSV files that its evaluation was made on.
        champion: Model that the endpoint serves now.
        champion_digest: Digest of its recorded bytes.
        champion_train_data: CSV files that the champion was fitted on.
        segment_columns: Columns whose values divide the held-out rows into segments.
        smoke_rows: Single predictions whose time is taken, at least 1.
        allow_pickle: Whether a pickled model may be loaded, which runs its maker's code.
        champion_allow_pickle: The same for the champion.

    Returns:
        The facts, and for each one that could not be had the reason; see gather_evidence.
    """
    with reported_errors():
        rival = None
        if champion is not None:
            rival = Rival(
                champion.path,
                champion_digest,
                champion_allow_pickle,
                _paths(champion_train_data),
            )
        evidence = gather_evidence(
            Rival(model.path, model_digest, allow_pickle, _paths(train_data)),
            rival,
            Wanted(
                held_out=_paths(held_out),
                labels=_label_columns(held_out),
                segment_columns=segment_columns,
                smoke_rows=checked("smoke_rows", smoke_rows),
            ),
        )
        for name, reason in evidence["unavailable"].items():
            print(f"not known: {name}: {reason}", flush=True)
        return evidence


def _paths(datasets: list[Dataset] | None) -> list[str]:
    return [each.path for each in datasets or []]


def _label_columns(datasets: list[Dataset] | None) -> list[str]:
    named = [each.metadata.get("label_column") for each in datasets or []]
    return [name for name in named if isinstance(name, str) and name]
