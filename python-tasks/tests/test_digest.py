"""Digests, which the artifact store computes by the same rule."""

import hashlib
import subprocess
from pathlib import Path

import pytest

from anneal_tasks.digest import digest_bytes, digest_contents, digest_path
from anneal_tasks.errors import DataError


def test_a_files_digest_is_its_sha256(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"abc")

    # FIPS 180-2, appendix B.1.
    expected = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_path(tmp_path / "file") == digest_bytes(b"abc") == expected


def test_a_folders_digest_is_that_of_sha256sums_listing(tmp_path: Path):
    contents = {"b": b"2", "a/z": b"1", "a.txt": b"3", "é": b"4", "B": b"5"}
    for name, content in contents.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    (tmp_path / "empty").mkdir()

    names = sorted(contents, key=lambda name: name.encode())
    listing = subprocess.run(["sha256sum", *names], cwd=tmp_path, capture_output=True, check=True)  # noqa: S607

    expected = f"sha256:{hashlib.sha256(listing.stdout).hexdigest()}"
    assert digest_path(tmp_path) == digest_contents(contents) == expected


def test_nothing_has_no_digest(tmp_path: Path):
    with pytest.raises(DataError) as caught:
        digest_path(tmp_path / "absent")

    assert caught.value.code == "E_INPUT_NOT_FOUND"


def test_a_folder_with_a_link_has_no_digest(tmp_path: Path):
    (tmp_path / "link").symlink_to("/etc/hostname")

    with pytest.raises(DataError, match="symbolic link"):
        digest_path(tmp_path)
