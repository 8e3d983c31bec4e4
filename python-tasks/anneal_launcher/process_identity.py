"""Tells one process from a later one with the same id.

P1. A process is its id, its start time and the machine's boot: ids are reused, the three are not.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess

PROC = "/proc"
# prctl(2) option numbers, linux/prctl.h.
_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36


def boot_id() -> str:
    """Names this boot of the machine; empty where the kernel does not say."""
    try:
        with open(f"{PROC}/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return ""


def start_time(pid: int) -> str | None:
    """Reads when a process started: clock ticks since boot on Linux, else what ``ps`` prints.

    Returns:
        None when there is no such process, or only its zombie.
    """
    if os.path.isdir(f"{PROC}/self"):
        fields = _stat_fields(pid)
        return None if fields is None or fields[0] == "Z" else fields[19]
    answer = subprocess.run(  # noqa: S603 - a number is the only argument
        ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.stdout.strip() or None


def is_alive(lease: dict[str, object]) -> bool:
    """Tells whether the process a lease names still runs (P1)."""
    pid = lease.get("pid")
    if not isinstance(pid, int) or lease.get("bootId") != boot_id():
        return False
    return start_time(pid) == lease.get("startTime")


def descendants(root: int) -> list[int]:
    """Lists all processes below one, children before grandchildren; empty without /proc."""
    children: dict[int, list[int]] = {}
    for pid in _all_pids():
        fields = _stat_fields(pid)
        if fields is not None and fields[0] != "Z":
            children.setdefault(int(fields[1]), []).append(pid)
    found: list[int] = []
    level = [root]
    while level:
        level = [child for parent in level for child in children.get(parent, [])]
        found.extend(level)
    return found


def left_behind(lease: dict[str, object], token: str) -> list[int]:
    """Lists processes of an execution whose supervisor died: by session, or by their mark.

    A session id whose leader started at another time was given to someone else (P1).
    """
    session = lease.get("session")
    leader = start_time(session) if isinstance(session, int) else None
    if leader is not None and leader != lease.get("sessionStartTime"):
        session = None
    mark = b"ANNEAL_EXECUTION=" + token.encode()
    found = []
    for pid in _all_pids():
        fields = _stat_fields(pid)
        if pid == os.getpid() or fields is None or fields[0] == "Z":
            continue
        if int(fields[3]) == session or mark in _environment(pid):
            found.append(pid)
    return found


def resident_bytes(pids: list[int]) -> int:
    """Sums the resident memory of processes, bytes; pages shared after a fork count once each."""
    pages = 0
    for pid in pids:
        try:
            with open(f"{PROC}/{pid}/statm", encoding="ascii") as file:
                pages += int(file.read().split()[1])
        except (OSError, IndexError, ValueError):
            continue
    return pages * os.sysconf("SC_PAGE_SIZE")


def oom_kills() -> int:
    """Counts the processes the kernel has killed for want of memory since boot; 0 where unknown."""
    try:
        with open(f"{PROC}/vmstat", encoding="ascii") as file:
            return next((int(line.split()[1]) for line in file if line.startswith("oom_kill ")), 0)
    except OSError:
        return 0


def become_subreaper() -> None:
    """Makes orphaned descendants children of this process, so that none escapes; Linux only."""
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)


def die_with_parent(signal_number: int) -> None:
    """Asks the kernel to signal this process when its parent dies; Linux only."""
    _prctl(_PR_SET_PDEATHSIG, signal_number)


def _prctl(option: int, value: int) -> None:
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def _all_pids() -> list[int]:
    try:
        return [int(name) for name in os.listdir(PROC) if name.isdigit()]
    except OSError:
        return []


def _stat_fields(pid: int) -> list[str] | None:
    """Reads /proc/<pid>/stat after the name: [0] state, [1] parent, [3] session, [19] start."""
    try:
        with open(f"{PROC}/{pid}/stat", encoding="utf-8", errors="replace") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return None


def _environment(pid: int) -> list[bytes]:
    try:
        with open(f"{PROC}/{pid}/environ", "rb") as file:
            return file.read().split(b"\0")
    except OSError:
        return []
