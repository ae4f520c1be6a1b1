"""However a lead stands, what a verb says of it and the exit status are the same tale."""

from __future__ import annotations

from typing import Any

import pytest
from verbs import Home

from zoho.commands.importing.fates import Fate, Fates, fate_of
from zoho.commands.plain.words import outcome_line
from zoho.commands.results import Exit, exit_of
from zoho.outbox.states import State, UndoState
from zoho.outbox.store import Row

UNDOS: dict[UndoState, dict[str, Any]] = {
    UndoState.UNDOING: {"undo_wanted": 2.0},
    UndoState.UNDONE: {"undo_wanted": 2.0, "undone_at": 3.0},
}
RESTORED: dict[str, Any] = {"undo_wanted": 2.0, "undone_at": 3.0, "restored_at": 4.0}


def row(state: State = State.SENT, **more: Any) -> Row:
    return Row("key", state, {"Last_Name": "Roe"}, "org", 1.0, 1.0, zoho_id="9", **more)


ROWS = [*(row(state) for state in State), *(row(**more) for more in UNDOS.values()), row(**RESTORED)]

STATUS_OF = {
    Fate.CREATED: Exit.CREATED,
    Fate.REFUSED: Exit.REJECTED,
    Fate.DISCARDED: Exit.REJECTED,
    Fate.UNDONE: Exit.REJECTED,
    Fate.WAITING: Exit.SAVED,
    Fate.UNCLEAR: Exit.UNCLEAR,
    Fate.ASKED: Exit.UNCLEAR,
}


@pytest.mark.parametrize("lead", ROWS, ids=[f"{one.state}-{one.standing}" for one in ROWS])
def test_an_import_ends_with_the_status_of_what_it_says(lead: Row) -> None:
    fates = Fates()
    fate = fates.add_row(1, lead, "org")
    assert fate is fate_of(lead, "org")
    assert fates.status is exit_of(lead) is STATUS_OF[fate]


@pytest.mark.parametrize("lead", ROWS, ids=[f"{one.state}-{one.standing}" for one in ROWS])
def test_plain_mode_calls_created_only_what_stands_in_zoho(lead: Row) -> None:
    created = "created in Zoho" in outcome_line(lead).replace("not created", "")
    assert created == (lead.standing is State.SENT)


def test_plain_mode_tells_of_an_undo_that_is_open() -> None:
    told = outcome_line(row(**UNDOS[UndoState.UNDOING]))
    assert told.startswith("Roe: being undone, whether it is in Zoho is not known yet, id 9.")
    assert told.endswith("zoho-leads send or the app finds out.")
    assert "undone, it is in Zoho's recycle bin, id 9." in outcome_line(row(**UNDOS[UndoState.UNDONE]))


@pytest.mark.parametrize("verb", [["forget", "ada@example.com", "--yes"], ["purge"], ["logout"]])
def test_where_nobody_reads_what_it_prints_the_status_says_that_it_was_done(
    stranger: Home, verb: list[str]
) -> None:
    stranger.run("add", given={"Last_Name": "Roe", "Email": "ada@example.com"})
    with stranger.start(*verb) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=30) == 0
