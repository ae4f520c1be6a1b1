"""The configuration: one value for each name, taken from the highest source that gives it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from zoho.account.config_file import change_config_file, read_config_file, shown_path
from zoho.account.data_centers import DataCenter, check_accounts_url, check_api_domain, data_center
from zoho.account.layers import (
    NEVER_FROM_FILE,
    VARIABLES,
    Layer,
    Loading,
    Source,
    did_you_mean,
    from_environment,
    from_file,
    given,
    warnings_of,
)
from zoho.account.paths import Paths, default_paths
from zoho.account.secret_sources import (
    FILE,
    KEPT_NAMES,
    SECRET_NAMES,
    masked,
    read_credentials,
    read_variable_files,
    secret_variable,
)
from zoho.wire.clean import clean_line
from zoho.wire.errors import ConfigError

__all__ = ["VARIABLES", "Config", "Source", "load_config", "masked", "save_config"]

COMMANDS = tuple(
    [f"{name}_command" for name in SECRET_NAMES] + [f"{name}_store_command" for name in KEPT_NAMES]
)
"""The names of the helper commands."""

FEATURES = (
    "layout_rules",
    "range_validation",
    "assignment_rules",
    "function_validation_rule",
    "criteria_validation_rule",
    "global_map_dependency",
    "territory_subordinates",
)
"""What Zoho does for a call of its API only where it is asked to (v8 Insert Records)."""

# pydantic-settings asks for its sources in a class method, so what belongs to one call waits for it here.
_LOADING: ContextVar[Loading | None] = ContextVar("_LOADING", default=None)


class _LayerSource(PydanticBaseSettingsSource):
    """One layer, as pydantic-settings wants it."""

    def __init__(self, settings_cls: type[BaseSettings], layer: Layer) -> None:
        super().__init__(settings_cls)
        self._values = layer.values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the layer's value of *field_name*, which needs no decoding."""
        return self._values.get(field_name), field_name, False

    def __call__(self) -> dict[str, Any]:
        return dict(self._values)


