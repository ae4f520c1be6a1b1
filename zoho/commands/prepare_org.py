"""``zoho-leads prepare-org``: what an org lacks for our leads, shown to its administrator, and added."""

from __future__ import annotations

import asyncio
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from zoho.commands.place import Place, with_place
from zoho.commands.results import tells_failures

if TYPE_CHECKING:
    from zoho.api import ZohoClient
    from zoho.commands.session import Session
    from zoho.leads.org import OrgProfile
    from zoho.leads.preparation import LayoutState, Shape, Step, Wishes
    from zoho.wire.errors import ZohoError

_READY, _MISSING, _REFUSED = 0, 1, 2
_WIDTH = 80


@click.command("prepare-org")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--dry-run", is_flag=True, help="Show what would be done, and stop.")
@with_place
@tells_failures
def prepare_org(place: Place, yes: bool, dry_run: bool) -> None:
    """Make an org ready, once, as its administrator.

    It adds to Leads what is missing: a unique field for our key, by which a lead is sent again without being
    doubled, on every active layout; and the source of our leads among the values of Lead Source. It shows
    what it will do and asks. It removes nothing, and may be run again at any time.

    Exit status: 0 ready (or dry run), 1 something is still missing, 2 it could not start or was refused.
    """
    from zoho.commands.session import open_session
    from zoho.wire.errors import ZohoError

    with open_session(place) as session:
        try:
            status = _Preparation(session).run(yes=yes, dry_run=dry_run)
        except ZohoError as error:
            _warn(_explained(error))
            status = _REFUSED
    raise SystemExit(status)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The org as it was found; ``denied`` is why this user may not change it, as far as that can be told."""

    org: OrgProfile
    shape: Shape
    denied: ZohoError | None


class _Preparation:
    """One run: look, show, ask, carry out, look again."""

    def __init__(self, session: Session) -> None:
        from zoho.leads.preparation import Wishes

        session.unlock()
        self._session = session
        self._wishes: Wishes = Wishes(session.config.submission_key_field, session.config.source)

    def run(self, *, yes: bool, dry_run: bool) -> int:
        from zoho.leads.preparation import plan, states

        seen = asyncio.run(self._look())
        org = seen.org
        _say(f"{org.org_name} ({org.environment}), signed in as {org.user_name}.")
        steps = plan(seen.shape, self._wishes)
        if not steps:
            self._remember(org)
            found = states(seen.shape.layouts, self._wishes)
            _say("Nothing can be added from here." if _missing(found) else "Nothing to do.")
            return _say_states(found)
        _say_steps(steps)
        if dry_run:
            if seen.denied:
                _warn(_explained(seen.denied))
            return _READY
        if seen.denied:
            _say("Nothing was changed.")
            raise seen.denied
        if not yes and not sys.stdin.isatty():
            _warn("Nothing was changed: nobody can be asked here. Give --yes to do it.")
            return _REFUSED
        if not yes and not click.confirm("Change this, for everybody in the org?"):
            _say("Nothing was changed.")
            return _MISSING
        return asyncio.run(self._carry_out(seen.shape))

    async def _look(self) -> _Seen:
        from zoho.commands.session import org_of

        async with self._client() as client:
            org = await org_of(client, self._session.config)
            shape = await _shape(client)
            return _Seen(org, shape, await _denied(client, shape))

    async def _carry_out(self, shape: Shape) -> int:
        """Take the steps, tell each, and say what the org is like then, also where one of them failed."""
        from zoho.commands.session import org_of
        from zoho.leads.preparation import states
        from zoho.wire.errors import ZohoError

        done: list[Step] = []
        failed: ZohoError | None = None
        async with self._client() as client:
            try:
                await _take_steps(client, shape, self._wishes, done)
            except ZohoError as error:
                failed = error
                if not done and not _passes(error):
                    _say("Nothing was changed.")
                _warn(_explained(error))
            try:
                found = states(await client.layouts(), self._wishes)
                self._remember(await org_of(client, self._session.config))
            except ZohoError as error:
                if failed is None:
                    _warn(_explained(error))
                return _exit_of(failed or error)
        status = _say_states(found)
        if status == _READY:
            _say("Everybody's zoho-leads sees this at its next start.")
        return _exit_of(failed) if failed else status

    def _client(self) -> ZohoClient:
        from zoho.api import ZohoClient

        return ZohoClient.from_config(self._session.config, paths=self._session.paths)

    def _remember(self, org: OrgProfile) -> None:
        from zoho.commands.session import remember_org

        remember_org(self._session.paths, self._session.config, org)


async def _shape(client: ZohoClient) -> Shape:
    from zoho.leads.preparation import Shape

    return Shape(await client.layouts(), await client.fields(unused=True))


async def _denied(client: ZohoClient, shape: Shape) -> ZohoError | None:
    """Return why this user may not change the org: a picklist's values are shown only to who may."""
    from zoho.leads.fields import SOURCE_FIELD
    from zoho.wire.errors import PermissionMissing

    source = shape.field(SOURCE_FIELD)
    if source is None or source.id is None:
        return None
    try:
        await client.pick_list_values(source.id)
    except PermissionMissing as error:
        return error
    return None


