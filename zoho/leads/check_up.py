"""Can a lead be created now? The answers in plain words, with what to mend."""

from __future__ import annotations

from dataclasses import dataclass

from zoho.api.client import ZohoClient
from zoho.leads.org import OrgProfile
from zoho.wire.errors import ZohoError


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
        return [Finding(False, read.what, read.next_step)]
    form = read.form
    found = [
        Finding(True, f"Signed in as {read.user_name} to {read.org_name} ({read.environment})."),
        Finding(True, f"The form has {len(form.fields)} fields."),
        _source(form.sources, source),
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


def _source(sources: tuple[str, ...], source: str) -> Finding:
    if not sources or source in sources:
        return Finding(True, f"Leads get the source “{source}”.")
    return Finding(
        False,
        f"The org's list of lead sources lacks “{source}”.",
        "Ask an administrator: Setup > Modules and Fields > Leads > Lead Source > add the value.",
    )


async def _denied(client: ZohoClient) -> ZohoError | None:
    """Return why leads cannot be looked up; looking up is what settles an unclear answer."""
    try:
        await client.coql("select id from Leads where Last_Name = 'zoho-leads' limit 1")
    except ZohoError as error:
        return error
    return None


def _search(denied: ZohoError | None) -> Finding:
    if denied is None:
        return Finding(True, "Leads can be looked up.")
    return Finding(False, f"Leads cannot be looked up. {denied.what}", denied.next_step)
