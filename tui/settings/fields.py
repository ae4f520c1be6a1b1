"""The settings as fields of the screen, each with where its value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.form import Choice, Field, Kind, Section
from tui.text import signs

if TYPE_CHECKING:
    from zoho.account import Config

SECRETS = ("client_secret", "refresh_token")
SWITCHES = ("save_access_token",)
SAVED = ("data_center", "client_id", *SECRETS, "source", *SWITCHES)
SAVE, TEST = "save", "test"

_GIVEN = ("option", "environment")
"""Sources that Settings shows, and cannot change."""

_HELP = {
    "data_center": "The end of your Zoho address, such as .com or .eu.",
    "client_id": "Of a Self Client in Zoho's API console (see README).",
    "client_secret": "From the same page; kept in a file only you can read.",
    "refresh_token": "Made once from a grant code (README); stays good.",
    "source": "Lead_Source of every lead that you create here.",
    "save_access_token": "Write access tokens to zoho_config.json too.",
}


def sections_of(config: Config | None, centers: Mapping[str, str]) -> list[Section]:
    """Return the settings' fields.

    Args:
        config: as it is in use; None while it is not read, or cannot be.
        centers: code and name of each data centre.
    """
    choices = tuple(Choice(code, name) for code, name in centers.items())
    account = (
        _field("data_center", "Data centre", Kind.CHOICE, config, choices=choices),
        _field("client_id", "Client ID", Kind.TEXT, config),
        _field("client_secret", "Client secret", Kind.SECRET, config),
        _field("refresh_token", "Refresh token", Kind.SECRET, config),
    )
    leads = (
        _field("source", "Lead source", Kind.TEXT, config),
        _field("save_access_token", "Keep access token", Kind.CHECKBOX, config),
        Field(SAVE, "Save", Kind.BUTTON, help="Write the settings to zoho_config.json."),
        Field(
            TEST,
            "Test connection",
            Kind.BUTTON,
            help="Ask Zoho who we are, and whether a lead could be made.",
        ),
    )
    return [Section("Zoho account", account), Section("Leads", leads)]


def values_of(config: Config | None) -> dict[str, str]:
    """Return what the fields hold: never a secret."""
    if config is None:
        return {}
    shown = {name: str(getattr(config, name) or "") for name in SAVED if name not in (*SECRETS, *SWITCHES)}
    return shown | {name: str(getattr(config, name)).lower() for name in SWITCHES}


def _field(
    name: str, label: str, kind: Kind, config: Config | None, choices: tuple[Choice, ...] = ()
) -> Field:
    return Field(
        name=name,
        label=label,
        kind=kind,
        required=name in ("client_id", *SECRETS) and not _is_set(name, config),
        choices=choices,
        help=_HELP[name],
        read_only=config is not None and config.source_of(name) in _GIVEN,
        note=_note(name, config),
    )


def _is_set(name: str, config: Config | None) -> bool:
    return config is not None and bool(getattr(config, name))


def _note(name: str, config: Config | None) -> str:
    """Say where the value comes from, and of a secret its last letters."""
    if config is None:
        return ""
    from zoho.account import masked

    origin = str(config.source_of(name))
    if name in SECRETS:
        secret = getattr(config, name)
        if secret is None:
            return "not set"
        stored = "" if origin in _GIVEN else "stored "
        return f"{stored}{masked(secret, dot=signs().dot)} ({origin})"
    return f"({origin})"
