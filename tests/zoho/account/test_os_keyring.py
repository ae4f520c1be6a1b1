"""The keyring, asked by a process of its own: what it may be, and that a dead one holds nobody up."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dead_d_bus import LIBRARY, dead_d_bus
from pydantic import SecretStr

from zoho.account.keyring_process import DONE, NO_ENTRY, NO_KEYRING, REFUSED, SERVICE, real_backends, run
from zoho.account.os_keyring import OsKeyring
from zoho.wire.errors import SecretLocked

needs_library = pytest.mark.skipif(not LIBRARY.is_dir(), reason="The library keyring is not there: make test")


class Memory:
    """A keyring in memory."""

    priority = 5.0

    def __init__(self, *, forgets: bool = False, raises: bool = False) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        self._forgets = forgets
        self._raises = raises

    def get_password(self, service: str, username: str, /) -> str | None:
        if self._raises:
            raise RuntimeError("locked: 1000.CANARY")
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str, /) -> None:
        if not self._forgets:
            self.entries[service, username] = password

    def delete_password(self, service: str, username: str, /) -> None:
        self.entries.pop((service, username), None)


def do(verb: str, *backends: Memory, told: str = "") -> tuple[int, str]:
    out = io.StringIO()
    return run(verb, "entry", backends=backends, told=io.StringIO(told), out=out), out.getvalue()


def test_an_entry_comes_and_goes() -> None:
    keyring = Memory()
    assert do("get", keyring) == (NO_ENTRY, "")
    assert do("set", keyring, told="1000.abc\n") == (DONE, "")
    assert keyring.entries == {(SERVICE, "entry"): "1000.abc"}
    assert do("get", keyring) == (DONE, "1000.abc")
    assert do("delete", keyring) == (DONE, "")
    assert do("delete", keyring) == (NO_ENTRY, "")


def test_a_probe_leaves_nothing() -> None:
    keyring = Memory()
    assert do("probe", keyring) == (DONE, "")
    assert keyring.entries == {}


def test_one_that_does_not_keep_what_it_is_given_is_none() -> None:
    assert do("probe", Memory(forgets=True)) == (REFUSED, "")
    assert do("set", Memory(forgets=True), told="x") == (REFUSED, "")


def test_its_errors_go_nowhere() -> None:
    assert do("get", Memory(raises=True)) == (REFUSED, "")


def test_without_one_that_is_real_there_is_none() -> None:
    assert do("get") == (NO_KEYRING, "")


def test_the_first_one_is_taken() -> None:
    best, other = Memory(), Memory()
    do("set", best, other, told="x")
    assert best.entries
    assert not other.entries


# The process

FAKE = """
import json, os, sys
file, verb, entry = sys.argv[1:]
kept = json.load(open(file)) if os.path.exists(file) else {}
if verb == "set":
    kept[entry] = sys.stdin.read().strip()
    json.dump(kept, open(file, "w"))
elif entry not in kept:
    raise SystemExit(3)
elif verb == "delete":
    del kept[entry]
    json.dump(kept, open(file, "w"))
else:
    print(kept[entry])
"""


@pytest.fixture
def keyring(tmp_path: Path) -> OsKeyring:
    """A keyring that is a file, behind the process."""
    process = (sys.executable, "-c", FAKE, str(tmp_path / "kept.json"))
    return OsKeyring(Path("/etc/one.json"), dict(os.environ), process=process)


def test_it_keeps_secrets_for_one_configuration(keyring: OsKeyring, tmp_path: Path) -> None:
    assert keyring.get("refresh_token") is None
    keyring.delete("refresh_token")
    keyring.set("refresh_token", SecretStr("1000.abc"))
    kept = keyring.get("refresh_token")
    assert kept is not None
    assert kept.get_secret_value() == "1000.abc"
    assert "refresh_token of /etc/one.json" in (tmp_path / "kept.json").read_text()
    keyring.delete("refresh_token")
    assert keyring.get("refresh_token") is None


def real(environ: dict[str, str]) -> OsKeyring:
    """The real one, with the library."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(LIBRARY), **environ}
    return OsKeyring(Path("/etc/one.json"), environment)


