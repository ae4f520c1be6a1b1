from __future__ import annotations

import json
import os
import stat
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from zoho.account.config import VARIABLES, Config, Source, load_config, masked
from zoho.account.paths import Paths, default_paths
from zoho.account.secret_sources import SECRET_NAMES
from zoho.wire.errors import ConfigError

CANARY = "1000.CANARY-0123456789abcdef"


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    paths = replace(default_paths({}), config_dir=tmp_path / "user", site_config_dir=tmp_path / "site")
    paths.config_dir.mkdir(mode=0o700)
    paths.site_config_dir.mkdir()
    return paths


def write(file: Path, content: Any, *, mode: int = 0o600) -> None:
    file.write_text(content if isinstance(content, str) else json.dumps(content))
    file.chmod(mode)


def load(paths: Paths, environ: dict[str, str] | None = None, **options: object) -> Config:
    return load_config(options=options, environ=environ or {}, paths=paths)


# For each name, a value from each source that may give it, highest first, and the default.
SOURCES: dict[str, dict[Source, Any]] = {
    "client_id": {
        Source.OPTION: "o",
        Source.ENVIRONMENT: "e",
        Source.FILE: "f",
        Source.SITE: "s",
        Source.DEFAULT: None,
    },
    "data_center": {
        Source.OPTION: "eu",
        Source.ENVIRONMENT: "in",
        Source.FILE: "au",
        Source.SITE: "jp",
        Source.DEFAULT: "us",
    },
    "source": {
        Source.OPTION: "o",
        Source.ENVIRONMENT: "e",
        Source.FILE: "f",
        Source.SITE: "s",
        Source.DEFAULT: "Qualification Inbound",
    },
    "submission_key_field": {
        Source.OPTION: "O",
        Source.ENVIRONMENT: "E",
        Source.FILE: "F",
        Source.SITE: "S",
        Source.DEFAULT: "Submission_Key",
    },
    "save_access_token": {
        Source.OPTION: True,
        Source.ENVIRONMENT: False,
        Source.FILE: True,
        Source.SITE: True,
        Source.DEFAULT: False,
    },
    "pinned_fields": {
        Source.OPTION: ("A",),
        Source.FILE: ("B",),
        Source.SITE: ("C", "D"),
        Source.DEFAULT: (),
    },
    "apply_feature_execution": {
        Source.OPTION: ("layout_rules",),
        Source.FILE: ("range_validation", "global_map_dependency"),
        Source.SITE: ("assignment_rules",),
        Source.DEFAULT: (),
    },
    "hidden_fields": {Source.OPTION: ("A",), Source.FILE: ("B",), Source.SITE: ("C",), Source.DEFAULT: ()},
    "layout_id": {
        Source.OPTION: "1",
        Source.ENVIRONMENT: "2",
        Source.FILE: "3",
        Source.SITE: "4",
        Source.DEFAULT: None,
    },
    "keep_days": {
        Source.OPTION: 0,
        Source.ENVIRONMENT: 1.5,
        Source.FILE: 2,
        Source.SITE: 30,
        Source.DEFAULT: 7,
    },
    "look_up": {
        Source.OPTION: False,
        Source.ENVIRONMENT: False,
        Source.FILE: False,
        Source.SITE: False,
        Source.DEFAULT: True,
    },
    "script": {
        Source.OPTION: "champ",
        Source.ENVIRONMENT: "meddic",
        Source.FILE: "none",
        Source.SITE: "/etc/ours.toml",
        Source.DEFAULT: "bant",
    },
    "sticky_fields": {Source.FILE: ("Company",), Source.SITE: ("City",), Source.DEFAULT: ()},
    "templates": {
        Source.FILE: {"Fair": {"City": "Leeds"}},
        Source.SITE: {"Fair": {"City": "York"}},
        Source.DEFAULT: {},
    },
    "keymap": {Source.FILE: {"lead.send": "f5"}, Source.SITE: {"lead.send": "alt+s"}, Source.DEFAULT: {}},
    "client_secret": {Source.ENVIRONMENT: "e", Source.FILE: "f", Source.DEFAULT: None},
    "refresh_token": {Source.ENVIRONMENT: "e", Source.FILE: "f", Source.DEFAULT: None},
    "access_token": {Source.ENVIRONMENT: "e", Source.FILE: "f", Source.DEFAULT: None},
    **{
        f"{name}_command": {Source.FILE: ("f", "x"), Source.SITE: ("s",), Source.DEFAULT: ()}
        for name in (*SECRET_NAMES, "client_secret_store", "refresh_token_store")
    },
    "keyring": {Source.FILE: True, Source.SITE: False, Source.DEFAULT: None},
    "allow_loopback": {Source.OPTION: True, Source.ENVIRONMENT: True, Source.DEFAULT: False},
}


