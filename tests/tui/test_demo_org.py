"""The demo can be any of the stand-in's orgs."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

PROGRAM = "from zoho.commands.demo import stand_in; print(stand_in().app.state.world.org['company_name'])"


@pytest.mark.parametrize(
    ("named", "company"),
    [(None, "Zylker Ltd"), ("strict", "Zylker Bank"), ("nowhere", "Zylker Ltd"), ("", "Zylker Ltd")],
)
def test_it_is_the_org_that_the_environment_names(named: str | None, company: str) -> None:
    environ = {name: value for name, value in os.environ.items() if name != "ZOHO_DEMO_ORG"}
    environ |= {"ZOHO_DEMO_ORG": named} if named is not None else {}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True, env=environ
    )
    assert done.stdout.strip() == company
