"""The task's own process, between fork and the task's first instruction.

T1. It has its own session, dies with its supervisor, and holds no descriptor but 0, 1 and 2.
T2. Arguments go to exec as an array; no shell of ours reads them.
T3. Values of secrets are read here, from their own files: no request, log or record holds them.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sys
import traceback
from typing import Any

from .mounts import mount_volumes
from .process_identity import die_with_parent
from .run_python import run_python

# Exit codes of POSIX shells (sh(1)) for a command that cannot be started.
NOT_FOUND = 127
NOT_STARTED = 126
# Hard stop above the watched limit: numeric libraries map more than they touch.
_LIMIT_SLACK_BYTES = 512 * 1024 * 1024


def become_task(request: dict[str, Any], log: int, supervisor: int) -> None:
    """Turns this freshly forked process into the task; never returns.

    Args:
        request: the execution's request, see supervise.
        log: write end of the log pipe.
        supervisor: process id of the parent.
    """
    code = NOT_STARTED
    try:
        _prepare(request, log, supervisor)
        request["env"].update(_secret_variables(request))
        if request.get("python"):
            code = run_python(request["python"], request["env"])
        else:
            _exec(request)
    except OSError as error:
        code = NOT_FOUND if error.errno in (errno.ENOENT, errno.ENOTDIR) else NOT_STARTED
        _report(request, error)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _prepare(request: dict[str, Any], log: int, supervisor: int) -> None:
    os.setsid()
    die_with_parent(signal.SIGKILL)
    if os.getppid() != supervisor:
        os._exit(NOT_STARTED)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    _close_the_rest()
    os.chdir(request["cwd"])
    if request.get("mounts"):
        mount_volumes(request["mounts"], os.path.join(request["scratch"], "root"))
        die_with_parent(signal.SIGKILL)
    memory = request.get("memoryBytes")
    if memory:
        limit = max(2 * memory, memory + _LIMIT_SLACK_BYTES)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPIPE, signal.SIG_IGN if request.get("python") else signal.SIG_DFL)
    if request.get("python"):
        signal.signal(signal.SIGINT, signal.default_int_handler)


def _secret_variables(request: dict[str, Any]) -> dict[str, str]:
    variables = {}
    for name, path in request.get("variableFiles", {}).items():
        with open(path, "rb") as file:
            variables[name] = os.fsdecode(file.read())
    return variables


def _close_the_rest() -> None:
    try:
        descriptors = [int(name) for name in os.listdir("/proc/self/fd")]
    except OSError:
        descriptors = list(range(4096))
    for descriptor in descriptors:
        if descriptor > 2:
            os.closerange(descriptor, descriptor + 1)


def _exec(request: dict[str, Any]) -> None:
    argv = request["argv"]
    os.execvpe(argv[0], argv, request["env"])  # noqa: S606


def _report(request: dict[str, Any], error: OSError) -> None:
    command = request["argv"][0] if request.get("argv") else sys.executable
    with open(os.path.join(request["folder"], "start-error.json"), "w", encoding="utf-8") as file:
        name = errno.errorcode.get(error.errno or 0, "EIO")
        json.dump({"errno": name, "command": command}, file)
    os.write(2, f"anneal: cannot start {command}: {os.strerror(error.errno or 0)}\n".encode())
