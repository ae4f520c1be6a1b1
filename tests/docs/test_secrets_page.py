"""The page on secrets: its recipes are configurations that work, as far as the programs are here."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from zoho.account.config import load_config
from zoho.account.paths import Paths
from zoho.account.unlock import unlock

PAGE = (Path(__file__).parents[2] / "docs" / "secrets.md").read_text()
_RECIPE = re.compile(r"^### ([^\n]+)\n(?:(?!^###? ).)*?```json\n(.*?)```", re.MULTILINE | re.DOTALL)
RECIPES: dict[str, dict[str, Any]] = {title: json.loads(block) for title, block in _RECIPE.findall(PAGE)}


def paths(folder: Path, content: dict[str, Any]) -> Paths:
    made = Paths(folder, folder / "site", folder / "data", folder / "cache", folder / "log")
    made.config_file.write_text(json.dumps(content))
    made.config_file.chmod(0o600)
    return made


def test_there_is_one_for_each() -> None:
    wanted = {"pass", "HashiCorp Vault", "AWS Secrets Manager", "Google Secret Manager", "Azure Key Vault"}
    assert set(RECIPES) == wanted | {"1Password", "systemd-creds"}


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_is_a_configuration(title: str, tmp_path: Path) -> None:
    config = load_config(
        environ={}, paths=paths(tmp_path, {"client_id": "c", "client_secret": "s"} | RECIPES[title])
    )
    assert config.warnings == ()
    assert config.missing == []
    assert "refresh_token" in config.awaited


@pytest.mark.parametrize("title", RECIPES)
def test_no_secret_is_an_argument_of_its_programs(title: str) -> None:
    """Where a program would take it as one, there is no recipe to keep a new one."""
    for name, command in RECIPES[title].items():
        if name.endswith("_store_command"):
            words = {"-", "--echo", "/dev/stdin", "file:///dev/stdin", "--data-file=-", "refresh_token=-"}
            assert words & set(command)


@pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("systemd-creds") is None,
    reason="systemd-creds, and root for the host's key, are needed.",
)
def test_systemd_creds_decrypts_it(tmp_path: Path) -> None:
    recipe = RECIPES["systemd-creds"]
    *command, file, minus = recipe["refresh_token_command"]
    mine = tmp_path / Path(file).name
    encrypt = ["systemd-creds", "encrypt", "--with-key=host", "--name=zoho_refresh_token", "-", str(mine)]
    made = subprocess.run(encrypt, input=b"1000.abc", capture_output=True, check=False)
    if made.returncode != 0:
        pytest.skip("This host has no key for systemd-creds.")
    content = {"refresh_token_command": [*command, str(mine), minus]}
    config = load_config(environ={}, paths=paths(tmp_path, content))
    opened = unlock(config, {"PATH": os.environ["PATH"]})
    assert opened.refresh_token is not None
    assert opened.refresh_token.get_secret_value() == "1000.abc"