async def _take_steps(client: ZohoClient, shape: Shape, wishes: Wishes, done: list[Step]) -> None:
    """Take one step after the other and tell each; *done* are those that Zoho shows afterwards."""
    from zoho.leads.preparation import lost_values, plan
    from zoho.wire.errors import OutcomeUnknown, ZohoError

    while steps := plan(shape, wishes):
        step, unclear = steps[0], None
        try:
            await _take(client, step)
        except OutcomeUnknown as error:
            unclear = error  # never sent again from here: what Zoho shows now decides
        after = await _shape(client)
        if lost := lost_values(shape, after):
            raise ZohoError(
                f"Values of Lead Source are gone: {', '.join(lost)}.",
                next_step="Add them again: Setup > Modules and Fields > Leads > Lead Source.",
                code="values_lost",
            )
        if step in plan(after, wishes):
            what = "Zoho did not say what became of this" if unclear else "Zoho said that this was done"
            raise OutcomeUnknown(
                f"{what}, and it does not show: {step.words}", next_step="", code="no_effect"
            )
        _say(f"Done: {step.words}")
        done.append(step)
        shape = after


async def _take(client: ZohoClient, step: Step) -> None:
    from zoho.leads.preparation import AddField, PlaceField

    if isinstance(step, AddField):
        await client.add_field(step.field)
    elif isinstance(step, PlaceField):
        await client.change_layout(step.layout_id, step.changes)
    else:
        await client.change_field(step.field_id, step.changes)


def _explained(error: ZohoError) -> ZohoError:
    """Return *error* with a next step for an administrator; the words of the tree are for a rep."""
    from zoho.api.answers import SCOPE_MISSING
    from zoho.wire.errors import RequestRejected, ZohoError

    what, next_step = error.what, error.next_step
    if error.code == SCOPE_MISSING:
        next_step = (
            "Make a refresh token that has it: Zoho's API console > your client > Generate Code, with the "
            "scopes for prepare-org in docs/zoho.md."
        )
    elif isinstance(error, RequestRejected):
        about = error.details.get("api_name")
        what = f"{what} ({error.code}{f', {about}' if about else ''})"
        next_step = "docs/zoho.md tells how to do this by hand; then run prepare-org again."
    elif _passes(error):
        next_step = "Run prepare-org again in a while: what is done stays, and it goes on from there."
    return ZohoError(what, next_step=next_step, code=error.code)


def _passes(error: ZohoError) -> bool:
    """Say whether *error* is trouble that passes, and no refusal."""
    from zoho.wire.errors import Resend

    return error.resend is not Resend.NO


def _exit_of(failed: ZohoError) -> int:
    return _MISSING if _passes(failed) else _REFUSED


def _say(text: str, indent: str = "") -> None:
    click.echo(_wrapped(text, indent))


def _warn(what: object) -> None:
    click.echo(_wrapped(f"zoho-leads: {what}"), err=True)


def _wrapped(text: str, indent: str = "") -> str:
    hanging = " " * len(indent)
    return textwrap.fill(
        text, _WIDTH, initial_indent=indent, subsequent_indent=hanging, break_on_hyphens=False
    )


def _say_steps(steps: Sequence[Step]) -> None:
    click.echo("This is missing in Leads, and would be added now:\n")
    for number, step in enumerate(steps, 1):
        _say(step.words, f"  {number}. ")
    click.echo()


def _say_states(found: Sequence[LayoutState]) -> int:
    for state in found:
        _say(f"Layout {state.name}: {'not ready' if state.missing else 'ready'}.")
        for missing in state.missing:
            _say(missing, "  ")
    if not _missing(found):
        return _READY
    _say("docs/zoho.md tells how to add what is missing by hand.")
    return _MISSING


def _missing(found: Sequence[LayoutState]) -> bool:
    return any(state.missing for state in found)
