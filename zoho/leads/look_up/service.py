"""The look-up while a lead is being typed: when to ask, what, how often. It knows no screen."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

from zoho.account.scopes import missing_scopes
from zoho.leads.look_up.cache import Answers, Found
from zoho.leads.look_up.judge import judged, reasons_of
from zoho.leads.look_up.known import ACCOUNTS, CONTACTS, LEADS, Entered, Known
from zoho.leads.look_up.marks import STRONG, Kind, Mark
from zoho.leads.look_up.phones import E164, international
from zoho.leads.look_up.questions import LIMIT, kinds_of, question
from zoho.wire.errors import (
    NotReached,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    RequestRejected,
    ZohoError,
)

if TYPE_CHECKING:
    from zoho.api.models import Record

MODULES = (LEADS, CONTACTS, ACCOUNTS)
PERSONS = (LEADS, CONTACTS)

MOST_CALLS = 4
"""Calls for one lead, whatever is typed: a call is a credit, and the org has only so many a day."""

DEBOUNCE = 0.6
"""Seconds without another key after which a value is taken for complete."""

FEW_CREDITS = 500
"""With fewer API credits left, they are kept for the leads."""

_CREDITS_TOLD_FOR = 3600.0
_LINE_REST = 30.0
_REST = 60.0
_CREDITS_REST = 1800.0


class CreditsSeen(Protocol):
    """How many API credits were left, and when that was told, in seconds since the epoch."""

    @property
    def remaining(self) -> int:
        """The credits."""
        ...

    @property
    def at(self) -> float:
        """When."""
        ...


class Client(Protocol):
    """What the look-up needs of `zoho.api.ZohoClient`."""

    async def look(self, query: str) -> list[Record]:
        """Run a COQL query once, whatever happens."""
        ...

    @property
    def credits_seen(self) -> CreditsSeen | None:
        """The API credits that were told last."""
        ...

    @property
    def scope(self) -> str | None:
        """The scopes of the sign-in, as far as Zoho listed them."""
        ...


class Task(Protocol):
    """Something under way that can be given up."""

    def cancel(self) -> object:
        """Give it up."""
        ...


async def _nothing(marks: Sequence[Mark]) -> Sequence[Entered]:
    del marks
    return ()


@dataclass(slots=True)
class _Lead:
    """What is known of the lead in the form."""

    marks: tuple[Mark, ...] = ()
    awaited: frozenset[Kind] = frozenset()
    calls: int = 0
    asked: set[tuple[str, Mark]] = field(default_factory=set[tuple[str, Mark]])
    whole: set[tuple[str, Mark]] = field(default_factory=set[tuple[str, Mark]])
    """Of these every record was told: what a longer value would find is among them."""
    cut: set[tuple[str, Mark]] = field(default_factory=set[tuple[str, Mark]])
    """Of these Zoho knows more than were told."""
    found: dict[tuple[str, str], Found] = field(default_factory=dict[tuple[str, str], Found])
    entered: Sequence[Entered] = ()
    entered_by: tuple[Mark, ...] = ()


class LookUp:
    """Says who is known by what stands in the form.

    At most `MOST_CALLS` calls are made for a lead. E-mail address and phone number name the person: as long
    as one of them may still come, the calls that it will need are kept for it, and the company waits to be
    asked for together with it.

    Args:
        client: gives the client; None, Zoho cannot be asked now.
        on_change: is told who is known, whenever that changes.
        start: runs a coroutine in the background, with what it is called.
        entered: returns leads of this rep's own outbox that may have these marks.
        e164: makes phone numbers comparable; it is called often, and for the same ones.
        clock: monotonic seconds.
        now: seconds since the epoch.
        sleep: waits.
    """

    def __init__(
        self,
        *,
        client: Callable[[], Client | None],
        on_change: Callable[[Known], None],
        start: Callable[[Coroutine[Any, Any, None]], Task],
        entered: Callable[[Sequence[Mark]], Awaitable[Sequence[Entered]]] = _nothing,
        e164: E164 = international,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._on_change = on_change
        self._start = start
        self._entered = entered
        self._e164 = e164
        self._clock = clock
        self._now = now
        self._sleep = sleep
        self._answers = Answers(clock)
        self._lead = _Lead()
        self._known = Known()
        self._waiting: Task | None = None
        self._numbers = count()
        self._under_way: dict[int, tuple[Task, frozenset[Mark]]] = {}
        self._rest_until = 0.0
        self._refused: set[str] = set()
        self._unknown: dict[str, set[str]] = {module: set() for module in MODULES}

    @property
    def known(self) -> Known:
        """Who is known by what stands in the form now."""
        return self._known

    @property
    def is_asking(self) -> bool:
        """Whether Zoho is asked now, or in a moment: more may be known then."""
        return self._waiting is not None or bool(self._under_way)

    @property
    def calls(self) -> int:
        """How many calls were made for the lead in the form."""
        return self._lead.calls

    @property
    def left_out(self) -> frozenset[str]:
        """The modules that this sign-in may not read, as far as that is known."""
        return frozenset(self._refused)

    # What the form tells

    def begin(self) -> None:
        """Another lead is in the form."""
        self._stop_waiting()
        for task, _ in self._under_way.values():
            task.cancel()
        self._under_way.clear()
        self._lead = _Lead()
        self._tell()

    def forget(self) -> None:
        """Take no earlier answer for what Zoho would say now: it is another org, or something was changed."""
        self._answers.forget()
        self._refused.clear()
        self._unknown = {module: set() for module in MODULES}
        self._rest_until = 0.0

    def see(self, marks: Sequence[Mark], *, awaited: Iterable[Kind] = (), at_once: bool) -> None:
        """Look at what stands in the form now. Costs nothing at once: it is called at every key.

        Args:
            marks: of every value that is complete.
            awaited: which of e-mail address and phone number are not there, and may still come.
            at_once: the field was left; else its value may be half typed.
        """
        lead = self._lead
        same = lead.marks == tuple(marks)
        if same and not at_once:
            return  # what is waited for already goes on
        lead.marks, lead.awaited = tuple(marks), frozenset(awaited) & STRONG
        if not same:
            self._give_up_outdated()
            self._tell()
        self._stop_waiting()
        if at_once:
            self._ask()
        elif marks:
            self._waiting = self._start(self._ask_soon())

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    async def _ask_soon(self) -> None:
        await self._sleep(DEBOUNCE)
        self._waiting = None
        self._ask()

    def _give_up_outdated(self) -> None:
        """Cancel what is asked for values that are no longer there."""
        for number, (task, marks) in list(self._under_way.items()):
            if not any(_covers(mark, now) for mark in marks for now in self._lead.marks):
                del self._under_way[number]
                task.cancel()

    # Asking

    def _ask(self) -> None:
        lead = self._lead
        if not lead.marks:
            return
        if lead.entered_by != lead.marks:
            self._start(self._look_in_outbox(lead, lead.marks))
        client = self._client()
        if client is not None and self._may_ask(client):
            self._take_known_answers(client)
            for module, due in self._plan(client):
                lead.calls += 1
                lead.asked |= {(module, mark) for mark in due}
                number = next(self._numbers)
                task = self._start(self._look(number, client, lead, module, due))
                self._under_way[number] = task, frozenset(due)
        self._tell()

    def _may_ask(self, client: Client) -> bool:
        seen = client.credits_seen
        few = seen is not None and seen.remaining < FEW_CREDITS and self._now() - seen.at < _CREDITS_TOLD_FOR
        return not few and self._clock() >= self._rest_until

    def _modules(self, client: Client) -> list[str]:
        listed = client.scope
        return [
            module
            for module in MODULES
            if module not in self._refused
            and not (listed and missing_scopes(listed, [f"ZohoCRM.modules.{module.lower()}.READ"]))
        ]

    def _take_known_answers(self, client: Client) -> None:
        lead = self._lead
        for module in self._modules(client):
            for mark in self._due(module):
                found = self._answers.get(module, mark)
                if found is not None:
                    lead.asked.add((module, mark))
                    lead.found.update({(module, one[1]): one for one in found})

    def _due(self, module: str) -> list[Mark]:
        """Return the marks that the module has not been asked for."""
        lead = self._lead
        return [
            mark
            for mark in lead.marks
            if mark.kind in kinds_of(module)
            and (module, mark) not in lead.asked
            and not any(one == module and _covers(whole, mark) for one, whole in lead.whole)
        ]

    def _plan(self, client: Client) -> list[tuple[str, list[Mark]]]:
        """Return what to ask now: no more than leaves the calls that the person's own marks will need."""
        lead, modules = self._lead, self._modules(client)
        persons = [module for module in modules if module in PERSONS]
        free = self._free(lead, len(persons))
        due = {module: marks for module in modules if (marks := self._due(module))}
        # Who it is comes before where they are from.
        order = sorted(due, key=lambda module: not any(mark.kind in STRONG for mark in due[module]))
        return [(module, due[module]) for module in order[: max(0, free)]]

    def _free(self, lead: _Lead, persons: int) -> int:
        """Return how many calls may be made now; *persons* is how many modules have persons in them."""
        awaited = lead.awaited - {mark.kind for mark in lead.marks}
        return MOST_CALLS - lead.calls - persons * len(awaited)

    async def _look_in_outbox(self, lead: _Lead, marks: tuple[Mark, ...]) -> None:
        lead.entered_by = marks
        with suppress(ZohoError):  # told where the outbox is opened
            found = await self._entered(marks)
            if lead.entered_by == marks:  # else it was looked for more meanwhile
                lead.entered = found
        self._tell()

    async def _look(self, number: int, client: Client, lead: _Lead, module: str, due: Sequence[Mark]) -> None:
        try:
            await self._look_once(client, lead, module, due)
        except asyncio.CancelledError:
            lead.asked -= {(module, mark) for mark in due}
            raise
        except PermissionMissing:
            self._refused.add(module)
        except ZohoError as error:
            lead.asked -= {(module, mark) for mark in due}
            self._rest_until = self._clock() + _rest_after(error)
        finally:
            self._under_way.pop(number, None)
        self._tell()

    async def _look_once(self, client: Client, lead: _Lead, module: str, due: Sequence[Mark]) -> None:
        asked = question(module, due, without=self._unknown[module])
        if asked is None:
            lead.calls -= 1
            return
        lead.asked -= {(module, mark) for mark in due if mark not in asked.marks}
        try:
            records = await client.look(asked.text)
        except RequestRejected as error:
            await self._without_column(client, lead, module, due, error)
            return
        self._take(lead, module, asked.marks, records)
        weak = [mark for mark in asked.marks if mark.kind not in STRONG]
        strong = [mark for mark in asked.marks if mark.kind in STRONG]
        persons = sum(one in PERSONS for one in self._modules(client))
        if len(records) >= LIMIT and weak and strong and self._free(lead, persons) > 0:
            # Hundreds are of that company: the person may be among those that were not told.
            lead.calls += 1
            await self._look_once(client, lead, module, strong)

    async def _without_column(
        self, client: Client, lead: _Lead, module: str, due: Sequence[Mark], error: RequestRejected
    ) -> None:
        """Ask again without a column that the org or profile does not have; without a name, never again."""
        column = str(error.details.get("column_name") or "")
        if not column or column in self._unknown[module]:
            self._refused.add(module)
            return
        self._unknown[module].add(column)
        if lead.calls < MOST_CALLS:
            lead.calls += 1
            await self._look_once(client, lead, module, due)
        else:
            lead.asked -= {(module, mark) for mark in due}

    def _take(self, lead: _Lead, module: str, marks: Sequence[Mark], records: Sequence[Record]) -> None:
        told: list[Found] = [(module, record.id, record.model_extra or {}) for record in records]
        lead.found.update({(module, one[1]): one for one in told})
        if len(records) >= LIMIT:
            lead.cut |= {(module, mark) for mark in marks}
            return
        lead.cut -= {(module, mark) for mark in marks}
        for mark in marks:
            lead.whole.add((module, mark))
            meant = [one for one in told if reasons_of(one[2], (mark,), self._e164)]
            self._answers.keep(module, mark, meant)

    # Telling

    def _tell(self) -> None:
        known = self._now_known()
        if known != self._known:
            self._known = known
            self._on_change(known)

    def _now_known(self) -> Known:
        lead = self._lead
        matches = judged(lead.found.values(), lead.entered, lead.marks, e164=self._e164)
        unasked = {
            mark.kind
            for module in PERSONS
            if module not in self._refused
            for mark in self._due(module)
            if mark.kind in STRONG
        }
        asked_in_vain = frozenset(unasked) if lead.calls >= MOST_CALLS else frozenset[Kind]()
        return Known(matches, asked_in_vain, any(mark in lead.marks for _, mark in lead.cut))


def _covers(asked: Mark, mark: Mark) -> bool:
    """Say whether what was asked for one mark is what would be asked for the other."""
    if asked.kind is not mark.kind:
        return False
    return mark.key.startswith(asked.key) if mark.kind is Kind.EMAIL else asked.key == mark.key


def _rest_after(error: ZohoError) -> float:
    """Return for how many seconds Zoho is left alone after a failure."""
    if isinstance(error, RateLimited):
        return error.wait or (_CREDITS_REST if error.credits_exhausted else _REST)
    return _LINE_REST if isinstance(error, NotReached | OutcomeUnknown) else _REST
