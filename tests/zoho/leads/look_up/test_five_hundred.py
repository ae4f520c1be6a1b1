"""Five hundred people whom Zoho knows, each with near twins: nobody is missed, or taken for another."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from looking_up import Looking
from sandbox_caller import Clock

from zoho.leads.look_up import Kind
from zoho.leads.look_up.phones import international
from zoho.leads.look_up.service import MOST_CALLS
from zoho.sandbox import World

PEOPLE = 500
COMPANIES = [
    "Analytical Engines Ltd",
    "Difference Co",
    "Zylker GmbH",
    "Zylker Labs",
    "Acme B.V.",
    "Łódź S.A.",
]
DOMAINS = ["engines.example", "difference.example", "zylker.example", "gmail.com", "acme.example", "web.de"]
WRITTEN = [
    "+{country}{trunk}{number}",
    "+{country} {trunk} {a} {b}",
    "00{country} {trunk} {a} {b}",
    "+{country} (0){trunk} {a}-{b}",
    "+{country}-{trunk}-{a}-{b}",
    "+{country} {trunk} {a} {b1} {b2}",
    "+{country}.{trunk}.{a}.{b} x12",
]


class Person(NamedTuple):
    module: str
    id: str
    email: str
    phone: str


def written(style: str, country: str, trunk: str, number: str) -> str:
    a, b = number[:-4], number[-4:]
    return style.format(country=country, trunk=trunk, number=number, a=a, b=b, b1=b[:2], b2=b[2:])


class Crowd:
    """People and their near twins in a world: one letter or digit, the country, or the top domain differ."""

    def __init__(self) -> None:
        self.chance = random.Random(13)
        self.world = World(seed=False, clock=Clock())
        self.people: list[Person] = []
        self.typed: dict[str, dict[str, str]] = {}
        for number in range(PEOPLE):
            self._add(number)

    def _add(self, number: int) -> None:
        chance, place = self.chance, self.chance.randrange(len(COMPANIES))
        email = f"first.last{number}@{DOMAINS[place]}"
        country, trunk = chance.choice([("44", "20"), ("49", "30"), ("31", "20"), ("33", "1")])
        line = f"{79460000 + number * 7}"
        phone = written(chance.choice(WRITTEN), country, trunk, line)
        module = chance.choice(["Leads", "Contacts"])
        record = self._keep(module, number, COMPANIES[place], email.title(), phone)
        self.people.append(Person(module, record, email, phone))
        self.typed[record] = {
            "Last_Name": f"Last{number}",
            "Company": COMPANIES[place],
            "Email": email,
            "Phone": written(chance.choice(WRITTEN), country, trunk, line),
        }
        twins = [
            (f"x{email}", f"+45 33{number:06}"),
            (email.replace("@", "@x."), written(WRITTEN[0], "47", trunk, line)),
            (f"{email}.au", written(WRITTEN[1], country, trunk, f"{int(line) + 100_000_000}")),
        ]
        for twin_email, twin_phone in twins:
            self._keep(chance.choice(["Leads", "Contacts"]), number, "Other", twin_email, twin_phone)

    def _keep(self, module: str, number: int, company: str, email: str, phone: str) -> str:
        values: dict[str, Any] = {"First_Name": "First", "Last_Name": f"Last{number}", "Email": email}
        values[self.chance.choice(["Phone", "Mobile"])] = phone
        if module == "Leads":
            values["Company"] = company
        record = self.world.keep(module, values)
        record.converted = module == "Leads" and self.chance.random() < 0.3
        return record.id

    def same(self, typed: Mapping[str, str]) -> set[str]:
        """Who has the same address or number, found by looking at everybody."""
        address, number = typed.get("Email"), international(typed.get("Phone", ""))
        return {
            record.id
            for module in ("Leads", "Contacts")
            for record in self.world.living(module)
            if (address and str(record.values["Email"]).casefold() == address.casefold())
            or any(
                number and international(str(record.values.get(name, ""))) == number
                for name in ("Phone", "Mobile")
            )
        }


@pytest.fixture(scope="module")
def crowd() -> Crowd:
    return Crowd()


ORDERS = [("Company", "Email", "Phone"), ("Email", "Phone"), ("Phone", "Email"), ("Email",), ("Phone",)]


@pytest.mark.parametrize("order", ORDERS, ids=" ".join)
async def test_everybody_is_found_and_nobody_else_is_named(crowd: Crowd, order: tuple[str, ...]) -> None:
    looking = Looking(crowd.world)
    for person in crowd.people if order == ORDERS[0] else crowd.people[::5]:
        looking.begin()
        typed = {name: crowd.typed[person.id][name] for name in order}
        for name, text in typed.items():
            await looking.left(**{name: text})
        passed = [kind for kind in (Kind.EMAIL, Kind.PHONE) if kind.value.title() not in order]
        known = await looking.left(passed=passed)
        named = {match.id for match in known.matches if match.is_certain}
        assert named == crowd.same(typed), typed
        assert person.id in named
        assert looking.look.calls <= MOST_CALLS


async def test_who_is_not_there_is_not_named(crowd: Crowd) -> None:
    looking = Looking(crowd.world)
    for number in range(0, PEOPLE, 5):
        looking.begin()
        await looking.left(Email=f"first.last{number}@nowhere.example", Phone=f"+44 20 8{number:07}")
        assert [match for match in looking.look.known.matches if match.is_certain] == []
        assert looking.look.calls <= MOST_CALLS
