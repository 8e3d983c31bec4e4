"""Hyperparameters of a training job: a JSON object of texts, as SageMaker writes it."""

import inspect
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from anneal_tasks.errors import DataError

_RESERVED = ("sagemaker_", "_tuning_")
"""Names that SageMaker's SDK and its hyperparameter tuning add for their own use."""

_WORDS = {"true": True, "1": True, "false": False, "0": False}


def read_hyperparameters(path: Path, function: Callable[..., Any]) -> dict[str, Any]:
    """Reads the hyperparameters that a component's function takes.

    Args:
        path: hyperparameters.json; a missing file means that none were given.
        function: the component's plain function; its annotations say what the texts become.

    Returns:
        Values by parameter name; parameters that were not given are left out.

    Raises:
        DataError: E_PARAM for a name that the function does not take, or a text that is no value
            of the parameter's type.
    """
    if not path.exists():
        return {}
    given = json.loads(path.read_text("utf-8"))
    parameters = inspect.signature(function).parameters
    types = {
        name: parameter.annotation
        for name, parameter in parameters.items()
        if parameter.default is not inspect.Parameter.empty
    }
    return {
        name: _value(name, text, types)
        for name, text in given.items()
        if not name.startswith(_RESERVED)
    }


def _value(name: str, text: Any, types: dict[str, type]) -> Any:
    if name not in types:
        raise DataError(
            "E_PARAM",
            f"There is no hyperparameter {name}.",
            f"Those that exist: {', '.join(sorted(types))}.",
        )
    kind = types[name]
    try:
        return _WORDS[str(text).lower()] if kind is bool else kind(str(text))
    except (KeyError, ValueError):
        raise DataError(
            "E_PARAM", f"{name}={text!r} is no {kind.__name__}.", "Correct the hyperparameter."
        ) from None
