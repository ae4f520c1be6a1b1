"""`zoho-leads login` as a process: approved by a form as a browser sends it, kept, and never half done."""

from __future__ import annotations

import json
import signal
import stat
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from approval import decide, shown
from sandbox_server import Serving, serve
from verbs import Ended, Home, credentials

from zoho.sandbox import World

SECRET = "canary-client-secret-000000000000"


@pytest.fixture
def world() -> World:
    world = World(submission_key="Submission_Key")
    world.client_secret = SECRET
    return world


@pytest.fixture
def home(tmp_path: Path, world: World, url: Serving) -> Home:
    """A home that has a client, and is not signed in yet."""
    given = credentials(world, url)
    del given["ZOHO_REFRESH_TOKEN"]
    return Home(tmp_path, given)


def kept(home: Home) -> dict[str, Any]:
    return json.loads(home.config_file.read_text()) if home.config_file.exists() else {}


def keep(home: Home, **content: Any) -> None:
    home.config_file.write_text(json.dumps(content))
    home.config_file.chmod(0o600)


class Running:
    """A login that runs, and what it has printed so far."""

    def __init__(self, home: Home, *arguments: str, env: Mapping[str, str | None] | None = None) -> None:
        self.process = home.start("login", *arguments, env=env)
        self.printed = ""

    def wait_for_code(self) -> tuple[str, str]:
        assert self.process.stdout is not None
        while (found := shown(self.printed)) is None:
            line = self.process.stdout.readline().decode()
            assert line, self.end()
            self.printed += line
        return found

    def end(self) -> Ended:
        out, err = self.process.communicate(timeout=60)
        return Ended(self.process.returncode, self.printed + out.decode(), err.decode())


def by_device(home: Home, word: str = "approve", **more: Any) -> Ended:
    running = Running(home, **more)
    decide(*running.wait_for_code(), word)
    return running.end()


def test_a_rep_signs_in_by_device_code_and_sends_a_lead(home: Home, world: World, url: Serving) -> None:
    ended = by_device(home)
    assert ended.status == 0, ended
    assert f"Open in any browser: {url}/device" in ended.out
    assert "Signed in as Robin Ellis to Zylker Ltd" in ended.out
    assert "Data centre: eu" in ended.out
    assert "\x1b" not in ended.out, "no terminal, no colours"
    assert list(kept(home)) == ["refresh_token"], "the rest comes from elsewhere"
    assert world.tokens.knows_refresh(kept(home)["refresh_token"])
    assert stat.S_IMODE(home.config_file.stat().st_mode) == 0o600
    before = world.token_requests
    added = home.run("add", given={"Last_Name": "Roe", "Company": "Acme"})
    assert added.status == 0, added
    assert world.token_requests == before, "the first access token is used"


def test_a_rep_who_denies_is_not_signed_in(home: Home) -> None:
    ended = by_device(home, "deny")
    assert ended.status == 1
    assert "refused in the browser" in ended.err
    assert kept(home) == {}


def test_ctrl_c_leaves_nothing_half_done(home: Home, world: World) -> None:
    running = Running(home)
    running.wait_for_code()
    running.process.send_signal(signal.SIGINT)
    ended = running.end()
    assert ended.status == 1
    assert "Stopped: nothing was changed." in ended.out
    assert "Traceback" not in ended.err
    assert kept(home) == {}
    assert world.tokens.alive_refresh_tokens() == [world.refresh_token]


def test_ctrl_c_after_it_was_kept_says_so(home: Home, world: World) -> None:
    world.faults.order("latency", path="/crm/v8/users", ms=20_000)
    running = Running(home)
    decide(*running.wait_for_code())
    _until(lambda: any(one.path == "/crm/v8/users" for one in world.requests))
    running.process.send_signal(signal.SIGINT)
    ended = running.end()
    assert ended.status == 1
    assert "Stopped: you are signed in." in ended.out
    assert world.tokens.knows_refresh(kept(home)["refresh_token"])