class Config(BaseSettings):
    """Who we are and how leads are sent. Made by `load_config`; by hand it reads nothing but its arguments.

    Args:
        client_id: of the client registered in Zoho's API console.
        client_secret: of that client; by default it differs in each data centre.
        refresh_token: the user's; good until it is revoked.
        access_token: one that was had elsewhere, of unknown age.
        data_center: Zoho's code (`zoho.account.data_centers`).
        api_domain: another API host of the data centre, such as its sandbox.
        accounts_url: the data centre's accounts host, or one on this machine.
        source: what each lead's ``Lead_Source`` is set to.
        save_access_token: write each new access token to ``zoho_config.json`` too.
        allow_loopback: this machine may play Zoho; never taken from a file.
        pinned_fields: API names of fields to show first.
        hidden_fields: API names of fields to leave out while they are empty; required ones are shown.
        client_secret_command: the program that prints the client secret, and its arguments; no shell.
        refresh_token_command: likewise for the refresh token.
        access_token_command: likewise for an access token.
        client_secret_store_command: the program that keeps a new client secret; it reads it from its input.
        refresh_token_store_command: likewise for a new refresh token.
        keyring: client secret and refresh token are kept in the keyring of the operating system; false, they
            never are; None, new ones are where there is one.
        submission_key_field: API name of the unique field that holds our key.
        layout_id: of the Leads layout to use, if not the org's first.
        apply_feature_execution: what Zoho shall check besides, by its own names (`FEATURES`). By default
            nothing, as Zoho does for its API: with ``layout_rules`` it refuses a lead that lacks a field
            which a rule only asks about, and then the caller has hung up.
        keep_days: days that the outbox keeps the values of a lead after its end; 0, none at all.
        look_up: whether it is looked up who a lead is, while it is typed; it costs API credits.
        script: the qualification script: ``bant``, ``champ``, ``meddic``, ``none`` or the path of a file.
        sticky_fields: API names of fields that keep their value for the next lead.
        templates: by name, what a template fills in: API names and texts as a rep would type them. Those of
            the administrator's file and the user's stand together, and so do the keys.
        keymap: by the id of an action, the keys that it has instead of its own, with commas between.
    """

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, str_strip_whitespace=True
    )

    client_id: str | None = None
    client_secret: SecretStr | None = None
    refresh_token: SecretStr | None = None
    access_token: SecretStr | None = None
    data_center: str = "us"
    api_domain: str | None = None
    accounts_url: str | None = None
    source: str = "Qualification Inbound"
    save_access_token: bool = False
    allow_loopback: bool = False
    pinned_fields: tuple[str, ...] = ()
    hidden_fields: tuple[str, ...] = ()
    client_secret_command: tuple[str, ...] = ()
    refresh_token_command: tuple[str, ...] = ()
    access_token_command: tuple[str, ...] = ()
    client_secret_store_command: tuple[str, ...] = ()
    refresh_token_store_command: tuple[str, ...] = ()
    keyring: bool | None = None
    submission_key_field: str = "Submission_Key"
    layout_id: str | None = None
    apply_feature_execution: tuple[str, ...] = ()
    keep_days: float = Field(default=7, ge=0, allow_inf_nan=False)
    look_up: bool = True
    script: str = "bant"
    sticky_fields: tuple[str, ...] = ()
    templates: Mapping[str, Mapping[str, str]] = Field(default_factory=dict[str, Mapping[str, str]])
    keymap: Mapping[str, str] = Field(default_factory=dict[str, str])

    _loading: Loading = PrivateAttr(default_factory=Loading)

    @field_validator(*COMMANDS, mode="after")
    @classmethod
    def _a_program(cls, command: tuple[str, ...]) -> tuple[str, ...]:
        if command and not command[0]:
            raise PydanticCustomError("no_program", "no program")
        return command

    @field_validator("apply_feature_execution", mode="after")
    @classmethod
    def _zohos_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if not set(names) <= set(FEATURES):
            raise PydanticCustomError("no_feature", "no feature")
        return tuple(dict.fromkeys(names))

    @field_validator("keep_days", mode="before")
    @classmethod
    def _no_yes_or_no(cls, value: object) -> object:
        # pydantic would take true for 1.
        return None if isinstance(value, bool) else value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources, highest first; pydantic's own for the environment takes no other mapping."""
        loading = _LOADING.get() or Loading()
        return (init_settings, *(_LayerSource(settings_cls, layer) for layer in loading.layers))

    def model_post_init(self, context: Any, /) -> None:
        """Keep where the values came from."""
        self._loading = _LOADING.get() or Loading()

    def source_of(self, name: str) -> Source:
        """Return where the value of *name* comes from."""
        layer = self._loading.layer_of(name)
        if layer is not None:
            return layer.source
        return Source.OPTION if name in self.model_fields_set else Source.DEFAULT

    def where(self, name: str) -> str:
        """Return the place of the value of *name* in words: a file and its key, a variable, an option."""
        layer = self._loading.layer_of(name)
        return layer.where(name) if layer is not None else f"The value of {name!r}"

    @property
    def awaited(self) -> Mapping[str, Source]:
        """The secrets still to be asked for, with who gives them: a helper command or the keyring.

        Asking may take seconds, and somebody at the terminal; `zoho.account.unlock` does it.
        """
        names = [name for name in SECRET_NAMES if name not in self._loading.asked]
        return {name: source for name in names if (source := self.giver_of(name)) is not None}

    @property
    def kept_by(self) -> str | None:
        """Who gives the refresh token, or the access token without one, if a helper command or the keyring.

        It stands for the sign-in before that was asked, and is the same afterwards.
        """
        for name in ("refresh_token", "access_token"):
            source = self.giver_of(name)
            if source is Source.HELPER:
                return json.dumps([name, *self.command_of(name)])
            if source is Source.KEYRING:
                return json.dumps([name, str(source), str(self.config_file)])
            if getattr(self, name) is not None:
                return None
        return None

    def giver_of(self, name: str) -> Source | None:
        """Return who is asked for the secret *name*: a helper command or the keyring; None if neither is."""
        here = self._loading.layer_of(name)
        if name not in SECRET_NAMES or (here is None and name in self.model_fields_set):
            return None
        for source, is_used in (
            (Source.HELPER, bool(self.command_of(name))),
            (Source.KEYRING, self.keyring is True and name in KEPT_NAMES),
        ):
            if is_used and (here is None or not here.source.goes_before(source)):
                return source
        return None

    def file_of(self, name: str) -> Path | None:
        """Return the file that gives *name*; None if none does."""
        layer = self._loading.layer_of(name)
        return layer.file if layer is not None else None

    def command_of(self, name: str) -> tuple[str, ...]:
        """Return the helper command that prints the secret *name*; empty if there is none."""
        return getattr(self, f"{name}_command")

    def store_command_of(self, name: str) -> tuple[str, ...]:
        """Return the helper command that keeps the secret *name*; empty if there is none."""
        return getattr(self, f"{name}_store_command", ())

    def with_secrets(self, found: Mapping[str, tuple[Source, SecretStr | None]]) -> Config:
        """Return this with the secrets that were awaited; None, there is none of that name.

        Raises:
            ConfigError: a value cannot be used.
        """
        return _build(self._loading.with_secrets(found))

    @property
    def missing(self) -> list[str]:
        """The names still needed before a request can be signed; empty if nothing is.

        What is `awaited` counts as there.
        """
        awaited = self.awaited
        if self.access_token is not None or "access_token" in awaited:
            return []
        needed = ("client_id", *KEPT_NAMES)
        return [name for name in needed if getattr(self, name) is None and name not in awaited]

    @property
    def center(self) -> DataCenter:
        """The data centre; raises `ConfigError` if there is none of that code."""
        return data_center(self.data_center)

    @property
    def api_url(self) -> str:
        """The origin of the API; raises `ConfigError` if it is not the data centre's."""
        if self.api_domain is None:
            return self.center.api_url
        return check_api_domain(self.api_domain, self.center, allow_loopback=self.allow_loopback)

    @property
    def accounts_base(self) -> str:
        """The origin of the accounts server; raises `ConfigError` if it is not the data centre's."""
        if self.accounts_url is None:
            return self.center.accounts_url
        return check_accounts_url(self.accounts_url, allow_loopback=self.allow_loopback, center=self.center)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is odd about the configuration, one sentence each."""
        return self._loading.warnings

    @property
    def config_file(self) -> Path | None:
        """The user's file, which need not exist; the one to give to `save_config`."""
        return self._loading.config_file

    @property
    def own_file(self) -> Path:
        """The user's file; raises `ConfigError` for a configuration that was made by hand."""
        if self._loading.config_file is None:
            raise ConfigError(
                "There is no file to keep the settings in.",
                next_step="Name one with --config.",
                code="no_config_file",
            )
        return self._loading.config_file

    @property
    def site_config_file(self) -> Path | None:
        """The administrator's file, which need not exist."""
        return self._loading.site_config_file


