from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from pydantic import SecretStr

from zoho.account.config import load_config, save_config
from zoho.account.config_file import change_config_file, read_config_file
from zoho.wire.errors import ConfigError

CANARY = "1000.CANARY-0123456789abcdef"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "zoho_config.json"


def content(file: Path) -> dict[str, Any]:
    return json.loads(file.read_text())


@pytest.mark.parametrize("umask", ["0o000", "0o077", "0o777"])
def test_made_private_whatever_the_umask(file: Path, umask: str) -> None:
    program = f"""
import os
from pathlib import Path
from zoho.account import save_config
os.umask({umask})
save_config(Path({str(file)!r}), {{"client_id": "c", "refresh_token": "r"}})
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    assert content(file) == {"client_id": "c", "refresh_token": "r"}
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()} == {0o600}


def test_unknown_keys_and_order_stay(file: Path) -> None:
    file.parent.mkdir()
    file.write_text('{"zeta": [1, {"ü": null}], "source": "old", "my_note": "keep", "client_id": "c"}')
    save_config(file, {"source": "new", "data_center": "eu", "client_id": None})
    assert list(content(file).items()) == [
        ("zeta", [1, {"ü": None}]),
        ("source", "new"),
        ("my_note", "keep"),
        ("data_center", "eu"),
    ]
    assert "ü" in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_secrets_in_and_back(file: Path) -> None:
    save_config(
        file, {"refresh_token": SecretStr(f" {CANARY}\n"), "client_secret": "s", "save_access_token": True}
    )
    assert content(file) == {"refresh_token": CANARY, "client_secret": "s", "save_access_token": True}
    config = load_config(config_file=file, environ={})
    assert config.refresh_token == SecretStr(CANARY)
    assert config.save_access_token
    save_config(file, {"refresh_token": SecretStr(" "), "client_secret": "", "save_access_token": False})
    assert content(file) == {"save_access_token": False}


def test_a_list_can_be_saved(file: Path) -> None:
    save_config(file, {"pinned_fields": ("Email", "Phone")})
    assert load_config(config_file=file, environ={}).pinned_fields == ("Email", "Phone")


def test_nothing_new_writes_nothing(file: Path) -> None:
    save_config(file, {"client_id": "c"})
    before = file.stat().st_ino
    save_config(file, {"client_id": "c", "layout_id": None})
    assert file.stat().st_ino == before


@pytest.mark.parametrize("text", [f'{{"refresh_token": "{CANARY}",', f'["{CANARY}"]', "", "\x00"])
def test_a_broken_file_is_not_overwritten(file: Path, text: str) -> None:
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(ConfigError) as caught:
        save_config(file, {"client_id": "c"})
    assert str(file) in caught.value.what
    assert CANARY not in str(caught.value)
    assert file.read_text() == text


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"data_center": "mars"}, "key 'data_center' cannot be used"),
        ({"client_secret": True}, "key 'client_secret' must be text"),
        ({"pinned_fields": CANARY}, "key 'pinned_fields' must be a list"),
        ({"clientid": CANARY}, "key 'clientid' is not known; did you mean 'client_id'?"),
        ({"allow_loopback": True}, "key 'allow_loopback' is not known"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(file: Path, changes: dict[str, Any], fault: str) -> None:
    save_config(file, {"client_id": "c"})
    with pytest.raises(ConfigError) as caught:
        save_config(file, {"source": "x", **changes})
    assert fault in str(caught.value)
    assert CANARY not in str(caught.value)
    assert content(file) == {"client_id": "c"}


def test_an_open_folder_of_the_users_stays_as_it_is(file: Path) -> None:
    file.parent.mkdir()
    file.parent.chmod(0o755)
    save_config(file, {"client_id": "c"})
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o755
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_linked_file_is_written_where_it_lies(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "zoho.json"
    save_config(real, {"client_id": "old"})
    file.parent.mkdir()
    file.symlink_to(real)
    save_config(file, {"client_id": "new"})
    assert file.is_symlink()
    assert content(real) == {"client_id": "new"}


def test_no_change_of_many_processes_is_lost(file: Path) -> None:
    program = """
import sys
from pathlib import Path
from zoho.account.config_file import change_config_file
for number in range(5):
    change_config_file(Path(sys.argv[1]), {f"{sys.argv[2]}.{number}": number})
"""
    names = ["a", "b", "c", "d"]
    runs = [subprocess.Popen([sys.executable, "-c", program, str(file), name]) for name in names]
    assert [run.wait() for run in runs] == [0] * len(runs)
    assert set(content(file)) == {f"{name}.{number}" for name in names for number in range(5)}
    assert [one for one in os.listdir(file.parent) if one.endswith(".tmp")] == []


def test_a_missing_file_is_none(file: Path) -> None:
    assert read_config_file(file) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters()),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.too_slow])  # the first one loads Unicode's tables
@given(st.dictionaries(st.text(st.characters()), json_values, max_size=6))
def test_whatever_stands_there_stays(tmp_path_factory: pytest.TempPathFactory, other: dict[str, Any]) -> None:
    file = tmp_path_factory.mktemp("any") / "zoho_config.json"
    file.write_text(json.dumps(other))
    change_config_file(file, {"client_id": "c"})
    assert json.loads(file.read_bytes()) == {**other, "client_id": "c"}
    assert list(json.loads(file.read_bytes())) == list({**other, "client_id": "c"})
