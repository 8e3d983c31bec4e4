"""How a function of this package becomes a KFP component.

C1. At run time (`_KFP_RUNTIME=true`) a component is its plain function: kfp installed without
    its dependencies, 3 MB, is enough to execute it, and importing it takes milliseconds.
"""

import os
from collections.abc import Callable
from typing import Any

IMAGE = "anneal-tasks:0.1.0"
"""Image that holds this package; the process runner answers to it with its own environment."""

BASE_IMAGE = "python:3.11-slim"
"""What `kfp component build` starts from to make `IMAGE`."""


def component(function: Callable[..., Any]) -> Any:
    """Turns a function into a KFP containerized Python component.

    Args:
        function: the component's function, annotated with KFP's types.

    Returns:
        A KFP component where pipelines are compiled, the function itself at run time (C1).
    """
    if os.environ.get("_KFP_RUNTIME") == "true":
        return function
    from kfp import dsl

    return dsl.component(base_image=BASE_IMAGE, target_image=IMAGE)(function)
