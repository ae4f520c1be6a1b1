"""The org as it was seen last, kept in the start snapshot: known without a call."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from zoho.account.config import Config
from zoho.account.snapshot import load_snapshot, save_snapshot
from zoho.account.token_cache import token_identity
from zoho.leads.org import OrgProfile
from zoho.wire.errors import ConfigError


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


def load_org(path: Path, config: Config, *, layouts: Path | None = None) -> OrgProfile | None:
    """Return the org that was last seen with the sign-in of *config*; None if there is none.

    Args:
        path: of the start snapshot.
        config: whose sign-in, layout and pinned fields it must be.
        layouts: where the layouts are kept (`zoho.leads.layout_cache`): where only the layout or the pinned
            fields are others now, the form is made of these.
    """
    snapshot = load_snapshot(path)
    seen = OrgProfile.from_json(snapshot.get("org"))
    if seen is None or sign_in_identity(config) in (snapshot.get("identity"), snapshot.get("keeper")):
        return seen
    who = snapshot.get("who")
    is_same = who is not None and who in (_who(config), _who_keeps(config))
    return _with_form(seen, layouts, config) if is_same and layouts is not None else None


def save_org(path: Path, config: Config, org: OrgProfile) -> None:
    """Keep *org* as seen with the sign-in of *config*; other parts of the snapshot stay.

    Raises:
        StorageError: the file cannot be written.
    """
    seen = {
        "identity": sign_in_identity(config),
        "keeper": keeper_identity(config),
        "who": _who_keeps(config) or _who(config),
        "org": org.to_json(),
    }
    save_snapshot(path, {**load_snapshot(path), **seen})


def _with_form(seen: OrgProfile, layouts: Path, config: Config) -> OrgProfile | None:
    # Not needed where nothing has changed, which is nearly always.
    from zoho.leads.layout import choose_layout, form_of, other_layouts
    from zoho.leads.layout_cache import load_layouts

    known = load_layouts(layouts, seen.key)
    try:
        layout = choose_layout(known, config.layout_id)
    except ConfigError:
        return None
    form = form_of(
        layout,
        key_field=config.submission_key_field,
        pinned=config.pinned_fields,
        source=config.source,
    )
    others = other_layouts(known, layout)
    return replace(seen, form=replace(form, region=seen.form.region, other_layouts=others))


def _who(config: Config) -> str | None:
    """Return whose sign-in *config* is, whatever shapes the form; None where the token is not read yet."""
    if {"refresh_token", "access_token"} & config.awaited.keys():
        return None
    token = token_identity(config.client_id, config.refresh_token or config.access_token)
    return _digest_of(token, config)


def _who_keeps(config: Config) -> str | None:
    return _digest_of(config.kept_by, config) if config.kept_by is not None else None


def _digest(config: Config, who: str) -> str:
    return _digest_of(who, config, config.layout_id or "", config.submission_key_field, *config.pinned_fields)


def _digest_of(who: str, config: Config, *form: str) -> str:
    parts = (who, config.data_center, config.api_url, *form)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
