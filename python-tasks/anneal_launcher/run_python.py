"""What a forked child does to become ``python -m <module>`` without starting an interpreter.

C1. Nothing of the parent's state shows: environment, working folder, sys.path, random numbers.
C2. The process ends as Python itself would: threads joined, exit handlers run, output flushed.
"""

from __future__ import annotations

import atexit
import configparser
import contextlib
import importlib
import io
import os
import runpy
import sys
import threading
import traceback
from typing import Any

_LAUNCHER_FOLDER = os.path.dirname(os.path.abspath(__file__))


def run_python(program: dict[str, Any], environment: dict[str, str]) -> int:
    """Runs a module as the main program of this process.

    Args:
        program: ``module``, ``args``; optional ``cpus`` (threads of numeric libraries) and
            ``componentConfig`` (a kfp_config.ini that names the file of a component).
        environment: the task's whole environment.

    Returns:
        The exit code, 0 to 255.
    """
    _take_over(environment)
    _limit_threads(program.get("cpus"))
    if program["module"].startswith("kfp."):
        _allow_local_addresses(program["module"])
    sys.argv = [program["module"], *program["args"], *_component_path(program)]
    code = _exit_code(program["module"])
    return _wind_down(code)


def _take_over(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)
    extra = [path for path in environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    launcher_root = os.path.dirname(_LAUNCHER_FOLDER)
    kept = [path for path in sys.path[1:] if path not in extra and path != launcher_root]
    sys.path[:] = [os.getcwd(), *extra, *kept]
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    sys.stdout = sys.__stdout__ = _text(1)
    sys.stderr = sys.__stderr__ = _text(2)
    if "numpy" in sys.modules:
        # numpy's global generator does not reseed itself after a fork, `random` does.
        sys.modules["numpy"].random.seed()


def _text(descriptor: int) -> io.TextIOWrapper:
    raw = open(descriptor, "wb", closefd=False)  # noqa: SIM115
    return io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace", line_buffering=True)


def _limit_threads(cpus: Any) -> None:
    """Gives OpenBLAS, loaded by the zygote with one thread, its threads back."""
    if "numpy" not in sys.modules:
        return
    try:
        import threadpoolctl
    except ImportError:
        return
    threadpoolctl.threadpool_limits(limits=max(1, int(cpus or os.cpu_count() or 1)))


def _allow_local_addresses(module: str) -> None:
    """Lets old SDKs (2.0.1, 2.1.3) derive a path from a local address, as newer ones do."""
    package = module.rpartition(".")[0]
    try:
        artifact = importlib.import_module(f"{package}.types.artifact_types").Artifact
    except (ImportError, AttributeError):
        return
    if not hasattr(artifact, "_get_path") or artifact(uri="/local").path is not None:
        return
    of_remote_address = artifact._get_path
    artifact._get_path = lambda self: of_remote_address(self) or self.uri


def _component_path(program: dict[str, Any]) -> list[str]:
    """Finds a component's file as KFP does in kfp_config.ini, but from any working folder."""
    config = program.get("componentConfig")
    args = program["args"]
    if not config or "--component_module_path" in args or "--function_to_execute" not in args:
        return []
    parser = configparser.ConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(config, encoding="utf-8")
    function = args[args.index("--function_to_execute") + 1]
    path = parser.get("Components", function, fallback=None)
    if path is None:
        return []
    return ["--component_module_path", os.path.join(os.path.dirname(config), path)]


def _exit_code(module: str) -> int:
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return 0
    except SystemExit as leaving:
        if leaving.code is None or isinstance(leaving.code, int):
            return (leaving.code or 0) & 0xFF
        print(leaving.code, file=sys.stderr)
        return 1
    except BaseException as error:  # the task's own exception, whatever it is
        frames = error.__traceback__
        while frames is not None and _is_ours(frames.tb_frame.f_code.co_filename):
            frames = frames.tb_next
        traceback.print_exception(type(error), error, frames)
        return 1


def _is_ours(filename: str) -> bool:
    return filename.startswith((_LAUNCHER_FOLDER, "<frozen runpy>")) or filename == runpy.__file__


def _wind_down(code: int) -> int:
    try:
        getattr(threading, "_shutdown", lambda: None)()
        getattr(atexit, "_run_exitfuncs", lambda: None)()
    except BaseException:
        traceback.print_exc()
        code = code or 1
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    return code
