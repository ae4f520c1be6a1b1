"""Leads into Zoho CRM, each exactly once: a library without a screen."""

from __future__ import annotations

from zoho.lazy import lazy_names

TYPE_CHECKING = (
    False  # as type checkers know it; typing itself is a third of what `zoho-leads --version` loads
)

__version__ = "0.1.0"

if TYPE_CHECKING:
    from zoho.api import ZohoClient as ZohoClient
    from zoho.wire import ZohoError as ZohoError

__all__ = ["ZohoClient", "ZohoError", "__version__"]

__getattr__ = lazy_names(__name__, {"ZohoClient": "zoho.api", "ZohoError": "zoho.wire"})