@needs_library
def test_without_d_bus_there_is_no_keyring() -> None:
    if sys.platform != "linux":
        pytest.skip("Only Linux has its keyring behind D-Bus.")
    for ask in (lambda: real({}).get("refresh_token"), real({}).probe):
        with pytest.raises(SecretLocked) as caught:
            ask()
        assert caught.value.code == f"keyring_{NO_KEYRING}"
        assert "docs/secrets.md" in caught.value.next_step


@pytest.fixture
def dead_bus(tmp_path: Path) -> Iterator[str]:
    with dead_d_bus(tmp_path / "bus") as address:
        yield address


@needs_library
def test_a_dead_d_bus_costs_the_patience_and_no_more(dead_bus: str) -> None:
    keyring = real({"DBUS_SESSION_BUS_ADDRESS": dead_bus})
    for ask in (lambda: keyring.get("refresh_token", patience=2.0), keyring.probe):
        with pytest.raises(SecretLocked) as caught:
            ask()
        assert caught.value.code == "keyring_helper_slow"


@needs_library
def test_what_writes_base64_into_a_file_is_not_taken(tmp_path: Path) -> None:
    """Stand in for keyrings.alt, which keyring itself takes where nothing better works."""
    package = tmp_path / "keyrings"
    package.mkdir()
    (package / "alt.py").write_text(
        "from keyring.backend import KeyringBackend\n"
        "class Keyring(KeyringBackend):\n"
        "    priority = 9\n"
        f"    def set_password(self, *given): open({str(tmp_path / 'leak')!r}, 'w').write(repr(given))\n"
        "    def get_password(self, *given): return None\n"
    )
    info = tmp_path / "keyrings_alt-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: keyrings-alt\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[keyring.backends]\nalt = keyrings.alt\n")
    path = f"{tmp_path}:{LIBRARY}"
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": path}
    taken = "import keyring; keyring.set_password('s', 'u', 'x')"
    subprocess.run([sys.executable, "-c", taken], env=environ, check=True)
    assert (tmp_path / "leak").exists(), "keyring itself takes it"
    (tmp_path / "leak").unlink()
    with pytest.raises(SecretLocked):
        OsKeyring(Path("/etc/one.json"), environ).set("refresh_token", SecretStr("1000.CANARY"))
    assert not (tmp_path / "leak").exists()


def test_without_the_library_there_is_no_backend() -> None:
    if OsKeyring.is_installed():
        pytest.skip("The library keyring is installed here.")
    assert list(real_backends()) == []


@needs_library
@pytest.mark.skipif(
    not all(map(shutil.which, ("dbus-run-session", "gnome-keyring-daemon"))),
    reason="There is no Secret Service to try: apt-get install dbus gnome-keyring",
)
def test_a_real_secret_service_keeps_it(tmp_path: Path) -> None:
    code = """
import os, sys
from pathlib import Path
from pydantic import SecretStr
from zoho.account.os_keyring import OsKeyring
keyring = OsKeyring(Path("/etc/one.json"), dict(os.environ))
keyring.probe()
print(keyring.get("refresh_token"))
keyring.set("refresh_token", SecretStr("1000.abc"))
print(keyring.get("refresh_token").get_secret_value())
print(OsKeyring(Path("/etc/other.json"), dict(os.environ)).get("refresh_token"))
keyring.delete("refresh_token")
print(keyring.get("refresh_token"))
"""
    start = "printf '\\n' | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1 &"
    script = f'{start} "$0" -c "$1"'
    (tmp_path / "run").mkdir(mode=0o700)
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(LIBRARY),
        "HOME": str(tmp_path),
        "XDG_RUNTIME_DIR": str(tmp_path / "run"),
    }
    command = ["dbus-run-session", "--", "sh", "-c", script, sys.executable, code]
    done = subprocess.run(command, check=False, env=environ, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["None", "1000.abc", "None", "None"], done.stderr
