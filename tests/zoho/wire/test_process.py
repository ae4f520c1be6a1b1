"""What the command does with its own process: no core, no look into it, no secret for a child."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from zoho.account.secret_sources import SECRET_NAMES, secret_variable
from zoho.wire.process import SECRET_VARIABLES, take_environment

ROOT = Path(__file__).parents[3]


def test_every_secret_that_has_a_variable_is_known() -> None:
    assert set(SECRET_VARIABLES) == {secret_variable(name) for name in SECRET_NAMES}


def test_the_secrets_are_taken_out_and_returned() -> None:
    environ = {"ZOHO_REFRESH_TOKEN": "r", "ZOHO_CLIENT_SECRET": "s", "ZOHO_CLIENT_ID": "c", "PATH": "/bin"}
    before = dict(environ)
    assert take_environment(environ) == before
    assert environ == {"ZOHO_CLIENT_ID": "c", "PATH": "/bin"}


def test_a_child_does_not_inherit_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRET_VARIABLES:
        monkeypatch.setenv(name, "canary")
    taken = take_environment()
    assert {taken[name] for name in SECRET_VARIABLES} == {"canary"}
    see = [[sys.executable, "-c", "import os; print(dict(os.environ))"], ["env"]]
    seen = [subprocess.run(command, capture_output=True, check=True).stdout for command in see]
    assert not any(b"canary" in one for one in seen)
    assert os.environ.get("ZOHO_REFRESH_TOKEN") is None
