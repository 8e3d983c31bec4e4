"""Lists what is installed in this environment, each package with a digest of its files.

Use: ``python -m anneal_launcher.inventory``; prints one JSON object.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from importlib import metadata

# Written by the installer about the installation, not by the package; scripts name the folder they
# lie in.
INSTALLER_FILES = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json", "uv_cache.json")


def inventory() -> dict[str, object]:
    """Describes this environment.

    Returns:
        ``python`` (version), ``implementation``, ``platform``, ``os``, and ``packages``: sorted by
        name, each with ``name``, ``version`` and ``sha256`` over the digests of its files as its
        RECORD has them; absent where a package has no RECORD.
    """
    packages = {}
    for item in metadata.distributions():
        packages.setdefault(item.metadata["Name"].lower(), _package(item))
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": f"{sys.platform}-{platform.machine()}",
        "os": platform.platform(),
        "packages": [packages[name] for name in sorted(packages)],
    }


def _package(item: metadata.Distribution) -> dict[str, str]:
    described = {"name": item.metadata["Name"], "version": item.version}
    digest = _digest(item)
    return described if digest is None else {**described, "sha256": digest}


def _digest(item: metadata.Distribution) -> str | None:
    lines = sorted(
        f"{file}={file.hash.value}"
        for file in item.files or ()
        if file.hash is not None and ".." not in file.parts and file.name not in INSTALLER_FILES
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else None


if __name__ == "__main__":
    print(json.dumps(inventory()))
