"""What is done about somebody who is known: a note, an update, a lead all the same. No screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tui.actions import key_of
from zoho.account.data_centers import DATA_CENTERS
from zoho.leads.fields import LeadForm
from zoho.leads.lead import record_of, title_of
from zoho.leads.look_up.known import LEADS, OUTBOX, Match
from zoho.wire.clean import clean_line
from zoho.wire.errors import ZohoError
from zoho.wire.shapes import as_object

if TYPE_CHECKING:
    from tui.desk import Desk
    from zoho.api import ZohoClient
    from zoho.leads.follow_up import FollowUp

_NOTE_TITLE = 120


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that the existing record has otherwise: ``there`` and ``here`` in words, ``value`` as sent."""

    api_name: str
    label: str
    there: str
    here: str
    value: Any


class Deeds:
    """What can be done about a lead whose person is known already.

    Args:
        desk: has the client and the outbox.
        key: the lead's submission key.
        values: the lead's values, as Zoho takes them.
        keep: has the lead on the disk before anything is done; it may raise `ZohoError`.
        over: is called once the lead has ended as something else.
        create: creates the lead all the same, for a reason; None, Zoho would refuse it.
        follow_ups: gives what shall stand beside the record, or None, what the lead has; it may raise
            `ZohoError`.
    """

    def __init__(
        self,
        desk: Desk,
        key: str,
        values: Mapping[str, Any],
        *,
        keep: Callable[[], Awaitable[None]],
        over: Callable[[], None],
        create: Callable[[str], Awaitable[None]] | None,
        follow_ups: Callable[[], Sequence[FollowUp] | None] = lambda: None,
    ) -> None:
        self._desk = desk
        self._key = key
        self._values = values
        self._keep = keep
        self._over = over
        self._create = create
        self._follow_ups = follow_ups
        self._written: tuple[str, str, str] | None = None
        """The note that stands in Zoho already, while the lead could not be ended here."""

    @property
    def form(self) -> LeadForm:
        """The org's form."""
        return self._desk.form

    @property
    def title(self) -> str:
        """The lead's name and company."""
        return title_of(self._values)

    @property
    def may_create(self) -> bool:
        """Whether the lead can be created all the same."""
        return self._create is not None

    @property
    def _zoho(self) -> ZohoClient:
        client = self._desk.client
        if client is None:
            raise ZohoError(
                "Zoho cannot be reached now.", next_step="Nothing is lost: try again later.", code="no_client"
            )
        return client

    def address_of(self, match: Match) -> str:
        """Return the address of a record in Zoho's web app; an empty string, it has none (yet).

        The form of it is that of Zoho's web app, and in no description of the API.
        """
        org = self._desk.org
        center = DATA_CENTERS.get(org.data_center) if org is not None else None
        if center is None or org is None or match.module == OUTBOX:
            return ""
        place = f"/{org.domain_name}" if org.domain_name else ""
        return f"{center.web_url}/crm{place}/tab/{match.module}/{match.id}"

    async def note(self, match: Match, text: str) -> str:
        """Add a note to the record at once; the lead ends as that. Return what was done.

        Raises:
            ZohoError: it was not, or nobody knows; the lead is as it was.
        """
        follow_ups = self._follow_ups()
        await self._keep()
        what = f"noted on {match.module} {match.id}"
        note = (match.module, match.id, text)
        if self._written != note:
            title = f"Call: {self.title}"[:_NOTE_TITLE]
            await self._zoho.add_note(match.module, match.id, title=title, content=text)
            self._written = note
        await self._end(match, what, follow_ups)
        return f"Noted on {match.name}."

    async def differences(self, match: Match) -> list[Difference]:
        """Return the fields that the lead has otherwise than the record in Zoho, which is read anew.

        Raises:
            ZohoError: it cannot be read.
        """
        record = await self._zoho.get_record(match.module, match.id)
        if record is None:
            raise ZohoError(
                "This record cannot be read by you, or is gone.",
                next_step="Add a note, or ask its owner.",
                code="not_readable",
            )
        found: list[Difference] = []
        for field in self.form.fields:
            here, there = self._values.get(field.api_name), record.get(field.api_name)
            if here in (None, "", []) or _same(here, there):
                continue
            words = (_word(there) or "(empty)", _word(here))
            found.append(Difference(field.api_name, field.label, *words, here))
        return found

    async def change(self, match: Match, values: Mapping[str, Any]) -> str:
        """Change these fields of the record; the lead ends as that. Return what was done, raise as `note`."""
        follow_ups = self._follow_ups()
        await self._keep()
        if values:
            sent = record_of(values, layout_id=None, key_field=None, key="")
            await self._zoho.update_record(match.module, match.id, sent)
        what = f"updated {match.module} {match.id}: {', '.join(values) or 'nothing'}"
        await self._end(match, what, follow_ups)
        return f"Updated {match.name}."

    async def create(self, reason: str) -> str:
        """Create the lead all the same; the reason stays with it. Raises `ZohoError`."""
        assert self._create is not None
        await self._create(reason)
        return "Saved as another lead."

    async def _end(self, match: Match, what: str, follow_ups: Sequence[FollowUp] | None) -> None:
        merge = self._desk.merge
        if not await merge(self._key, match.id, what, module=match.module, follow_ups=follow_ups):
            raise ZohoError(
                "It stands in Zoho, but the lead here was changed or sent meanwhile.",
                next_step=f"Look at it in the Log ({key_of('tab.log')}).",
                code="not_merged",
            )
        self._over()


def may_be_updated(match: Match) -> bool:
    """Say whether the fields of a lead are those of the record: only a lead's are, until it is converted."""
    return match.module == LEADS and not match.converted


def _same(here: Any, there: Any) -> bool:
    return _word(here).casefold() == _word(there).casefold()


def _word(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(sorted(map(_word, value)))
    if isinstance(value, dict):
        return clean_line(str(as_object(value).get("name") or as_object(value).get("id") or ""))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else clean_line(str(value))
