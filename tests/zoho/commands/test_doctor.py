"""`zoho-leads doctor` as a process: what is wrong stands on its first line, and nothing is changed."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pty_session import PtySession
from pydantic import SecretStr
from sandbox_server import serve
from verbs import COMMAND, Ended, Home, credentials, posts

from zoho.account.token_cache import TokenCache, token_identity
from zoho.outbox.sender_lock import SenderLock
from zoho.sandbox import World

LEAD = {"Last_Name": "Roe", "Company": "Acme"}
TOKEN_FILES = {"data/token.json", "data/token.json.lock", "data/token.json.refresh.lock"}


def head(ended: Ended) -> str:
    """Return what stands above the groups, on one line."""
    assert ended.err == "", ended
    assert max(map(len, ended.out.splitlines())) <= 80 or "/" in ended.out, ended
    return " ".join(ended.out.split("\n\n", 1)[0].splitlines())


def words(ended: Ended) -> str:
    """Return all of it on one line."""
    return " ".join(ended.out.split())


def findings(ended: Ended, name: str) -> list[Mapping[str, Any]]:
    entries = [entry for group in ended.json["groups"] for entry in group["findings"]]
    return [entry for entry in entries if entry["name"] == name]


def free_port() -> int:
    with closing(socket.socket()) as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# Well


def test_all_is_well_and_says_where_and_as_whom(home: Home, world: World) -> None:
    ended = home.run("doctor")
    assert ended.status == 0, ended
    assert head(ended) == "A lead could be sent now, to Zylker Ltd (sandbox), as Robin Ellis."
    groups = [line for line in ended.out.splitlines()[1:] if line and not line.startswith(" ")]
    assert groups == ["Terminal", "Configuration", "Data", "Line", "Zoho"]
    assert "✓ API: 127.0.0.1:" in ended.out
    assert "! " not in ended.out
    assert posts(world) == []
    assert set(home.everything_kept()) == TOKEN_FILES


def test_it_changes_nothing_of_what_is_there(home: Home, world: World) -> None:
    assert home.run("add", given=LEAD).status == 0
    before = home.everything_kept()
    ended = home.run("doctor", "--json")
    after = home.everything_kept()
    assert ended.status == 0
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed <= {"data/log/zoho-leads.log"}
    assert len(posts(world)) == 1
    assert findings(ended, "outbox")[0]["facts"] == {
        "exists": True,
        "waiting": 0,
        "need_you": 0,
        "drafts": 0,
        "follow_ups_waiting": 0,
        "follow_ups_refused": 0,
    }
    assert "Keyed" in findings(ended, "keying")[0]["what"]
    assert findings(ended, "refreshes")[0]["facts"] == {"used": 1, "allowed": 5, "seconds_to_wait": 0}
    age, left = (findings(ended, "token")[0]["facts"][name] for name in ("age", "seconds_left"))
    assert 0 <= age <= 60
    assert age + left == pytest.approx(3600, abs=2)


def test_json_says_the_same(home: Home) -> None:
    told = home.run("doctor", "--json").json
    assert (told["ready"], told["first"], told["org"]) == (True, None, "Zylker Ltd (sandbox)")
    assert told["user"] == "Robin Ellis"
    keys = {"name", "sign", "blocks", "what", "next_step", "facts"}
    assert all(set(entry) == keys for group in told["groups"] for entry in group["findings"])
    assert {entry["sign"] for group in told["groups"] for entry in group["findings"]} == {"well", "info"}


def test_a_c_locale_is_shown_ascii(home: Home) -> None:
    ended = home.run("doctor", env={"LC_ALL": "C"})
    assert ended.status == 0
    assert ended.out.isascii()
    assert "  + API: " in ended.out


def test_a_terminal_is_told(home: Home) -> None:
    environ: dict[str, str | None] = {**home.environ(), "TERM": "xterm-256color", "TMUX": "x"}
    with PtySession([*COMMAND, "doctor", "--offline"], env=environ, cwd=home.folder) as terminal:
        assert terminal.wait_exit() == 0
        assert b"A terminal: xterm-256color, 80 x 24, inside tmux." in terminal.raw


def test_an_access_token_is_not_written_into_the_configuration(home: Home) -> None:
    home.config_file.write_text('{"save_access_token": true}')
    before = home.config_file.read_bytes()
    assert home.run("doctor").status == 0
    assert home.config_file.read_bytes() == before


# Not signed in, or not as it should be


def test_nobody_is_signed_in(stranger: Home) -> None:
    ended = stranger.run("doctor", "--offline")
    assert ended.status == 1
    assert head(ended).startswith("To mend first: Not signed in to Zoho: client id,")
    assert "Run zoho-leads login" in head(ended)
    assert stranger.everything_kept() == {}
    assert not stranger.data.exists()


def test_a_wrong_secret(home: Home) -> None:
    ended = home.run("doctor", env={"ZOHO_CLIENT_SECRET": "canary-wrong-secret"})
    assert ended.status == 1
    assert head(ended).startswith("To mend first: The client secret is wrong. Copy it again")
    assert "canary" not in ended.out


@pytest.mark.parametrize(
    ("scope", "said"),
    [("ZohoCRM.settings.layouts.READ", "layouts.READ"), ("ZohoCRM.users.READ", "users.READ")],
)
def test_a_missing_scope(home: Home, world: World, scope: str, said: str) -> None:
    world.options.missing_scopes.add(scope)
    ended = home.run("doctor")
    assert ended.status == 1, ended
    assert head(ended).startswith("To mend first: ")
    assert said in head(ended)


def test_without_looking_up_a_lead_can_be_sent_all_the_same(home: Home, world: World) -> None:
    world.options.missing_scopes.add("ZohoCRM.coql.READ")
    world.options.missing_scopes.add("ZohoCRM.modules.Leads.READ")
    ended = home.run("doctor")
    assert ended.status == 0, ended
    assert head(ended).startswith("A lead could be sent now, to Zylker Ltd")
    assert "To mend first: The sign-in lacks these scopes: ZohoCRM.coql.READ." in head(ended)
    assert "! Leads cannot be looked up." in ended.out


def test_no_api_access(home: Home, world: World) -> None:
    world.options.api_access = False
    ended = home.run("doctor")
    assert ended.status == 1
    assert head(ended).startswith("To mend first: ")
    assert "API access" in head(ended)


def test_a_source_that_the_org_lacks(home: Home) -> None:
    ended = home.run("doctor", "--source", "Nowhere")
    assert ended.status == 1
    assert "To mend first: The org's list of lead sources lacks “Nowhere”." in head(ended)


def test_no_more_tokens_are_given(home: Home, world: World) -> None:
    home.data.mkdir(mode=0o700)
    identity = token_identity(world.client_id, SecretStr(world.refresh_token))
    cache = TokenCache(home.data / "token.json", identity=identity)
    for _ in range(5):
        cache.record_refresh(time.time() - 90)
    ended = home.run("doctor")
    assert ended.status == 1
    assert "To mend first: Access tokens asked for in the last 10 minutes: 5 of 5." in head(ended)
    assert "Nothing to do: it goes on in 9 minutes, at " in head(ended)
    assert world.token_requests == 0


def test_the_used_up_tokens_are_no_matter_while_one_is_good(home: Home, world: World) -> None:
    assert home.run("doctor").status == 0
    identity = token_identity(world.client_id, SecretStr(world.refresh_token))
    cache = TokenCache(home.data / "token.json", identity=identity)
    for _ in range(5):
        cache.record_refresh(time.time())
    ended = home.run("doctor")
    assert ended.status == 0, ended
    assert "To mend first: Access tokens asked for in the last 10 minutes: 5 of 5." in head(ended)


def test_every_scope_is_there(home: Home) -> None:
    (scopes,) = findings(home.run("doctor", "--json"), "scopes")
    assert (scopes["sign"], scopes["facts"]["missing"]) == ("well", [])
    assert "ZohoCRM.modules.ALL" in scopes["facts"]["granted"]


def test_scopes_that_zoho_did_not_list(home: Home, world: World) -> None:
    body = {"access_token": world.issue_access_token(), "expires_in": 3600}
    world.faults.order("answer", path="/oauth/v2/token", body=body)
    (scopes,) = findings(home.run("doctor", "--json"), "scopes")
    assert (scopes["sign"], scopes["facts"]["granted"]) == ("info", None)


def test_missing_scopes_are_named(home: Home, world: World) -> None:
    world.options.missing_scopes.add("ZohoCRM.modules.ALL")
    ended = home.run("doctor", "--json")
    assert ended.status == 1, "leads cannot be created"
    lacking = "The sign-in lacks these scopes: ZohoCRM.modules.leads.CREATE, ZohoCRM.modules.leads.READ."
    assert ended.json["first"]["what"] == lacking
    assert "Self Client > Generate Code > Scope" in ended.json["first"]["next_step"]
    offline = home.run("doctor", "--json", "--offline")
    assert offline.json["first"]["what"] == lacking, "known from the token's answer"


def test_missing_scopes_are_named_where_zoho_lists_none(home: Home, world: World) -> None:
    body = {"access_token": world.issue_access_token(), "expires_in": 3600}
    world.faults.order("answer", path="/oauth/v2/token", body=body)
    world.options.missing_scopes |= {"ZohoCRM.org.READ", "ZohoCRM.settings.layouts.READ"}
    ended = home.run("doctor")
    assert ended.status == 1, ended
    lacking = "lacks these scopes: ZohoCRM.settings.layouts.READ, ZohoCRM.org.READ."
    assert lacking in head(ended)


def test_credits_are_told_where_zoho_tells_them(home: Home, world: World) -> None:
    (unknown,) = findings(home.run("doctor", "--json"), "api_credits")
    assert unknown["facts"] == {"remaining": None}
    world.options.credits_remaining = 2_000
    ended = home.run("doctor", "--json")
    (seen,) = findings(ended, "api_credits")
    assert seen["facts"]["remaining"] == world.options.credits_remaining < 2_000
    assert f"{world.options.credits_remaining:,}." in seen["what"]
    assert abs(seen["facts"]["at"] - time.time()) < 60


def a_link(file: Path) -> None:
    file.unlink()
    file.symlink_to(file.parent / "elsewhere")


def a_foreign_file(file: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can give a file away")
    os.chown(file, 12345, 12345)


@pytest.mark.parametrize("name", ["token.json", "token.json.lock", "token.json.refresh.lock"])
@pytest.mark.parametrize("make", [a_link, a_foreign_file])
def test_a_token_file_that_is_not_private(home: Home, world: World, make: Any, name: str) -> None:
    assert home.run("doctor").status == 0
    world.expire_tokens()
    file = home.data / name
    make(file)
    ended = home.run("doctor")
    assert ended.status == 1, ended
    assert f"To mend first: {file} " in head(ended)
    command = head(ended).rpartition("it is made anew: ")[2]
    assert str(file) in command
    subprocess.run(["sh", "-c", command], check=True)
    assert home.run("doctor").status == 0


def test_everything_that_is_looked_at_has_a_name_for_programs(home: Home) -> None:
    told = home.run("doctor", "--json").json
    names = {entry["name"] for group in told["groups"] for entry in group["findings"]}
    assert names >= {
        *("terminal", "locale", "colours", "config_file", "site_config_file", "secrets", "data_folder"),
        *("free_space", "outbox", "sender", "log_file", "proxy", "certificates", "accounts_host", "api_host"),
        *("clock", "token", "refreshes", "scopes", "org", "form", "source", "look_up", "keying"),
        "api_credits",
    }


# Secrets that a helper command gives


def keep_in_helper(home: Home, *command: str) -> None:
    home.config_file.write_text(json.dumps({"refresh_token_command": command}))
    home.config_file.chmod(0o600)


def test_a_helper_command_is_asked(home: Home, world: World) -> None:
    keep_in_helper(home, "sh", "-c", 'echo "$0"', world.refresh_token)
    ended = home.run("doctor", env={"ZOHO_REFRESH_TOKEN": None})
    assert ended.status == 0, ended
    assert "Secrets come from the environment and a helper command." in words(ended)
    assert "refresh_token_command: sh ..." in ended.out
    assert world.refresh_token not in ended.out


def test_a_helper_command_that_gives_nothing(home: Home, world: World) -> None:
    keep_in_helper(home, "false")
    ended = home.run("doctor", env={"ZOHO_REFRESH_TOKEN": None})
    assert ended.status == 1
    assert "To mend first: " in head(ended)
    assert "false" in head(ended)
    assert world.requests == []


def test_offline_runs_no_helper_command(home: Home) -> None:
    keep_in_helper(home, "touch", str(home.folder / "asked"))
    ended = home.run("doctor", "--offline", env={"ZOHO_REFRESH_TOKEN": None})
    assert ended.status == 0, ended
    assert not (home.folder / "asked").exists()
    assert "refresh_token: not asked for yet" in words(ended)
    assert "Not all were asked for." in words(ended)


# The line


def test_no_network(home: Home, world: World) -> None:
    closed = f"http://127.0.0.1:{free_port()}"
    ended = home.run("doctor", env={"ZOHO_ACCOUNTS_URL": closed, "ZOHO_API_DOMAIN": closed})
    assert ended.status == 1
    assert "refuses the connection" in head(ended)
    assert ended.out.count("refuses the connection") == 3
    assert world.requests == []


def test_the_clock_is_wrong(tmp_path: Path) -> None:
    world = World(clock=lambda: time.time() + 900)
    with serve(world) as url:
        ended = Home(tmp_path, credentials(world, url)).run("doctor")
    assert ended.status == 0, ended
    assert "To mend first: This computer's clock is 15 minutes behind Zoho's." in head(ended)


def test_offline_asks_nobody(home: Home, world: World) -> None:
    ended = home.run("doctor", "--offline")
    assert ended.status == 0
    assert head(ended) == "Nothing here keeps a lead from being sent; Zoho was not asked."
    assert world.requests == []


def test_a_proxy_that_cannot_be_used(home: Home) -> None:
    ended = home.run("doctor", env={"HTTPS_PROXY": "socks9://canary:canary@x:1"})
    assert ended.status == 1
    assert "The proxy that the environment names cannot be used." in head(ended)
    assert "canary" not in ended.out


# Configuration and data


def test_a_broken_configuration_file(home: Home) -> None:
    home.config_file.write_text('{"client_secret": "canary-in-file"')
    ended = home.run("doctor")
    assert ended.status == 1
    assert "is not JSON" in head(ended)
    assert "Mend it with a text editor" in head(ended)
    assert "canary" not in ended.out
    assert "Zoho was not asked" in ended.out
    assert "is made at the first start" in ended.out, "the rest is looked at all the same"


@pytest.mark.parametrize("variable", ["ZOHO_DATA_CENTER", "ZOHO_API_DOMAIN", "ZOHO_KEEP_DAYS"])
def test_a_value_that_cannot_be_used(home: Home, variable: str) -> None:
    ended = home.run("doctor", env={variable: "nonsense"})
    assert ended.status == 1
    assert variable in head(ended)


def test_what_is_odd_is_to_be_mended_and_keeps_nothing_back(home: Home) -> None:
    home.config_file.write_text('{"sorce": "x"}')
    ended = home.run("doctor")
    assert ended.status == 0
    assert "did you mean 'source'?" in head(ended)


@pytest.mark.parametrize(
    ("script", "said"),
    [("bent", "Did you mean bant?"), ("~/none.toml", "is not there"), ("", None), ("meddic", None)],
)
def test_a_script_that_cannot_be_read_is_told_and_keeps_nothing_back(
    home: Home, script: str, said: str | None
) -> None:
    ended = home.run("doctor", "--offline", "--json", env={"ZOHO_SCRIPT": script})
    told = findings(ended, "script")
    assert ended.status == 0
    assert bool(told) is (said is not None)
    assert all(said in one["what"] and "No question is asked" in one["next_step"] for one in told if said)


def test_a_script_with_a_mistake_is_told_by_its_line(home: Home) -> None:
    (home.folder / "own.toml").write_text("title = 3\n")
    ended = home.run("doctor", "--offline", env={"ZOHO_SCRIPT": "~/own.toml"})
    assert "own.toml, line 1" in words(ended)


def a_file_in_its_place(home: Home) -> None:
    home.data.write_text("")


def a_link_in_its_place(home: Home) -> None:
    (home.folder / "real").mkdir(mode=0o700)
    home.data.symlink_to(home.folder / "real")


def open_to_others(home: Home) -> None:
    home.data.mkdir()
    (home.data / "something").write_text("")
    home.data.chmod(0o755)


@pytest.mark.parametrize("make", [a_file_in_its_place, a_link_in_its_place, open_to_others])
def test_a_data_folder_that_cannot_be_used(home: Home, make: Any) -> None:
    make(home)
    before = home.everything_kept()
    ended = home.run("doctor")
    assert ended.status == 1
    assert head(ended).startswith("To mend first: ")
    assert str(home.data) in head(ended)
    assert home.everything_kept() == before


@pytest.mark.parametrize("place", ["~nobody-of-that-name/x", "zoho_config.json/x"])
def test_a_data_folder_that_cannot_be(home: Home, place: str) -> None:
    home.config_file.write_text("{}")
    ended = home.run("doctor", "--json", env={"ZOHO_DATA_DIR": place})
    assert (ended.status, ended.err) == (1, ""), ended
    assert ended.json["first"]["name"] == "data_folder"


def test_a_read_only_data_folder(as_user: Path) -> None:
    home = Home(as_user)
    home.data.mkdir(mode=0o500)
    ended = home.call("doctor", "--offline")
    assert ended.status == 1
    assert "This user cannot write into" in head(ended)


def test_a_log_that_cannot_be_written(home: Home) -> None:
    home.config_file.write_text("{}")
    log = home.config_file / "x.log"
    ended = home.run("doctor", "--json", "--log-file", str(log))
    assert ended.status == 1
    assert ended.json["first"]["what"] == f"The log {log} cannot be written."


# The outbox


def test_a_damaged_outbox_is_told_and_left_as_it_is(home: Home) -> None:
    home.run("add", given=LEAD)
    with (home.data / "outbox.db").open("r+b") as file:
        file.write(b"\xa7" * 16)
    before = (home.data / "outbox.db").read_bytes()
    ended = home.run("doctor")
    assert ended.status == 0, ended
    assert "To mend first: The outbox file is damaged, or not ours." in head(ended)
    assert "Start zoho-leads: it sets the file aside" in head(ended)
    assert (home.data / "outbox.db").read_bytes() == before
    assert list(home.data.glob("outbox-damaged-*")) == []


def test_damaged_files_beside_are_named(home: Home) -> None:
    home.run("add", given=LEAD)
    aside = home.data / "outbox-damaged-20260102-030405.db"
    aside.write_bytes(b"")
    ended = home.run("doctor", "--json")
    assert ended.status == 0
    assert findings(ended, "damaged")[0]["facts"] == {"files": [str(aside)]}


def test_another_programs_outbox(home: Home) -> None:
    home.data.mkdir(mode=0o700)
    with closing(sqlite3.connect(home.data / "outbox.db")) as db:
        db.execute("CREATE TABLE theirs (x)")
    ended = home.run("doctor")
    assert ended.status == 1
    assert "another program's database" in head(ended)


def test_leads_and_the_sender_are_counted(stranger: Home) -> None:
    stranger.run("add", given=LEAD)
    lock = SenderLock(stranger.data / "outbox.lock")
    assert lock.acquire()
    ended = stranger.run("doctor", "--offline", "--json")
    lock.release()
    assert findings(ended, "outbox")[0]["facts"]["waiting"] == 1
    assert findings(ended, "sender")[0]["facts"] == {"running": True}


# Secrets


@pytest.mark.parametrize("more", [(), ("--json",), ("--offline",)])
def test_no_secret_is_told(home: Home, world: World, more: tuple[str, ...]) -> None:
    canaries = {
        "ZOHO_CLIENT_SECRET": None,
        "ZOHO_ACCESS_TOKEN": "canary-access",
        "HTTPS_PROXY": "http://canary-user:canary-word@127.0.0.1:9",
        "http_proxy": "canary-user:canary/word@127.0.0.1:9",
        "NO_PROXY": "canary-user:canary-word@x",
    }
    content = {"client_secret": world.client_secret, "refresh_token": "canary-in-file"}
    home.config_file.write_text(json.dumps(content))
    home.config_file.chmod(0o600)
    ended = home.run("doctor", *more, env=canaries)
    assert ended.err == ""
    for secret in ("canary", world.client_secret, world.refresh_token, world.client_id):
        assert secret not in ended.out
    assert "client_secret: set" in ended.out
    assert "http://127.0.0.1:9" in ended.out
    token = home.data / "token.json"
    if token.exists():
        for entry in json.loads(token.read_text())["tokens"].values():
            assert entry.get("access_token", "canary") not in ended.out


# What it loads


def test_it_loads_no_screen(home: Home) -> None:
    program = (
        "import sys\nfrom tui.verbs import zoho_leads\n"
        "try:\n    zoho_leads(['doctor'])\nexcept SystemExit as end:\n    assert end.code == 0, end.code\n"
        "assert 'textual' not in sys.modules and 'rich' not in sys.modules\nprint('no screen')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=home.environ(),
        cwd=home.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.endswith("no screen\n"), (done.stdout, done.stderr)


@pytest.mark.skipif(os.name != "posix", reason="a descriptor that is closed")
def test_closed_streams_are_no_matter(home: Home) -> None:
    done = subprocess.run(
        ["sh", "-c", '"$@" <&- 2>&-', "sh", *COMMAND, "doctor", "--offline"],
        env=home.environ(),
        cwd=home.folder,
        stdout=subprocess.PIPE,
        check=False,
    )
    assert done.returncode == 0
