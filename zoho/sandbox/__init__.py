"""A stand-in for Zoho: its accounts server and its CRM v8, in memory, with faults on order.

It shares no code with the client: one that did would agree with the client's mistakes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho.lazy import lazy_names

if TYPE_CHECKING:
    from zoho.sandbox.app import create_app as create_app
    from zoho.sandbox.world import World as World

__getattr__ = lazy_names(__name__, {"World": "zoho.sandbox.world", "create_app": "zoho.sandbox.app"})
