"""The scopes that a sign-in asks for: one list, for the sign-in itself and for the pages that name it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

SCOPES: tuple[str, ...] = (
    "ZohoCRM.modules.leads.CREATE",
    "ZohoCRM.modules.leads.READ",
    "ZohoCRM.coql.READ",
    "ZohoCRM.settings.layouts.READ",
    "ZohoCRM.users.READ",
    "ZohoCRM.org.READ",
)
"""The least that the app and the verbs need (v8 Scopes; the security blocks of the OpenAPI descriptions)."""

OPTIONAL_SCOPES: Mapping[str, str] = {
    "ZohoCRM.modules.contacts.READ": "contacts are not looked up",
    "ZohoCRM.modules.accounts.READ": "accounts are not looked up",
    "ZohoCRM.modules.notes.CREATE": "no note can be added, with answers or to who is known already",
    "ZohoCRM.modules.leads.UPDATE": "no lead that is known already can be updated",
    "ZohoCRM.modules.notes.READ": "a note whose answer was lost is neither looked for nor sent again",
    "ZohoCRM.modules.tasks.CREATE": "no call back can be put on Zoho's task list",
    "ZohoCRM.modules.tasks.READ": "a call back whose answer was lost is neither looked for nor sent again",
    "ZohoCRM.modules.leads.DELETE": "no lead that was just created can be undone",
    "ZohoCRM.settings.recycle_bin.UPDATE": "no lead that was undone can be restored",
}
"""What a sign-in asks for besides, and what is left out without it. Nothing else needs it."""

ASKED_SCOPES: tuple[str, ...] = (*SCOPES, *OPTIONAL_SCOPES)


def missing_scopes(granted: str, wanted: Iterable[str] = SCOPES) -> tuple[str, ...]:
    """Return which of *wanted* are not among the *granted*, as a token answer lists them.

    A wider scope has the narrower ones in it: ``ALL`` as the operation, and ``modules.ALL`` or
    ``settings.ALL`` every module or setting (v8 Scopes). Zoho's own pages spell modules in either case.
    """
    had = [_parts(one) for one in granted.replace(",", " ").split()]
    return tuple(one for one in wanted if not any(_covers(wide, _parts(one)) for wide in had))


def _parts(scope: str) -> list[str]:
    return scope.lower().split(".")


def _covers(wide: list[str], narrow: list[str]) -> bool:
    above = wide[:-1]
    return wide == narrow or (wide[-1] == "all" and len(above) > 0 and narrow[: len(above)] == above)
