from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stamina
from pydantic import SecretStr
from sandbox_caller import Clock

from zoho.account import Config, Paths
from zoho.api import Call, ZohoClient

SECRETS = {"client_secret": "s3cret-of-the-client", "refresh_token": "1000.refresh-me"}


@pytest.fixture(autouse=True)
def no_waits() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    folders = {name: tmp_path / name for name in ("config_dir", "site_config_dir", "data_dir", "cache_dir")}
    return Paths(**folders, log_dir=tmp_path / "log_dir")


@pytest.fixture
def calls() -> list[Call]:
    """Every exchange that the clients of `connect` told."""
    return []


@pytest.fixture
def connect(paths: Paths, clock: Clock, calls: list[Call]) -> Callable[..., ZohoClient]:
    """Make a client of the European data centre; each new one is another run of the program."""

    def make(*, seed: str | None = "1000.seed", config: Config | None = None, **more: Any) -> ZohoClient:
        given: dict[str, Any] = {"client_id": "1000.CLIENT", "data_center": "eu", **SECRETS}
        given |= {"access_token": seed} | {key: more.pop(key) for key in list(more) if key in _CONFIG}
        wrapped = {
            key: SecretStr(value) if key in _SECRET and value else value for key, value in given.items()
        }
        settings = config or Config(**wrapped)
        return ZohoClient.from_config(settings, paths=paths, clock=clock, on_call=calls.append, **more)

    return make


_CONFIG = frozenset(Config.model_fields)
_SECRET = ("client_secret", "refresh_token", "access_token")
