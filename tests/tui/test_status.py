import pytest

from tui.status import count_words, lead_words, signed_out_words, where_words
from tui.text import ASCII_SIGNS, UNICODE_SIGNS
from zoho.leads.fields import LeadForm
from zoho.leads.org import OrgProfile
from zoho.outbox.states import State
from zoho.outbox.store import Counts

ORG = OrgProfile("eu", "1", "Zylker Ltd", "production", "2", "Robin Ellis", LeadForm(None, ()))


@pytest.mark.parametrize(
    ("org", "online", "stopped", "words"),
    [
        (None, None, False, "not signed in"),
        (None, False, False, "○ offline"),
        (None, None, True, "! stopped"),
        (ORG, True, False, "Zylker Ltd · eu · ● online"),
        (ORG, False, False, "Zylker Ltd · eu · ○ offline"),
        (ORG, None, False, "Zylker Ltd · eu · ○ offline"),
        (ORG, False, True, "Zylker Ltd · eu · ! stopped"),
    ],
)
def test_where_it_is_and_how_the_line_is(org, online, stopped, words) -> None:
    told = where_words(org, online=online, stopped=stopped, signed_out=True, signs=UNICODE_SIGNS)
    assert told == words


def test_before_it_is_known_nobody_is_said_not_to_be_signed_in() -> None:
    assert where_words(None, online=None, stopped=False, signed_out=False, signs=UNICODE_SIGNS) == ""


@pytest.mark.parametrize(
    ("by_state", "today", "words"),
    [
        ({}, 0, "0 today"),
        ({State.QUEUED: 1, State.UNKNOWN: 1, State.SENT: 9}, 4, "2 waiting · 4 today"),
        ({State.ASK: 1, State.REJECTED: 2, State.SENDING: 1}, 0, "! 3 need you · 1 waiting · 0 today"),
    ],
)
def test_how_many_need_the_rep_wait_and_were_created(by_state, today, words) -> None:
    assert count_words(Counts(by_state, today), UNICODE_SIGNS) == words


def test_notes_and_tasks_need_the_rep_and_wait_as_leads_do() -> None:
    counts = Counts({State.QUEUED: 1, State.ASK: 1}, 3, follow_ups_waiting=2, follow_ups_refused=1)
    assert count_words(counts, UNICODE_SIGNS) == "! 2 need you · 3 waiting · 3 today"


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (Counts({}, 3, spans=(100.2, 40.0, 700.0)), "3 today · median 1:40"),
        (
            Counts({State.QUEUED: 2}, 12, spans=(58.0, 60.0, 64.0, 900.0)),
            "2 waiting · 12 today · median 1:02",
        ),
        (Counts({}, 3, spans=(100.0, 40.0)), "3 today"),
        (Counts({}, 0, spans=(100.0, 40.0, 70.0)), "0 today"),
        (Counts({State.ASK: 1}, 3, spans=(1.0, 2.0, 3.0)), "! 1 needs you · 3 today"),
        (Counts({}, 3, parked=1, spans=(1.0, 2.0, 3.0)), "1 parked · 3 today"),
        (Counts({}, 3, spans=(4000.0, 4000.0, 4000.0)), "3 today · median 66:40"),
    ],
)
def test_how_long_a_lead_took_is_told_where_enough_tell_it(counts, words) -> None:
    assert count_words(counts, UNICODE_SIGNS) == words


def test_nothing_is_counted_before_the_outbox_is_open() -> None:
    assert count_words(None, UNICODE_SIGNS) == ""


def test_what_is_still_required() -> None:
    assert lead_words((1, 2), "Web", ASCII_SIGNS) == "1 of 2 required | Web"


def test_who_is_not_signed_in_is_told_what_to_fill_in_and_which_key_to_press() -> None:
    lacking = signed_out_words(("client_id", "client_secret", "refresh_token"))
    assert "fill in client id and client secret in Settings (F3), then press F6." in lacking
    assert "press F3, then F6." in signed_out_words(("refresh_token",))