def test_templates_and_keys_of_the_administrator_and_the_user_stand_together(paths: Paths) -> None:
    write(paths.site_config_file, {"templates": {"Fair": {"City": "York"}}, "keymap": {"lead.park": "f11"}})
    write(paths.config_file, {"templates": {"Call": {"City": "Bath"}}, "keymap": {"lead.send": "f5"}})
    config = load(paths, {})
    assert config.templates == {"Fair": {"City": "York"}, "Call": {"City": "Bath"}}
    assert config.keymap == {"lead.park": "f11", "lead.send": "f5"}


CASES = [(name, winner) for name, values in SOURCES.items() for winner in values]


@pytest.mark.parametrize(("name", "winner"), CASES)
def test_the_highest_source_that_gives_a_value_wins(paths: Paths, name: str, winner: Source) -> None:
    values = SOURCES[name]
    order = list(values)
    given = {source: values[source] for source in order[order.index(winner) :]}
    for source, file in ((Source.FILE, paths.config_file), (Source.SITE, paths.site_config_file)):
        if source in given:
            write(file, {name: given[source]})
    environ = {VARIABLES[name]: str(given[Source.ENVIRONMENT])} if Source.ENVIRONMENT in given else {}
    options = {name: given[Source.OPTION]} if Source.OPTION in given else {}
    config = load(paths, environ, **options)
    value = getattr(config, name)
    assert (value.get_secret_value() if isinstance(value, SecretStr) else value) == values[winner]
    assert config.source_of(name) is winner


def test_every_name_is_in_the_table() -> None:
    assert set(SOURCES) | {"api_domain", "accounts_url"} == set(Config.model_fields)


