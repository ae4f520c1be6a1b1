"""Secrets that are kept elsewhere: awaited, asked for, and by whose word."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping
from pathlib import Path

import pytest

from zoho.account.config import Config, Source, load_config
from zoho.account.paths import Paths
from zoho.account.unlock import unlock
from zoho.leads.org import OrgProfile
from zoho.leads.org_cache import keeper_identity, load_org, save_org, sign_in_identity
from zoho.leads.stock import STOCK_FORM
from zoho.wire.errors import ConfigError, SecretLocked

ENVIRON = {"PATH": os.environ["PATH"]}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    for name in ("c", "s"):
        (tmp_path / name).mkdir(mode=0o700)
    return Paths(tmp_path / "c", tmp_path / "s", tmp_path / "d", tmp_path / "k", tmp_path / "l")


def load(paths: Paths, environ: Mapping[str, str] = ENVIRON, **content: object) -> Config:
    paths.config_file.write_text(json.dumps(content))
    paths.config_file.chmod(0o600)
    return load_config(environ=environ, paths=paths)


def secret(config: Config, name: str = "refresh_token") -> str | None:
    value = getattr(config, name)
    return value.get_secret_value() if value is not None else None


def test_what_is_awaited_counts_as_there(paths: Paths) -> None:
    config = load(paths, client_id="c", client_secret="s", refresh_token_command=["printf", "1000.abc"])
    assert config.awaited == {"refresh_token": Source.HELPER}
    assert config.missing == []
    assert config.refresh_token is None
    opened = unlock(config, ENVIRON)
    assert secret(opened) == "1000.abc"
    assert opened.awaited == {}
    assert opened.source_of("refresh_token") is Source.HELPER
    assert secret(opened, "client_secret") == "s"


def test_an_access_token_is_enough(paths: Paths) -> None:
    config = load(paths, access_token_command=["printf", "1000.abc"])
    assert config.missing == []
    assert secret(unlock(config, ENVIRON), "access_token") == "1000.abc"


def test_each_is_asked_once_and_only_what_is_wanted(paths: Paths, tmp_path: Path) -> None:
    def noting(name: str) -> list[str]:
        return ["sh", "-c", f"echo {name} >> {tmp_path}/asked; echo {name}"]

    names = ("client_secret", "refresh_token")
    config = load(paths, **{f"{name}_command": noting(name) for name in names})
    opened = unlock(config, ENVIRON, names=("client_secret",))
    assert opened.awaited == {"refresh_token": Source.HELPER}
    assert secret(unlock(opened, ENVIRON)) == "refresh_token"
    assert (tmp_path / "asked").read_text().split() == list(names)


def test_nothing_lower_takes_the_place_of_one_that_is_locked(paths: Paths) -> None:
    config = load(paths, refresh_token_command=["false"], refresh_token="1000.lower")
    with pytest.raises(SecretLocked, match="false gave no refresh token"):
        unlock(config, ENVIRON)


def test_an_empty_list_is_no_command_also_over_the_administrators(paths: Paths) -> None:
    paths.site_config_file.write_text(json.dumps({"refresh_token_command": ["printf", "site"]}))
    assert secret(unlock(load(paths), ENVIRON)) == "site"
    config = load(paths, refresh_token_command=[], refresh_token="1000.own")
    assert config.awaited == {}
    assert secret(config) == "1000.own"


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("pass show zoho", "must be a list of texts"),
        (["pass", 1], "must be text"),
        (["", "x"], "must begin with a program"),
        ({"a": 1}, "must be a list of texts"),
    ],
)
def test_what_is_no_command_is_told_with_its_place(paths: Paths, command: object, fault: str) -> None:
    with pytest.raises(ConfigError, match=fault) as caught:
        load(paths, refresh_token_command=command)
    assert "key 'refresh_token_command'" in caught.value.what


@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_command_that_others_could_have_put_there_is_not_run(
    paths: Paths, tmp_path: Path, what: str
) -> None:
    config = load(paths, refresh_token_command=["touch", str(tmp_path / "ran")])
    (paths.config_file if what == "file" else paths.config_dir).chmod(0o770)
    with pytest.raises(ConfigError) as caught:
        unlock(config, ENVIRON)
    assert caught.value.code == "open_config_file"
    assert f"chmod go-w {paths.config_dir} {paths.config_file}" in caught.value.next_step
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="Only root can give a file away.")
def test_a_command_in_somebody_elses_file_is_not_run(paths: Paths, tmp_path: Path) -> None:
    config = load(paths, refresh_token_command=["touch", str(tmp_path / "ran")])
    os.chown(paths.config_file, 12345, 12345)
    with pytest.raises(ConfigError, match="others may change that file"):
        unlock(config, ENVIRON)
    assert not (tmp_path / "ran").exists()


def test_it_can_be_stopped(paths: Paths) -> None:
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(SecretLocked):
        unlock(load(paths, refresh_token_command=["sleep", "600"]), ENVIRON, stopped=stopped)


def test_an_empty_keyring_leaves_it_to_the_file(paths: Paths) -> None:
    config = load(paths, keyring=True, refresh_token="1000.file", client_secret="s", client_id="c")
    assert set(config.awaited) == {"refresh_token", "client_secret"}
    asked = config.with_secrets(dict.fromkeys(config.awaited, (Source.KEYRING, None)))
    assert asked.awaited == {}
    assert secret(asked) == "1000.file"
    assert asked.source_of("refresh_token") is Source.FILE


def test_a_configuration_made_by_hand_awaits_nothing() -> None:
    config = Config(refresh_token="1000.abc", refresh_token_command=("false",))  # pyright: ignore[reportArgumentType]
    assert config.awaited == {}


# Who is signed in, before the token was read


def org() -> OrgProfile:
    return OrgProfile(
        data_center="eu", org_id="1", environment="production", org_name="Zylker", user_id="2",
        user_name="Ada", form=STOCK_FORM,
    )  # fmt: skip


def test_the_org_is_known_before_the_token_is_read(paths: Paths, tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot.json"
    config = load(paths, client_id="c", client_secret="s", refresh_token_command=["printf", "1000.abc"])
    assert load_org(snapshot, config) is None
    opened = unlock(config, ENVIRON)
    save_org(snapshot, opened, org())
    assert load_org(snapshot, opened) == org()
    assert load_org(snapshot, config) == org()
    assert sign_in_identity(config) == keeper_identity(opened) != sign_in_identity(opened)


def test_another_token_from_the_same_keeper_may_be_another_org(paths: Paths, tmp_path: Path) -> None:
    snapshot, token = tmp_path / "snapshot.json", tmp_path / "token"
    token.write_text("1000.abc")
    config = load(paths, client_id="c", client_secret="s", refresh_token_command=["cat", str(token)])
    save_org(snapshot, unlock(config, ENVIRON), org())
    token.write_text("1000.other")
    assert load_org(snapshot, unlock(config, ENVIRON)) is None


def test_another_keeper_is_another_sign_in(paths: Paths) -> None:
    one = load(paths, client_id="c", refresh_token_command=["printf", "1000.abc"])
    other = load(paths, client_id="c", refresh_token_command=["printf", "1000.def"])
    assert sign_in_identity(one) != sign_in_identity(other)
    plain = load(paths, client_id="c", refresh_token="1000.abc")
    assert keeper_identity(plain) is None
