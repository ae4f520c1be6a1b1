"""The layouts as Zoho gave them, kept on the disk: for whom they were told, and for a form without a call."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from zoho.leads.layout_cache import load_layouts, save_layouts
from zoho.wire import StorageError

GIVEN: list[Any] = [{"id": "1", "name": "One", "from_the_future": {"a": [1]}}, {"id": "2", "name": "Two"}]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "metadata.json"


def test_they_are_known_again_as_they_were_given(path: Path) -> None:
    assert load_layouts(path, "us:1") == []
    save_layouts(path, "us:1", GIVEN)
    assert [(one.id, one.name) for one in load_layouts(path, "us:1")] == [("1", "One"), ("2", "Two")]
    assert json.loads(path.read_bytes()) == {"us:1": GIVEN}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_each_org_has_its_own_and_the_last_ones_are_kept(path: Path) -> None:
    for number in range(4):
        save_layouts(path, f"us:{number}", [{"id": str(number)}])
    save_layouts(path, "us:1", [{"id": "9"}])
    assert [[one.id for one in load_layouts(path, f"us:{number}")] for number in range(4)] == [
        [],
        ["9"],
        ["2"],
        ["3"],
    ]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"\xff", b'{"us:1": 3}', b'{"us:1": [{"name": "x"}]}', b"[" * 100_000]
)
def test_what_cannot_be_read_is_nothing(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(content)
    path.chmod(0o600)
    assert load_layouts(path, "us:1") == []
    save_layouts(path, "us:2", GIVEN)
    assert len(load_layouts(path, "us:2")) == 2


@pytest.mark.skipif(os.name != "posix", reason="asks for a foreign file by a link")
def test_a_link_is_not_followed(path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    path.symlink_to("/etc/hostname")
    assert load_layouts(path, "us:1") == []


def test_where_nothing_can_be_written_it_is_said(path: Path) -> None:
    path.parent.write_text("a file")
    with pytest.raises(StorageError):
        save_layouts(path, "us:1", GIVEN)