def load_config(
    *,
    options: Mapping[str, object] = MappingProxyType({}),
    config_file: Path | None = None,
    environ: Mapping[str, str] = os.environ,
    paths: Paths | None = None,
) -> Config:
    """Return the configuration. A value that is empty counts as not given.

    What helper commands and the keyring give is not asked for yet (`Config.awaited`).

    Args:
        options: values given on the command line, by name; no secret can be.
        config_file: the file of ``--config``, else ``$ZOHO_CONFIG``, else the one in *paths*.
        environ: the environment.
        paths: this user's folders.

    Raises:
        ConfigError: a file, a variable or an option is wrong. The message names the place, the key and the
            fault, and holds no secret.
    """
    paths = paths or default_paths(environ)
    named = config_file or default_paths(environ).named_config_file
    user_file, site_file = named or paths.config_file, paths.site_config_file
    user, site = read_config_file(user_file), read_config_file(site_file)
    known = Config.model_fields
    warnings = warnings_of(user_file, user or {}, known) + warnings_of(
        site_file, site or {}, known, is_site=True
    )
    if config_file is not None and user is None:
        warnings.append(f"{shown_path(config_file)} does not exist yet.")
    config = _build(
        Loading(
            layers=(
                Layer(Source.OPTION, given(_checked_options(options))),
                Layer(Source.ENVIRONMENT, from_environment(environ)),
                Layer(Source.ENVIRONMENT, read_variable_files(environ), suffix=FILE),
                Layer(Source.HELPER, {}),
                Layer(Source.CREDENTIAL, read_credentials(environ)),
                Layer(Source.KEYRING, {}),
                Layer(Source.FILE, from_file(user or {}, known), user_file),
                Layer(Source.SITE, from_file(site or {}, known, with_secrets=False), site_file),
            ),
            warnings=tuple(warnings),
            config_file=user_file,
            site_config_file=site_file,
        )
    )
    _check_hosts(config)
    return config


