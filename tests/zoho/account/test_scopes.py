"""The scopes that are asked for, and which of them a token has."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zoho.account.scopes import OPTIONAL_SCOPES, SCOPES, missing_scopes

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("page", ["README.md", "docs/zoho.md"])
def test_the_pages_name_the_list_that_is_asked_for(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    (line,) = re.findall(r"^\s*(ZohoCRM\.\S+,\S+)$", text, flags=re.MULTILINE)
    assert tuple(line.split(",")) == SCOPES


def test_the_page_names_what_is_left_out_without_the_others() -> None:
    text = (ROOT / "docs" / "zoho.md").read_text(encoding="utf-8")
    for scope, without in OPTIONAL_SCOPES.items():
        assert f"| `{scope}` | {without} |" in text
        assert scope not in SCOPES


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        (" ".join(SCOPES), set()),
        (",".join(SCOPES), set()),
        (" ".join(SCOPES).replace("leads", "Leads"), set()),
        (
            "ZohoCRM.modules.ALL ZohoCRM.settings.ALL ZohoCRM.users.ALL ZohoCRM.org.ALL ZohoCRM.coql.READ",
            set(),
        ),
        ("ZohoCRM.modules.leads.ALL " + " ".join(SCOPES[2:]), set()),
        (" ".join(SCOPES[1:]), {SCOPES[0]}),
        ("ZohoCRM.modules.contacts.ALL " + " ".join(SCOPES[2:]), set(SCOPES[:2])),
        ("ZohoCRM.modules.leads.UPDATE " + " ".join(SCOPES[1:]), {SCOPES[0]}),
        ("ZohoCRM.modules.lead.ALL " + " ".join(SCOPES[2:]), set(SCOPES[:2])),
        ("ALL", set(SCOPES)),
        ("", set(SCOPES)),
    ],
)
def test_what_is_missing(granted: str, missing: set[str]) -> None:
    assert set(missing_scopes(granted)) == missing