def test_the_real_environment_is_not_looked_at(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("ZOHO_CLIENT_ID", "CLIENT_ID", "client_id", "SOURCE", "ACCESS_TOKEN"):
        monkeypatch.setenv(variable, "stray")
    assert load(paths).model_dump() == Config().model_dump()
    assert Config().client_id is None


def test_made_by_hand() -> None:
    config = Config(client_id="c")
    assert config.source_of("client_id") is Source.OPTION
    assert config.source_of("source") is Source.DEFAULT
    assert config.warnings == ()
    assert config.config_file is None


def test_empty_counts_as_not_set_and_blanks_are_stripped(paths: Paths) -> None:
    write(
        paths.config_file,
        {"client_id": " file\n", "refresh_token": f"\t{CANARY} ", "source": " ", "layout_id": None},
    )
    config = load(
        paths, {"ZOHO_CLIENT_ID": "  ", "ZOHO_REFRESH_TOKEN": "", "ZOHO_LAYOUT_ID": " 7 "}, client_id=""
    )
    assert config.client_id == "file"
    assert config.refresh_token == SecretStr(CANARY)
    assert config.source == "Qualification Inbound"
    assert config.layout_id == "7"


def test_missing(paths: Paths) -> None:
    assert load(paths).missing == ["client_id", "client_secret", "refresh_token"]
    assert load(paths, {"ZOHO_ACCESS_TOKEN": "t"}).missing == []
    whole = {"ZOHO_CLIENT_ID": "c", "ZOHO_CLIENT_SECRET": "s", "ZOHO_REFRESH_TOKEN": "r"}
    assert load(paths, whole).missing == []
    assert load(paths, {**whole, "ZOHO_CLIENT_SECRET": ""}).missing == ["client_secret"]


def test_addresses(paths: Paths) -> None:
    config = load(paths, {"ZOHO_DATA_CENTER": "CA"})
    assert config.center.code == "ca"
    assert config.api_url == "https://www.zohoapis.ca"
    assert config.accounts_base == "https://accounts.zohocloud.ca"
    config = load(paths, {"ZOHO_DATA_CENTER": "eu", "ZOHO_API_DOMAIN": "https://sandbox.zohoapis.eu/"})
    assert config.api_url == "https://sandbox.zohoapis.eu"
    local = {"ZOHO_API_DOMAIN": "http://127.0.0.1:1", "ZOHO_ACCOUNTS_URL": "http://127.0.0.1:2"}
    config = load(paths, {**local, "ZOHO_ALLOW_LOOPBACK": "1"})
    assert (config.api_url, config.accounts_base) == ("http://127.0.0.1:1", "http://127.0.0.1:2")
    with pytest.raises(ConfigError, match=r"ZOHO_API_DOMAIN.*ZOHO_ALLOW_LOOPBACK=1"):
        load(paths, local)


def test_loopback_is_never_allowed_by_a_file(paths: Paths) -> None:
    content = {"allow_loopback": True, "source": "x"}
    write(paths.config_file, content)
    write(paths.site_config_file, content)
    config = load(paths)
    assert not config.allow_loopback
    assert sum("no effect in a file" in warning for warning in config.warnings) == 2
    write(paths.config_file, {**content, "api_domain": "http://127.0.0.1:1"})
    with pytest.raises(ConfigError, match="this data centre"):
        load(paths)


# A file's content, the key at fault, and words of the fault.
BAD_VALUES = [
    ({"client_id": 12}, "client_id", "must be text"),
    ({"client_secret": 12}, "client_secret", "must be text"),
    ({"refresh_token": [CANARY]}, "refresh_token", "must be text"),
    ({"access_token": {"token": CANARY}}, "access_token", "must be text"),
    ({"source": True}, "source", "must be text"),
    ({"save_access_token": CANARY}, "save_access_token", "must be true or false"),
    ({"save_access_token": []}, "save_access_token", "must be true or false"),
    ({"pinned_fields": CANARY}, "pinned_fields", "must be a list"),
    ({"pinned_fields": ["Email", 1]}, "pinned_fields", "must be text"),
    ({"keymap": CANARY}, "keymap", "must be an object"),
    ({"keymap": {"lead.send": 5}}, "keymap", "must be text"),
    ({"templates": {"Fair": CANARY}}, "templates", "must be an object"),
    ({"apply_feature_execution": ["magic"]}, "apply_feature_execution", "alone: layout_rules, range_valid"),
    ({"apply_feature_execution": "layout_rules"}, "apply_feature_execution", "must be a list"),
    *(
        ({"keep_days": wrong}, "keep_days", "must be a number, 0 or more")
        for wrong in (-1, -0.5, True, "week", [], float("nan"), float("inf"))
    ),
    ({"data_center": "eur"}, "data_center", "Did you mean 'eu'"),
    ({"data_center": 1}, "data_center", "must be text"),
    ({"api_domain": "https://evil.example"}, "api_domain", "is not an address of Zoho's API"),
    ({"api_domain": f"https://x:{CANARY}@www.zohoapis.com"}, "api_domain", "is not an address"),
    ({"accounts_url": "https://www.zohoapis.com"}, "accounts_url", "is not an address of Zoho's accounts"),
    ({"accounts_url": "https://accounts.zoho.eu"}, "accounts_url", "belongs to the data centre 'eu'"),
]


SECRETS = ("client_secret", "refresh_token", "access_token")  # not taken from the site file at all


@pytest.mark.parametrize(
    ("which", "content", "key", "fault"),
    [("user", *case) for case in BAD_VALUES]
    + [("site", *case) for case in BAD_VALUES if case[1] not in SECRETS],
)
def test_a_wrong_value_names_file_key_and_fault(
    paths: Paths, which: str, content: dict[str, Any], key: str, fault: str
) -> None:
    file = paths.config_file if which == "user" else paths.site_config_file
    write(file, {"refresh_token": CANARY, **content})
    before = file.read_bytes()
    with pytest.raises(ConfigError) as caught:
        load(paths)
    assert str(file) in caught.value.what
    assert repr(key) in caught.value.what
    assert fault in str(caught.value)
    assert caught.value.field == key
    assert file.read_bytes() == before
    assert_silent(caught.value)


# A file's text, and words of the fault.
BAD_FILES = [
    (f'{{"refresh_token": "{CANARY}",}}', "line 1, column"),
    (f'{{\n"refresh_token": "{CANARY}"\n"source": 1}}', "line 3, column 1"),
    (f'"{CANARY}"', "must be one JSON object"),
    (f'["{CANARY}"]', "must be one JSON object"),
    ("null", "must be one JSON object"),
    ("", "line 1, column 1"),
    ("[" * 100_000, "nested too deeply"),
    (f'{{"refresh_token": "{CANARY}", "n": {"9" * 5000}}}', "too many digits"),
]


@pytest.mark.parametrize(("text", "fault"), BAD_FILES)
@pytest.mark.parametrize("which", ["user", "site"])
def test_a_broken_file_names_file_and_fault(paths: Paths, text: str, fault: str, which: str) -> None:
    file = paths.config_file if which == "user" else paths.site_config_file
    write(file, text)
    with pytest.raises(ConfigError) as caught:
        load(paths)
    assert str(file) in caught.value.what
    assert fault in caught.value.what
    assert file.read_text() == text
    assert_silent(caught.value)


def test_a_file_that_is_not_utf_8(paths: Paths) -> None:
    paths.config_file.write_bytes(b'{"refresh_token": "' + CANARY.encode() + b'\xff"}')
    with pytest.raises(ConfigError, match="not UTF-8") as caught:
        load(paths)
    assert_silent(caught.value)


def test_a_byte_order_mark_is_no_fault(paths: Paths) -> None:
    paths.config_file.write_bytes(b'\xef\xbb\xbf{"client_id": "c"}')
    assert load(paths).client_id == "c"


def test_a_file_that_cannot_be_read(paths: Paths) -> None:
    paths.config_file.mkdir()
    with pytest.raises(ConfigError, match="cannot be read: Is a directory") as caught:
        load(paths)
    assert str(paths.config_file) in caught.value.what


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(paths: Paths) -> None:
    write(paths.config_file, {}, mode=0)
    with pytest.raises(ConfigError, match="cannot be read: Permission denied"):
        load(paths)


@pytest.mark.parametrize(
    ("variable", "value", "fault"),
    [
        ("ZOHO_SAVE_ACCESS_TOKEN", CANARY, "must be true or false"),
        ("ZOHO_ALLOW_LOOPBACK", "perhaps", "must be true or false"),
        ("ZOHO_DATA_CENTER", "mars", "no Zoho data centre"),
        ("ZOHO_ACCOUNTS_URL", "http://accounts.zoho.com", "is not an address"),
    ],
)
def test_a_wrong_variable_is_named(paths: Paths, variable: str, value: str, fault: str) -> None:
    with pytest.raises(ConfigError, match=f"environment variable {variable} ") as caught:
        load(paths, {variable: value, "ZOHO_REFRESH_TOKEN": CANARY})
    assert fault in str(caught.value)
    assert_silent(caught.value)


def test_a_wrong_option_is_named(paths: Paths) -> None:
    with pytest.raises(ConfigError, match="The option --data-center cannot be used"):
        load(paths, data_center="mars")
    with pytest.raises(ConfigError, match="did you mean 'data_center'"):
        load(paths, datacenter="eu")


@pytest.mark.parametrize("name", ["client_secret", "refresh_token", "access_token"])
def test_a_secret_is_no_option(paths: Paths, name: str) -> None:
    with pytest.raises(ConfigError, match=VARIABLES[name]) as caught:
        load(paths, **{name: CANARY})
    assert_silent(caught.value)


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("clientid", "client_id"),
        ("Refresh-Token", "refresh_token"),
        ("datacenter", "data_center"),
        ("lead_source", "source"),
        ("zzz", None),
    ],
)
def test_an_unknown_key_is_warned_about(paths: Paths, key: str, nearest: str | None) -> None:
    write(paths.config_file, {key: CANARY})
    (warning,) = load(paths).warnings
    assert str(paths.config_file) in warning
    assert repr(key) in warning
    assert f"did you mean {nearest!r}?" in warning if nearest else "did you mean" not in warning
    assert CANARY not in warning


