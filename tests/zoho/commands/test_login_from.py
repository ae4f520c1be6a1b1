"""`zoho-leads login --from FILE`: a sign-in out of another file is tried, kept, and nothing else of it is."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from sandbox_server import Serving
from verbs import Home, credentials

from zoho.sandbox import World

CANARY = "canary-client-secret-000000000000"


@pytest.fixture
def world() -> World:
    world = World(submission_key="Submission_Key")
    world.client_secret = CANARY
    return world


@pytest.fixture
def home(tmp_path: Path, world: World, url: Serving) -> Home:
    """A home that knows the stand-in, and nobody's credentials."""
    given = credentials(world, url)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN", "DATA_CENTER"):
        del given[f"ZOHO_{name}"]
    return Home(tmp_path, given)


def whole(world: World) -> dict[str, Any]:
    return {
        "client_id": world.client_id,
        "client_secret": world.client_secret,
        "refresh_token": world.refresh_token,
        "data_center": "eu",
    }


def other(home: Home, content: Any) -> Path:
    path = home.folder / "old.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    path.chmod(0o600)
    return path


def kept(home: Home) -> dict[str, Any]:
    return json.loads(home.config_file.read_text()) if home.config_file.exists() else {}


def test_client_token_and_data_centre_are_taken_and_the_rest_is_left(home: Home, world: World) -> None:
    content = whole(world) | {"source": "Trade Show", "access_token": "1000.canary-old-one", "team": "EMEA"}
    path = other(home, content)
    ended = home.run("login", "--from", str(path))
    assert ended.status == 0, ended
    assert "nothing else is taken over: source, access_token, team stay there" in ended.out
    assert "Signed in as Robin Ellis to Zylker Ltd" in ended.out
    assert kept(home) == whole(world)
    assert home.config_file.stat().st_mode & 0o777 == 0o600
    assert json.loads(path.read_text()) == content
    told = ended.out + ended.err
    assert [one for one in ("canary", world.refresh_token) if one in told] == []
    added = home.run("add", given={"Last_Name": "Roe", "Company": "Acme"})
    assert added.status == 0, added


def test_without_a_data_centre_the_configured_one_is_tried_and_said(home: Home, world: World) -> None:
    content = whole(world)
    del content["data_center"]
    ended = home.run("login", "--from", str(other(home, content)), env={"ZOHO_DATA_CENTER": "eu"})
    assert ended.status == 0, ended
    assert "names no data centre: eu is tried" in ended.out
    assert "data_center" not in kept(home)


def test_what_does_not_work_is_not_kept_and_the_sign_in_of_now_stays(home: Home, world: World) -> None:
    before = whole(world) | {"pinned_fields": ["Phone"]}
    home.config_file.write_text(json.dumps(before))
    home.config_file.chmod(0o600)
    ended = home.run(
        "login", "--from", str(other(home, whole(world) | {"refresh_token": "1000.canary-dead"}))
    )
    assert ended.status == 1, ended
    assert "does not accept this refresh token" in ended.err
    assert "canary" not in ended.out + ended.err
    assert kept(home) == before
    assert world.tokens.knows_refresh(world.refresh_token)


def test_the_sign_in_that_it_replaces_is_revoked(home: Home, world: World) -> None:
    earlier = world.tokens.grant()
    home.config_file.write_text(json.dumps(whole(world) | {"refresh_token": earlier}))
    home.config_file.chmod(0o600)
    ended = home.run("login", "--from", str(other(home, whole(world))))
    assert ended.status == 0, ended
    assert "The earlier sign-in was revoked." in ended.out
    assert world.tokens.alive_refresh_tokens() == [world.refresh_token]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "must be one JSON object"),
        ("{}", "has no client_id, client_secret, refresh_token. It is empty."),
        ({"installed": {"client_id": "1000.canary"}}, "Its keys are: installed."),
        ({"clientId": "1000.canary", "refreshToken": "1000.canary"}, "did you mean 'client_id'?"),
        ({"client_id": "1000.canary", "client_secret": "canary"}, "has no refresh_token"),
        (
            {"client_id": 17, "client_secret": "canary", "refresh_token": "canary"},
            "key 'client_id' is no text",
        ),
        (
            {"client_id": "1", "client_secret": "canary\n", "refresh_token": "can\x1bary"},
            "key 'refresh_token'",
        ),
        ({"client_id": "1", "client_secret": "c", "refresh_token": "r", "data_center": "mars"}, "'mars'"),
    ],
)
def test_a_file_of_another_shape_is_refused_by_its_keys(home: Home, content: Any, words: str) -> None:
    ended = home.call("login", "--from", str(other(home, content)))
    assert ended.status == 2, ended
    assert words in ended.err
    assert "canary" not in ended.out + ended.err
    assert kept(home) == {}


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("link", "is a symbolic link, to"),
        ("folder", "is no file"),
        ("pipe", "is no file"),
        ("nothing", "No such file"),
        ("large", "too large"),
        ("itself", "is the file that is used already"),
    ],
)
def test_what_is_no_other_file_is_refused(home: Home, world: World, kind: str, words: str) -> None:
    path = home.folder / "one"
    if kind == "link":
        path.symlink_to(other(home, whole(world)))
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "large":
        path.write_text(" " * (2 << 20))
    elif kind == "itself":
        path = home.config_file
        path.write_text(json.dumps(whole(world)))
        path.chmod(0o600)
    ended = home.call("login", "--from", str(path))
    assert ended.status == 2, ended
    assert words in ended.err
    assert world.requests == []


@pytest.mark.parametrize(
    ("variable", "words"),
    [("ZOHO_CLIENT_ID", "gives another client_id"), ("ZOHO_CLIENT_SECRET", "gives another client_secret")],
)
def test_what_the_environment_would_go_before_is_refused(
    home: Home, world: World, variable: str, words: str
) -> None:
    ended = home.run("login", "--from", str(other(home, whole(world))), env={variable: "1000.canary-other"})
    assert ended.status == 2, ended
    assert words in ended.err
    assert "canary" not in ended.err
    assert world.requests == []


def test_one_way_at_a_time(home: Home, world: World) -> None:
    assert home.call("login", "--from", str(other(home, whole(world))), "--code").status == 2