def save_config(
    config_file: Path, changes: Mapping[str, str | bool | SecretStr | Sequence[str] | None]
) -> None:
    """Write *changes* to the user's ``zoho_config.json``; its other keys, and those unknown to us, stay.

    Args:
        config_file: the file, made if it is missing (`Config.config_file`).
        changes: new values by name; None or an empty text removes the key.

    Raises:
        ConfigError: the old file is broken, or the new content would be; the file is left as it is.
        StorageError: it cannot be written.
    """
    for name in changes:
        if name not in Config.model_fields or name in NEVER_FROM_FILE:
            raise _no_such(f"{shown_path(config_file)}: key {name!r}", name)

    def check(content: Mapping[str, Any]) -> None:
        layer = Layer(Source.FILE, from_file(content, Config.model_fields), config_file)
        _check_hosts(_build(Loading((layer,))), ["data_center"])

    change_config_file(config_file, dict.fromkeys(changes) | given(changes), check=check)


def _build(loading: Loading) -> Config:
    fault = None
    before = _LOADING.set(loading)
    try:
        return Config()
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    finally:
        _LOADING.reset(before)
    # Raised here and not where it was caught: pydantic's error holds the values.
    name = str(fault["loc"][0])
    layer = loading.layer_of(name)
    raise ConfigError(
        f"{layer.where(name) if layer else name} {_FAULTS.get(fault['type'], 'is not valid')}.",
        next_step="Correct it there; nothing was changed.",
        field=name,
        code="bad_config_value",
    )


_NO_NUMBER = "must be a number, 0 or more"
_FAULTS = {
    "string_type": "must be text",
    "string_unicode": "holds characters that no text can have",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "tuple_type": "must be a list of texts",
    "dict_type": "must be an object of names and texts, or of templates",
    "no_program": "must begin with a program",
    "no_feature": f"may have these alone: {', '.join(FEATURES)}",
    **dict.fromkeys(("float_type", "float_parsing", "greater_than_equal", "finite_number"), _NO_NUMBER),
}


_HOSTS = {"data_center": "center", "api_domain": "api_url", "accounts_url": "accounts_base"}


def _check_hosts(config: Config, names: Iterable[str] = _HOSTS) -> None:
    for name in names:
        try:
            getattr(config, _HOSTS[name])
        except ConfigError as error:
            raise ConfigError(
                f"{config.where(name)} cannot be used. {error.what}",
                next_step=error.next_step,
                field=name,
                code=error.code,
            ) from None


def _checked_options(options: Mapping[str, object]) -> Mapping[str, object]:
    for name in options:
        if name in SECRET_NAMES:
            raise ConfigError(
                f"The secret {name!r} cannot be an option: every user of this host could read it.",
                next_step=f"Give it as {secret_variable(name)}, or store it in Settings.",
                field=name,
                code="secret_option",
            )
        if name not in Config.model_fields:
            raise _no_such(f"The option {name!r}", name)
    return options


def _no_such(what: str, name: str) -> ConfigError:
    return ConfigError(
        f"{clean_line(what)} is not known{did_you_mean(name, Config.model_fields)}",
        next_step="See the configuration table in the README.",
        code="unknown_key",
    )
