"""Packages whose public names are loaded on first use (PEP 562)."""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as type checkers know it: nothing is imported for types alone
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any


def lazy_names(package: str, homes: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a module ``__getattr__`` for *package* that takes each name of *homes* from its module.

    So ``import zoho`` and ``from zoho.wire import ZohoError`` load only what they name, and the type checker
    still sees every name through the ``TYPE_CHECKING`` imports beside the call.
    """

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(homes[name]), name)

    return load
