"""The faults as a client meets them over real TCP."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sandbox_caller import Caller, Clock
from sandbox_server import Serving, serve

from zoho.sandbox import World
from zoho.sandbox.faults import DRAWN

BODY = json.dumps({"data": [{"Last_Name": "Roe", "Company": "Acme"}]})


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[World, Serving]]:
    world = World()
    with serve(world) as url:
        yield world, url


@pytest.fixture
def post(served: tuple[World, Serving]) -> Iterator[Callable[[], httpx.Response]]:
    world, url = served
    world.reset()
    headers = {"Authorization": f"Zoho-oauthtoken {world.issue_access_token()}"}
    # A proxy of the environment would not reach loopback.
    with httpx.Client(base_url=url, headers=headers, timeout=5, trust_env=False) as client:
        yield lambda: client.post("/crm/v8/Leads", content=BODY)


@pytest.mark.parametrize(
    ("kind", "params", "error", "applied"),
    [
        ("drop-before", {}, httpx.RemoteProtocolError, 0),
        ("drop-after", {}, httpx.RemoteProtocolError, 1),
        ("half", {}, httpx.RemoteProtocolError, 1),
    ],
)
def test_a_broken_connection(
    served: tuple[World, Serving],
    post: Callable[[], httpx.Response],
    kind: str,
    params: dict[str, Any],
    error: type[Exception],
    applied: int,
) -> None:
    world, _ = served
    before = len(world.records())
    world.faults.order(kind, **params)
    with pytest.raises(error):
        post()
    assert len(world.records()) == before + applied
    assert world.requests[-1].status is None
    assert world.requests[-1].faults == [kind]
    assert post().status_code == 201


@pytest.mark.parametrize(("kind", "applied"), [("hang-before", 0), ("hang-after", 1)])
def test_silence(served: tuple[World, Serving], kind: str, applied: int) -> None:
    world, url = served
    world.reset()
    before = len(world.records())
    world.faults.order(kind)
    headers = {"Authorization": f"Zoho-oauthtoken {world.issue_access_token()}"}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{url}/crm/v8/Leads", content=BODY, headers=headers, timeout=1, trust_env=False)
    assert len(world.records()) == before + applied


def test_a_request_whose_client_leaves_midway_is_not_handled(served: tuple[World, Serving]) -> None:
    world, url = served
    world.reset()
    before = len(world.records())
    head = f"POST /crm/v8/Leads HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY) + 1}\r\n\r\n"
    with socket.create_connection(url.server.address) as line:
        line.sendall(head.encode() + BODY.encode())
    assert httpx.get(url, timeout=5, trust_env=False).status_code == 200
    assert [one.path for one in world.requests] == ["/"]
    assert len(world.records()) == before


@pytest.mark.parametrize(
    ("kind", "params", "status", "applied"),
    [
        ("429", {}, 429, 0),
        ("5xx-before", {"status": 502, "html": True}, 502, 0),
        ("5xx-before", {}, 500, 0),
        ("5xx-after", {}, 500, 1),
        ("html", {}, 200, 0),
        ("html", {"commit": True}, 200, 1),
        ("expired-token", {}, 401, 0),
        ("redirect", {"location": "http://elsewhere.example/"}, 302, 0),
        ("redirect", {"location": "http://elsewhere.example/", "status": 307}, 307, 0),
        ("answer", {"status": 202, "body": {"data": []}}, 202, 0),
        ("answer", {"status": 207, "body": {"data": []}, "commit": True}, 207, 1),
        ("answer", {"status": 407, "body": "<!doctype html>", "html": True}, 407, 0),
        ("answer", {"status": 204, "commit": True}, 204, 1),
        ("oversized", {"mib": 2}, 200, 1),
        ("oversized", {"mib": 2, "gzip": True}, 200, 1),
        ("latency", {"ms": 1}, 201, 1),
    ],
)
def test_a_wrong_answer(
    served: tuple[World, Serving],
    post: Callable[[], httpx.Response],
    kind: str,
    params: dict[str, Any],
    status: int,
    applied: int,
) -> None:
    world, _ = served
    before = len(world.records())
    world.faults.order(kind, **params)
    answer = post()
    assert answer.status_code == status
    assert len(world.records()) == before + applied
    assert world.requests[-1].status == status
    if kind == "oversized":
        assert len(answer.content) > 2 * 1024 * 1024
    if "html" in (kind, *params):
        assert answer.text.startswith("<!doctype html>")
    if kind == "redirect":
        assert answer.headers["Location"] == "http://elsewhere.example/"
    assert post().status_code == 201


def test_a_compressed_answer_is_small_on_the_line(served: tuple[World, Serving]) -> None:
    world, url = served
    world.reset()
    world.faults.order("oversized", mib=8, gzip=True)
    with httpx.stream("GET", f"{url}/crm/v8/org", timeout=5, trust_env=False) as answer:
        sent = sum(len(part) for part in answer.iter_raw())
    assert sent < 20_000


def test_a_request_tells_when_it_was_under_way_and_whether_it_was_handled(
    served: tuple[World, Serving], post: Callable[[], httpx.Response]
) -> None:
    world, _ = served
    for kind in ("latency", "5xx-before", "5xx-after"):
        world.faults.order(kind, ms=30)
        post()
    late, before, after = world.requests
    assert [one.handled for one in (late, before, after)] == [True, False, True]
    assert all(one.ended is not None and one.began <= one.ended for one in world.requests)
    assert late.ended is not None
    assert late.ended - late.began >= 0.03
    assert late.ended <= before.began


def drawn(world: World, **params: Any) -> list[str]:
    world.faults.clear()
    world.faults.order("random", times=None, **params)
    taken = [world.faults.take("POST", "/crm/v8/Leads") for _ in range(400)]
    assert all(len(faults) <= 1 for faults in taken)
    return ["".join(fault.kind for fault in faults) for faults in taken]


def test_random_faults_are_the_same_for_the_same_seed(world: World) -> None:
    first = drawn(world, p=0.4, seed=1)
    assert drawn(world, p=0.4, seed=1) == first
    assert drawn(world, p=0.4, seed=2) != first


def test_random_faults_are_of_every_kind_and_as_many_as_was_said(world: World) -> None:
    kinds = drawn(world, p=0.4, seed=1)
    assert set(kinds) == {"", *(kind for kind, _ in DRAWN)}
    assert 120 <= sum(map(bool, kinds)) <= 200
    assert not any(drawn(world, p=0.0))
    assert all(drawn(world, p=1.0))


def test_random_faults_end_after_so_many(world: World) -> None:
    world.faults.order("random", times=3, p=0.5)
    assert sum(len(world.faults.take("POST", "/crm/v8/Leads")) for _ in range(100)) == 3
    assert world.faults.pending == []


def test_refused_connections(served: tuple[World, Serving], post: Callable[[], httpx.Response]) -> None:
    world, url = served
    assert post().status_code == 201
    before = len(world.records())
    world.faults.order("refuse", seconds=3600)
    with pytest.raises(httpx.ConnectError):
        post()
    assert len(world.records()) == before
    url.server.accept()
    assert post().status_code == 201


def test_the_door_opens_again_by_itself(served: tuple[World, Serving]) -> None:
    world, url = served
    opened = threading.Event()
    url.server.on_open = opened.set
    world.faults.order("refuse", seconds=0.01)
    assert opened.wait(5)
    assert httpx.get(url, timeout=5, trust_env=False).status_code == 200


def test_one_connection_per_call_and_one_for_all(served: tuple[World, Serving]) -> None:
    world, url = served
    world.reset()
    headers = {"Authorization": f"Zoho-oauthtoken {world.issue_access_token()}", "Connection": "close"}
    for _ in range(3):
        answer = httpx.get(f"{url}/crm/v8/org", headers=headers, timeout=5, trust_env=False)
        assert answer.status_code == 200
        assert answer.headers.get_list("Date") == [answer.headers["Date"]]
    assert [one.status for one in world.requests] == [200] * 3


async def test_latency_waits_as_long_as_it_is_told(clock: Clock) -> None:
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    world = World(clock=clock, sleep=sleep, latency=0.2)
    world.faults.order("latency", ms=300)
    world.faults.order("429")
    async with Caller(world) as caller:
        assert (await caller.call("GET", "/crm/v8/org")).status_code == 429
        assert (await caller.call("GET", "/crm/v8/org")).status_code == 200
        await caller.call("GET", "/")
    assert waited == [0.5, 0.2]


@pytest.mark.parametrize(
    ("kind", "error", "applied"),
    [
        ("refuse", ConnectionRefusedError, 0),
        ("drop-before", ConnectionResetError, 0),
        ("drop-after", ConnectionResetError, 1),
        ("half", ConnectionResetError, 1),
        ("hang-before", TimeoutError, 0),
        ("hang-after", TimeoutError, 1),
    ],
)
async def test_in_process_a_broken_connection_is_an_error(
    world: World, caller: Caller, kind: str, error: type[Exception], applied: int
) -> None:
    before = len(world.records())
    world.faults.order(kind)
    with pytest.raises(error):
        await caller.create({"Last_Name": "Roe", "Company": "Acme"})
    assert len(world.records()) == before + applied


def test_a_fault_leaves_the_token_endpoint_alone_unless_its_path_is_named(world: World) -> None:
    world.faults.order("429")
    assert world.faults.take("POST", "/oauth/v2/token") == []
    assert [one.kind for one in world.faults.take("POST", "/crm/v8/Leads")] == ["429"]
    world.faults.order("html", path="/oauth/")
    assert [one.kind for one in world.faults.take("POST", "/oauth/v2/token")] == ["html"]
