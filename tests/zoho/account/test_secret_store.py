"""Where a new secret goes: where the old one came from; else the keyring; else the file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from zoho.account.config import Config, Source, load_config
from zoho.account.os_keyring import OsKeyring
from zoho.account.paths import Paths
from zoho.account.secret_store import SecretStore
from zoho.account.unlock import unlock
from zoho.wire.errors import ConfigError, SecretLocked, StorageError

NEW = SecretStr("1000.new")

FILE_KEYRING = """
import json, os, sys
file, verb, entry = sys.argv[1:]
kept = json.load(open(file)) if os.path.exists(file) else {}
if verb == "probe":
    raise SystemExit(0)
if verb == "set":
    kept[entry.split()[0]] = sys.stdin.read().strip()
elif entry.split()[0] not in kept:
    raise SystemExit(3)
elif verb == "delete":
    del kept[entry.split()[0]]
else:
    print(kept[entry.split()[0]])
json.dump(kept, open(file, "w"))
"""


class User:
    """A user's files, keyring and programs."""

    def __init__(self, folder: Path) -> None:
        (folder / "c").mkdir(mode=0o700)
        self.folder = folder
        self.paths = Paths(folder / "c", folder / "s", folder / "d", folder / "k", folder / "l")
        self.environ = {"PATH": os.environ["PATH"]}
        process = (sys.executable, "-c", FILE_KEYRING, str(folder / "keyring.json"))
        self.keyring = OsKeyring(self.paths.config_file, self.environ, process=process)

    def config(self, **content: Any) -> Config:
        if content or not self.paths.config_file.exists():
            self.paths.config_file.write_text(json.dumps(content))
            self.paths.config_file.chmod(0o600)
        return load_config(environ=self.environ, paths=self.paths)

    def store(self, *, keyring: OsKeyring | None = None, **content: Any) -> SecretStore:
        return SecretStore(self.config(**content), self.environ, keyring=keyring)

    @property
    def in_file(self) -> dict[str, Any]:
        return json.loads(self.paths.config_file.read_text())

    @property
    def in_keyring(self) -> dict[str, str]:
        file = self.folder / "keyring.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def keeper(self) -> dict[str, list[str]]:
        """A program that keeps the refresh token in a file."""
        return {
            "refresh_token_command": ["cat", f"{self.folder}/vault"],
            "refresh_token_store_command": ["sh", "-c", f"cat > {self.folder}/vault"],
        }


@pytest.fixture
def user(tmp_path: Path) -> User:
    return User(tmp_path)


def test_without_a_keyring_it_is_the_file_and_that_is_said(user: User) -> None:
    store = user.store(client_id="c")
    store.probe("refresh_token")
    assert store.place_of("refresh_token") is Source.FILE
    assert store.where("refresh_token") == f"in {user.paths.config_file}, which only you can read"
    store.save({"refresh_token": NEW, "data_center": "eu"})
    assert user.in_file == {"client_id": "c", "refresh_token": "1000.new", "data_center": "eu"}


def test_the_first_one_goes_into_the_keyring(user: User) -> None:
    store = user.store(client_id="c", keyring=user.keyring)
    store.probe("refresh_token")
    assert store.where("refresh_token") == "in the keyring of this computer"
    store.save({"refresh_token": NEW, "client_secret": SecretStr("s"), "data_center": "eu"})
    assert user.in_file == {"client_id": "c", "keyring": True, "data_center": "eu"}
    assert user.in_keyring == {"refresh_token": "1000.new", "client_secret": "s"}
    assert user.config().awaited == {"refresh_token": Source.KEYRING, "client_secret": Source.KEYRING}


def test_a_keyring_that_does_not_answer_is_none(user: User) -> None:
    dead = OsKeyring(user.paths.config_file, user.environ, process=("false",))
    store = user.store(client_id="c", keyring=dead)
    store.probe("refresh_token")
    assert store.place_of("refresh_token") is Source.FILE


def test_the_administrator_may_forbid_it(user: User) -> None:
    user.paths.site_config_file.parent.mkdir()
    user.paths.site_config_file.write_text('{"keyring": false}')
    store = user.store(client_id="c", keyring=user.keyring)
    assert store.place_of("refresh_token") is Source.FILE