def test_no_secret_is_seen_anywhere_but_where_it_is_kept(home: Home, world: World) -> None:
    running = Running(home)
    address, code = running.wait_for_code()
    argv = Path(f"/proc/{running.process.pid}/cmdline").read_bytes()
    decide(address, code)
    ended = running.end()
    assert ended.status == 0, ended
    files = home.everything_kept()
    begun, refresh = world.device.begun[0], kept(home)["refresh_token"]
    secrets = [SECRET, refresh, begun.device_code]
    told = argv.decode() + ended.out + ended.err
    told += "".join(text.decode("latin-1") for name, text in files.items() if name.endswith(".log"))
    told += "".join(one.query for one in world.requests)
    assert "/oauth/v3/device/token" in told, "the log has the calls"
    assert [secret for secret in secrets if secret in told] == []
    holding = [name for name, text in files.items() if any(one.encode() in text for one in secrets)]
    assert holding == ["zoho_config.json"]


def test_a_grant_code_from_standard_input(home: Home, world: World) -> None:
    code = world.new_grant_code()
    ended = home.run("login", "--code", given=f"{code}\n")
    assert ended.status == 0, ended
    assert "Signed in as Robin Ellis" in ended.out
    assert world.tokens.knows_refresh(kept(home)["refresh_token"])
    assert code not in ended.out + ended.err


def test_client_id_and_secret_are_read_too_where_they_are_missing(home: Home, world: World) -> None:
    given = f"{world.client_id}\n{SECRET}\n{world.new_grant_code()}\n"
    missing: dict[str, str | None] = {"ZOHO_CLIENT_ID": None, "ZOHO_CLIENT_SECRET": None}
    ended = home.run("login", "--code", given=given, env=missing)
    assert ended.status == 0, ended
    assert kept(home)["client_id"] == world.client_id
    assert kept(home)["client_secret"] == SECRET
    assert SECRET not in ended.out + ended.err


def test_a_refresh_token_that_was_had_elsewhere(home: Home, world: World) -> None:
    ended = home.run("login", "--refresh-token", given=f"{world.refresh_token}\n")
    assert ended.status == 0, ended
    assert kept(home)["refresh_token"] == world.refresh_token
    assert world.refresh_token not in ended.out + ended.err


@pytest.mark.parametrize(
    ("way", "given", "status", "words"),
    [
        ("--code", "1000.unknown\n", 1, "does not accept the grant code"),
        ("--refresh-token", "1000.unknown\n", 1, "does not accept this refresh token"),
        ("--code", "", 2, "standard input has no line"),
        ("--code", "two words\n", 2, "holds blanks"),
    ],
)
def test_what_is_pasted_wrongly(home: Home, way: str, given: str, status: int, words: str) -> None:
    ended = home.run("login", way, given=given)
    assert (ended.status, ended.out) == (status, "")
    assert words in ended.err
    assert kept(home) == {}


def test_one_way_at_a_time_and_no_secret_as_an_option(home: Home) -> None:
    assert home.call("login", "--code", "--refresh-token").status == 2
    refused = home.call("login", "--code", "1000.grant")
    assert refused.status == 2
    assert "unexpected extra argument" in refused.err


def test_an_earlier_sign_in_of_the_same_client_is_revoked(home: Home, world: World) -> None:
    keep(home, client_id=world.client_id, refresh_token=world.refresh_token, pinned_fields=["Phone"])
    ended = home.run("login", "--code", given=world.new_grant_code())
    assert ended.status == 0, ended
    assert "The earlier sign-in was revoked." in ended.out
    assert world.tokens.alive_refresh_tokens() == [kept(home)["refresh_token"]]
    assert kept(home)["pinned_fields"] == ["Phone"]
    order = [one.path for one in world.requests]
    assert order.index("/oauth/v2/token/revoke") > order.index("/oauth/v2/token")


def test_a_revocation_that_fails_stops_nothing(home: Home, world: World) -> None:
    keep(home, client_id=world.client_id, refresh_token=world.refresh_token)
    world.faults.order("html", path="/oauth/v2/token/revoke")
    ended = home.run("login", "--code", given=world.new_grant_code())
    assert ended.status == 0, ended
    assert "could not be revoked" in ended.err
    assert "Connected Apps" in ended.err
    assert "Signed in as" in ended.out
    assert kept(home)["refresh_token"] != world.refresh_token


