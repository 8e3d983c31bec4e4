"""The supervisor of one execution: starts the task, watches it, and leaves nothing behind.

S1. One execution has one supervisor: it holds a file lock that the kernel gives back when it dies.
S2. exit.json appears only after every process of the task is gone.
S3. A task whose workers stopped renewing the lease is ended after ``orphanSeconds``, counted on the
    monotonic clock from the last change of the lease's time stamp.
S4. A finished execution is never run again; one that was canceled or orphaned is run afresh.

Use: ``python -m anneal_launcher.supervise <request.json>`` (or ``--sweep <request.json>``).
"""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import signal
import sys
import time
from datetime import datetime, timezone
from typing import Any

from . import process_identity
from .capped_log import CappedLog
from .state_files import read_json, write_json
from .task_child import become_task

# Another supervisor has this execution; the value is EX_TEMPFAIL of sysexits.h.
HELD = 75
_UNFINISHED = ("canceled", "orphaned")
_CHUNK_BYTES = 256 * 1024
# After the task's end, how long a process that still holds its log open is listened to.
_DRAIN_SECONDS = 2.0
_MEMORY_CHECK_SECONDS = 0.1
_MAX_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class Supervisor:
    """Carries one request from its lease to its exit.json."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.request = request
        self.folder: str = request["folder"]
        self.child = 0
        self.status: int | None = None
        self.max_rss = 0
        self.reason: str | None = None
        self.kill_at: float | None = None
        self.lease_seen = 0.0
        self.lease_stamp: int | None = None
        self.stop_asked = False

    def run(self) -> int:
        """Runs the task to its end and returns this process's exit code."""
        if not self._lock():
            return HELD
        finished = read_json(self._path("exit.json"))
        if finished is not None and finished.get("reason") not in _UNFINISHED:
            return 0
        self._sweep()
        self._reset()
        self._write_lease(None)
        started = _now()
        self.oom_kills = process_identity.oom_kills()
        log = CappedLog(self.request["logPath"], self.request["logLimitBytes"])
        self._start_and_watch(log)
        self._end_everything()
        log.close()
        shutil.rmtree(self.request["scratch"], ignore_errors=True)
        write_json(self._path("exit.json"), self._outcome(started))
        return 0

    def sweep(self) -> int:
        """Ends what a dead supervisor of this execution left behind."""
        if not self._lock():
            return HELD
        self._sweep()
        return 0

    def ask_to_stop(self, *_: object) -> None:
        """Signal handler: the worker wants the task ended."""
        self.stop_asked = True

    def _path(self, name: str) -> str:
        return os.path.join(self.folder, name)

    def _lock(self) -> bool:
        self._lock_file = open(self._path("supervisor.lock"), "a", encoding="ascii")  # noqa: SIM115
        try:
            fcntl.flock(self._lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _sweep(self) -> None:
        lease = read_json(self._path("lease.json"))
        ended = os.path.exists(self._path("exit.json"))
        if lease is None or ended or lease.get("bootId") != process_identity.boot_id():
            return
        for _ in range(50):
            left = process_identity.left_behind(lease, self.request["token"])
            if not left:
                return
            _signal_all(left, signal.SIGKILL)
            time.sleep(0.02)

    def _reset(self) -> None:
        for path in self.request["resetPaths"]:
            if os.path.isdir(path) and not os.path.islink(path):
                shutil.rmtree(path)
            elif os.path.lexists(path):
                os.unlink(path)
        for path in self.request["makeFolders"]:
            os.makedirs(path, exist_ok=True)
        for name in ("exit.json", "start-error.json"):
            if os.path.exists(self._path(name)):
                os.unlink(self._path(name))

    def _write_lease(self, session: int | None) -> None:
        lease = {
            "pid": os.getpid(),
            "startTime": process_identity.start_time(os.getpid()),
            "bootId": process_identity.boot_id(),
            "session": session,
            "sessionStartTime": process_identity.start_time(session) if session else None,
        }
        write_json(self._path("lease.json"), lease)
        self.lease_seen = time.monotonic()

    def _start_and_watch(self, log: CappedLog) -> None:
        read_end, write_end = os.pipe()
        self.started_at = time.monotonic()
        supervisor = os.getpid()
        self.child = os.fork()
        if self.child == 0:
            become_task(self.request, write_end, supervisor)
        os.close(write_end)
        self._write_lease(self.child)
        drain_until: float | None = None
        open_log = True
        while self.status is None or (open_log and time.monotonic() < (drain_until or 0)):
            if open_log:
                open_log = self._read_log(read_end, log)
            else:
                self._wait_for_signal()
            self._reap()
            self._check_limits()
            if self.status is not None and drain_until is None:
                drain_until = time.monotonic() + _DRAIN_SECONDS
                self._end_everything()
        os.close(read_end)

    def _read_log(self, descriptor: int, log: CappedLog) -> bool:
        ready, _, _ = select.select([descriptor, self.wakeup], [], [], self._pause())
        if self.wakeup in ready:
            os.read(self.wakeup, 512)
        if descriptor not in ready:
            return True
        chunk = os.read(descriptor, _CHUNK_BYTES)
        log.write(chunk)
        return bool(chunk)

    def _wait_for_signal(self) -> None:
        ready, _, _ = select.select([self.wakeup], [], [], self._pause())
        if ready:
            os.read(self.wakeup, 512)

    def _pause(self) -> float:
        if self.request.get("memoryBytes") or self.kill_at is not None:
            return _MEMORY_CHECK_SECONDS
        return min(1.0, self.request["orphanSeconds"] / 4)

    def _reap(self) -> None:
        while True:
            try:
                pid, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            self.max_rss = max(self.max_rss, usage.ru_maxrss * _MAX_RSS_UNIT)
            if pid == self.child:
                self.status = status

    def _check_limits(self) -> None:
        if self.status is not None:
            return
        now = time.monotonic()
        if self.stop_asked:
            self._begin_end("canceled", now)
        timeout = self.request.get("timeoutSeconds")
        if timeout and now - self.started_at > timeout:
            self._begin_end("timeout", now)
        if now - self._lease_changed(now) > self.request["orphanSeconds"]:
            self._begin_end("orphaned", now)
        if self._over_memory():
            self._begin_end("memory", now)
            self.kill_at = now
        if self.kill_at is not None and now >= self.kill_at:
            _signal_all(self._tree(), signal.SIGKILL)

    def _lease_changed(self, now: float) -> float:
        try:
            stamp = os.stat(self._path("lease.json")).st_mtime_ns
        except FileNotFoundError:
            return self.lease_seen
        if stamp != self.lease_stamp:
            self.lease_stamp = stamp
            self.lease_seen = now
        return self.lease_seen

    def _over_memory(self) -> bool:
        limit = self.request.get("memoryBytes")
        if not limit:
            return False
        used = process_identity.resident_bytes(self._tree())
        self.max_rss = max(self.max_rss, used)
        return used > limit

    def _begin_end(self, reason: str, now: float) -> None:
        if self.reason is None:
            self.reason = reason
            self.kill_at = now + self.request["graceSeconds"]
            _signal_all(self._tree(), signal.SIGTERM)

    def _tree(self) -> list[int]:
        found = process_identity.descendants(os.getpid())
        return found or ([-self.child] if self.status is None else [])

    def _end_everything(self) -> None:
        """Ends whatever the task left running, until this process has no child (S2)."""
        give_up = time.monotonic() + 10
        while time.monotonic() < give_up:
            _signal_all(self._tree(), signal.SIGKILL)
            self._reap()
            try:
                if os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                    time.sleep(0.005)
            except ChildProcessError:
                return

    def _outcome(self, started: str) -> dict[str, Any]:
        status = self.status or 0
        outcome: dict[str, Any] = {
            "startedAt": started,
            "finishedAt": _now(),
            "maxRssBytes": self.max_rss,
        }
        if os.WIFSIGNALED(status):
            outcome["signal"] = _signal_name(os.WTERMSIG(status))
        else:
            outcome["exitCode"] = os.WEXITSTATUS(status)
        if self.reason is not None:
            outcome["reason"] = self.reason
        if process_identity.oom_kills() > self.oom_kills:
            outcome["oom"] = True
        start_error = read_json(self._path("start-error.json"))
        if start_error is not None:
            outcome["startError"] = start_error
        return outcome

    @property
    def wakeup(self) -> int:
        """Descriptor that becomes readable when a signal came in."""
        return self._wakeup

    def listen(self) -> None:
        """Makes signals wake the watch loop."""
        self._wakeup, write_end = os.pipe()
        os.set_blocking(self._wakeup, False)
        os.set_blocking(write_end, False)
        signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, self.ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for ignored in (signal.SIGINT, signal.SIGHUP):
            signal.signal(ignored, signal.SIG_IGN)


def supervise(request: dict[str, Any], sweep_only: bool = False) -> int:
    """Supervises one execution in this process, which should be a session of its own.

    Args:
        request: folder, token, argv or python, env, cwd, logPath, logLimitBytes, resetPaths,
            makeFolders, scratch, graceSeconds, orphanSeconds; optional timeoutSeconds, memoryBytes,
            mounts (see mounts.py), variableFiles (environment variables by file).
        sweep_only: only end what a dead supervisor left.

    Returns:
        0, or HELD when another supervisor has this execution (S1).
    """
    os.umask(0o077)
    process_identity.become_subreaper()
    supervisor = Supervisor(request)
    supervisor.listen()
    return supervisor.sweep() if sweep_only else supervisor.run()


def _signal_all(pids: list[int], number: int) -> None:
    for pid in pids:
        try:
            os.kill(pid, number)
        except (ProcessLookupError, PermissionError):
            continue


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"SIG{number}"


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def main() -> int:
    """Command: supervises the request file named by the last argument."""
    request = read_json(sys.argv[-1])
    if request is None:
        print(f"no such request: {sys.argv[-1]}", file=sys.stderr)
        return 2
    return supervise(request, sweep_only="--sweep" in sys.argv[1:-1])


if __name__ == "__main__":
    # Without Python's own wind-down: the worker waits for this process to be gone.
    os._exit(main())
