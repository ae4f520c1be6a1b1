"""How we speak to Zoho: one client, one auth, one reading of its answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.api.answers import RecordCreated as RecordCreated, RecordResult as RecordResult
    from zoho.api.calls import Call as Call
    from zoho.api.client import ZohoClient as ZohoClient
    from zoho.api.models import (
        Layout as Layout,
        LayoutField as LayoutField,
        Org as Org,
        Record as Record,
        User as User,
    )
    from zoho.api.sign_in import (
        CodeReady as CodeReady,
        DeviceSignIn as DeviceSignIn,
        GoingOn as GoingOn,
        SignInEvent as SignInEvent,
        Waiting as Waiting,
    )
    from zoho.api.sign_in_end import Revoked as Revoked, SignedIn as SignedIn, revoke as revoke
    from zoho.api.sign_in_host import (
        HttpAccountsHost as HttpAccountsHost,
        OAuthClient as OAuthClient,
        SignInHosts as SignInHosts,
    )
    from zoho.api.sign_in_keep import keep_sign_in as keep_sign_in
    from zoho.api.sign_in_pasted import (
        exchange_grant_code as exchange_grant_code,
        try_refresh_token as try_refresh_token,
    )

__getattr__ = lazy_names(
    __name__,
    dict.fromkeys(("RecordCreated", "RecordResult"), "zoho.api.answers")
    | {"Call": "zoho.api.calls", "ZohoClient": "zoho.api.client"}
    | dict.fromkeys(("CodeReady", "DeviceSignIn", "GoingOn", "SignInEvent", "Waiting"), "zoho.api.sign_in")
    | dict.fromkeys(("Revoked", "SignedIn", "revoke"), "zoho.api.sign_in_end")
    | dict.fromkeys(("HttpAccountsHost", "OAuthClient", "SignInHosts"), "zoho.api.sign_in_host")
    | {"keep_sign_in": "zoho.api.sign_in_keep"}
    | dict.fromkeys(("exchange_grant_code", "try_refresh_token"), "zoho.api.sign_in_pasted")
    | dict.fromkeys(("Layout", "LayoutField", "Org", "Record", "User"), "zoho.api.models"),
)
