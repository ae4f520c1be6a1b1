from __future__ import annotations

import json
import logging
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
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
    assert cache.refreshes_since(600) == 4, "the clock was put back: each may have been a moment ago"
    clock.now = NOW - 86_400
    assert cache.refreshes_since(600) == 0, "a clock that was a day wrong keeps nobody waiting for a day"
    clock.now = NOW - 300
    for _ in range(100):
        cache.record_refresh(NOW - 300)
    assert cache.refreshes_since(600) == 64


@pytest.mark.parametrize(
    ("ago", "wait"),
    [((), 0), ((1, 2), 0), ((1, 2, 700), 0), ((1, 2, 3), 597), ((500, 2, 1), 100), ((500, 400, 2, 1), 200)],
)
def test_the_wait_for_a_refresh(cache: TokenCache, clock: Clock, ago: tuple[int, ...], wait: float) -> None:
    for seconds in ago:
        cache.record_refresh(NOW - seconds)
    assert cache.wait_for_refresh(allowed=3, seconds=600) == wait
    clock.now += wait
    assert cache.wait_for_refresh(allowed=3, seconds=600) == 0


@pytest.mark.parametrize(("used", "counted"), [(0, 1), (1, 2), (5, 6)])
def test_a_refresh_is_settled_when_its_end_is_known(
    cache: TokenCache, clock: Clock, used: int, counted: int
) -> None:
    cache.record_refresh(NOW - 590)
    cache.record_refresh(NOW)
    clock.now = NOW + 5
    cache.settle_refresh(NOW, used)
    assert cache.refreshes_since(600) == counted
    clock.now = NOW + 600
    assert cache.refreshes_since(600) == used, "counted from its end on"


def test_scope_and_age_are_kept_with_the_token(cache: TokenCache) -> None:
    assert cache.scope() is None
    whole = AccessToken(SecretStr("t"), NOW + 3600, None, "a b", NOW)
    cache.store(whole)
    assert cache.load() == whole
    assert cache.scope() == "a b"
    cache.forget()
    assert cache.scope() is None


def test_what_a_killed_writer_left_is_removed(cache: TokenCache, path: Path) -> None:
    path.parent.mkdir(mode=0o700)
    (path.parent / ".token.json.abc.tmp").write_text(CANARY)
    others = [path.parent / name for name in (".token.json.txt", "token.json.x.tmp", ".other.abc.tmp")]
    for other in others:
        other.write_text("x")
    cache.forget()
    assert not any(CANARY in file.read_text() for file in path.parent.iterdir())
    assert all(other.exists() for other in others)


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


# What is refused


def enter(cache: TokenCache) -> None:
    with cache.lock():
        pass


READS: list[Callable[[TokenCache], object]] = [
    TokenCache.load,
    lambda cache: cache.best(SecretStr("seed")),
    lambda cache: cache.is_dead(token()),
    lambda cache: cache.refreshes_since(600),
    lambda cache: cache.wait_for_refresh(allowed=1, seconds=600),
    TokenCache.scope,
]
CHANGES: list[Callable[[TokenCache], object]] = [
    lambda cache: cache.store(token("new")),
    lambda cache: cache.record_refresh(NOW),
    lambda cache: cache.settle_refresh(NOW, 1),
    lambda cache: cache.mark_dead(token()),
    TokenCache.forget,
]


def refusal_of(cache: TokenCache, works: Sequence[Callable[[TokenCache], object]]) -> StorageError:
    """Return the error that each of *works* ends in."""
    errors: list[StorageError] = []
    for work in works:
        with pytest.raises(StorageError) as caught:
            work(cache)
        errors.append(caught.value)
    assert len({str(error) for error in errors}) == 1
    assert errors[0].code == "not_private"
    return errors[0]


def tell(error: StorageError, path: Path, fault: str, command: str) -> None:
    assert error.what.startswith(f"{path} {fault}")
    assert command in error.next_step


