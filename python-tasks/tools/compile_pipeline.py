"""Compiles a pipeline of a Python file with the stock KFP SDK.

Needs the full KFP SDK (locks/dev.txt):

    python python-tasks/tools/compile_pipeline.py FILE --result FILE [--function NAME]

The file's code runs, and may print: what became of it goes to the result file, as JSON:
`{"conditions": […], "yaml": "…"}`, or `{"conditions": […], "error": {"kind", "message", "line"?,
"functions"?}}` where `kind` is `source` (the file's own fault), `none`, `several` or `unknown`
(which function is meant).
"""

import argparse
import importlib.util
import json
import sys
import tempfile
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import ModuleType
from typing import Any

from lossy_conditions import find_lossy_conditions


class CompileError(Exception):
    """Why a file was not compiled.

    Attributes:
        details: the `error` of the result.
    """

    def __init__(self, kind: str, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = {"kind": kind, "message": message, **details}


def compile_file(file: Path, function: str | None) -> dict[str, Any]:
    """Checks and compiles one file.

    Args:
        file: Python source that defines pipelines with `@dsl.pipeline`.
        function: which of them is meant; None when there is only one.

    Returns:
        the result, as the module describes it.
    """
    result: dict[str, Any] = {"conditions": []}
    try:
        result["conditions"] = [asdict(found) for found in _conditions(file)]
        result["yaml"] = _compile(_choose(_pipelines(_load(file)), function), file)
    except CompileError as error:
        result["error"] = error.details
    return result


def _conditions(file: Path) -> list[Any]:
    try:
        return find_lossy_conditions(file.read_text("utf-8"))
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        raise CompileError("source", _reason(error), line=line) from error


def _load(file: Path) -> ModuleType:
    """Imports the file as Python would, with its own folder first on the path."""
    sys.path.insert(0, str(file.parent))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    with _blaming(file):
        spec.loader.exec_module(module)
    return module


def _pipelines(module: ModuleType) -> dict[str, Any]:
    """The pipelines that the module itself defines, by their names in it."""
    from kfp.dsl.graph_component import GraphComponent

    return {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, GraphComponent) and value.pipeline_func.__module__ == module.__name__
    }


def _choose(pipelines: dict[str, Any], function: str | None) -> Any:
    names = sorted(pipelines)
    if function is not None and function not in pipelines:
        raise CompileError("unknown", f"no pipeline function {function}", functions=names)
    if function is None and len(names) != 1:
        kind = "several" if names else "none"
        raise CompileError(kind, f"{len(names)} pipeline functions", functions=names)
    return pipelines[function or names[0]]


def _compile(pipeline: Any, file: Path) -> str:
    from kfp import compiler

    with tempfile.TemporaryDirectory() as folder, _blaming(file):
        target = Path(folder) / "pipeline.yaml"
        compiler.Compiler().compile(pipeline, str(target))
        return target.read_text("utf-8")


@contextmanager
def _blaming(file: Path) -> Iterator[None]:
    """Turns whatever the file's code raises into a CompileError with its line."""
    try:
        yield
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        lines = [
            frame.lineno
            for frame in traceback.extract_tb(error.__traceback__)
            if Path(frame.filename) == file
        ]
        line = lines[-1] if lines else None
        raise CompileError("source", _reason(error), line=line) from error


def _reason(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {text}"


def main() -> None:
    """Compiles the file named on the command line and writes the result."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("file", type=Path)
    arguments.add_argument("--result", type=Path, required=True)
    arguments.add_argument("--function")
    given = arguments.parse_args()
    result = compile_file(given.file.resolve(), given.function)
    given.result.write_text(json.dumps(result), "utf-8")


if __name__ == "__main__":
    main()
