"""The orgs that the stand-in can be: what their administrators made of the stock fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zoho.sandbox.orgs import large, rtl, strict
from zoho.sandbox.shape import Module

Shaper = Callable[[dict[str, Module], Callable[[], str]], None]
"""Changes the modules of a new org; the second argument makes ids."""


@dataclass(frozen=True, slots=True)
class OrgShape:
    """One org: what became of its modules, its name (None, the stock one), and the accounts that it has."""

    shape: Shaper
    name: str | None = None
    accounts: tuple[str, ...] = ()


def _as_it_is(modules: dict[str, Module], next_id: Callable[[], str]) -> None:
    """Leave everything as Zoho delivers it."""


ORGS: dict[str, OrgShape] = {
    "stock": OrgShape(_as_it_is),
    "large": OrgShape(large.shape, "Zylker Group", large.ACCOUNTS),
    "strict": OrgShape(strict.shape, "Zylker Bank", strict.ACCOUNTS),
    "rtl": OrgShape(rtl.shape, rtl.NAME, rtl.ACCOUNTS),
}
"""By the name that chooses them."""
