"""A warm interpreter: imports the heavy modules once, then forks a supervisor for each task.

Z1. It forks only while it has exactly one thread; otherwise it answers ``unsafe`` and the worker
    starts the task in a fresh interpreter.
Z2. It ends when its input ends, that is when its worker dies; supervisors live on without it.

Protocol, one JSON object a line: in ``{"id", "request": <path>}``, out ``{"id", "pid"}`` or
``{"id", "error"}``; first of all, out ``{"ready": true, "threads": n}``.

Use: ``python -m anneal_launcher.zygote [module …]``.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import sys
from typing import Any

from .state_files import read_json
from .supervise import supervise

# What KFP's executor imports; importing executor_main itself would make runpy warn.
_ALWAYS = ("kfp.dsl", "kfp.dsl.executor", "kfp.dsl.kfp_config", "kfp.dsl.utils")


def main() -> int:
    """Serves requests from standard input until it ends (Z2)."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, _reap)
    answers = _private_output()
    _preload([*_ALWAYS, *sys.argv[1:]])
    gc.collect()
    gc.freeze()
    _answer(answers, {"ready": True, "threads": _threads()})
    for line in sys.stdin:
        _answer(answers, _serve(json.loads(line), answers))
    return 0


def _private_output() -> int:
    """Keeps the protocol's descriptor away from what imports may print."""
    answers = os.dup(1)
    os.dup2(2, 1)
    return answers


def _preload(modules: list[str]) -> None:
    for name in modules:
        try:
            importlib.import_module(name)
        except Exception as error:  # a module that fails here fails again in the task, visibly
            print(f"not preloaded: {name}: {error}", file=sys.stderr)


def _serve(message: dict[str, Any], answers: int) -> dict[str, Any]:
    if _threads() != 1:
        return {"id": message["id"], "error": "unsafe"}
    request = read_json(message["request"])
    if request is None:
        return {"id": message["id"], "error": "no such request"}
    pid = os.fork()
    if pid == 0:
        _become_supervisor(request, answers)
    return {"id": message["id"], "pid": pid}


def _become_supervisor(request: dict[str, Any], answers: int) -> None:
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setsid()
        os.close(answers)
        null = os.open(os.devnull, os.O_RDWR)
        own_log = os.path.join(request["folder"], "supervisor.log")
        errors = os.open(own_log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for descriptor, target in ((null, 0), (null, 1), (errors, 2)):
            os.dup2(descriptor, target)
        code = supervise(request)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(code)


def _threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:
        import threading

        return threading.active_count()


def _reap(*_: object) -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _answer(descriptor: int, message: dict[str, Any]) -> None:
    os.write(descriptor, json.dumps(message).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
