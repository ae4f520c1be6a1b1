"""What a new sign-in lacks: scopes by name, and a clock that is right."""

from __future__ import annotations

import pytest

from zoho.account.scopes import SCOPES
from zoho.leads.sign_in_check import sign_in_findings


@pytest.mark.parametrize(
    "scope", [None, " ".join(SCOPES), "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL," + ",".join(SCOPES)]
)
@pytest.mark.parametrize("offset", [None, 0.0, 299.0, -299.0])
def test_nothing_is_wrong(scope: str | None, offset: float | None) -> None:
    assert sign_in_findings(scope=scope, clock_offset=offset) == []


def test_missing_scopes_are_named() -> None:
    (finding,) = sign_in_findings(scope=" ".join(SCOPES[2:]), clock_offset=None)
    assert not finding.well
    assert f"{SCOPES[0]}, {SCOPES[1]}." in finding.what
    assert SCOPES[2] not in finding.what
    assert "zoho-leads login" in finding.next_step


@pytest.mark.parametrize(
    ("offset", "words"), [(601.0, "10 minutes behind"), (-3600.0, "60 minutes ahead of"), (301, "5 minutes")]
)
def test_a_clock_that_is_wrong(offset: float, words: str) -> None:
    (finding,) = sign_in_findings(scope=None, clock_offset=offset)
    assert words in finding.what
    assert "timedatectl" in finding.next_step
