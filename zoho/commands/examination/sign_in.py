"""Who we are to Zoho: the token, the org, its form and its field for our key."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from zoho.account import Config, Paths
from zoho.account.scopes import OPTIONAL_SCOPES, missing_scopes
from zoho.account.token_cache import AccessToken, TokenCache, token_identity
from zoho.api import ZohoClient
from zoho.api.client import CreditsSeen
from zoho.api.token_answers import REFRESHES_PER_WINDOW, THROTTLE_WAIT, in_words
from zoho.commands.examination.report import Entry, failed, judged, mend, told, well
from zoho.commands.session import not_signed_in, org_of
from zoho.leads.check_up import check_up, lacks_scopes
from zoho.leads.org import OrgProfile
from zoho.leads.org_cache import load_org
from zoho.outbox.keying import Notes, finding_of, proof_of
from zoho.wire.clean import clean_line
from zoho.wire.errors import StorageError, ZohoError

# What `check_up` tells besides who is signed in, in its order. An unclear answer is settled by looking up: a
# lead can be sent without that, and one with a source that the org does not have may be refused.
_NAMES = ("form", "source", "look_up", "required_fields")
_BLOCKS = (False, True, False, True)
_CREATE = "ZohoCRM.modules.leads.CREATE"


@dataclass(slots=True)
class SignInLook:
    """What is known of a sign-in."""

    token: list[Entry] = field(default_factory=list[Entry])
    org: list[Entry] = field(default_factory=list[Entry])
    profile: OrgProfile | None = None


def has_token(config: Config, paths: Paths) -> bool:
    """Say whether there is an access token that may be used without a new one being asked for."""
    try:
        return _cache(config, paths).best(config.access_token) is not None
    except StorageError:
        return False  # told of the token


def look_without_a_line(config: Config, paths: Paths, notes: Notes) -> SignInLook:
    """Return what is known here, without asking Zoho."""
    if config.missing:
        return SignInLook([failed("sign_in", not_signed_in(config))])
    found = SignInLook(_token(config, paths), profile=load_org(paths.snapshot, config))
    found.token += _scopes(_cache(config, paths))
    if (org := found.profile) is not None:
        what = f"Seen last: {org.org_name} ({org.environment}), as {org.user_name}."
        found.org = [told("org", what, **_who(org)), *_keying(org, notes)]
    return found


async def look_at_sign_in(config: Config, paths: Paths, notes: Notes) -> SignInLook:
    """Ask Zoho for the org, and return what stands between here and a created lead."""
    if config.missing:
        return SignInLook([failed("sign_in", not_signed_in(config))])
    # No file but the token cache is written by who only looks.
    asked = config.model_copy(update={"save_access_token": False})
    found = SignInLook()
    async with ZohoClient.from_config(asked, paths=paths) as client:
        try:
            read = await org_of(client, config)
        except ZohoError as error:
            why = await check_up(client, read=error, source=config.source)
            found.org = [mend("org", one.what, one.next_step, blocks=True, code=error.code) for one in why]
        else:
            found.profile = read
            judgements = await check_up(client, read=read, source=config.source)
            found.org = [
                well("org", judgements[0].what, **_who(read)),
                *(judged(*one) for one in zip(_NAMES, judgements[1:], _BLOCKS, strict=False)),
                *_keying(read, notes),
            ]
        found.org.append(_credits(client.credits_seen))
    found.token = [*_token(config, paths), *_scopes(_cache(config, paths))]
    return found


def _who(org: OrgProfile) -> dict[str, str]:
    return {
        "data_center": org.data_center,
        "org": org.org_name,
        "environment": org.environment,
        "user": org.user_name,
    }


def _keying(org: OrgProfile, notes: Notes) -> list[Entry]:
    try:
        proof = proof_of(notes, org, now=time.time())
    except StorageError:
        return []  # told of the outbox already
    return [judged("keying", finding_of(proof, org))]


def _cache(config: Config, paths: Paths) -> TokenCache:
    return TokenCache(paths.token_cache, identity=token_identity(config.client_id, config.refresh_token))


def _token(config: Config, paths: Paths) -> list[Entry]:
    cache = _cache(config, paths)
    try:
        token, used = cache.best(config.access_token), cache.refreshes_since(THROTTLE_WAIT)
        wait = cache.wait_for_refresh(allowed=REFRESHES_PER_WINDOW, seconds=THROTTLE_WAIT)
    except StorageError as error:
        return [failed("token", error)]
    minutes, used = round(THROTTLE_WAIT / 60), min(used, REFRESHES_PER_WINDOW)
    what = f"Access tokens asked for in the last {minutes} minutes: {used} of {REFRESHES_PER_WINDOW}."
    facts: dict[str, Any] = {"used": used, "allowed": REFRESHES_PER_WINDOW, "seconds_to_wait": round(wait)}
    if wait <= 0:
        return [_age(token), told("refreshes", what, **facts)]
    step = f"Nothing to do: it goes on {in_words(wait, time.time())}."
    return [_age(token), mend("refreshes", what, step, blocks=token is None, **facts)]


def _age(token: AccessToken | None) -> Entry:
    if token is None:
        return told("token", "No access token is kept: the next lead gets one.", seconds_left=None)
    if token.expires_at is None:
        what = "The access token was given from outside: nobody knows how long it is good."
        return told("token", what, seconds_left=None)
    now = time.time()
    left = round(token.expires_at - now)
    age = round(now - token.issued_at) if token.issued_at is not None else None
    old = f" is {age} s old, and" if age is not None else ""
    return well("token", f"The access token{old} is good for {left} s more.", seconds_left=left, age=age)


def _scopes(cache: TokenCache) -> list[Entry]:
    try:
        scope = cache.scope()
    except StorageError:
        return []  # told of the token
    if scope is None:
        return [told("scopes", "Zoho did not list the scopes of this sign-in.", granted=None)]
    granted, missing = clean_line(scope).replace(",", " ").split(), missing_scopes(scope)
    facts: dict[str, Any] = {"granted": granted, "missing": list(missing)}
    if not missing:
        return [well("scopes", "The sign-in has every scope that is needed.", **facts), *_optional(scope)]
    finding = lacks_scopes(missing)
    return [mend("scopes", finding.what, finding.next_step, blocks=_CREATE in missing, **facts)]


def _optional(scope: str) -> list[Entry]:
    """Tell what is left out silently while a lead is typed, for want of a scope that nothing else needs."""
    lacking = missing_scopes(scope, OPTIONAL_SCOPES)
    if not lacking:
        return []
    without = "; ".join(OPTIONAL_SCOPES[name] for name in lacking)
    what = f"Without {', '.join(lacking)}: {without}. A new sign-in asks for them."
    return [told("optional_scopes", what, missing=list(lacking))]


def _credits(seen: CreditsSeen | None) -> Entry:
    if seen is None:
        what = "Zoho told nothing of the org's API credits: it does once half of a day's are used."
        return told("api_credits", what, remaining=None)
    at = time.strftime("%H:%M", time.localtime(seen.at))
    what = f"API credits that the org had left at {at}: {seen.remaining:,}."
    return told("api_credits", what, remaining=seen.remaining, at=seen.at)
