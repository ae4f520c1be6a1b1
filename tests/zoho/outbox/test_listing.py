"""The leads as a list: their order, and finding those that have some words."""

from __future__ import annotations

import pytest
from outbox_office import begin, finish, new_key

from zoho.outbox.sqlite_store import SqliteStore
from zoho.outbox.states import Mode, Standing, State, UndoState
from zoho.outbox.store import FRESH, Attempt, Outcome, Row, Sought
from zoho.wire.errors import FieldFault

FAULT = FieldFault("INVALID_DATA", "is no valid number", "Mend it.", "Phone")


def add(store: SqliteStore, **values: str) -> Row:
    return store.add(new_key(), values, org="org", lane=FRESH, at=1.0)


def found(store: SqliteStore, *words: str, states: frozenset[Standing] = frozenset()) -> list[str]:
    numbers = store.listing.numbers([Sought(word, states) for word in words])
    rows = store.listing.rows(numbers)
    return [rows[number].values["Last_Name"] for number in numbers]


def end(store: SqliteStore, row: Row, outcome: Outcome) -> None:
    begun = begin(store, row, Attempt("sender", Mode.UNKEYED, 1.0, None, None))
    assert begun is not None
    assert finish(store, begun, outcome, at=2.0)


@pytest.fixture
def ada(store: SqliteStore) -> Row:
    """A lead that was refused, among others."""
    row = add(store, First_Name="Ada", Last_Name="Lovelace", Company='The "Engine" 100%', City="London")
    add(store, Last_Name="Turing", Company="Bletchley_Park")
    sent = add(store, Last_Name="Hopper", Company="Navy")
    end(store, sent, Outcome(State.SENT, zoho_id="5000000000123"))
    end(store, row, Outcome(State.REJECTED, faults=(FAULT,)))
    return row


def test_the_newest_comes_first_and_pages_join(store: SqliteStore) -> None:
    for number in range(7):
        add(store, Last_Name=f"Lead {number}")
    numbers = list(store.listing.numbers())
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 7
    assert list(store.listing.numbers(limit=3)) == numbers[:3]
    assert list(store.listing.numbers(after=numbers[2])) == numbers[:2]
    assert list(store.listing.numbers(after=numbers[0])) == []
    rows = store.listing.rows(numbers[2:4])
    assert [rows[number] for number in numbers[2:4]] == store.rows()[2:4]


def test_an_empty_outbox_has_no_numbers(store: SqliteStore) -> None:
    assert list(store.listing.numbers()) == []
    assert store.listing.rows([]) == {}


def test_a_dropped_draft_is_gone(store: SqliteStore) -> None:
    key = new_key()
    store.drafts.keep(key, {"Last_Name": "Roe"}, field=None, holder=None, editing=False, at=1.0)
    numbers = store.listing.numbers()
    store.drafts.drop(key)
    assert store.listing.rows(numbers) == {}


@pytest.mark.parametrize(
    "words",
    [
        ["lovelace"],
        ["ADA"],
        ["ada", "engine"],
        ['"eng'],
        ["100%"],
        ["phone"],
        ["valid number"],
        ["ada", "valid"],
    ],
)
def test_a_lead_is_found_by_name_company_and_reason(store: SqliteStore, ada: Row, words: list[str]) -> None:
    assert found(store, *words) == ["Lovelace"]


def test_every_word_must_be_found(store: SqliteStore, ada: Row) -> None:
    assert found(store, "ada", "turing") == []
    assert found(store) == ["Hopper", "Turing", "Lovelace"]


def test_a_lead_is_found_by_its_id_and_its_state(store: SqliteStore, ada: Row) -> None:
    assert found(store, "000123") == ["Hopper"]
    assert found(store, "creat", states=frozenset({State.SENT})) == ["Hopper"]
    assert found(store, "navy", states=frozenset({State.REJECTED})) == ["Hopper", "Lovelace"]


@pytest.mark.parametrize("word", ["Last_Name", "Company", "london", "INVALID_DATA", "Mend it"])
def test_what_the_list_does_not_show_is_not_found(store: SqliteStore, ada: Row, word: str) -> None:
    assert found(store, word) == []


@pytest.mark.parametrize(("word", "names"), [("%", ["Lovelace"]), ("_", ["Turing"]), ("\\", [])])
def test_signs_of_a_pattern_are_signs(store: SqliteStore, ada: Row, word: str, names: list[str]) -> None:
    assert found(store, word) == names


@pytest.mark.parametrize("word", ["zoë", "ZOË", "Zoë", "brontë zoë", "株式", "'; DROP TABLE leads; --"])
def test_letters_beyond_ascii_and_quotes_are_found_in_any_case(store: SqliteStore, word: str) -> None:
    add(store, First_Name="Zoë", Last_Name="BRONTË", Company="株式会社")
    add(store, Last_Name="Zoe", Company="Acme '; DROP TABLE leads; --")
    expected = ["Zoe"] if "DROP" in word else ["BRONTË"]
    assert found(store, *([word] if "DROP" in word else word.split())) == expected


def test_a_purged_lead_is_found_by_its_id_alone(store: SqliteStore, ada: Row) -> None:
    store.history.purge(before=1e12)
    assert list(store.listing.numbers([Sought("hopper")])) == []
    assert len(store.listing.numbers([Sought("000123")])) == 1


def test_no_more_than_asked_for_are_found(store: SqliteStore, ada: Row) -> None:
    newest = store.listing.numbers()[0]
    assert list(store.listing.numbers([Sought("")], limit=1)) == [newest]


def test_what_was_undone_is_found_as_that_and_not_as_created(store: SqliteStore) -> None:
    def create(name: str) -> str:
        row = add(store, Last_Name=name)
        end(store, row, Outcome(State.SENT, zoho_id=f"9-{name}"))
        return row.key

    create("Stays")
    for name, *steps in (
        ("Maybe", store.undos.want),
        ("Gone", store.undos.want, store.undos.undone),
        ("Back", store.undos.want, store.undos.undone, store.undos.restored),
    ):
        key = create(name)
        for step in steps:
            assert step(key, at=3.0)
    called = {one: found(store, "no such text", states=frozenset({one})) for one in (State.SENT, *UndoState)}
    assert called == {
        State.SENT: ["Back", "Stays"],
        UndoState.UNDOING: ["Maybe"],
        UndoState.UNDONE: ["Gone"],
    }
    rows = {row.values["Last_Name"]: row.standing for row in store.rows()}
    assert rows == {name: standing for standing, names in called.items() for name in names}


def test_the_leads_that_belong_to_no_org_are_told(store: SqliteStore) -> None:
    first = store.add(new_key(), {"Last_Name": "A"}, org=None, lane=FRESH, at=1.0)
    store.add(new_key(), {"Last_Name": "B"}, org="org", lane=FRESH, at=1.0)
    second = store.add(new_key(), {"Last_Name": "C"}, org=None, lane=FRESH, at=1.0)
    draft = new_key()
    store.drafts.keep(draft, {"Last_Name": "D"}, field=None, holder=None, editing=False, at=1.0)
    assert store.unbound() == [second, first]