def test_a_link_in_place_of_the_file_is_refused_and_left(
    cache: TokenCache, path: Path, tmp_path: Path
) -> None:
    path.parent.mkdir(mode=0o700)
    other = tmp_path / "other"
    other.write_text(json.dumps({"tokens": {"me": {"access_token": "t", "expires_at": NOW * 2}}}))
    before = other.read_bytes()
    path.symlink_to(other)
    tell(refusal_of(cache, [*READS, *CHANGES]), path, "is a symbolic link", f": rm {path}")
    assert path.is_symlink()
    assert other.read_bytes() == before


@pytest.mark.parametrize(("suffix", "works"), [("lock", CHANGES), ("refresh.lock", [enter])])
def test_a_link_in_place_of_a_lock_is_refused_and_left(
    cache: TokenCache, path: Path, tmp_path: Path, suffix: str, works: list[Callable[[TokenCache], object]]
) -> None:
    path.parent.mkdir(mode=0o700)
    lock = path.with_name(f"token.json.{suffix}")
    lock.symlink_to(tmp_path / "made elsewhere")
    tell(refusal_of(cache, works), lock, "is a symbolic link", f": rm {lock}")
    assert not (tmp_path / "made elsewhere").exists()


@pytest.mark.parametrize("mode", [0o750, 0o770, 0o705, 0o702, 0o720, 0o710])
def test_a_folder_that_others_may_use_is_refused_and_left(cache: TokenCache, path: Path, mode: int) -> None:
    cache.store(token())
    path.parent.chmod(mode)
    error = refusal_of(cache, [*READS, *CHANGES, enter])
    tell(error, path.parent, "is open to other users", f": chmod 700 {path.parent}")
    assert stat.S_IMODE(path.parent.stat().st_mode) == mode
    subprocess.run(["sh", "-c", error.next_step.rpartition(": ")[2]], check=True)
    assert cache.load() == token()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
@pytest.mark.parametrize(
    ("name", "works"),
    [
        ("token.json", [*READS, *CHANGES]),
        ("token.json.lock", CHANGES),
        ("token.json.refresh.lock", [enter]),
    ],
)
def test_a_file_of_another_user_is_refused_and_left(
    cache: TokenCache, path: Path, name: str, works: list[Callable[[TokenCache], object]]
) -> None:
    with cache.lock():
        cache.store(token())
    file = path.with_name(name)
    os.chown(file, 12345, 12345)
    before = file.read_bytes()
    error = refusal_of(cache, works)
    tell(error, file, "belongs to another user", f": rm -f {file}")
    assert (file.stat().st_uid, file.read_bytes()) == (12345, before)
    subprocess.run(["sh", "-c", error.next_step.rpartition(": ")[2]], check=True)
    with cache.lock():
        cache.store(token())
    assert cache.load() == token()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_another_user_is_refused(cache: TokenCache, path: Path) -> None:
    cache.store(token())
    os.chown(path.parent, 12345, 12345)
    error = refusal_of(cache, [*READS, *CHANGES, enter])
    tell(error, path.parent, "belongs to another user", f'sudo chown -R "$(id -un)" {path.parent}')


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("name", ["token.json", "token.json.lock"])
def test_a_file_that_root_left_in_a_reps_folder_is_named_with_what_mends_it(as_user: Path, name: str) -> None:
    folder = as_user / "data"
    cache = TokenCache(folder / "token.json", identity="me")
    cache.store(token())
    os.seteuid(0)
    os.chown(folder / name, 0, 0)
    os.seteuid(as_user.stat().st_uid)
    error = refusal_of(cache, CHANGES)
    tell(error, folder / name, "belongs to another user", f": rm -f {folder / name}")
    (folder / name).unlink()
    cache.store(token())


def test_a_folder_that_is_a_link_is_refused(path: Path, tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "real").mkdir(mode=0o700)
    path.parent.symlink_to(tmp_path / "real")
    error = refusal_of(TokenCache(path, identity="me", clock=clock), [*READS, *CHANGES, enter])
    tell(error, path.parent, "is a symbolic link", f": rm {path.parent}")


def test_reading_makes_no_folder_and_closes_none(cache: TokenCache, path: Path) -> None:
    assert cache.load() is None
    assert not path.parent.exists()
    path.parent.mkdir()
    path.parent.chmod(0o755)
    assert cache.load() is None, "empty, so that the next change closes it"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755
    cache.store(token())
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


# Locks


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
