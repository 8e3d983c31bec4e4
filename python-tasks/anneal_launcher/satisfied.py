"""Describes this environment, and tells whether it already meets a list of requirements.

Use: ``python -m anneal_launcher.satisfied '<JSON list of requirements>'``; prints one JSON object.
"""

from __future__ import annotations

import json
import platform
import sys
from importlib import metadata


def describe(requirements: list[str]) -> dict[str, object]:
    """Lists what is installed and which requirements are not met.

    A requirement with extras or a URL counts as missing: what they pull in is not looked into.

    Args:
        requirements: PEP 508 requirement lines.

    Returns:
        ``python`` (version), ``platform``, ``installed`` (sorted name==version), ``missing``.
    """
    return {
        "python": platform.python_version(),
        "implementation": sys.implementation.name,
        "platform": f"{sys.platform}-{platform.machine()}",
        "installed": sorted(
            {f"{item.metadata['Name']}=={item.version}" for item in metadata.distributions()}
        ),
        "missing": [line for line in requirements if not _is_met(line)],
    }


def _is_met(line: str) -> bool:
    try:
        from packaging.requirements import InvalidRequirement, Requirement
    except ImportError:
        return False
    try:
        requirement = Requirement(line)
        if requirement.marker is not None and not requirement.marker.evaluate():
            return True
        if requirement.url or requirement.extras:
            return False
        return requirement.specifier.contains(metadata.version(requirement.name), prereleases=True)
    except (InvalidRequirement, metadata.PackageNotFoundError):
        return False


if __name__ == "__main__":
    print(json.dumps(describe(json.loads(sys.argv[1]))))
