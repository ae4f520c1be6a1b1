"""The org as it was seen last, kept in the start snapshot: known without a call."""

from __future__ import annotations

import hashlib
from pathlib import Path

from zoho.account.config import Config
from zoho.account.snapshot import load_snapshot, save_snapshot
from zoho.account.token_cache import token_identity
from zoho.leads.org import OrgProfile


def sign_in_identity(config: Config) -> str:
    """Return a digest of whose sign-in *config* is, and of what shapes the form.

    Where the token is not read yet (`Config.awaited`), of who keeps it instead: as `keeper_identity`.
    """
    if config.kept_by is not None and {"refresh_token", "access_token"} & config.awaited.keys():
        return _digest(config, config.kept_by)
    return _digest(config, token_identity(config.client_id, config.refresh_token or config.access_token))


def keeper_identity(config: Config) -> str | None:
    """Return what the `sign_in_identity` of *config* was before its token was read; None, it always was."""
    return _digest(config, config.kept_by) if config.kept_by is not None else None


def load_org(path: Path, config: Config) -> OrgProfile | None:
    """Return the org that was last seen with the sign-in of *config*; None if there is none."""
    snapshot = load_snapshot(path)
    if sign_in_identity(config) not in (snapshot.get("identity"), snapshot.get("keeper")):
        return None
    return OrgProfile.from_json(snapshot.get("org"))


def save_org(path: Path, config: Config, org: OrgProfile) -> None:
    """Keep *org* as seen with the sign-in of *config*; other parts of the snapshot stay.

    Raises:
        StorageError: the file cannot be written.
    """
    seen = {
        "identity": sign_in_identity(config),
        "keeper": keeper_identity(config),
        "org": org.to_json(),
    }
    save_snapshot(path, {**load_snapshot(path), **seen})


def _digest(config: Config, who: str) -> str:
    form = (config.layout_id or "", config.submission_key_field, *config.pinned_fields)
    parts = (who, config.data_center, config.api_url, *form)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
