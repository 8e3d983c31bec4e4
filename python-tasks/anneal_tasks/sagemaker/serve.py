"""A SageMaker inference container: the serving program, told by environment variables.

    ANNEAL_MODEL            model folder or file; default /opt/ml/model
    ANNEAL_EXPECT_DIGEST    sha256:… that the model must have; Anneal's deployer always sets it
    ANNEAL_ALLOW_PICKLE     1: a pickled estimator is loaded too; needs ANNEAL_EXPECT_DIGEST
    SAGEMAKER_BIND_TO_PORT  port; default 8080

V1. Without an expected digest the model is served as it is found, and its digest is printed; a
    pickle is then refused, since nothing says whose code it would run.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from anneal_tasks.digest import digest_path
from anneal_tasks.errors import DataError, reported_errors
from anneal_tasks.serving.__main__ import main

_MODEL_FOLDER = "/opt/ml/model"
_PORT = "8080"


def serve() -> int:
    """Serves until SIGTERM.

    Returns:
        The exit code.
    """
    with reported_errors():
        sys.argv[1:] = serving_arguments(os.environ)
    main()
    return 0


def serving_arguments(environment: Mapping[str, str]) -> list[str]:
    """Translates the container's variables to the serving program's arguments.

    Args:
        environment: variables of the process.

    Returns:
        Arguments for `python -m anneal_tasks.serving`.

    Raises:
        DataError: E_INPUT_NOT_FOUND when there is no model, E_MODEL_FORMAT for a pickle that
            nothing vouches for (V1).
    """
    model = environment.get("ANNEAL_MODEL", _MODEL_FOLDER)
    expected = environment.get("ANNEAL_EXPECT_DIGEST")
    allows_pickle = environment.get("ANNEAL_ALLOW_PICKLE") in ("1", "true")
    if Path(model).is_dir() and not any(Path(model).iterdir()):
        raise DataError(
            "E_INPUT_NOT_FOUND",
            f"{model} is empty.",
            "Mount a model folder there, or give the SageMaker model its ModelDataUrl.",
        )
    if expected is None and allows_pickle:
        raise DataError(
            "E_MODEL_FORMAT",
            "ANNEAL_ALLOW_PICKLE needs ANNEAL_EXPECT_DIGEST: a pickle runs its maker's code.",
            "Give the digest that is on record for the model.",
        )
    return [
        *("--model", model, "--expect-digest", expected or digest_path(model)),
        *("--host", "0.0.0.0"),  # noqa: S104 - a container answers its network
        *("--port", environment.get("SAGEMAKER_BIND_TO_PORT", _PORT)),
        *(["--allow-pickle"] if allows_pickle else []),
    ]
