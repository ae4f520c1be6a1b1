"""A rep whose account is at another data centre than the client: `zoho-leads login` goes on there."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import pytest
from approval import decide
from sandbox_server import serve
from verbs import Home, credentials

from zoho.account import DataCenter
from zoho.commands.code_screen import CodeScreen
from zoho.commands.login import LoginRun
from zoho.commands.place import Place
from zoho.commands.sign_in_run import Means, SignInRun
from zoho.sandbox import World


def center(code: str, url: str) -> DataCenter:
    return DataCenter(code, str(url), str(url), str(url), code)


def approves(world: World, url: str) -> threading.Thread:
    def person() -> None:
        end = time.monotonic() + 20
        while not world.device.begun:
            assert time.monotonic() < end
            time.sleep(0.01)
        decide(f"{url}/device", world.device.begun[0].user_code)

    thread = threading.Thread(target=person, daemon=True)
    thread.start()
    return thread


def test_it_goes_on_keeps_the_other_data_centre_and_works_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    here, there = World(), World(location="us")
    there.device.share(here.device)
    here.device.home = "us"
    with serve(here) as url, serve(there) as away:
        home = Home(tmp_path, credentials(here, url))
        home.config_file.write_text(json.dumps({"data_center": "eu"}))
        taken_out = dict.fromkeys(("ZOHO_REFRESH_TOKEN", "ZOHO_DATA_CENTER", "ZOHO_API_DOMAIN"))
        environ = home.environ(taken_out)
        paths, later = Place().paths(environ), lambda: Place().config(environ)
        centers = {"eu": center("eu", url), "us": center("us", away)}
        person = approves(here, url)
        run = SignInRun.prepared(Place(), environ, means=Means(centers=centers))
        status = LoginRun(run, paths, later, CodeScreen(None)).run()
        person.join(20)
    told = capsys.readouterr()
    assert status == 0, told
    assert "Your account is at the data centre us." in told.out
    assert "Signed in as Robin Ellis" in told.out
    assert "Data centre: us." in told.out
    kept = json.loads(home.config_file.read_text())
    assert kept["data_center"] == "us"
    assert there.tokens.knows_refresh(kept["refresh_token"])
    assert here.tokens.alive_refresh_tokens() == [here.refresh_token]
    assert "/crm/v8/org" in {one.path for one in there.requests}
    assert {one.path for one in here.requests} == {
        "/oauth/v3/device/code",
        "/device",
        "/oauth/v3/device/token",
    }
