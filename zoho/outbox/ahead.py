"""Leads saved with a sign-in whose org was not known yet, as the very first start met a broken line.

They belong to that sign-in's org, as soon as Zoho has said which that is. Which sign-in it was is kept on
the disk with each lead: another process, or the next start, may be the one that learns of the org. A lead
that was saved without any sign-in belongs to nobody until the rep confirms an org.
"""

from __future__ import annotations

from zoho.account.config import Config
from zoho.leads.org import OrgProfile
from zoho.leads.org_cache import keeper_identity, sign_in_identity
from zoho.outbox.store import Store


def save_ahead(store: Store, key: str, config: Config) -> None:
    """Remember that the lead of *key*, which has no org yet, was saved with the sign-in of *config*."""
    if not config.missing:
        store.set_note(_note(key), sign_in_identity(config))


def bind_ahead(store: Store, config: Config, org: OrgProfile) -> None:
    """Let the leads that were saved with the sign-in of *config* belong to *org*, which is its org."""
    identities = {sign_in_identity(config), keeper_identity(config)} - {None}
    rows = [row for row in store.unbound() if store.note(_note(row.key)) in identities]
    store.bind(org.key, keys=[row.key for row in rows])
    for row in rows:
        store.set_note(_note(row.key), None)


def _note(key: str) -> str:
    return f"saved ahead: {key}"
