"""Lets a task see folders at fixed paths, by a file tree of its own (Linux mount namespaces).

M1. Nothing outside the task's own processes sees the mounts or the folders made for them.
M2. Every other path of the machine stays where it is: the new tree is the old one and more folders.
M3. Without privileges a user namespace gives the right to mount; the task keeps none of it.

Use: ``python -m anneal_launcher.mounts`` ends with 0 where this works.
"""

from __future__ import annotations

import ctypes
import os
import sys
import tempfile
from typing import Any

# sched.h and sys/mount.h of Linux.
_CLONE_NEWNS = 0x00020000
_CLONE_NEWUSER = 0x10000000
_MS_RDONLY = 1
_MS_REMOUNT = 32
_MS_BIND = 4096
_MS_REC = 16384
_MS_PRIVATE = 1 << 18
_MS_RELATIME = 1 << 21
# Flags that an unprivileged remount may not drop; statvfs(3) and mount(2) share these values.
_KEPT_FLAGS = 2 | 4 | 8 | 1024 | 2048
_ST_RELATIME = 4096
# linux/capability.h: _LINUX_CAPABILITY_VERSION_3.
_CAPABILITY_VERSION = 0x20080522

_Mount = dict[str, Any]


def mount_volumes(mounts: list[_Mount], root: str) -> None:
    """Gives this process the mounts, and all its later children.

    Args:
        mounts: ``source`` (a folder), ``target`` (absolute path), ``readOnly``.
        root: an empty folder, where the new file tree is put together.

    Raises:
        OSError: when the system does not allow it.
    """
    is_confined = _leave_namespaces()
    _call("mount", b"none", b"/", None, _MS_REC | _MS_PRIVATE, None)
    if any(not os.path.isdir(mount["target"]) for mount in mounts):
        _build_root(root, [os.path.normpath(mount["target"]) for mount in mounts])
        folder = os.getcwd()
        os.chroot(root)
        os.chdir(folder)
    for mount in sorted(mounts, key=lambda each: len(each["target"])):
        _bind(mount["source"], mount["target"])
        if mount.get("readOnly"):
            _make_read_only(mount["target"])
    if is_confined:
        _drop_capabilities()


def _leave_namespaces() -> bool:
    user, group = os.geteuid(), os.getegid()
    try:
        _call("unshare", _CLONE_NEWNS)
        return False
    except PermissionError:
        _call("unshare", _CLONE_NEWNS | _CLONE_NEWUSER)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")
    return True


def _build_root(root: str, targets: list[str]) -> None:
    """Puts a copy of the file tree at ``root``, with every target an existing folder (M2)."""
    _call("mount", b"none", os.fsencode(root), b"tmpfs", 0, b"mode=755")
    _mirror("/", root, [target for target in targets if target != "/"])


def _mirror(source: str, copy: str, targets: list[str]) -> None:
    """Fills ``copy`` with what is in ``source``; folders on the way to a target are made anew."""
    names = os.listdir(source) if os.path.isdir(source) else []
    on_the_way = {os.path.relpath(target, source).split("/")[0] for target in targets}
    for name in {*names, *on_the_way}:
        original, mirrored = os.path.join(source, name), os.path.join(copy, name)
        below = [target for target in targets if target.startswith(original + "/")]
        if os.path.islink(original) and not below and original not in targets:
            os.symlink(os.readlink(original), mirrored)
        elif below and not all(os.path.isdir(target) for target in below):
            os.mkdir(mirrored)
            _mirror(original, mirrored, below)
        elif not os.path.exists(original):
            os.mkdir(mirrored)
        elif os.path.isdir(original):
            os.mkdir(mirrored)
            _bind(original, mirrored)
        else:
            os.close(os.open(mirrored, os.O_CREAT, 0o600))
            _bind(original, mirrored)


def _bind(source: str, target: str) -> None:
    _call("mount", os.fsencode(source), os.fsencode(target), None, _MS_BIND | _MS_REC, None)


def _make_read_only(target: str) -> None:
    flags = os.statvfs(target).f_flag
    kept = flags & _KEPT_FLAGS | (_MS_RELATIME if flags & _ST_RELATIME else 0)
    remount = _MS_REMOUNT | _MS_BIND | _MS_RDONLY | kept
    _call("mount", b"none", os.fsencode(target), None, remount, None)


def _drop_capabilities() -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _call("capset", header, nothing)


def _call(name: str, *arguments: Any) -> None:
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        raise OSError(f"{name} does not exist on this system")
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


def _write(path: str, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY)
    try:
        os.write(descriptor, text.encode("ascii"))
    finally:
        os.close(descriptor)


def main() -> int:
    """Command: tries it on a folder that does not exist."""
    with tempfile.TemporaryDirectory() as folder:
        child = os.fork()
        if child == 0:
            try:
                root = os.path.join(folder, "root")
                os.mkdir(root)
                mount_volumes([{"source": folder, "target": "/anneal-probe"}], root)
                os._exit(0 if os.path.isdir("/anneal-probe/root") else 1)
            except OSError as error:
                print(error, file=sys.stderr)
                os._exit(1)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    sys.exit(main())
