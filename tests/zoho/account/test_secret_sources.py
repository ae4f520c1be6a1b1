"""Where a secret is taken from: variables, the files that they name, systemd's credentials."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from zoho.account.config import Config, Source, load_config
from zoho.account.paths import Paths
from zoho.account.secret_sources import (
    LONGEST,
    SECRET_NAMES,
    read_credentials,
    read_variable_files,
    secret_of,
    secret_variable,
    without_secrets,
)
from zoho.wire.errors import ConfigError
from zoho.wire.process import SECRET_VARIABLES


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    (tmp_path / "c").mkdir(mode=0o700)
    return Paths(tmp_path / "c", tmp_path / "s", tmp_path / "d", tmp_path / "k", tmp_path / "l")


def load(paths: Paths, environ: dict[str, str], **content: object) -> Config:
    paths.config_file.write_text(json.dumps(content))
    paths.config_file.chmod(0o600)
    return load_config(environ=environ, paths=paths)


def shown(config: Config, name: str = "refresh_token") -> str | None:
    secret = getattr(config, name)
    return secret.get_secret_value() if secret is not None else None


@pytest.mark.parametrize(
    ("data", "secret"),
    [
        (b"1000.abc", "1000.abc"),
        (b"1000.abc\n", "1000.abc"),
        (b"  1000.abc \r\nuser: me\n", "1000.abc"),
        (b"\xef\xbb\xbf1000.abc\n", "1000.abc"),
        (b"", None),
        (b"\n\n", None),
        (b"\xff\xfe", None),
        (b"a\x1b[31mb", None),
        (b"x" * LONGEST, "x" * LONGEST),
        (b"x" * (LONGEST + 1), None),
    ],
)
def test_the_first_line_is_the_secret(data: bytes, secret: str | None) -> None:
    found = secret_of(data)
    assert (found.get_secret_value() if found else None) == secret


def test_a_variable_may_name_a_file(paths: Paths, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("1000.from-file\n")
    config = load(paths, {"ZOHO_REFRESH_TOKEN_FILE": str(tmp_path / "token")}, refresh_token="1000.lower")
    assert shown(config) == "1000.from-file"
    assert config.source_of("refresh_token") is Source.ENVIRONMENT
    assert config.where("refresh_token") == "The environment variable ZOHO_REFRESH_TOKEN_FILE"


def test_the_variable_itself_goes_before_the_file_that_is_then_not_read(paths: Paths) -> None:
    environ = {"ZOHO_REFRESH_TOKEN": "1000.direct", "ZOHO_REFRESH_TOKEN_FILE": "/not/there"}
    config = load(paths, environ)
    assert shown(config) == "1000.direct"
    assert config.where("refresh_token") == "The environment variable ZOHO_REFRESH_TOKEN"


def empty(path: Path) -> None:
    path.write_text("\n")


def huge(path: Path) -> None:
    path.write_bytes(b"x" * 10_000_000)


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda path: None, "No such file"),
        (Path.mkdir, "Is a directory"),
        (empty, "holds no secret"),
        (huge, "holds no secret"),
        (os.mkfifo, "holds no secret"),  # nobody writes into it: it must not hang us
    ],
)
def test_a_file_without_a_secret_is_told_and_nothing_lower_takes_its_place(
    paths: Paths, tmp_path: Path, make, reason: str
) -> None:
    make(tmp_path / "token")
    with pytest.raises(ConfigError, match=reason) as caught:
        load(paths, {"ZOHO_REFRESH_TOKEN_FILE": str(tmp_path / "token")}, refresh_token="1000.lower")
    assert "ZOHO_REFRESH_TOKEN_FILE" in caught.value.what
    assert caught.value.field == "refresh_token"


def test_systemd_hands_credentials_over(paths: Paths, tmp_path: Path) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "zoho_refresh_token").write_text("1000.credential")
    (folder / "somebody_elses").write_text("x")
    config = load(paths, {"CREDENTIALS_DIRECTORY": str(folder)}, refresh_token="f", client_secret="f")
    assert shown(config) == "1000.credential"
    assert config.source_of("refresh_token") is Source.CREDENTIAL
    assert shown(config, "client_secret") == "f"


def test_without_them_there_are_none() -> None:
    assert read_credentials({}) == {}
    assert read_credentials({"CREDENTIALS_DIRECTORY": "/not/there"}) == {}
    assert read_variable_files({"ZOHO_REFRESH_TOKEN_FILE": " "}) == {}


def test_a_credential_that_is_empty_is_told(tmp_path: Path) -> None:
    empty(tmp_path / "zoho_client_secret")
    with pytest.raises(ConfigError, match="The systemd credential") as caught:
        read_credentials({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert caught.value.field == "client_secret"


def test_the_order_of_all_places(paths: Paths, tmp_path: Path) -> None:
    (tmp_path / "zoho_refresh_token").write_text("credential")
    environ = {"ZOHO_REFRESH_TOKEN": "variable", "CREDENTIALS_DIRECTORY": str(tmp_path)}
    content = {"refresh_token": "file", "refresh_token_command": ["helper"], "keyring": True}

    def giver(environ: dict[str, str], **content: object) -> Source:
        config = load(paths, environ, **content)
        return config.awaited.get("refresh_token") or config.source_of("refresh_token")

    assert giver(environ, **content) is Source.ENVIRONMENT
    del environ["ZOHO_REFRESH_TOKEN"]
    assert giver(environ, **content) is Source.HELPER
    del content["refresh_token_command"]
    assert giver(environ, **content) is Source.CREDENTIAL
    environ.clear()
    assert giver(environ, **content) is Source.KEYRING
    del content["keyring"]
    assert giver(environ, **content) is Source.FILE


def test_no_secret_has_a_variable_that_children_would_inherit() -> None:
    assert {secret_variable(name) for name in SECRET_NAMES} == set(SECRET_VARIABLES)
    assert without_secrets({"A": "1", **dict.fromkeys(SECRET_VARIABLES, "x")}) == {"A": "1"}
