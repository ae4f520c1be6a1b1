"""The bottom layer: the one factory of httpx clients, the error tree, `clean`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoho.wire.clean import clean as clean
    from zoho.wire.errors import (
        ConfigError as ConfigError,
        DuplicateRecord as DuplicateRecord,
        DuplicateRejected as DuplicateRejected,
        FieldFault as FieldFault,
        NotReached as NotReached,
        OutcomeUnknown as OutcomeUnknown,
        PermissionMissing as PermissionMissing,
        RateLimited as RateLimited,
        RecordRejected as RecordRejected,
        RequestRejected as RequestRejected,
        Resend as Resend,
        SignInError as SignInError,
        StorageError as StorageError,
        TokenThrottled as TokenThrottled,
        UnexpectedAnswer as UnexpectedAnswer,
        ZohoError as ZohoError,
    )

_HOMES = {"clean": "zoho.wire.clean"}


def __getattr__(name: str) -> Any:
    from importlib import import_module

    home = import_module(_HOMES.get(name, "zoho.wire.errors"))
    try:
        return getattr(home, name)
    except AttributeError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
