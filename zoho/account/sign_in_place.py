"""Where a sign-in is kept: looked at before a token is fetched, so that none is fetched and then lost."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import SecretStr

from zoho.account.config import Config
from zoho.account.config_file import read_config_file, shown_path
from zoho.account.data_centers import DataCenter, check_accounts_url, check_api_domain
from zoho.account.layers import Source
from zoho.account.paths import is_standard_folder
from zoho.account.secret_store import SecretStore, set_elsewhere
from zoho.account.token_cache import AccessToken, TokenCache, token_identity
from zoho.wire.errors import ConfigError, StorageError

_log = logging.getLogger("zoho.account")


@dataclass(frozen=True, slots=True)
class OldSignIn:
    """The refresh token that a new one replaces, and the accounts host that gave it."""

    refresh_token: SecretStr
    accounts_url: str


class SignInPlace:
    """The user's ``zoho_config.json`` and token cache, as far as a sign-in is kept there.

    Args:
        config: the configuration that later runs will have: without what this one's command line says.
        token_cache: the file of the token cache.
        store: keeps the secrets; by default the one of *config* and this process.
    """

    def __init__(self, config: Config, token_cache: Path, *, store: SecretStore | None = None) -> None:
        self._config = config
        self._token_cache = token_cache
        self._store = store or SecretStore(config, os.environ)

    def probe(self) -> None:
        """Look whether a refresh token can be kept, and would be used; nothing is changed.

        Raises:
            ConfigError: another source goes before it, the file is for another Zoho, or it is broken.
            SecretLocked: the keyring does not answer.
            StorageError: the file cannot be written.
        """
        self._must_not_mix_with_a_stand_in()
        self._store.probe("refresh_token")

    @property
    def kept_where(self) -> str:
        """Where the refresh token is kept, to go on "kept ..."; raises `ConfigError` as `probe` does."""
        return self._store.where("refresh_token")

    def check(self, center: DataCenter) -> None:
        """Look whether a sign-in at *center* can be kept beside the other settings.

        Raises:
            ConfigError: one of them holds fast to another data centre.
        """
        config = self._config
        if config.data_center.strip().lower() != center.code:
            self._must_not_come_from_outside("data_center", f"the data centre, which must be {center.code!r}")
        loopback, name = config.allow_loopback, ""
        try:
            if config.api_domain is not None:
                name = "api_domain"
                check_api_domain(config.api_domain, center, allow_loopback=loopback)
            if config.accounts_url is not None:
                name = "accounts_url"
                check_accounts_url(config.accounts_url, allow_loopback=loopback, center=center)
        except ConfigError as error:
            raise ConfigError(
                f"{config.where(name)} is for another data centre than {center.code!r}, where you sign in.",
                next_step="Remove or change it, then sign in again.",
                field=name,
                code=error.code,
            ) from None

    def replaced_by(self, client_id: str, refresh_token: SecretStr) -> OldSignIn | None:
        """Return the sign-in that *refresh_token* replaces and that nobody needs any more; ask after `keep`.

        None where there was none, where it is the same one, where it does not come from where ours is kept
        (somebody else may use it), and where the file names another client than the one that signs in: then
        a variable names that one for now, and the token in the file was the file's own.
        """
        config, old = self._config, self._config.refresh_token
        kept = (Source.FILE, Source.KEYRING, Source.HELPER)
        if old is None or old == refresh_token or config.source_of("refresh_token") not in kept:
            return None
        # The client that stands beside it in the file, if one does: a variable may name another one now.
        beside = (read_config_file(self._config.own_file) or {}).get("client_id") or config.client_id
        return OldSignIn(old, config.accounts_base) if beside == client_id else None

    def keep(
        self,
        refresh_token: SecretStr,
        access: AccessToken,
        center: DataCenter,
        *,
        client_id: str,
        typed: Mapping[str, str | SecretStr],
        at: float,
    ) -> None:
        """Write a new sign-in down.

        Args:
            refresh_token: goes where it belongs (`SecretStore`), and an older access token goes out of
                ``zoho_config.json``.
            access: the first access token, for the token cache.
            center: where the user lives; written if another one is configured.
            client_id: whose tokens they are.
            typed: client id and secret, as far as they were asked for and are to be kept too.
            at: when Zoho gave the access token, in seconds since the epoch.

        Raises:
            ConfigError: the file was broken meanwhile.
            SecretLocked: a helper command or the keyring would not take it.
            StorageError: it cannot be written.
        """
        config = self._config
        changes: dict[str, str | SecretStr | None] = {**typed, "refresh_token": refresh_token}
        changes["access_token"] = access.secret if config.save_access_token else None
        if config.data_center.strip().lower() != center.code:
            changes["data_center"] = center.code
        self._store.save(changes)
        self._cache(access, token_identity(client_id, refresh_token), at)

    def forget(self) -> bool:
        """Take refresh token and access token out of keyring, file and cache; tell whether there were any.

        Raises:
            ConfigError: the refresh token comes from elsewhere, or the file is broken.
            SecretLocked: the keyring does not answer.
            StorageError: file or cache cannot be written.
        """
        self._must_not_come_from_outside("refresh_token", "the refresh token")
        self._must_not_mix_with_a_stand_in()
        config = self._config
        kept = config.refresh_token is not None or config.source_of("access_token") is Source.FILE
        if kept:
            self._store.forget(("refresh_token", "access_token"))
            self.forget_tokens_of(config.refresh_token)
        return kept

    def forget_tokens_of(self, refresh_token: SecretStr | None) -> None:
        """Take the access token of a refresh token out of the cache; raises `StorageError`."""
        identity = token_identity(self._config.client_id, refresh_token)
        TokenCache(self._token_cache, identity=identity).forget()

    def _cache(self, access: AccessToken, identity: str, at: float) -> None:
        cache = TokenCache(self._token_cache, identity=identity)
        try:
            cache.store(access)
            cache.record_refresh(at)
        except StorageError as error:  # the next run gets another one with the refresh token
            _log.warning("The access token could not be cached: %s", error)

    def _must_not_mix_with_a_stand_in(self) -> None:
        """Let nothing that is for the real Zoho be replaced by a stand-in's, or sent to it."""
        config, file = self._config, self._config.own_file
        if config.accounts_base.startswith("https://") or not is_standard_folder(file.parent):
            return
        raise ConfigError(
            f"{config.accounts_base} is a stand-in, and {shown_path(file)} is for the real Zoho.",
            next_step="Name another file: export ZOHO_CONFIG=$ZOHO_DATA_DIR/login.json",
            code="stand_in",
        )

    def _must_not_come_from_outside(self, name: str, what: str) -> None:
        config = self._config
        outside = (Source.ENVIRONMENT, Source.OPTION, Source.CREDENTIAL, Source.HELPER)
        if config.giver_of(name) is Source.HELPER or config.source_of(name) in outside:
            raise set_elsewhere(config, name, what)
