"""Where our files lie: the platform's folders, or one folder that holds everything."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

APP_NAME = "zoho-leads"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of this user, none of which need exist yet.

    Args:
        config_dir: the user's configuration.
        site_config_dir: the administrator's defaults for everybody on the host.
        data_dir: what must not be lost, and the access token.
        cache_dir: what can be made again.
        log_dir: log files.
        named_config_file: the file that ``$ZOHO_CONFIG`` names, if it does.
        named_log_file: the file that ``$ZOHO_LOG_FILE`` names, if it does.
    """

    config_dir: Path
    site_config_dir: Path
    data_dir: Path
    cache_dir: Path
    log_dir: Path
    named_config_file: Path | None = None
    named_log_file: Path | None = None

    @property
    def config_file(self) -> Path:
        """The user's configuration file."""
        return self.named_config_file or self.config_dir / "zoho_config.json"

    @property
    def site_config_file(self) -> Path:
        """The administrator's configuration file."""
        return self.site_config_dir / "zoho_config.json"

    @property
    def token_cache(self) -> Path:
        """The access token, shared by all processes of the user.

        Beside the data and not in the cache folder: a cleared cache would forget how many refreshes Zoho
        has counted already.
        """
        return self.data_dir / "token.json"

    @property
    def outbox(self) -> Path:
        """The database of leads."""
        return self.data_dir / "outbox.db"

    @property
    def snapshot(self) -> Path:
        """What the first frame is drawn from (`zoho.account.snapshot`)."""
        return self.cache_dir / "snapshot.json"

    @property
    def metadata_cache(self) -> Path:
        """The org's layouts and fields as last seen."""
        return self.cache_dir / "metadata.json"

    @property
    def log_file(self) -> Path:
        """The application's log."""
        return self.named_log_file or self.log_dir / "zoho-leads.log"


def default_paths(environ: Mapping[str, str] = os.environ, *, data_dir: Path | None = None) -> Paths:
    """Return this user's folders.

    Args:
        environ: ``ZOHO_DATA_DIR``, ``ZOHO_CONFIG`` and ``ZOHO_LOG_FILE`` are read from it.
        data_dir: the folder of ``--data-dir``; goes before ``ZOHO_DATA_DIR``. Data, token, cache and log then
            all lie below it, so that a sandbox or a demo shares nothing with a real org.
    """
    here = data_dir or _named(environ, "ZOHO_DATA_DIR")
    if here is not None:
        here = _absolute(here)
    return Paths(
        config_dir=platformdirs.user_config_path(APP_NAME, appauthor=False),
        site_config_dir=platformdirs.site_config_path(APP_NAME, appauthor=False),
        data_dir=here or platformdirs.user_data_path(APP_NAME, appauthor=False),
        cache_dir=here / "cache" if here else platformdirs.user_cache_path(APP_NAME, appauthor=False),
        log_dir=here / "log" if here else platformdirs.user_log_path(APP_NAME, appauthor=False),
        named_config_file=_named(environ, "ZOHO_CONFIG"),
        named_log_file=_named(environ, "ZOHO_LOG_FILE"),
    )


def is_standard_folder(folder: Path) -> bool:
    """Is *folder* one that the platform's rules give to this application alone?"""
    standard = default_paths({})
    return folder in (standard.config_dir, standard.data_dir, standard.cache_dir, standard.log_dir)


def _named(environ: Mapping[str, str], variable: str) -> Path | None:
    value = environ.get(variable, "").strip()
    return _absolute(Path(value)) if value else None


def _absolute(path: Path) -> Path:
    # Not resolved: a symbolic link is for `private_folder` to judge.
    return Path(os.path.abspath(path.expanduser()))
