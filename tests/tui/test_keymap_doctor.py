"""``zoho-leads doctor`` tells of keys that cannot be had; it is told who knows the keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from verbs import Home

from tui.keymap import keymap_faults
from zoho.commands.doctor import KEYMAP_LOOK, doctor


def examined(tmp_path: Path, keymap: dict[str, str], **meta: Any) -> list[dict[str, Any]]:
    """Return what `doctor` says of *keymap*."""
    config = tmp_path / "zoho_config.json"
    config.write_text(json.dumps({"keymap": keymap}))
    config.chmod(0o600)
    argv = ["--json", "--offline", "--config", str(config), "--data-dir", str(tmp_path / "data")]
    with doctor.make_context("doctor", argv) as context:
        context.meta.update(meta)
        with CliRunner().isolation() as (out, *_), pytest.raises(SystemExit):
            doctor.invoke(context)
        report = json.loads(out.getvalue())
    return [entry for entry in entries(report) if entry.get("name") == "keymap"]


def entries(value: Any) -> list[dict[str, Any]]:
    """Return every object in a report."""
    if isinstance(value, list):
        return [one for item in value for one in entries(item)]
    if isinstance(value, dict):
        return [value, *(one for item in value.values() for one in entries(item))]
    return []


def test_each_fault_is_told_and_none_stops_a_lead(tmp_path: Path) -> None:
    found = examined(
        tmp_path, {"lead.sent": "f10", "lead.park": "f5", "tab.log": "alt+l"}, **{KEYMAP_LOOK: keymap_faults}
    )
    assert ["lead.sent" in json.dumps(entry) for entry in found] == [True, False]
    assert "The nearest is lead.send." in json.dumps(found[0])
    assert not any(entry.get("blocks") for entry in found)


def test_the_command_itself_looks_at_the_keys(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.config_file.write_text(json.dumps({"keymap": {"lead.sent": "f10"}}))
    home.config_file.chmod(0o600)
    report = home.run("doctor", "--json", "--offline").json
    (found,) = [entry for entry in entries(report) if entry.get("name") == "keymap"]
    assert "lead.sent" in json.dumps(found)


def test_good_keys_are_nothing_to_mend(tmp_path: Path) -> None:
    assert not examined(tmp_path, {"tab.log": "alt+l"}, **{KEYMAP_LOOK: keymap_faults})


def test_without_a_screen_nobody_judges_the_keys(tmp_path: Path) -> None:
    assert not examined(tmp_path, {"lead.sent": "f10"})
