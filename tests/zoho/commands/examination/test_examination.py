"""The parts of an examination that are pure: words for what the host, the line and the folder are like."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest
from outbox_office import begin, finish
from pydantic import SecretStr
from sandbox_server import serve

from zoho.account.scopes import ASKED_SCOPES, OPTIONAL_SCOPES
from zoho.account.token_cache import AccessToken, TokenCache
from zoho.commands.doctor import lines_of
from zoho.commands.examination.data import folder, outbox
from zoho.commands.examination.host import characters, colours, terminal
from zoho.commands.examination.line import clock, look_at_environment, look_at_hosts, without_credentials
from zoho.commands.examination.report import Group, Report, Sign, mend, told, well
from zoho.commands.examination.sign_in import _scopes as scope_entries
from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.follow_ups import FollowUpState
from zoho.outbox.sqlite_file import _STEPS, APPLICATION_ID, FOLLOW_UPS_SINCE
from zoho.outbox.sqlite_look import OutboxLook, is_cut_off
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import Attempt, Outcome
from zoho.sandbox import World
from zoho.wire.errors import StorageError


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://proxy:8080", "http://proxy:8080"),
        ("http://user:word@proxy:8080/", "http://proxy:8080"),
        ("user:word@proxy", "http://proxy"),
        ("http://user:wo@rd@proxy:1", "http://proxy:1"),
        ("http://user:wo/rd@proxy:1", None),
        ("http://user:12/rd@proxy:1", None),
        ("http://user:wo#rd@proxy:1", None),
        ("http://user:wo?rd@proxy:1", None),
        ("http://proxy:port", None),
        ("http://pro xy", None),
        ("http://\x1b[31m", None),
        ("http://[::1]:3128", "http://::1:3128"),
        ("", None),
    ],
)
def test_a_proxy_is_shown_without_credentials(url: str, shown: str | None) -> None:
    assert without_credentials(url) == shown


def test_the_small_variable_counts() -> None:
    found = look_at_environment({"https_proxy": "http://small:1", "HTTPS_PROXY": "http://large:2"})
    assert [entry.facts["address"] for entry in found if entry.name == "proxy"] == ["http://small:1"]


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("place", ["/nowhere", __file__])
def test_certificates_that_cannot_be_used(variable: str, place: str) -> None:
    (found,) = [one for one in look_at_environment({variable: place}) if one.name == "certificates"]
    assert found.sign is Sign.MEND


@pytest.mark.parametrize(("offset", "sign"), [(0.4, Sign.WELL), (-299, Sign.WELL), (301, Sign.MEND)])
def test_the_clock(offset: float, sign: Sign) -> None:
    assert clock(offset).sign is sign


async def test_a_name_that_is_not_known_is_dns() -> None:
    found = await look_at_hosts("https://a.invalid", "https://b.invalid", accounts_needed=False)
    assert [entry.blocks for entry in found] == [False, True]
    assert {entry.sign for entry in found} == {Sign.MEND}


async def test_a_certificate_that_is_none_is_tls() -> None:
    with serve(World()) as url:
        secure = url.replace("http://", "https://")
        found = await look_at_hosts(secure, url, accounts_needed=True)
    assert "(TLS)" in found[0].finding.what
    assert [entry.sign for entry in found] == [Sign.MEND, Sign.WELL, Sign.WELL]


@pytest.mark.parametrize(
    ("environ", "sign"),
    [({"TERM": "xterm"}, Sign.WELL), ({"TERM": "dumb"}, Sign.MEND), ({}, Sign.MEND)],
)
def test_terminals(environ: dict[str, str], sign: Sign) -> None:
    assert terminal(environ, is_terminal=True, size=(80, 24)).sign is sign
    assert terminal(environ, is_terminal=False, size=None).sign is Sign.INFO


def test_a_small_terminal_is_told() -> None:
    found = terminal({"TERM": "xterm", "STY": "1"}, is_terminal=True, size=(40, 10))
    assert (found.sign, found.facts["inside"]) == (Sign.INFO, "screen")


def test_locales_and_colours() -> None:
    assert characters({"LANG": "de_DE.utf8"}).sign is Sign.WELL
    assert characters({"LANG": "de_DE.UTF-8", "LC_ALL": "C"}).sign is Sign.INFO
    assert characters({}).sign is Sign.INFO
    assert colours({"COLORTERM": "truecolor"}).sign is Sign.WELL
    assert "256" in colours({"TERM": "xterm-256color"}).finding.what
    assert "NO_COLOR" in colours({"COLORTERM": "truecolor", "NO_COLOR": "1"}).finding.what


def test_a_network_file_system_is_refused(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(f"1 1 0:1 / {tmp_path} rw - nfs4 server:/x rw\n")
    (found,) = folder(tmp_path / "data", mounts=mounts)
    assert found.blocks
    assert "nfs4" in found.finding.what


def test_an_empty_folder_that_is_open_is_left_so(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert folder(tmp_path)[0].sign is Sign.INFO
    assert tmp_path.stat().st_mode & 0o777 == 0o755


def test_notes_and_tasks_that_wait_or_were_refused_are_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    path = tmp_path / "outbox.db"
    note = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers"})
    with closing(SqliteStore(path)) as store:
        store.add("key", {}, org="o", lane=0, at=1.0)
        assert "Notes" not in outbox(path)[0].finding.what
        store.edit("key", {}, at=2.0, follow_ups=[note, note])
        waits = outbox(path)[0]
        assert waits.finding.what.endswith("Notes and call-backs that wait: 2; that Zoho refused: 0.")
        assert (waits.sign, waits.finding.next_step) == (Sign.WELL, "")
        store.decide("key", State.MERGED, at=3.0, zoho_id="9", module="Leads")
        first, _ = store.follow_ups.due("o", now=9.0, limit=2)
        begun = store.follow_ups.begin(first, "me", 4.0)
        assert begun is not None
        assert store.follow_ups.finish(begun, FollowUpState.REFUSED, at=5.0)
    refused = outbox(path)[0]
    assert (refused.facts["follow_ups_waiting"], refused.facts["follow_ups_refused"]) == (1, 1)
    assert refused.finding.next_step == "Look at the Log."


def test_notes_of_a_lead_that_was_undone_neither_wait_nor_need_anybody(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    path = tmp_path / "outbox.db"
    note = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers"})
    with closing(SqliteStore(path)) as store:
        row = store.add("key", {}, org="o", lane=0, at=1.0, follow_ups=[note, note])
        begun = begin(store, row, Attempt("me", Mode.KEYED, 2.0, None, None))
        assert begun is not None
        assert finish(store, begun, Outcome(State.SENT, zoho_id="9"), at=3.0)
        (first, _) = store.follow_ups.due("o", now=9.0, limit=2)
        under_way = store.follow_ups.begin(first, "me", 4.0)
        assert under_way is not None
        assert store.follow_ups.finish(under_way, FollowUpState.REFUSED, at=5.0)
        assert store.undos.want("key", at=6.0)
        assert store.undos.undone("key", at=7.0)
        undone = outbox(path)[0]
        assert (undone.sign, undone.finding.next_step) == (Sign.WELL, "")
        assert (undone.facts["follow_ups_waiting"], undone.facts["follow_ups_refused"]) == (0, 0)
        assert store.undos.restored("key", at=8.0)
        back = outbox(path)[0]
        assert (back.facts["follow_ups_waiting"], back.facts["follow_ups_refused"]) == (1, 1)


def test_the_outbox_of_a_version_that_undid_nothing_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in _STEPS[:FOLLOW_UPS_SINCE]:
            db.executescript(step)
        db.execute(f"PRAGMA application_id={APPLICATION_ID}")
        db.execute(f"PRAGMA user_version={FOLLOW_UPS_SINCE}")
        db.execute(
            'INSERT INTO leads (key, state, "values", lane, created_at, updated_at)'
            " VALUES ('key', 'sent', '{}', 0, 1.0, 1.0)"
        )
        db.execute(
            'INSERT INTO follow_ups (id, lead, kind, "values", state, module, created_at, updated_at)'
            " VALUES ('id', 'key', 'note', '{}', 'refused', 'Leads', 1.0, 1.0)"
        )
    assert OutboxLook(path).follow_ups() == {FollowUpState.REFUSED: 1}


def test_looking_at_an_outbox_makes_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out box?#%.db"
    assert OutboxLook(path).note("x") is None
    assert outbox(path)[0].facts == {"exists": False}
    assert list(tmp_path.iterdir()) == []
    tmp_path.chmod(0o700)
    store = SqliteStore(path)
    store.add("key", {}, org=None, lane=0, at=1.0)
    store.set_note("x", "y")
    store.close()
    before = path.read_bytes()
    assert OutboxLook(path).counts() == {"queued": 1}
    assert OutboxLook(path).note("x") == "y"
    assert path.read_bytes() == before
    path.write_bytes(b"")
    assert OutboxLook(path).counts() == {}


def test_a_write_that_was_cut_off_is_left_to_the_next_start(tmp_path: Path) -> None:
    path, cut = tmp_path / "whole.db", tmp_path / "outbox.db"
    tmp_path.chmod(0o700)
    SqliteStore(path).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA cache_size=1")
        db.execute("BEGIN IMMEDIATE")
        for number in range(200):
            db.execute("INSERT INTO notes VALUES (?, ?)", (str(number), "x" * 500))
        copyfile(path, cut)
        copyfile(f"{path}-journal", f"{cut}-journal")
        db.execute("ROLLBACK")
    before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    with pytest.raises(StorageError) as caught:
        OutboxLook(cut).counts()
    assert is_cut_off(caught.value.code), caught.value.code
    assert "next start sets that right" in outbox(cut)[0].finding.what
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_what_blocks_comes_first() -> None:
    odd, blocking = mend("a", "Odd.", "Mend it."), mend("b", "Wrong.", "Change it.", blocks=True)
    report = Report((Group("One", (well("w", "Fine."), odd)), Group("Two", (blocking,))))
    assert (report.first, report.ready) == (blocking, False)
    assert lines_of(report, utf8=True)[0] == "To mend first: Wrong. Change it."


def test_ascii_alone_where_nothing_else_is_shown() -> None:
    report = Report((Group("One", (told("a", "“Zoë” Ω"),)),), "Zoë", "Łukasz")
    assert all(line.isascii() for line in lines_of(report, utf8=False))
    assert lines_of(report, utf8=False)[3] == '  - "Zo\\xeb" \\u03a9'


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        (set(), None),
        ({"ZohoCRM.modules.contacts.READ"}, "contacts are not looked up"),
        (set(OPTIONAL_SCOPES), "accounts are not looked up; no note can be added"),
    ],
)
def test_what_is_left_out_for_want_of_a_scope_is_said(
    tmp_path: Path, lacking: set[str], said: str | None
) -> None:
    cache = TokenCache(tmp_path / "tokens.json", identity="who")
    cache.store(AccessToken(SecretStr("1000.a"), 9e9, scope=" ".join(set(ASKED_SCOPES) - lacking)))
    scopes, *optional = scope_entries(cache)
    assert scopes.sign == "well"
    assert len(optional) == bool(lacking)
    assert all(said is not None and said in entry.finding.what for entry in optional)
