"""The configuration: which files are read, where each value comes from, where the secrets are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from zoho.account import Config
from zoho.account.config import Source
from zoho.account.config_file import shown_path
from zoho.account.secret_sources import SECRET_NAMES
from zoho.commands.examination.report import Entry, mend, told, well
from zoho.leads.script import load_script
from zoho.wire.clean import clean_line
from zoho.wire.errors import ConfigError

_ONLY_WHETHER = ("client_id", *SECRET_NAMES)
"""Of these it is told whether they are there, never what they are."""

_KEEPERS = {
    Source.FILE.value: "your configuration file",
    Source.ENVIRONMENT.value: "the environment",
    Source.HELPER.value: "a helper command",
    Source.CREDENTIAL.value: "systemd's credentials",
    Source.KEYRING.value: "the keyring of this computer",
}


KeymapLook = Callable[[Mapping[str, str]], Iterable[tuple[str, str]]]
"""Takes ``keymap`` of the configuration; gives what of it cannot be granted, and what to do."""


def look_at_config(config: Config, keymap_look: KeymapLook | None = None) -> list[Entry]:
    """Return what is known of a configuration that can work.

    Args:
        config: the configuration.
        keymap_look: looks at the keys; None, there is no screen whose keys they are.
    """
    found = [
        _file("config_file", "your configuration", config.config_file),
        _file("site_config_file", "the administrator's", config.site_config_file),
    ]
    found += [_value(config, name) for name in Config.model_fields if _is_worth_telling(config, name)]
    found.append(_secrets(config))
    found += [
        mend("warning", clean_line(warning), "Mend it there; it does no other harm.")
        for warning in config.warnings
    ]
    try:
        load_script(config.script)
    except ConfigError as error:
        found.append(mend("script", error.what, f"{error.next_step} No question is asked until then."))
    if keymap_look is not None and config.keymap:
        found += [
            mend("keymap", clean_line(what), next_step) for what, next_step in keymap_look(config.keymap)
        ]
    return found


def _file(name: str, whose: str, file: Path | None) -> Entry:
    shown = shown_path(file) if file is not None else "none"
    there = file is not None and file.exists()
    words = f"Read: {shown}" if there else f"Not there: {shown}"
    return told(name, f"{words} ({whose}).", path=shown, exists=there)


def _is_worth_telling(config: Config, name: str) -> bool:
    return name in _ONLY_WHETHER or config.source_of(name) is not Source.DEFAULT or name == "data_center"


def _value(config: Config, name: str) -> Entry:
    source = config.source_of(name)
    value: Any = getattr(config, name)
    facts: dict[str, Any] = {"source": source.value, "set": value is not None}
    if name in _ONLY_WHETHER:
        facts["set"] = value is not None or name in config.awaited
        shown = "set" if value is not None else "not asked for yet" if facts["set"] else "not set"
    else:
        facts["value"] = shown = clean_line(_words(name, value))
    if source is Source.DEFAULT:
        came = "" if value is None else " (the default)"
    else:
        came = f" ({_lowered(config.where(name))})"
    return told(f"setting.{name}", f"{name}: {shown}{came}.", **facts)


def _words(name: str, value: Any) -> str:
    if name == "pinned_fields":
        return ", ".join(value)
    if name.endswith("_command"):  # what follows the program may be told to it alone
        return f"{value[0]} ..." if value else "none"
    return str(value)


def _lowered(where: str) -> str:
    return where[0].lower() + where[1:] if where.startswith("The ") else where


def _secrets(config: Config) -> Entry:
    awaited = config.awaited
    givers = {awaited.get(name) or config.source_of(name) for name in SECRET_NAMES if _is_given(config, name)}
    kinds = sorted(giver.value for giver in givers)
    if not kinds:
        return told("secrets", "No secret is kept here.", kept_in=kinds)
    words = " and ".join(_KEEPERS.get(kind, kind) for kind in kinds)
    if awaited:
        return told("secrets", f"Secrets come from {words}. Not all were asked for.", kept_in=kinds)
    return well("secrets", f"Secrets come from {words}.", kept_in=kinds)


def _is_given(config: Config, name: str) -> bool:
    return name in config.awaited or getattr(config, name) is not None
