"""How nothing is lost or doubled: the store, the courier, the reconciler."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.outbox.courier import Courier as Courier
    from zoho.outbox.kept_calls import keep_call as keep_call
    from zoho.outbox.rest import Waits as Waits
    from zoho.outbox.sender_lock import SenderLock as SenderLock
    from zoho.outbox.sqlite_store import SqliteStore as SqliteStore
    from zoho.outbox.states import Mode as Mode, State as State
    from zoho.outbox.store import Pause as Pause, Row as Row, Store as Store

__getattr__ = lazy_names(
    __name__,
    {
        "Courier": "zoho.outbox.courier",
        "keep_call": "zoho.outbox.kept_calls",
        "Waits": "zoho.outbox.rest",
        "SenderLock": "zoho.outbox.sender_lock",
        "SqliteStore": "zoho.outbox.sqlite_store",
        "Mode": "zoho.outbox.states",
        "State": "zoho.outbox.states",
        "Pause": "zoho.outbox.store",
        "Row": "zoho.outbox.store",
        "Store": "zoho.outbox.store",
    },
)
