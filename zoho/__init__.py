"""Leads into Zoho CRM, each exactly once: a library without a screen.

The names below are loaded on first use (PEP 562), so that ``import zoho`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from zoho.api import ZohoClient as ZohoClient
    from zoho.wire import ZohoError as ZohoError

_HOMES = {"ZohoClient": "zoho.api", "ZohoError": "zoho.wire"}

__all__ = ["ZohoClient", "ZohoError", "__version__"]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
