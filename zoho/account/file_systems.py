"""Which file system a folder lies on: locks and fsync of network file systems cannot be trusted."""

from __future__ import annotations

import os
import re
from pathlib import Path

from zoho.wire.clean import clean_line
from zoho.wire.errors import StorageError

MOUNTS = Path("/proc/self/mountinfo")
"""The kernel's list of mounts, as this process sees them; not there on macOS."""

NETWORK_FILE_SYSTEMS = frozenset(
    {
        "9p",
        "acfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "davfs",
        "fuse.ceph",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "smb2",
        "smb3",
        "smbfs",
    }
)
"""Types of the kernel's list of mounts on which SQLite may lose or corrupt data (SQLite, How To Corrupt)."""


def file_system_of(folder: Path, *, mounts: Path = MOUNTS) -> str | None:
    """Return the type of the file system that *folder* lies on, as ``ext4``; None where nothing tells it.

    Args:
        folder: a folder that exists.
        mounts: the kernel's list of mounts (proc(5), ``mountinfo``).
    """
    try:
        listed = mounts.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return None
    real = os.path.realpath(folder)
    found: tuple[int, str] | None = None
    for line in listed:
        mount, _, after = line.partition(" - ")
        parts, kind = mount.split(" "), after.split(" ")[0]
        if len(parts) < 5 or not kind:
            continue
        point = _unescaped(parts[4])
        # The longest mount point above the folder; of several at one place the last, which hides the others.
        if _is_below(real, point) and (found is None or len(point) >= found[0]):
            found = len(point), kind
    return found[1] if found else None


def refuse_network_folder(folder: Path, *, mounts: Path = MOUNTS) -> None:
    """Refuse a folder on a network file system.

    Raises:
        StorageError: *folder* lies on one.
    """
    kind = file_system_of(folder, mounts=mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise StorageError(
            f"{clean_line(str(folder))} lies on a network file system ({kind}), where leads could get lost.",
            next_step="Name a folder on a disk of this machine with --data-dir (or ZOHO_DATA_DIR).",
            code="network_file_system",
        )


def _is_below(path: str, point: str) -> bool:
    return path == point or path.startswith(point if point.endswith("/") else f"{point}/")


def _unescaped(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found.group(1), 8)), text)
