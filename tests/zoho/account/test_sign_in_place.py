"""Where a sign-in is kept: whether it can be, before it is fetched, and what it replaces."""

from __future__ import annotations

import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from zoho.account import AccessToken, Config, Paths, TokenCache, data_center, load_config, token_identity
from zoho.account.sign_in_place import OldSignIn, SignInPlace
from zoho.wire import ConfigError, StorageError

NEW = SecretStr("1000.new")
ACCESS = AccessToken(SecretStr("1000.access"), expires_at=2e9)
EU, US = data_center("eu"), data_center("us")


class Host:
    """A user's files and environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "zoho_config.json"
        self.cache = folder / "data" / "token.json"
        self.paths = Paths(folder / "c", folder / "site", folder / "data", folder / "k", folder / "l")

    def config(self, environ: Mapping[str, str] | None = None, **content: Any) -> Config:
        if content:
            self.file.write_text(json.dumps(content))
        return load_config(config_file=self.file, environ=environ or {}, paths=self.paths)

    def place(self, environ: Mapping[str, str] | None = None, **content: Any) -> SignInPlace:
        return SignInPlace(self.config(environ, **content), self.cache)

    @property
    def kept(self) -> dict[str, Any]:
        return json.loads(self.file.read_text())

    def cached(self, client_id: str, refresh_token: SecretStr) -> AccessToken | None:
        cache = TokenCache(self.cache, identity=token_identity(client_id, refresh_token), clock=lambda: 1e9)
        return cache.load()


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def test_a_place_that_is_good_is_left_as_it_is(host: Host) -> None:
    host.place(client_id="1000.C").probe()
    assert host.kept == {"client_id": "1000.C"}
    assert not [one for one in host.folder.iterdir() if "probe" in one.name]


def test_a_place_that_is_not_there_yet_is_good(host: Host) -> None:
    host.place().probe()
    assert not host.file.exists()


def test_a_token_from_the_environment_cannot_be_replaced(host: Host) -> None:
    place = host.place({"ZOHO_REFRESH_TOKEN": "1000.canary"})
    for act in (place.probe, place.forget):
        with pytest.raises(ConfigError, match="ZOHO_REFRESH_TOKEN") as caught:
            act()
        assert caught.value.code == "set_elsewhere"
        assert "canary" not in str(caught.value)


def test_a_folder_that_cannot_be_written_is_seen_before(as_user: Path) -> None:
    host = Host(as_user / "home")
    host.folder.mkdir()
    place = host.place(client_id="1000.C")
    host.folder.chmod(0o500)
    with pytest.raises(StorageError):
        place.probe()


def test_a_file_that_broke_meanwhile_is_seen_before(host: Host) -> None:
    place = host.place(client_id="1000.C")
    host.file.write_text("{")
    with pytest.raises(ConfigError, match="not JSON"):
        place.probe()


@pytest.mark.parametrize(
    ("environ", "content", "words"),
    [
        ({"ZOHO_DATA_CENTER": "us"}, {}, "ZOHO_DATA_CENTER"),
        ({"ZOHO_API_DOMAIN": "https://sandbox.zohoapis.com"}, {}, "ZOHO_API_DOMAIN"),
        ({}, {"api_domain": "https://sandbox.zohoapis.com"}, "api_domain"),
        ({}, {"accounts_url": "https://accounts.zoho.com"}, "accounts_url"),
    ],
)
def test_what_holds_fast_to_another_data_centre(
    host: Host, environ: dict[str, str], content: dict[str, str], words: str
) -> None:
    place = host.place(environ, **content)
    place.check(US)
    with pytest.raises(ConfigError, match=words):
        place.check(EU)


def test_the_files_own_data_centre_holds_nothing_fast(host: Host) -> None:
    host.place(data_center="us").check(EU)


def keep(place: SignInPlace, **more: Any) -> None:
    given: dict[str, Any] = {"client_id": "1000.C", "typed": {}, "at": 1e9} | more
    place.keep(NEW, ACCESS, given.pop("center", EU), **given)


def test_what_is_kept(host: Host) -> None:
    content = {"client_id": "1000.C", "refresh_token": "1000.old", "access_token": "1000.stale", "other": [1]}
    keep(host.place(**content))
    assert host.kept == {
        "client_id": "1000.C",
        "refresh_token": "1000.new",
        "other": [1],
        "data_center": "eu",
    }
    assert stat.S_IMODE(host.file.stat().st_mode) == 0o600
    cached = host.cached("1000.C", NEW)
    assert cached is not None
    assert cached.secret == ACCESS.secret
    cache = TokenCache(host.cache, identity=token_identity("1000.C", NEW), clock=lambda: 1e9)
    assert cache.refreshes_since(600) == 1, "Zoho counts it"


def test_a_cache_that_cannot_be_written_loses_nothing(host: Host) -> None:
    host.cache.parent.write_text("a file where the folder should be")
    keep(host.place(client_id="1000.C"))
    assert host.kept["refresh_token"] == "1000.new"


def test_what_was_typed_is_kept_too(host: Host) -> None:
    keep(host.place(), typed={"client_id": "1000.C", "client_secret": SecretStr("s")}, center=US)
    assert host.kept == {"client_id": "1000.C", "client_secret": "s", "refresh_token": "1000.new"}


def test_the_access_token_is_written_back_where_that_is_wanted(host: Host) -> None:
    keep(host.place(save_access_token=True, access_token="1000.stale"))
    assert host.kept["access_token"] == "1000.access"


@pytest.mark.parametrize(
    ("environ", "content", "replaced"),
    [
        ({}, {"client_id": "1000.C", "refresh_token": "1000.old"}, True),
        ({}, {"client_id": "1000.D", "refresh_token": "1000.old"}, False),
        ({}, {"refresh_token": "1000.old"}, False),
        ({"ZOHO_CLIENT_ID": "1000.C"}, {"refresh_token": "1000.old"}, True),
        ({"ZOHO_CLIENT_ID": "1000.C"}, {"client_id": "1000.D", "refresh_token": "1000.old"}, False),
        ({}, {"client_id": "1000.C", "refresh_token": "1000.new"}, False),
        ({}, {"client_id": "1000.C"}, False),
        ({"ZOHO_REFRESH_TOKEN": "1000.old"}, {"client_id": "1000.C"}, False),
        ({"ZOHO_REFRESH_TOKEN": "1000.old"}, {"client_id": "1000.C", "refresh_token": "1000.x"}, False),
    ],
)
def test_what_is_replaced(
    host: Host, environ: dict[str, str], content: dict[str, str], replaced: bool
) -> None:
    found = host.place(environ, data_center="us", **content).replaced_by("1000.C", NEW)
    assert found == (OldSignIn(SecretStr("1000.old"), "https://accounts.zoho.com") if replaced else None)


def test_what_is_forgotten(host: Host) -> None:
    content = {"client_id": "1000.C", "client_secret": "s", "refresh_token": NEW.get_secret_value()}
    place = host.place(**content)
    keep(place)
    assert host.cached("1000.C", NEW) is not None
    assert place.forget()
    assert host.kept == {"client_id": "1000.C", "client_secret": "s", "data_center": "eu"}
    assert host.cached("1000.C", NEW) is None
    assert not host.place().forget(), "nothing is left to forget"
