"""The settings as fields of the screen, each with where its value comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from tui.actions import key_of
from tui.form import Choice, Field, Kind, Section
from tui.text import signs

if TYPE_CHECKING:
    from zoho.account import Config

CLIENT = ("client_id", "client_secret")
SECRETS = ("client_secret", "refresh_token")
SWITCHES = ("save_access_token",)
SAVED = ("data_center", "client_id", *SECRETS, "source", "layout_id", *SWITCHES)
GRANT_CODE = "grant_code"
"""A field whose value is stored nowhere."""
SIGN_IN, SAVE, TEST = "sign_in", "save", "test"

_GIVEN = ("option", "environment", "systemd credential")
"""Sources that Settings shows, and cannot change."""

_HELP = {
    "data_center": "The end of your Zoho address, such as .com or .eu.",
    "client_id": "Of a Non-browser Application in Zoho's API console.",
    "client_secret": "From the same page; kept in a file only you can read.",
    "refresh_token": "One that you have already; it is tried when you save.",
    "source": "Lead_Source of every lead that you create here.",
    "layout_id": "Your org has several layouts for leads; this one is the form.",
    "save_access_token": "Write access tokens to zoho_config.json too.",
}


def sections_of(
    config: Config | None, centers: Mapping[str, str], layouts: Mapping[str, str] = MappingProxyType({})
) -> list[Section]:
    """Return the settings' fields.

    Args:
        config: as it is in use; None while it is not read, or cannot be.
        centers: code and name of each data centre.
        layouts: id and name of each layout, the one in use first.
    """
    choices = tuple(Choice(code, name) for code, name in centers.items())
    account = (
        _field("data_center", "Data centre", Kind.CHOICE, config, choices=choices),
        _field("client_id", "Client ID", Kind.TEXT, config),
        _field("client_secret", "Client secret", Kind.SECRET, config),
        *_ways_to_sign_in(config),
    )
    leads = (
        _field("source", "Lead source", Kind.TEXT, config),
        *_layout(config, layouts),
        _field("save_access_token", "Keep access token", Kind.CHECKBOX, config),
        Field(SAVE, "Save", Kind.BUTTON, help="Write the settings to zoho_config.json."),
        Field(
            TEST,
            "Test connection",
            Kind.BUTTON,
            help=f"{key_of('settings.test')}: ask Zoho who we are, and whether a lead could be made.",
        ),
    )
    return [Section("Zoho account", account), Section("Leads", leads)]


def _ways_to_sign_in(config: Config | None) -> tuple[Field, ...]:
    """Return what a sign-in is begun with; where one is given, another one could not be kept."""
    if config is not None and _is_given("refresh_token", config):
        return (_field("refresh_token", "Refresh token", Kind.SECRET, config),)
    return (
        Field(
            SIGN_IN,
            "Sign in",
            Kind.BUTTON,
            help=f"{key_of('settings.sign_in')}: approve in any browser, on a phone too.",
        ),
        Field(
            GRANT_CODE,
            "Grant code",
            Kind.SECRET,
            help="Of a Self Client: paste it, Enter. It is exchanged at once.",
            note="instead of Sign in, with a Self Client",
        ),
        _field("refresh_token", "Refresh token", Kind.SECRET, config),
    )


def _layout(config: Config | None, layouts: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the choice of a layout, where there is one."""
    if len(layouts) < 2:
        return ()
    choices = tuple(Choice(id_, name) for id_, name in layouts.items())
    field = _field("layout_id", "Layout", Kind.CHOICE, config, choices=choices)
    return (replace(field, placeholder=choices[0].label, note=""),)


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
        required=name in CLIENT and not (config is not None and is_known(name, config)),
        choices=choices,
        help=_HELP[name],
        read_only=config is not None and _is_given(name, config),
        note=_note(name, config),
    )


def _is_given(name: str, config: Config) -> bool:
    if name in SECRETS and config.giver_of(name) == "helper command":
        return not config.store_command_of(name)
    return config.source_of(name) in _GIVEN


def is_known(name: str, config: Config) -> bool:
    """Whether a value is there, or somebody keeps it who will be asked."""
    return bool(getattr(config, name)) or name in config.awaited


def _note(name: str, config: Config | None) -> str:
    """Say where the value comes from, and of a secret its last letters."""
    if config is None:
        return ""
    from zoho.account import masked

    if name in config.awaited:
        return f"({config.awaited[name]})"
    if getattr(config, name) is None:
        return "not set"
    origin = str(config.source_of(name))
    if name in SECRETS:
        secret = getattr(config, name)
        stored = "" if origin in _GIVEN else "stored "
        return f"{stored}{masked(secret, dot=signs().dot)} ({origin})"
    return f"({origin})"
