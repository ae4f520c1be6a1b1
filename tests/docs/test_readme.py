"""The README names what there is: every setting with variable, option, default; every verb; every scope."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tui.verbs import zoho_leads
from zoho.account.config import Config
from zoho.account.layers import VARIABLES
from zoho.account.paths import default_paths
from zoho.commands import VERBS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPTIONS = {parameter.name: parameter.opts[0] for parameter in zoho_leads.params}


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under the header that begins with *heading*, without backquotes."""
    table = README.split(f"\n| {heading}", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


SETTINGS = {row[0]: row for row in rows("key in `zoho_config.json`")}
PLACES = {row[0]: row for row in rows("what | environment")}


def test_table_names_exactly_the_settings():
    assert list(SETTINGS) == list(Config.model_fields)


@pytest.mark.parametrize("name", Config.model_fields)
def test_variable_and_option_of_a_setting(name: str):
    _, variable, option, *_ = SETTINGS[name]
    assert variable == VARIABLES.get(name, "")
    assert option == OPTIONS.get(name, "")


@pytest.mark.parametrize("name", Config.model_fields)
def test_default_of_a_setting(name: str):
    default: Any = Config.model_fields[name].get_default(call_default_factory=True)
    shown = {"None": "", "False": "false", "True": "true", "()": "[]"}.get(str(default), str(default))
    told = SETTINGS[name][3]
    assert told == shown or (default is None and told.startswith(("from ", "the ")))


def test_secrets_are_marked():
    secret = {name for name, field in Config.model_fields.items() if SecretStr in _types(field.annotation)}
    assert {name for name, row in SETTINGS.items() if row[4].endswith("; a secret")} == secret


def test_table_of_places(tmp_path: Path):
    variables = {"ZOHO_CONFIG": "config_file", "ZOHO_DATA_DIR": "data_dir", "ZOHO_LOG_FILE": "log_file"}
    told = {row[1]: row[2] for row in PLACES.values() if row[1]}
    assert told == {variable: OPTIONS[name] for variable, name in variables.items()}
    for variable, name in variables.items():
        given = tmp_path / "x"
        assert getattr(default_paths({variable: str(given)}), name) == given


def test_every_option_of_place_is_named():
    places = set(OPTIONS.values()) - {"--version", "-h", "--help", "--plain"}
    assert places == {row[2] for row in (*SETTINGS.values(), *PLACES.values()) if row[2]}


def test_every_verb_is_named():
    told = {row[0].removeprefix("zoho-leads").strip() for row in rows("verb | what")}
    assert told == {"", *zoho_leads.list_commands(None)}  # type: ignore[arg-type] - it asks nothing of it
    assert told > set(VERBS)


def test_readme_and_the_page_about_zoho_give_the_same_scopes():
    pages = (README, (ROOT / "docs" / "zoho.md").read_text(encoding="utf-8"))
    (here,), (there,) = (re.findall(r"^\s*(ZohoCRM\.\S+,\S+)$", page, flags=re.MULTILINE) for page in pages)
    assert here == there


@pytest.mark.parametrize("page", sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("docs/*.md")))
def test_links_of_a_page_lead_somewhere(page: str):
    _check_links(ROOT / page)


@pytest.mark.parametrize("page", ["README.md", "zoho/README.md"])
def test_links_of_a_readme_lead_somewhere(page: str):
    _check_links(ROOT / page)


def test_picture_needs_nothing_from_elsewhere():
    picture = (ROOT / "docs" / "qualify.svg").read_text(encoding="utf-8")
    assert "@font-face" not in picture
    assert not re.findall(r"""(?:href|src|url)\s*[=(]\s*["']?\s*(?!#)\w+:""", picture)


def _types(annotation: Any) -> tuple[Any, ...]:
    return getattr(annotation, "__args__", (annotation,))


def _check_links(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        found = (page.parent / name) if name else page
        assert found.exists(), target
        if anchor:
            titles = re.findall(r"^#+ (.+)$", found.read_text(encoding="utf-8"), flags=re.MULTILINE)
            assert anchor in {re.sub(r"[^\w -]", "", t).lower().replace(" ", "-") for t in titles}, target
