"""Who we are: configuration, secrets, data centres, token cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.account.config import (
        Config as Config,
        Source as Source,
        load_config as load_config,
        save_config as save_config,
    )
    from zoho.account.data_centers import (
        DATA_CENTERS as DATA_CENTERS,
        DataCenter as DataCenter,
        check_accounts_url as check_accounts_url,
        check_api_domain as check_api_domain,
        data_center as data_center,
    )
    from zoho.account.files import (
        private_folder as private_folder,
        read_private as read_private,
        write_atomically as write_atomically,
    )
    from zoho.account.paths import Paths as Paths, default_paths as default_paths
    from zoho.account.scopes import SCOPES as SCOPES, missing_scopes as missing_scopes
    from zoho.account.secret_sources import masked as masked
    from zoho.account.sign_in_place import SignInPlace as SignInPlace
    from zoho.account.snapshot import load_snapshot as load_snapshot, save_snapshot as save_snapshot
    from zoho.account.token_cache import (
        AccessToken as AccessToken,
        TokenCache as TokenCache,
        token_identity as token_identity,
    )

__getattr__ = lazy_names(
    __name__,
    {
        "Config": "zoho.account.config",
        "Source": "zoho.account.config",
        "load_config": "zoho.account.config",
        "save_config": "zoho.account.config",
        "DATA_CENTERS": "zoho.account.data_centers",
        "DataCenter": "zoho.account.data_centers",
        "check_accounts_url": "zoho.account.data_centers",
        "check_api_domain": "zoho.account.data_centers",
        "data_center": "zoho.account.data_centers",
        "private_folder": "zoho.account.files",
        "read_private": "zoho.account.files",
        "write_atomically": "zoho.account.files",
        "Paths": "zoho.account.paths",
        "default_paths": "zoho.account.paths",
        "SCOPES": "zoho.account.scopes",
        "missing_scopes": "zoho.account.scopes",
        "masked": "zoho.account.secret_sources",
        "SignInPlace": "zoho.account.sign_in_place",
        "load_snapshot": "zoho.account.snapshot",
        "save_snapshot": "zoho.account.snapshot",
        "AccessToken": "zoho.account.token_cache",
        "TokenCache": "zoho.account.token_cache",
        "token_identity": "zoho.account.token_cache",
    },
)
