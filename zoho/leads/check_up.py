"""Can a lead be created now? The answers in plain words, with what to mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from zoho.account.scopes import SCOPES, missing_scopes
from zoho.api.answers import SCOPE_MISSING
from zoho.api.client import ZohoClient
from zoho.leads.fields import LeadForm
from zoho.leads.org import OrgProfile
from zoho.wire.errors import ZohoError

_NOBODY = "select id from Leads where Last_Name = 'zoho-leads' limit 1"
ADD_SOURCE = (
    "An administrator adds it: Setup > Customization > Modules and Fields > Leads > the layout > Lead Source "
    "> Edit Properties; or runs zoho-leads prepare-org."
)
"""How a lead source comes into an org (docs/zoho.md)."""
_SIGN_IN_AGAIN = (
    "Sign in again with zoho-leads login, which asks for all of them. A grant code needs them in Zoho's API "
    "console: Self Client > Generate Code > Scope (README has the line)."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: is it well, what was found, and what to do if it is not."""

    well: bool
    what: str
    next_step: str = ""


async def check_up(client: ZohoClient, *, read: OrgProfile | ZohoError, source: str) -> list[Finding]:
    """Return what stands between here and a created lead.

    Args:
        client: signed in with the configuration to be judged.
        read: the org as it was just read, or why it could not be.
        source: the value that ``Lead_Source`` will get.
    """
    if isinstance(read, ZohoError):
        if read.code == SCOPE_MISSING and (names := await _refused_scopes(client)):
            return [lacks_scopes(names)]
        return [Finding(False, read.what, read.next_step)]
    form = read.form
    found = [
        Finding(True, f"Signed in as {read.user_name} to {read.org_name} ({read.environment})."),
        Finding(True, f"The form has {len(form.fields)} fields."),
        source_finding(form, source),
        _search(await _denied(client)),
    ]
    if form.missing:
        names = ", ".join(form.missing)
        found.append(
            Finding(
                False,
                f"The layout requires fields that this form cannot show yet: {names}.",
                "Ask your administrator to make them optional, or to give another layout (layout_id).",
            )
        )
    return found


def lacks_scopes(names: Iterable[str]) -> Finding:
    """Return the finding that the sign-in lacks the scopes *names*."""
    return Finding(False, f"The sign-in lacks these scopes: {', '.join(names)}.", _SIGN_IN_AGAIN)


async def _refused_scopes(client: ZohoClient) -> list[str]:
    """Return the scopes that are missing, as Zoho listed them and as it refuses what needs them.

    Zoho does not list them with every token, and a read of the org stops at the first that is missing: so
    each is tried. That leads may be created cannot be tried without creating one.
    """
    missing = set(missing_scopes(client.scope)) if client.scope is not None else set[str]()
    tries = {
        "ZohoCRM.users.READ": client.current_user,
        "ZohoCRM.org.READ": client.org,
        "ZohoCRM.settings.layouts.READ": client.layouts,
        "ZohoCRM.modules.leads.READ": lambda: client.get_lead("1"),
        # Needs the one above too, and is not tried where that is missing.
        "ZohoCRM.coql.READ": lambda: client.coql(_NOBODY),
    }
    for name, call in tries.items():
        if name == "ZohoCRM.coql.READ" and "ZohoCRM.modules.leads.READ" in missing:
            continue
        try:
            await call()
        except ZohoError as error:
            if error.code == SCOPE_MISSING:
                missing.add(name)
    return [name for name in SCOPES if name in missing]


def source_finding(form: LeadForm, source: str) -> Finding:
    """Return whether the org has *source* among its lead sources; it has, where they are not known."""
    if not form.sources or source in form.sources:
        return Finding(True, f"Leads get the source “{source}”.")
    return Finding(False, f"The org's list of lead sources lacks “{source}”.", ADD_SOURCE)


async def _denied(client: ZohoClient) -> ZohoError | None:
    """Return why leads cannot be looked up; looking up is what settles an unclear answer."""
    try:
        await client.coql(_NOBODY)
    except ZohoError as error:
        return error
    return None


def _search(denied: ZohoError | None) -> Finding:
    if denied is None:
        return Finding(True, "Leads can be looked up.")
    step = _SIGN_IN_AGAIN if denied.code == SCOPE_MISSING else denied.next_step
    return Finding(False, f"Leads cannot be looked up. {denied.what}", step)
