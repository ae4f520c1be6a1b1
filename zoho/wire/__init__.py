"""The bottom layer: the one factory of httpx clients, the error tree, `clean`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

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
        SecretLocked as SecretLocked,
        SignInError as SignInError,
        StorageError as StorageError,
        TokenThrottled as TokenThrottled,
        UnexpectedAnswer as UnexpectedAnswer,
        ZohoError as ZohoError,
    )

_ERRORS = (
    "ConfigError",
    "DuplicateRecord",
    "DuplicateRejected",
    "FieldFault",
    "NotReached",
    "OutcomeUnknown",
    "PermissionMissing",
    "RateLimited",
    "RecordRejected",
    "RequestRejected",
    "Resend",
    "SecretLocked",
    "SignInError",
    "StorageError",
    "TokenThrottled",
    "UnexpectedAnswer",
    "ZohoError",
)

__getattr__ = lazy_names(__name__, {"clean": "zoho.wire.clean"} | dict.fromkeys(_ERRORS, "zoho.wire.errors"))
