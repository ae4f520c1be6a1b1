"""Which file system a folder lies on, told by the kernel's list of mounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from zoho.account.file_systems import NETWORK_FILE_SYSTEMS, file_system_of, refuse_network_folder
from zoho.wire.errors import StorageError


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    return tmp_path / "mountinfo"


def write(mounts: Path, *mounted: tuple[str | Path, str]) -> None:
    """Write a list as the kernel does: (mount point, type) each, with and without optional fields."""
    lines = [
        f"{36 + n} 35 98:{n} / {str(point).replace(' ', chr(92) + '040')} rw,noatime"
        f"{' master:1' * (n % 3)} - {kind} /dev/root rw\n"
        for n, (point, kind) in enumerate(mounted)
    ]
    mounts.write_text("".join(lines))


def test_the_nearest_mount_counts(tmp_path: Path, mounts: Path) -> None:
    (tmp_path / "home" / "ada").mkdir(parents=True)
    (tmp_path / "homes").mkdir()
    write(mounts, (tmp_path / "home", "nfs4"), ("/", "ext4"), (tmp_path / "home" / "ada", "xfs"))
    assert file_system_of(tmp_path / "home" / "ada", mounts=mounts) == "xfs"
    assert file_system_of(tmp_path / "home", mounts=mounts) == "nfs4"
    # Its name only begins like the mount's.
    assert file_system_of(tmp_path / "homes", mounts=mounts) == "ext4"


def test_a_later_mount_at_the_same_place_hides_the_earlier(tmp_path: Path, mounts: Path) -> None:
    write(mounts, ("/", "ext4"), (tmp_path, "ext4"), (tmp_path, "nfs"))
    assert file_system_of(tmp_path, mounts=mounts) == "nfs"
    write(mounts, (tmp_path, "nfs"), (tmp_path, "ext4"), ("/", "nfs"))
    assert file_system_of(tmp_path, mounts=mounts) == "ext4"


@pytest.mark.parametrize(
    ("name", "escaped"), [("my data", r"my\040data"), ("a\tb", r"a\011b"), ("a\\b", r"a\134b")]
)
def test_signs_that_the_kernel_escapes(tmp_path: Path, mounts: Path, name: str, escaped: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    mounts.write_text(
        f"1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 8:2 / {tmp_path}/{escaped} rw - cifs //host/share rw\n"
    )
    assert file_system_of(folder, mounts=mounts) == "cifs"


def test_a_folder_is_where_its_links_lead(tmp_path: Path, mounts: Path) -> None:
    (tmp_path / "net" / "data").mkdir(parents=True)
    (tmp_path / "here").symlink_to(tmp_path / "net")
    write(mounts, ("/", "ext4"), (tmp_path / "net", "nfs"))
    assert file_system_of(tmp_path / "here" / "data", mounts=mounts) == "nfs"


@pytest.mark.parametrize("kind", sorted(NETWORK_FILE_SYSTEMS))
def test_a_network_file_system_is_refused_with_the_way_out(tmp_path: Path, mounts: Path, kind: str) -> None:
    write(mounts, ("/", "ext4"), (tmp_path, kind))
    with pytest.raises(StorageError) as caught:
        refuse_network_folder(tmp_path, mounts=mounts)
    assert caught.value.code == "network_file_system"
    assert str(tmp_path) in caught.value.what
    assert f"({kind})" in caught.value.what
    assert "--data-dir" in caught.value.next_step


@pytest.mark.parametrize(
    "kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "fuse.gocryptfs", "nfsd"]
)
def test_a_disk_of_this_machine_is_none(tmp_path: Path, mounts: Path, kind: str) -> None:
    write(mounts, ("/", "nfs"), (tmp_path, kind))
    refuse_network_folder(tmp_path, mounts=mounts)


@pytest.mark.parametrize("text", [None, "", "nonsense\n", "1 2 3 - nfs\n", "1 0 8:1 / /\n"])
def test_where_nothing_tells_it_nothing_is_refused(tmp_path: Path, mounts: Path, text: str | None) -> None:
    # As on macOS, which has no /proc.
    if text is not None:
        mounts.write_text(text)
    assert file_system_of(tmp_path, mounts=mounts) is None
    refuse_network_folder(tmp_path, mounts=mounts)


def test_a_mount_point_in_no_encoding(tmp_path: Path, mounts: Path) -> None:
    mounts.write_bytes(b"1 0 8:1 / / rw - ext4 a rw\n2 1 8:2 / /caf\xe9 rw - nfs b rw\n")
    assert file_system_of(tmp_path, mounts=mounts) == "ext4"
