"""The app as a process: what an earlier session had under way it waits a second for, not a minute."""

from __future__ import annotations

import os

from tui.desk import Launch
from tui.launch import run
from zoho.commands.place import Place
from zoho.outbox.rest import Waits

if __name__ == "__main__":
    place = Place()
    waits = Waits(deadline=0.8, margin=0.2, first_retry=0.05, poll=0.05)
    run(Launch(place, place.paths(os.environ), os.environ, waits=waits))