def test_what_was_in_the_file_stays_there(user: User) -> None:
    store = user.store(refresh_token="1000.old", keyring=user.keyring)
    store.save({"refresh_token": NEW})
    assert user.in_file == {"refresh_token": "1000.new"}
    assert user.in_keyring == {}


def test_what_was_in_the_keyring_stays_there_and_is_not_kept_where_it_is_locked(user: User) -> None:
    dead = OsKeyring(user.paths.config_file, user.environ, process=("false",))
    store = SecretStore(user.config(keyring=True), user.environ, keyring=dead)
    with pytest.raises(SecretLocked):
        store.probe("refresh_token")
    with pytest.raises(SecretLocked):
        store.save({"refresh_token": NEW})
    assert user.in_file == {"keyring": True}


def test_a_program_is_told_to_keep_what_it_gave(user: User) -> None:
    store = user.store(**user.keeper(), keyring=user.keyring)
    store.probe("refresh_token")
    assert store.where("refresh_token") == "by sh (refresh_token_store_command)"
    before = user.in_file
    store.save({"refresh_token": NEW})
    assert user.in_file == before
    opened = unlock(user.config(), user.environ)
    assert opened.refresh_token == NEW


def test_a_program_that_only_gives_is_changed_elsewhere(user: User) -> None:
    store = user.store(refresh_token_command=["printf", "1000.abc"])
    for look in (store.probe, store.place_of, store.where):
        with pytest.raises(ConfigError) as caught:
            look("refresh_token")
        assert caught.value.code == "set_elsewhere"
        assert "refresh_token_command" in caught.value.what
        assert "refresh_token_store_command" in caught.value.next_step


def test_a_program_that_is_not_there_is_told_before_anything_is_fetched(user: User) -> None:
    store = user.store(refresh_token_command=["true"], refresh_token_store_command=["no-such-program"])
    with pytest.raises(ConfigError, match="not on this computer"):
        store.probe("refresh_token")


def test_others_may_not_say_which_program_keeps_it(user: User) -> None:
    store = user.store(**user.keeper())
    user.paths.config_dir.chmod(0o777)
    for act in (lambda: store.probe("refresh_token"), lambda: store.save({"refresh_token": NEW})):
        with pytest.raises(ConfigError, match="others may change"):
            act()
    assert not (user.folder / "vault").exists()


@pytest.mark.parametrize("where", ["variable", "credential"])
def test_what_we_cannot_write_is_told(user: User, where: str, tmp_path: Path) -> None:
    (tmp_path / "zoho_refresh_token").write_text("1000.outside")
    given: Mapping[str, str] = {
        "variable": {"ZOHO_REFRESH_TOKEN": "1000.outside"},
        "credential": {"CREDENTIALS_DIRECTORY": str(tmp_path)},
    }[where]
    user.environ.update(given)
    with pytest.raises(ConfigError) as caught:
        user.store(keyring=user.keyring).probe("refresh_token")
    assert caught.value.code == "set_elsewhere"


def test_a_file_that_cannot_be_written_is_told_first(user: User) -> None:
    store = user.store(client_id="c", keyring=user.keyring)
    user.paths.config_file.unlink()
    user.paths.config_dir.rmdir()
    user.paths.config_dir.write_text("a file")
    with pytest.raises((StorageError, ConfigError)):
        store.probe("refresh_token")


def test_forgotten_is_forgotten(user: User) -> None:
    store = user.store(client_id="c", access_token="a", keyring=user.keyring)
    store.save({"refresh_token": NEW})
    store = SecretStore(user.config(), user.environ, keyring=user.keyring)
    store.forget(("refresh_token", "access_token"))
    assert user.in_keyring == {}
    assert user.in_file == {"client_id": "c", "keyring": True}


def test_an_emptied_secret_is_taken_out(user: User) -> None:
    store = user.store(refresh_token="1000.old", client_secret="s")
    store.save({"refresh_token": "", "client_secret": None})
    assert user.in_file == {}
