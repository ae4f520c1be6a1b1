"""The closed table of Zoho's data centres, and the check that a host is in it.

A token or a secret goes only to a host of this table. Sources, and how sure each row is, stand beside it: the
"Multi DC" page of Zoho's Accounts documentation (``accounts/protocol/oauth/multi-dc``) and the ``dc`` package
of Zoho's Python SDK for CRM v8.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from zoho.wire.clean import clean_line
from zoho.wire.errors import ConfigError


@dataclass(frozen=True, slots=True)
class DataCenter:
    """One of Zoho's data centres; the addresses are origins (``https://host``), without a slash at the end.

    Args:
        code: Zoho's ``location`` code.
        accounts_url: where tokens are had.
        api_url: where the CRM API answers.
        web_url: where a person opens a record.
        name: the place, for people.
    """

    code: str
    accounts_url: str
    api_url: str
    web_url: str
    name: str

    @property
    def api_hosts(self) -> frozenset[str]:
        """The API hosts of production, sandbox and developer orgs (Zoho's SDK, ``dc/*_data_center.py``)."""
        domain = self.api_url.removeprefix("https://www.")
        return frozenset(f"{kind}.{domain}" for kind in ("www", "sandbox", "developer"))


def _center(code: str, name: str, zoho: str, apis: str) -> DataCenter:
    return DataCenter(code, f"https://accounts.{zoho}", f"https://www.{apis}", f"https://crm.{zoho}", name)


DATA_CENTERS: Mapping[str, DataCenter] = MappingProxyType(
    {
        center.code: center
        for center in (
            # Documented, and in the SDK.
            _center("us", "United States", "zoho.com", "zohoapis.com"),
            _center("eu", "Europe", "zoho.eu", "zohoapis.eu"),
            _center("in", "India", "zoho.in", "zohoapis.in"),
            _center("au", "Australia", "zoho.com.au", "zohoapis.com.au"),
            _center("jp", "Japan", "zoho.jp", "zohoapis.jp"),
            # Documented, and in the SDK: its accounts and API hosts differ in more than a prefix.
            _center("ca", "Canada", "zohocloud.ca", "zohoapis.ca"),
            _center("sa", "Saudi Arabia", "zoho.sa", "zohoapis.sa"),
            # Accounts host documented; API host only seen by a user; absent from the SDK.
            _center("uk", "United Kingdom", "zoho.uk", "zohoapis.uk"),
            # In the SDK; documented for Bigin; outside the multi-DC set, so that consent must start there.
            _center("cn", "China", "zoho.com.cn", "zohoapis.com.cn"),
            # API host documented for Creator only; on no list of the CRM's or of Accounts'.
            _center("ae", "United Arab Emirates", "zoho.ae", "zohoapis.ae"),
        )
    }
)
"""By code, in the order in which a person is offered them."""


def data_center(code: str) -> DataCenter:
    """Return the data centre that Zoho calls *code* (case and surrounding blanks do not matter).

    Raises:
        ConfigError: there is none of that code; the known ones, and the nearest, are named.
    """
    wanted = code.strip().lower()
    if wanted in DATA_CENTERS:
        return DATA_CENTERS[wanted]
    nearest = _nearest(wanted)
    raise ConfigError(
        f"There is no Zoho data centre {_shown(code)!r}."
        + (f" Did you mean {nearest!r}?" if nearest else ""),
        next_step=f"Choose one of: {', '.join(DATA_CENTERS)}.",
        code="unknown_data_center",
    )


def check_api_domain(url: str, center: DataCenter, *, allow_loopback: bool) -> str:
    """Return the origin of *url* if a token may go there, else raise.

    It must be exactly ``https://`` and an API host of *center*: no port, user, path or query. A slash at the
    end is dropped.

    Args:
        url: the configured address, or ``api_domain`` of a token answer.
        center: the data centre that the token belongs to.
        allow_loopback: this machine's own addresses are allowed too, by http or https, on any port.

    Raises:
        ConfigError: it is another host, or anything but a bare origin.
    """
    owners = {host: one.code for one in DATA_CENTERS.values() for host in one.api_hosts}
    allowed = {f"https://{host}" for host in center.api_hosts}
    return _check(url, allowed, owners, "API", center.api_url, allow_loopback=allow_loopback)


def check_accounts_url(url: str, *, allow_loopback: bool, center: DataCenter | None = None) -> str:
    """Return the origin of *url* if secrets may go there, else raise.

    Args:
        url: the configured address of the accounts server.
        allow_loopback: as in `check_api_domain`.
        center: the only data centre whose accounts host is allowed; without it, any of the table.

    Raises:
        ConfigError: it is another host, or anything but a bare origin.
    """
    owners = {one.accounts_url.removeprefix("https://"): one.code for one in DATA_CENTERS.values()}
    allowed = {center.accounts_url} if center else {one.accounts_url for one in DATA_CENTERS.values()}
    example = center.accounts_url if center else "https://accounts.zoho.eu"
    return _check(url, allowed, owners, "accounts", example, allow_loopback=allow_loopback)


# One expression for the whole address, and nothing taken apart that did not match: urlsplit drops tabs and
# newlines, so that what it checks is not what the HTTP client would connect to.
_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:]+\])(?P<port>:[0-9]{1,5})?/?",
    re.IGNORECASE | re.ASCII,
)


def _check(
    url: str, allowed: set[str], owners: Mapping[str, str], kind: str, example: str, *, allow_loopback: bool
) -> str:
    match = _ORIGIN.fullmatch(url)
    host = match["host"].lower() if match else ""
    if match is not None:
        origin = f"{match['scheme'].lower()}://{host}{match['port'] or ''}"
        if origin in allowed or (allow_loopback and _is_loopback(host)):
            return origin
    owner = None if f"https://{host}" in allowed else owners.get(host)
    raise _foreign(url, host, owner, kind, example)


def _foreign(url: str, host: str, owner: str | None, kind: str, example: str) -> ConfigError:
    if _is_loopback(host):
        next_step = "For the sandbox on this machine, set ZOHO_ALLOW_LOOPBACK=1 or give --allow-loopback."
    elif owner is not None:
        next_step = f"It belongs to the data centre {owner!r}: set data_center to that, or use {example}."
    else:
        next_step = f"It must be written as in {example}; no secret is sent anywhere else."
    return ConfigError(
        f"{_shown(url)!r} is not an address of Zoho's {kind} server for this data centre.",
        next_step=next_step,
        code="foreign_host",
    )


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv4Address):
        return address in ipaddress.IPv4Network("127.0.0.0/8")
    return address == ipaddress.IPv6Address("::1")


def _nearest(wanted: str) -> str | None:
    for center in DATA_CENTERS.values():
        # "com", "com.au", "https://www.zohoapis.eu": people know the end of the address that they use.
        names = (center.accounts_url, center.api_url, center.web_url)
        if wanted and any(name == wanted or name.partition("zoho.")[2] == wanted for name in names):
            return center.code
        if wanted == center.name.lower():
            return center.code
    return next(iter(difflib.get_close_matches(wanted, DATA_CENTERS, n=1, cutoff=0.5)), None)


def _shown(text: str) -> str:
    # What stands before an @ in an address may be a password.
    shown = clean_line(text.rpartition("@")[2])
    return shown if len(shown) <= 80 else shown[:79] + "…"