def test_the_sign_in_of_another_client_is_left_alone(home: Home, world: World) -> None:
    keep(home, client_id="1000.ANOTHER", refresh_token=world.refresh_token)
    ended = home.run("login", "--code", given=world.new_grant_code())
    assert ended.status == 0, ended
    assert "revoked" not in ended.out + ended.err
    assert world.tokens.knows_refresh(world.refresh_token)
    assert kept(home)["refresh_token"] != world.refresh_token


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"ZOHO_REFRESH_TOKEN": "1000.canary-token"}, "ZOHO_REFRESH_TOKEN"),
        ({"ZOHO_CONFIG": "/proc/zoho_config.json"}, "/proc"),
        ({"ZOHO_DATA_CENTER": "us"}, "ZOHO_DATA_CENTER"),
    ],
)
def test_nothing_is_fetched_that_could_not_be_kept(
    home: Home, world: World, env: dict[str, str], words: str
) -> None:
    ended = home.run("login", "--code", "--data-center", "eu", given=world.grant_code, env=env)
    assert ended.status == 2, ended
    assert words in ended.err
    assert "canary" not in ended.err
    assert world.requests == []


@pytest.mark.parametrize("verb", ["login", "logout"])
def test_a_stand_in_never_touches_the_file_for_the_real_zoho(home: Home, world: World, verb: str) -> None:
    own = home.folder / ".config" / "zoho-leads" / "zoho_config.json"
    own.parent.mkdir(parents=True, mode=0o700)
    own.write_text(json.dumps({"refresh_token": "1000.real"}))
    ended = home.run(verb, given=world.grant_code, env={"ZOHO_CONFIG": None})
    assert ended.status == 2, ended
    assert "a stand-in" in ended.err
    assert json.loads(own.read_text()) == {"refresh_token": "1000.real"}
    assert world.requests == []


def test_a_self_client_is_told_what_it_needs(home: Home, world: World) -> None:
    world.options.device_client = False
    ended = home.run("login")
    assert ended.status == 1
    assert "Non-browser Application" in ended.err
    assert "--data-center" in ended.err
    assert "zoho-leads login --code" in ended.err


def test_a_profile_without_api_access_is_signed_in_and_told(home: Home, world: World) -> None:
    world.options.api_access = False
    ended = home.run("login", "--code", given=world.new_grant_code())
    assert ended.status == 1
    assert "Developer Permissions > Zoho CRM API Access" in ended.err
    assert world.tokens.knows_refresh(kept(home)["refresh_token"]), "it is kept"


def test_scopes_that_are_missing_are_named(home: Home, world: World) -> None:
    scope = "ZohoCRM.modules.leads.CREATE,ZohoCRM.modules.leads.READ,ZohoCRM.users.READ,ZohoCRM.org.READ"
    world.options.missing_scopes = {"ZohoCRM.coql.READ"}
    code = world.new_grant_code(scope=f"{scope},ZohoCRM.settings.layouts.READ,ZohoCRM.coql.READ")
    ended = home.run("login", "--code", given=code)
    assert ended.status == 0
    assert "lacks these scopes: ZohoCRM.coql.READ." in ended.err
    assert "Leads cannot be looked up" in ended.err


def test_a_clock_that_is_wrong_is_told(tmp_path: Path) -> None:
    world = World(clock=lambda: time.time() + 900)
    with serve(world) as url:
        given = credentials(world, url)
        del given["ZOHO_REFRESH_TOKEN"]
        ended = Home(tmp_path, given).run("login", "--code", given=world.grant_code)
    assert ended.status == 0, ended
    assert "15 minutes behind Zoho's" in ended.err


def test_what_cannot_be_written_after_all_is_given_back(home: Home, world: World) -> None:
    home.config_file.symlink_to(home.folder / "real" / "zoho_config.json")
    (home.folder / "real").mkdir(mode=0o700)
    world.faults.order("latency", path="/oauth/v2/token", ms=1500)
    with subprocess.Popen(
        [*_command(), "login", "--code"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=home.environ(),
        cwd=home.folder,
    ) as process:
        assert process.stdin is not None
        process.stdin.write(world.new_grant_code().encode())
        process.stdin.close()
        process.stdin = None
        _until(lambda: any(one.path == "/oauth/v2/token" for one in world.requests))
        (home.folder / "real" / "zoho_config.json").write_text("{")
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1, (out, err)
    assert b"not JSON" in err
    assert [one.path for one in world.requests][-1] == "/oauth/v2/token/revoke"
    assert world.tokens.alive_refresh_tokens() == [world.refresh_token]


def _command() -> tuple[str, ...]:
    from verbs import COMMAND

    return COMMAND


def _until(holds: Any) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)
