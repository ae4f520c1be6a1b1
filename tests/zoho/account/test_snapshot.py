from __future__ import annotations

import stat
from pathlib import Path

import pytest

from zoho.account.snapshot import load_snapshot, save_snapshot


def test_round_trip(tmp_path: Path) -> None:
    file = tmp_path / "cache" / "snapshot.json"
    assert load_snapshot(file) == {}
    save_snapshot(file, {"org": "Żubr ✓ \ud800", "layout": [1, None, {"a": True}]})
    assert load_snapshot(file) == {"org": "Żubr ✓ \ud800", "layout": [1, None, {"a": True}]}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("data", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"a": 1}x'])
def test_any_fault_is_an_empty_snapshot(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "snapshot.json").write_bytes(data)
    assert load_snapshot(tmp_path / "snapshot.json") == {}


def test_a_folder_or_a_link_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    assert load_snapshot(tmp_path) == {}
    assert load_snapshot(tmp_path / "link") == {}
