from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pydantic import SecretStr

from zoho.account.token_cache import AccessToken, TokenCache, token_identity
from zoho.wire.errors import StorageError

CANARY = "1000.CANARY-0123456789abcdef"
NOW = 1_800_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "token.json"


@pytest.fixture
def cache(path: Path, clock: Clock) -> TokenCache:
    return TokenCache(path, identity="me", clock=clock)


def token(secret: str = CANARY, *, expires_at: float | None = NOW + 3600) -> AccessToken:
    return AccessToken(SecretStr(secret), expires_at, "https://www.zohoapis.eu")


def test_kept_between_runs_and_private(cache: TokenCache, path: Path, clock: Clock) -> None:
    assert cache.load() is None
    cache.store(token())
    assert TokenCache(path, identity="me", clock=clock).load() == token()
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize("umask", ["0o000", "0o777"])
def test_private_whatever_the_umask(path: Path, umask: str) -> None:
    program = f"""
import os
from pathlib import Path
from pydantic import SecretStr
from zoho.account.token_cache import AccessToken, TokenCache
os.umask({umask})
cache = TokenCache(Path({str(path)!r}), identity="me")
with cache.lock():
    cache.store(AccessToken(SecretStr("x"), 1.0))
"""
    subprocess.run([sys.executable, "-c", program], check=True)
    files = list(path.parent.iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(("after", "usable"), [(0, True), (3539, True), (3540, False), (3600, False)])
def test_expires_with_a_margin(cache: TokenCache, clock: Clock, after: float, usable: bool) -> None:
    cache.store(token())
    clock.now = NOW + after
    assert (cache.load() is not None) is usable


def test_another_identity_is_ignored_and_kept(path: Path, clock: Clock) -> None:
    mine, theirs = (TokenCache(path, identity=name, clock=clock) for name in ("mine", "theirs"))
    theirs.store(token("theirs"))
    assert mine.load() is None
    mine.store(token("mine"))
    mine.mark_dead(token("theirs"))
    assert theirs.load() == token("theirs")
    assert not theirs.is_dead(token("theirs"))


def test_only_the_identities_last_used_are_kept(path: Path, clock: Clock) -> None:
    for number in range(20):
        TokenCache(path, identity=str(number), clock=clock).store(token())
    assert TokenCache(path, identity="0", clock=clock).load() is None
    assert TokenCache(path, identity="19", clock=clock).load() == token()


def test_identity_is_a_digest_of_both() -> None:
    pairs = [
        ("c", SecretStr(CANARY)),
        ("c", None),
        (None, SecretStr(CANARY)),
        ("cx", SecretStr("y")),
        ("c", SecretStr("xy")),
    ]
    names = {token_identity(client, refresh) for client, refresh in pairs}
    assert len(names) == len(pairs)
    assert token_identity("c", SecretStr(CANARY)) in names
    assert not any(part in name for name in names for part in ("CANARY", "1000"))


def test_a_seed_is_used_only_while_nothing_is_newer(cache: TokenCache, clock: Clock) -> None:
    seed = SecretStr("seed")
    assert cache.best(None) is None
    assert cache.best(SecretStr("")) is None
    assert cache.best(seed) == AccessToken(seed)
    cache.store(token())
    assert cache.best(seed) == token()
    clock.now = NOW + 4000
    assert cache.best(seed) is None, "the seed is older than what expired"


def test_a_dead_seed_is_not_tried_by_the_next_run(cache: TokenCache, path: Path, clock: Clock) -> None:
    seed = SecretStr("seed")
    cache.mark_dead(AccessToken(seed))
    cache.mark_dead(AccessToken(seed))
    again = TokenCache(path, identity="me", clock=clock)
    assert again.is_dead(AccessToken(seed))
    assert again.best(seed) is None
    assert again.best(SecretStr("fresh")) == AccessToken(SecretStr("fresh"))
    assert "seed" not in path.read_text()


def test_a_dead_stored_token_is_not_loaded(cache: TokenCache) -> None:
    cache.store(token())
    cache.mark_dead(token())
    assert cache.load() is None
    assert cache.best(SecretStr("seed")) is None


def test_the_dead_are_remembered_up_to_a_number(cache: TokenCache) -> None:
    for number in range(40):
        cache.mark_dead(token(str(number)))
    assert cache.is_dead(token("39"))
    assert not cache.is_dead(token("0"))


def test_forget(cache: TokenCache) -> None:
    cache.store(token())
    cache.record_refresh(NOW)
    cache.mark_dead(token("old"))
    cache.forget()
    assert cache.load() is None
    assert cache.refreshes_since(600) == 1
    assert cache.is_dead(token("old"))


def test_refreshes_are_counted_among_all(cache: TokenCache, path: Path, clock: Clock) -> None:
    assert cache.refreshes_since(600) == 0
    for ago in (700, 500, 10, 0):
        TokenCache(path, identity="me", clock=clock).record_refresh(NOW - ago)
    assert cache.refreshes_since(600) == 3
    assert cache.refreshes_since(1000) == 4
    clock.now = NOW - 300
    assert cache.refreshes_since(600) == 2, "the clock was put back"
    for _ in range(100):
        cache.record_refresh(NOW - 300)
    assert cache.refreshes_since(600) == 64


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"version": 1, "tokens": {"me": {"access_tok',
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"tokens": []}',
        b'{"tokens": {"me": 1}}',
        b'{"tokens": {"me": {"access_token": 1, "expires_at": 1900000000, "dead": {}, "refreshes": "x"}}}',
        b'{"tokens": {"me": {"access_token": "t", "expires_at": NaN, "refreshes": [NaN, "x", true, null]}}}',
        b'{"tokens": {"me": {"access_token": "t", "expires_at": Infinity}}}',
        b'{"tokens": {"me": {"access_token": "t", "expires_at": true}}}',
        b'{"tokens": {"me": {"access_token": "t"}}}',
    ],
)
def test_a_torn_or_strange_file_counts_as_empty(cache: TokenCache, path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(data)
    assert cache.load() is None
    assert cache.refreshes_since(600) == 0
    assert not cache.is_dead(token())
    cache.store(token())
    cache.record_refresh(NOW)
    assert cache.load() == token()
    assert cache.refreshes_since(600) == 1


def test_an_unreadable_file_is_logged_without_its_text(
    cache: TokenCache, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_text(f'{{"tokens": {{"me": {{"access_token": "{CANARY}"')
    with caplog.at_level(logging.DEBUG):
        assert cache.load() is None
    assert str(path) in caplog.text
    assert CANARY not in caplog.text


def test_a_link_in_place_of_the_file_is_not_followed(cache: TokenCache, path: Path, tmp_path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    (tmp_path / "other").write_text(
        json.dumps({"tokens": {"me": {"access_token": "t", "expires_at": NOW * 2}}})
    )
    path.symlink_to(tmp_path / "other")
    assert cache.load() is None


def test_an_open_folder_is_refused(cache: TokenCache, path: Path) -> None:
    path.parent.mkdir()
    path.parent.chmod(0o755)
    (path.parent / "other").touch()
    with pytest.raises(StorageError, match="open to other users"):
        cache.store(token())
    with pytest.raises(StorageError, match="open to other users"), cache.lock():
        pass


def test_the_cache_can_be_changed_while_the_lock_is_held(cache: TokenCache) -> None:
    with cache.lock():
        cache.record_refresh(NOW)
        cache.store(token())
        cache.mark_dead(token("old"))
        assert cache.load() == token()


def test_the_lock_may_be_given_back_by_another_thread(cache: TokenCache) -> None:
    lock = cache.lock()
    thread = threading.Thread(target=lock.__enter__)
    thread.start()
    thread.join()
    with pytest.raises(StorageError, match="Another process") as caught, cache.lock(timeout=0):
        pass
    assert caught.value.code == "locked"
    lock.__exit__(None, None, None)
    with cache.lock(timeout=0):
        pass


def test_an_error_under_the_lock_passes_and_frees_it(cache: TokenCache) -> None:
    with pytest.raises(OSError, match="mine"), cache.lock():
        raise OSError("mine")
    with cache.lock(timeout=0):
        pass


def test_the_lock_of_a_killed_process_is_free(cache: TokenCache, path: Path) -> None:
    program = f"""
import os
from pathlib import Path
from zoho.account.token_cache import TokenCache
cache = TokenCache(Path({str(path)!r}), identity="me")
with cache.lock():
    print("held", flush=True)
    input()
"""
    holder = subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdin is not None
    assert holder.stdout is not None
    with holder, holder.stdin:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(StorageError), cache.lock(timeout=0):
            pass
        holder.kill()
        holder.wait()
        with cache.lock(timeout=0):
            pass


def test_no_change_of_many_processes_is_lost(cache: TokenCache, path: Path) -> None:
    program = f"""
from pathlib import Path
from zoho.account.token_cache import TokenCache
cache = TokenCache(Path({str(path)!r}), identity="me")
for _ in range(5):
    cache.record_refresh({NOW})
"""
    runs = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(4)]
    assert [run.wait() for run in runs] == [0] * 4
    assert cache.refreshes_since(600) == 20


def test_no_repr_shows_the_token(cache: TokenCache) -> None:
    cache.store(token())
    assert CANARY not in f"{token()!r} {token()} {cache!r} {vars(cache)} {cache.load()}"


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_a_folder_that_cannot_be_written(cache: TokenCache, path: Path) -> None:
    path.parent.mkdir(mode=0o500)
    with pytest.raises(StorageError, match="may not use"):
        cache.store(token())
