"""The app in a process of its own, with data centres on this machine, and less patience in a sign-in.

``SIGN_IN_CENTERS`` is a JSON object of data centre and address; ``SIGN_IN_FACTOR``, how quick time goes by.
"""

from __future__ import annotations

import json
import os

from quick_time import QuickTime

from tui.desk import Launch
from tui.launch import run
from zoho.account import DataCenter
from zoho.commands.place import Place
from zoho.commands.sign_in_run import Means


def _centers() -> dict[str, DataCenter]:
    given = json.loads(os.environ["SIGN_IN_CENTERS"])
    return {code: DataCenter(code, url, url, url, code) for code, url in given.items()}


if __name__ == "__main__":
    quick = QuickTime(float(os.environ.get("SIGN_IN_FACTOR", "1")))
    means = Means(centers=_centers(), clock=quick.clock, sleep=quick.sleep)
    place = Place()
    run(Launch(place, place.paths(os.environ), os.environ, sign_in=means))
