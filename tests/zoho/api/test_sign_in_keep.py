"""Keeping a sign-in: what it replaces is revoked to the end, and what cannot be kept is given back."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr

from zoho.account import AccessToken, Paths, data_center, load_config, save_config
from zoho.account.sign_in_place import SignInPlace
from zoho.api.sign_in_end import Revoked, SignedIn
from zoho.api.sign_in_host import Form, Reply
from zoho.api.sign_in_keep import keep_sign_in
from zoho.wire import ConfigError, NotReached, ZohoError

OLD, NEW = SecretStr("1000.old"), SecretStr("1000.new")
EU = data_center("eu")
GOT = SignedIn(EU, EU.accounts_url, NEW, AccessToken(SecretStr("1000.access"), 2e9))


class Accounts:
    """An accounts host that revokes, when it is let."""

    def __init__(self) -> None:
        self.revoked: list[tuple[str, object]] = []
        self.asked = asyncio.Event()
        self.let = asyncio.Event()
        self.let.set()
        self.failure: ZohoError | None = None

    async def post(self, accounts_url: str, path: str, form: Form) -> Reply:
        self.asked.set()
        await self.let.wait()
        if self.failure is not None:
            raise self.failure
        self.revoked.append((accounts_url + path, form["token"]))
        return Reply(200, {"status": "success"})


@pytest.fixture
def accounts() -> Accounts:
    return Accounts()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "zoho_config.json"
    save_config(path, {"client_id": "1000.C", "refresh_token": OLD, "data_center": "us"})
    return path


@pytest.fixture
def place(paths: Paths, file: Path) -> SignInPlace:
    return SignInPlace(load_config(config_file=file, environ={}, paths=paths), paths.token_cache)


@pytest.fixture
def kept_token(file: Path, paths: Paths) -> Callable[[], SecretStr | None]:
    return lambda: load_config(config_file=file, environ={}, paths=paths).refresh_token


REVOKE = "/oauth/v2/token/revoke"
Kept = Callable[[], "SecretStr | None"]


async def test_the_old_one_is_revoked_where_it_came_from(
    accounts: Accounts, place: SignInPlace, kept_token: Kept
) -> None:
    said = await keep_sign_in(accounts, place, GOT, client_id="1000.C", at=1e9)
    assert said is Revoked.DONE
    assert accounts.revoked == [(f"https://accounts.zoho.com{REVOKE}", OLD)]
    assert kept_token() == NEW


async def test_a_revocation_that_fails_is_only_told(
    accounts: Accounts, place: SignInPlace, kept_token: Kept
) -> None:
    accounts.failure = NotReached("no", next_step="no")
    said = await keep_sign_in(accounts, place, GOT, client_id="1000.C", at=1e9)
    assert said is accounts.failure
    assert kept_token() == NEW


async def test_who_cancels_meanwhile_does_not_leave_the_old_one_alive(
    accounts: Accounts, place: SignInPlace, kept_token: Kept
) -> None:
    accounts.let.clear()
    told: list[bool] = []
    task = asyncio.create_task(
        keep_sign_in(accounts, place, GOT, client_id="1000.C", at=1e9, on_kept=lambda: told.append(True))
    )
    await accounts.asked.wait()
    assert (told, kept_token()) == ([True], NEW), "kept before anything is revoked"
    task.cancel()
    await asyncio.sleep(0)
    accounts.let.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert accounts.revoked == [(f"https://accounts.zoho.com{REVOKE}", OLD)]


@pytest.mark.parametrize("fetched", [True, False])
async def test_what_cannot_be_kept_is_given_back_if_it_was_fetched(
    accounts: Accounts, place: SignInPlace, file: Path, fetched: bool
) -> None:
    await asyncio.to_thread(file.write_text, "{")
    with pytest.raises(ConfigError):
        await keep_sign_in(accounts, place, GOT, client_id="1000.C", at=1e9, fetched=fetched)
    assert accounts.revoked == ([(f"{EU.accounts_url}{REVOKE}", NEW)] if fetched else [])
