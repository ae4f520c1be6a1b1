"""``zoho-leads sandbox`` as a process."""

from __future__ import annotations

import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

COMMAND = [sys.executable, "-c", "from zoho.commands.sandbox import sandbox; sandbox()"]


@contextmanager
def running(*options: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, str], list[str]]]:
    process = subprocess.Popen(
        [*COMMAND, "--port", "0", *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip("\n"))
            if line.startswith("# open"):
                break
        assigned = [shlex.split(line)[1] for line in lines if line.startswith("export ")]
        yield process, dict(one.split("=", 1) for one in assigned), lines
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def ask(method: str, url: str, **more: object) -> httpx.Response:
    return httpx.request(method, url, timeout=5, trust_env=False, **more)  # type: ignore[arg-type]


def connect(environment: dict[str, str]) -> tuple[str, dict[str, str]]:
    form = {
        "grant_type": "refresh_token",
        "client_id": environment["ZOHO_CLIENT_ID"],
        "client_secret": environment["ZOHO_CLIENT_SECRET"],
        "refresh_token": environment["ZOHO_REFRESH_TOKEN"],
    }
    answer = ask("POST", f"{environment['ZOHO_ACCOUNTS_URL']}/oauth/v2/token", data=form).json()
    assert answer["api_domain"] == environment["ZOHO_API_DOMAIN"]
    return answer["api_domain"], {"Authorization": f"Zoho-oauthtoken {answer['access_token']}"}


def test_it_prints_what_connects_and_ends_quietly() -> None:
    with running() as (process, environment, lines):
        base, headers = connect(environment)
        fields = ask("GET", f"{base}/crm/v8/settings/fields?module=Leads", headers=headers).json()["fields"]
        assert "Submission_Key" in {one["api_name"] for one in fields}
        assert base.startswith("http://127.0.0.1:")
        assert environment["ZOHO_ALLOW_LOOPBACK"] == "1"
        assert list(Path(environment["ZOHO_DATA_DIR"]).iterdir()) == []
        assert all(line.startswith(("#", "export ")) for line in lines)
        assert lines[-1] == f"# open {base}/ to see the leads"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=10)
        assert (process.returncode, out, err) == (0, "", "")


def test_its_options() -> None:
    with running("--unkeyed", "--token-life", "60", "--fault", "5xx-before:2") as (_, environment, _lines):
        base, headers = connect(environment)
        url = f"{base}/crm/v8/settings/fields?module=Leads"
        statuses = [ask("GET", url, headers=headers).status_code for _ in range(3)]
        assert statuses == [500, 500, 200]
        fields = ask("GET", url, headers=headers).json()["fields"]
        assert "Submission_Key" not in {one["api_name"] for one in fields}


def test_it_is_the_org_that_is_named() -> None:
    with running("--org", "strict") as (_, environment, _lines):
        base, headers = connect(environment)
        answer = ask("GET", f"{base}/crm/v8/settings/layouts?module=Leads", headers=headers)
        assert [one["name"] for one in answer.json()["layouts"]] == ["Standard", "Short", "Retired"]


def test_a_port_in_use_is_told_in_one_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "--port", str(port)], capture_output=True, text=True, timeout=20, check=False
        )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert str(port) in done.stderr


def test_an_unknown_fault_is_told() -> None:
    done = subprocess.run(
        [*COMMAND, "--fault", "flood"], capture_output=True, text=True, timeout=20, check=False
    )
    assert done.returncode == 2
    assert "drop-after" in done.stderr


def test_the_stand_in_in_process_loads_no_server_and_no_client() -> None:
    program = (
        "import sys; from zoho.sandbox import World, create_app; create_app(World()); "
        "foreign = ('uvicorn', 'httpx', 'textual', 'pydantic', 'zoho.wire', 'zoho.api', 'zoho.account'); "
        "print([m for m in foreign if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_verb_is_cheap_to_look_at() -> None:
    program = (
        "import sys; import zoho.commands.sandbox; "
        "print([m for m in ('uvicorn', 'starlette', 'asyncio', 'zoho.sandbox.world') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
