"""What a lookup may refer to: records and users, found by a word of their name."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from zoho.api.client import ZohoClient
from zoho.api.models import User
from zoho.leads.lookup import quoted
from zoho.wire.clean import clean_line

USERS = "Users"
"""What an owner and a user field refer to; no module."""

MOST = 20
"""Choices that a search gives: who sees more than a screen of them types another letter."""

SHORTEST = 2
"""Letters that a search of records needs: of one, half of them would be found."""

_USERS_ARE_GOOD_FOR = 600.0
"""Seconds: they are few, and are asked for whole."""

# The field that names a record (v8 Modules, "display field"); of other modules it is Name.
_NAMES: Mapping[str, str] = {
    "Accounts": "Account_Name",
    "Campaigns": "Campaign_Name",
    "Cases": "Subject",
    "Contacts": "Full_Name",
    "Deals": "Deal_Name",
    "Leads": "Full_Name",
    "Products": "Product_Name",
    "Vendors": "Vendor_Name",
}

Choice = tuple[str, str]
"""Id and name of a record or user."""


class References:
    """Finds what a lookup field may refer to, while it is typed.

    Records need ``ZohoCRM.coql.READ`` and the READ scope of their module, users ``ZohoCRM.users.READ``: the
    search of words would need another scope, and does not know a record that was just made.

    Args:
        client: signed in.
        clock: seconds of a clock that only goes forward.
    """

    def __init__(self, client: ZohoClient, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._clock = clock
        self._users: tuple[float, Sequence[User]] | None = None

    async def search(self, module: str, word: str) -> list[Choice]:
        """Return the records of *module* (or users) that have *word* in their name; of users, all for none.

        At most `MOST`; those whose name begins with it come first.

        Raises:
            ZohoError: Zoho does not answer, or not to this user; `PermissionMissing` names what is missing.
        """
        wanted = " ".join(word.split())
        if module == USERS:
            return _first(((user.id, user.full_name) for user in await self._active_users()), wanted)
        if len(wanted) < SHORTEST or not module.isidentifier() or not module.isascii():
            return []
        name = _NAMES.get(module, "Name")
        like = quoted(f"%{wanted.replace('%', ' ')}%")
        query = f"select id, {name} from {module} where {name} like {like} limit {MOST}"  # noqa: S608 - COQL
        found = await self._client.look(query)
        return _first(((record.id, str(record.get(name) or "")) for record in found), wanted)

    async def _active_users(self) -> Sequence[User]:
        now = self._clock()
        if self._users is None or now - self._users[0] > _USERS_ARE_GOOD_FOR:
            self._users = now, await self._client.users()
        return self._users[1]


def _first(found: Iterable[Choice], word: str) -> list[Choice]:
    """Return those that have *word* in their name, and the name on one line."""
    sought = word.casefold()
    named = [(one, clean_line(name)) for one, name in found if sought in name.casefold()]
    return sorted(named, key=lambda one: (not one[1].casefold().startswith(sought), one[1].casefold()))[:MOST]
