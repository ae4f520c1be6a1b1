"""The client against the stand-in, configured by the environment, in-process and over TCP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sandbox_caller import Clock
from sandbox_server import Serving, serve

from zoho.account import Paths, load_config
from zoho.api import Call, RecordCreated, ZohoClient
from zoho.sandbox import World, create_app
from zoho.wire import (
    DuplicateRejected,
    NotReached,
    OutcomeUnknown,
    PermissionMissing,
    RateLimited,
    RecordRejected,
    RequestRejected,
    SignInError,
    TokenThrottled,
    UnexpectedAnswer,
    ZohoError,
)
from zoho.wire.http import Deadlines

LEAD = {"Last_Name": "Roe", "Company": "Acme", "Email": "roe@acme.example"}
Run = Callable[..., ZohoClient]


def environment(world: World, url: str, **more: str) -> dict[str, str]:
    return {
        "ZOHO_ALLOW_LOOPBACK": "1",
        "ZOHO_ACCOUNTS_URL": url,
        "ZOHO_API_DOMAIN": url,
        "ZOHO_CLIENT_ID": world.client_id,
        "ZOHO_CLIENT_SECRET": world.client_secret,
        "ZOHO_REFRESH_TOKEN": world.refresh_token,
        **more,
    }


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock, submission_key="Submission_Key", search_lag=0.0)


@pytest.fixture
def run(world: World, paths: Paths, clock: Clock, calls: list[Call]) -> Run:
    """Make a client as another run of the program would, in-process."""

    def make(**more: str) -> ZohoClient:
        config = load_config(environ=environment(world, "http://127.0.0.1", **more), paths=paths)
        transport = httpx.ASGITransport(create_app(world))
        return ZohoClient.from_config(
            config, paths=paths, clock=clock, transport=transport, on_call=calls.append
        )

    return make


async def test_an_expired_token_costs_one_refresh_and_the_next_run_nothing(
    run: Run, world: World, calls: list[Call]
) -> None:
    expired = world.issue_access_token()
    world.expire_tokens()
    before = len(world.records())

    async with run(ZOHO_ACCESS_TOKEN=expired) as zoho:
        first = await zoho.create_lead(LEAD)
    assert world.token_requests == 1
    accepted = [one for one in world.requests if one.path == "/crm/v8/Leads" and one.status == 201]
    assert len(accepted) == 1
    assert len(world.records()) == before + 1

    calls.clear()
    async with run(ZOHO_ACCESS_TOKEN=expired) as zoho:
        second = await zoho.create_lead(LEAD | {"Email": "other@acme.example"})
    assert world.token_requests == 1, "within the hour no refresh"
    assert [(one.path, one.status) for one in calls] == [("/crm/v8/Leads", 201)], "and no call refused"
    assert first != second


async def test_a_token_is_renewed_before_it_ends(
    run: Run, world: World, clock: Clock, calls: list[Call]
) -> None:
    async with run() as zoho:
        await zoho.create_lead(LEAD)
        clock.forward(3590)
        await zoho.create_lead(LEAD)
    assert world.token_requests == 2
    assert all(one.status != 401 for one in calls)


async def test_a_lead_is_created_read_found_noted_and_deleted(run: Run, world: World) -> None:
    async with run() as zoho:
        lead_id = await zoho.create_lead(LEAD | {"Submission_Key": "abc"})
        lead = await zoho.get_lead(lead_id)
        assert lead is not None
        assert {name: lead.get(name) for name in LEAD} == LEAD
        assert (lead.get("Lead_Source"), lead.get("Submission_Key")) == ("Qualification Inbound", "abc")
        assert lead_id in [one.id for one in await zoho.search_leads(email="roe@acme.example")]
        (found,) = await zoho.coql("select id, Company from Leads where Submission_Key = 'abc'")
        assert (found.id, found.get("Company")) == (lead_id, "Acme")
        assert (await zoho.create_note(lead_id, title="Call", content="Friday")).isdigit()
        await zoho.delete_lead(lead_id)
        assert await zoho.get_lead(lead_id) is None
        assert await zoho.search_leads(email="roe@acme.example") == []
    assert [one.title for one in world.notes] == ["Call"]


async def test_a_deleted_lead_is_restored_with_its_note_once(run: Run, world: World) -> None:
    async with run() as zoho:
        lead_id = await zoho.create_lead(LEAD)
        await zoho.create_note(lead_id, title="Call", content="Friday")
        await zoho.delete_lead(lead_id)
        assert world.living_notes() == []
        await zoho.restore_lead(lead_id)
        lead = await zoho.get_lead(lead_id)
        assert lead is not None
        assert lead.get("Company") == LEAD["Company"]
        assert [one.title for one in world.living_notes()] == ["Call"]
        with pytest.raises(RequestRejected):
            await zoho.restore_lead(lead_id)


async def test_the_org_is_read(run: Run, world: World) -> None:
    async with run() as zoho:
        user, org = await zoho.current_user(), await zoho.org()
        (layout,), fields = await zoho.layouts(), await zoho.fields()
    assert user.id == world.users[0]["id"]
    assert org.company_name == world.org["company_name"]
    assert {one.api_name for one in fields} >= {"Last_Name", "Company", "Submission_Key"}
    shown = [one.api_name for section in layout.sections for one in section.fields]
    assert shown[:4] == ["First_Name", "Last_Name", "Company", "Email"]


async def test_a_batch_is_told_of_record_by_record(run: Run) -> None:
    async with run() as zoho:
        await zoho.create_lead(LEAD | {"Submission_Key": "taken"})
        first, second, third = await zoho.create_leads(
            [LEAD, LEAD | {"Submission_Key": "taken"}, {"Company": "Acme"}]
        )
    assert isinstance(first, RecordCreated)
    assert isinstance(second, DuplicateRejected)
    assert [one.field for one in second.duplicates] == ["Submission_Key"]
    assert isinstance(third, ZohoError)
    assert third.field == "Last_Name"


@pytest.mark.parametrize(
    ("setting", "kind", "words"),
    [
        ({"api_access": False}, PermissionMissing, "no API access"),
        ({"missing_scopes": {"ZohoCRM.modules.Leads.CREATE"}}, PermissionMissing, "leads.CREATE"),
        ({"denied_permissions": {"Crm_Implied_Create_Leads"}}, PermissionMissing, "Crm_Implied_Create_Leads"),
    ],
)
async def test_what_the_user_may_not_do_is_named(
    run: Run, world: World, setting: dict[str, Any], kind: type[ZohoError], words: str
) -> None:
    for name, value in setting.items():
        setattr(world.options, name, value)
    async with run() as zoho:
        with pytest.raises(kind) as caught:
            await zoho.create_lead(LEAD)
    assert words in caught.value.what
    assert world.token_requests == 1


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ("ZOHO_CLIENT_ID", "1000.OTHER", "invalid_client"),
        ("ZOHO_CLIENT_SECRET", "wrong", "invalid_client_secret"),
        ("ZOHO_REFRESH_TOKEN", "1000.revoked", "invalid_code"),
    ],
)
async def test_wrong_credentials(run: Run, variable: str, value: str, code: str) -> None:
    async with run(**{variable: value}) as zoho:
        with pytest.raises(SignInError) as caught:
            await zoho.create_lead(LEAD)
    assert caught.value.code == code


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize("text", ["Access Denied", "访问被拒绝"])
async def test_the_throttle_of_the_accounts_server(run: Run, world: World, status: int, text: str) -> None:
    world.options.throttle_text, world.options.throttle_status = text, status
    world.faults.order("throttle")
    async with run() as zoho:
        for _ in range(3):
            with pytest.raises(TokenThrottled):
                await zoho.create_lead(LEAD)
    assert world.token_requests == 1


# Over TCP: what a line and a server do to a lead


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[World, Serving]]:
    world = World()
    with serve(world) as url:
        yield world, url


@pytest.fixture
def dial(served: tuple[World, Serving], paths: Paths) -> Callable[..., ZohoClient]:
    """Make a client of the served stand-in; what is not about a deadline has a generous one."""
    world, url = served
    world.reset()
    token = world.issue_access_token()

    def make(**limits: float) -> ZohoClient:
        config = load_config(environ=environment(world, str(url), ZOHO_ACCESS_TOKEN=token), paths=paths)
        return ZohoClient.from_config(config, paths=paths, deadlines=Deadlines(**limits))

    return make


@pytest.mark.parametrize(
    ("kind", "params", "error", "applied"),
    [
        ("drop-before", {}, OutcomeUnknown, 0),
        ("drop-after", {}, OutcomeUnknown, 1),
        ("half", {}, OutcomeUnknown, 1),
        ("5xx-before", {"status": 502, "html": True}, OutcomeUnknown, 0),
        ("5xx-after", {}, OutcomeUnknown, 1),
        ("html", {"commit": True}, OutcomeUnknown, 1),
        ("oversized", {"mib": 2}, OutcomeUnknown, 1),
        ("oversized", {"mib": 2, "gzip": True}, OutcomeUnknown, 1),
        ("429", {"retry_after": 7}, RateLimited, 0),
        ("429", {"credits": True}, RateLimited, 0),
        ("redirect", {}, UnexpectedAnswer, 0),
    ],
)
async def test_a_fault_of_line_or_server(
    served: tuple[World, Serving],
    dial: Callable[..., ZohoClient],
    kind: str,
    params: dict[str, Any],
    error: type[ZohoError],
    applied: int,
) -> None:
    world, _ = served
    before = len(world.records())
    world.faults.order(kind, **params)
    async with dial() as zoho:
        with pytest.raises(ZohoError) as caught:
            await zoho.create_lead(LEAD)
    assert type(caught.value) is error
    assert len(world.records()) == before + applied
    assert [one.path for one in world.requests] == ["/crm/v8/Leads"], "sent once"


@pytest.mark.parametrize("kind", ["hang-before", "hang-after"])
@pytest.mark.parametrize("limits", [{"read": 0.2}, {"overall": 0.2}])
async def test_a_server_that_never_answers(
    served: tuple[World, Serving], dial: Callable[..., ZohoClient], kind: str, limits: dict[str, float]
) -> None:
    world, _ = served
    world.faults.order(kind)
    async with dial(**limits) as zoho:
        with pytest.raises(OutcomeUnknown) as caught:
            await zoho.create_lead(LEAD)
    assert caught.value.code == ("ReadTimeout" if "read" in limits else "TimeoutError")


async def test_a_port_where_nobody_listens(paths: Paths) -> None:
    with serve(World()) as url:
        gone = str(url)
    world = World()
    config = load_config(environ=environment(world, gone, ZOHO_ACCESS_TOKEN="1000.a"), paths=paths)
    async with ZohoClient.from_config(config, paths=paths) as zoho:
        with pytest.raises(NotReached):
            await zoho.create_lead(LEAD)


async def test_a_token_that_the_server_calls_expired_is_renewed(
    served: tuple[World, Serving], dial: Callable[..., ZohoClient]
) -> None:
    world, _ = served
    world.faults.order("expired-token")
    async with dial() as zoho:
        assert (await zoho.create_lead(LEAD)).isdigit()
    assert world.token_requests == 1


async def test_reads_survive_two_broken_lines(
    served: tuple[World, Serving], dial: Callable[..., ZohoClient]
) -> None:
    world, _ = served
    world.faults.order("drop-before", times=2)
    async with dial() as zoho:
        assert (await zoho.org()).company_name == world.org["company_name"]


async def test_no_proxy_stands_between_us_and_this_machine(
    served: tuple[World, Serving], dial: Callable[..., ZohoClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.lower(), "http://127.0.0.1:9")
    async with dial() as zoho:
        assert (await zoho.create_lead(LEAD)).isdigit()


async def test_a_record_of_any_module_is_read_noted_and_changed(run: Run, world: World) -> None:
    contact = world.keep("Contacts", {"Last_Name": "Byron", "Phone": "020 7946 0018"})
    async with run() as zoho:
        assert (await zoho.add_note("Contacts", contact.id, title="Call", content="Friday")).isdigit()
        await zoho.update_record("Contacts", contact.id, {"Phone": "+44 20 7946 0018"})
        read = await zoho.get_record("Contacts", contact.id)
        assert read is not None
        assert (read.get("Last_Name"), read.get("Phone")) == ("Byron", "+44 20 7946 0018")
        assert await zoho.get_record("Contacts", "1") is None
        with pytest.raises(RecordRejected):
            await zoho.update_record("Contacts", contact.id, {"Email": "no address"})
    assert [(one.parent, one.content) for one in world.notes] == [(contact.id, "Friday")]


@pytest.mark.parametrize(
    ("scope", "call"),
    [
        ("ZohoCRM.modules.notes.CREATE", lambda zoho: zoho.add_note("Leads", "1", title="a", content="b")),
        ("ZohoCRM.modules.Leads.UPDATE", lambda zoho: zoho.update_record("Leads", "1", {})),
    ],
)
async def test_what_may_not_be_changed_is_told(run: Run, world: World, scope: str, call: Any) -> None:
    world.options.missing_scopes.add(scope)
    async with run() as zoho:
        with pytest.raises(PermissionMissing, match=f"(?i){scope}"):
            await call(zoho)


async def test_a_look_is_one_call_whatever_happens(run: Run, world: World) -> None:
    world.faults.order("5xx-before", times=None, path="/crm/v8/coql")
    async with run() as zoho:
        with pytest.raises(OutcomeUnknown):
            await zoho.look("select id from Leads where Last_Name = 'Roe'")
    assert [one.path for one in world.requests].count("/crm/v8/coql") == 1


# Notes and tasks


TASK = {"Subject": "Call", "Due_Date": "2026-11-26"}


async def test_a_task_belongs_to_its_record_in_each_module(run: Run, world: World) -> None:
    ids = {
        "Leads": world.records()[0]["id"],
        "Contacts": world.records("Contacts")[0]["id"],
        "Accounts": world.keep("Accounts", {"Account_Name": "Acme"}).id,
    }
    async with run() as zoho:
        for module, record_id in ids.items():
            made = await zoho.create_task(module, record_id, TASK)
            (found,) = await zoho.related(module, record_id, "Tasks", ("Subject", "Due_Date"))
            assert (found.id, found.get("Subject"), found.get("Due_Date")) == (made, "Call", "2026-11-26")
    assert [task.values["$se_module"] for task in world.tasks] == list(ids)
    assert [task.values["Who_Id"] is not None for task in world.tasks] == [False, True, False]


async def test_a_list_is_read_page_by_page(run: Run, world: World) -> None:
    lead_id = world.records()[0]["id"]
    async with run() as zoho:
        assert await zoho.related("Leads", lead_id, "Notes", ("Note_Title",)) == []
        for number in range(401):
            await zoho.add_note("Leads", lead_id, title=f"Note {number}", content="x" * 5000)
        world.requests.clear()
        found = await zoho.related("Leads", lead_id, "Notes", ("Note_Title", "Note_Content"))
    assert [note.get("Note_Title") for note in found] == [f"Note {number}" for number in range(400, -1, -1)]
    assert [one.query for one in world.requests] == [
        f"fields=Note_Title%2CNote_Content&page={page}&per_page=200" for page in (1, 2, 3)
    ]


async def test_a_task_that_is_wrong_is_refused_on_its_field(run: Run, world: World) -> None:
    async with run() as zoho:
        with pytest.raises(RecordRejected) as caught:
            await zoho.create_task("Leads", world.records()[0]["id"], {"Subject": "x" * 301})
        assert [fault.field for fault in caught.value.faults] == ["Subject"]
        with pytest.raises(RecordRejected):
            await zoho.create_task("Leads", "1", TASK)
        with pytest.raises(ValueError, match="digits"):
            await zoho.create_task("Leads", "1/../2", TASK)
    assert world.tasks == []


@pytest.mark.parametrize(
    ("scope", "call"),
    [
        ("ZohoCRM.modules.tasks.CREATE", lambda zoho: zoho.create_task("Leads", "1", TASK)),
        ("ZohoCRM.modules.tasks.READ", lambda zoho: zoho.related("Leads", "1", "Tasks", ("Subject",))),
        ("ZohoCRM.modules.notes.READ", lambda zoho: zoho.related("Leads", "1", "Notes", ("Note_Title",))),
        ("ZohoCRM.modules.Leads.DELETE", lambda zoho: zoho.delete_lead("1")),
        ("ZohoCRM.settings.recycle_bin.UPDATE", lambda zoho: zoho.restore_lead("1")),
    ],
)
async def test_a_scope_that_is_missing_is_named(run: Run, world: World, scope: str, call: Any) -> None:
    world.options.missing_scopes.add(scope)
    async with run() as zoho:
        with pytest.raises(PermissionMissing, match=f"(?i){scope}"):
            await call(zoho)


class _No(Exception):
    """What is raised right before the first byte leaves."""


@pytest.mark.parametrize("what", ["note", "task", "deletion"])
async def test_nothing_leaves_where_it_is_stopped_right_before(
    world: World, paths: Paths, clock: Clock, what: str
) -> None:
    lead_id = world.records()[0]["id"]

    def stop() -> None:
        raise _No

    with serve(world) as url:
        config = load_config(environ=environment(world, url), paths=paths)
        async with ZohoClient.from_config(config, paths=paths, clock=clock) as zoho:
            if what == "note":
                sending = zoho.add_note("Leads", lead_id, title="a", content="b", before_sending=stop)
            elif what == "deletion":
                sending = zoho.delete_lead(lead_id, before_sending=stop)
            else:
                sending = zoho.create_task("Leads", lead_id, TASK, before_sending=stop)
            with pytest.raises(_No):
                await sending
    assert not any(one.path.startswith("/crm/") for one in world.requests)