def test_a_hostile_key_is_shown_harmless(paths: Paths) -> None:
    write(paths.config_file, {"\x1b]0;title\x07" + "x" * 500: 1})
    (warning,) = load(paths).warnings
    assert "\x1b" not in warning
    assert len(warning) < 200 + len(str(paths.config_file))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666])
def test_an_open_file_with_a_secret_is_warned_about(paths: Paths, mode: int) -> None:
    write(paths.config_file, {"client_id": "c"}, mode=mode)
    assert load(paths).warnings == ()
    write(paths.config_file, {"refresh_token": CANARY}, mode=mode)
    (warning,) = load(paths).warnings
    assert f"chmod 600 {paths.config_file}" in warning
    assert CANARY not in warning
    assert stat.S_IMODE(paths.config_file.stat().st_mode) == mode


def test_a_secret_in_the_site_file_is_not_used(paths: Paths) -> None:
    write(paths.site_config_file, {"refresh_token": CANARY, "client_id": "c"}, mode=0o644)
    config = load(paths)
    assert config.refresh_token is None
    assert config.client_id == "c"
    (warning,) = config.warnings
    assert "'refresh_token' is not used" in warning
    assert CANARY not in warning


def test_which_file_is_read(paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("option", "variable", "here"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "zoho_config.json", {"client_id": folder})
    write(paths.config_file, {"client_id": "user"})
    monkeypatch.chdir(tmp_path / "here")
    environ = {"ZOHO_CONFIG": str(tmp_path / "variable" / "zoho_config.json")}
    option = tmp_path / "option" / "zoho_config.json"
    config = load_config(config_file=option, environ=environ, paths=paths)
    assert (config.client_id, config.config_file) == ("option", option)
    assert load(paths, environ).client_id == "variable"
    assert load(paths).client_id == "user"
    paths.config_file.unlink()
    assert load(paths).client_id is None, "the current folder is never looked at by itself"
    assert load(paths).config_file == paths.config_file
    assert load(paths).site_config_file == paths.site_config_file


def test_a_file_named_on_the_command_line_that_is_missing_is_warned_about(
    paths: Paths, tmp_path: Path
) -> None:
    typo = tmp_path / "typo.json"
    config = load_config(config_file=typo, environ={}, paths=paths)
    assert config.warnings == (f"{typo} does not exist yet.",)
    # The variable may well name the file that Settings will make.
    assert load(paths, {"ZOHO_CONFIG": str(typo)}).warnings == ()


def test_a_fifo_serves_as_a_file(paths: Paths) -> None:
    read_end, write_end = os.pipe()
    os.write(write_end, b'{"client_id": "piped"}')
    os.close(write_end)
    try:
        config = load_config(config_file=Path(f"/dev/fd/{read_end}"), environ={}, paths=paths)
    finally:
        os.close(read_end)
    assert config.client_id == "piped"


def test_where(paths: Paths) -> None:
    write(paths.config_file, {"client_id": "c"})
    config = load(paths, {"ZOHO_LEAD_SOURCE": "x"}, data_center="eu")
    assert config.where("client_id") == f"{paths.config_file}: key 'client_id'"
    assert config.where("source") == "The environment variable ZOHO_LEAD_SOURCE"
    assert config.where("data_center") == "The option --data-center"
    assert config.where("layout_id") == "The value of 'layout_id'"


def test_no_repr_shows_a_secret(paths: Paths) -> None:
    write(paths.config_file, {"client_secret": CANARY})
    config = load(paths, {"ZOHO_REFRESH_TOKEN": CANARY, "ZOHO_ACCESS_TOKEN": CANARY})
    shown = f"{config!r} {config} {config.model_dump()} {config.model_dump_json()} {config._loading}"
    assert CANARY not in shown


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        (None, ""),
        ("", ""),
        ("x", "····"),
        ("elevenchars", "····"),
        ("twelve chars", "····hars"),
        ("1000.0123456789abcdef1a2b", "····1a2b"),
    ],
)
def test_masked(secret: str | None, shown: str) -> None:
    assert masked(None if secret is None else SecretStr(secret)) == shown


def assert_silent(error: BaseException) -> None:
    """No secret in *error*, in what it came from, or in what a traceback would print."""
    seen: BaseException | None = error
    while seen is not None:
        assert (
            CANARY
            not in f"{seen} {seen!r} {vars(seen)} {getattr(seen, 'doc', '')} {getattr(seen, 'object', '')}"
        )
        seen = seen.__cause__ or seen.__context__
    assert CANARY not in "".join(traceback.format_exception(error))
