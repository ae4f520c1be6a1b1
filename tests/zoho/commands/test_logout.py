"""`zoho-leads logout`: revoked at Zoho, forgotten here, and the leads stay."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from outbox_office import begin, finish
from sandbox_server import Serving
from verbs import Home, credentials

from zoho.leads.follow_up import FollowUp, FollowUpKind
from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, State
from zoho.outbox.store import Attempt, Outcome
from zoho.sandbox import World

LEAD = {"Last_Name": "Roe", "Company": "Acme"}


@pytest.fixture
def rep(tmp_path: Path, world: World, url: Serving) -> Home:
    """A home whose sign-in stands in its own file."""
    given = credentials(world, url)
    token = given.pop("ZOHO_REFRESH_TOKEN")
    home = Home(tmp_path, given)
    home.config_file.write_text(json.dumps({"refresh_token": token, "pinned_fields": ["Phone"]}))
    home.config_file.chmod(0o600)
    return home


def kept(home: Home) -> dict[str, Any]:
    return json.loads(home.config_file.read_text())


def test_it_revokes_and_forgets_and_the_leads_stay(rep: Home, world: World) -> None:
    assert rep.run("add", given=LEAD).status == 0
    world.faults.order("5xx-before", times=None, path="/crm/v8/Leads", status=503)
    rep.run("add", "--wait", "0", given=LEAD | {"Last_Name": "Doe"})
    access = json.loads((rep.data / "token.json").read_text())["tokens"]
    assert any("access_token" in one for one in access.values())
    ended = rep.run("logout")
    assert ended.status == 0, ended
    assert "Revoked at Zoho" in ended.out
    assert "Leads that wait in the outbox: 1" in ended.out
    assert not world.tokens.knows_refresh(world.refresh_token)
    assert kept(rep) == {"pinned_fields": ["Phone"]}
    access = json.loads((rep.data / "token.json").read_text())["tokens"]
    assert not any("access_token" in one for one in access.values())
    assert len(rep.rows()) == 2
    assert world.refresh_token not in ended.out + ended.err
    again = rep.run("logout")
    assert again.status == 0
    assert "Nobody was signed in" in again.out


def test_notes_that_wait_although_their_lead_was_sent_are_told(stranger: Home) -> None:
    note = FollowUp(FollowUpKind.NOTE, {"Note_Title": "Answers"})
    with closing(SqliteStore(stranger.data / "outbox.db")) as store:
        row = store.add("key", LEAD, org="o", lane=0, at=1.0, follow_ups=[note])
        begun = begin(store, row, Attempt("me", Mode.KEYED, 2.0, None, None))
        assert begun is not None
        assert finish(store, begun, Outcome(State.SENT, zoho_id="9"), at=3.0)
    ended = stranger.run("logout")
    assert "Leads that wait in the outbox: 0; that need you: 0. They stay there." in ended.out
    assert "Notes and call-backs that wait: 1; that Zoho refused: 0. They stay, too." in ended.out


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [("html", 1, "Not revoked at Zoho"), (None, 0, "did not know the refresh token")],
)
def test_it_forgets_where_zoho_cannot_be_told(
    rep: Home, world: World, fault: str | None, status: int, words: str
) -> None:
    if fault:
        world.faults.order(fault, path="/oauth/v2/token/revoke")
    else:
        world.tokens.revoke(world.refresh_token)
    ended = rep.run("logout")
    assert ended.status == status, ended
    assert words in ended.out + ended.err
    assert kept(rep) == {"pinned_fields": ["Phone"]}


def test_what_the_environment_gives_is_left_alone(home: Home, world: World) -> None:
    ended = home.run("logout")
    assert (ended.status, ended.out) == (2, "")
    assert "ZOHO_REFRESH_TOKEN" in ended.err
    assert world.requests == []
