"""A stand-in Zoho for the benchmarks, as a process: with more fields or a latency, where a row wants that."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import TracebackType

ROOT = Path(__file__).parents[1]


class StandIn:
    """The stand-in; ``env`` is what signs in to it.

    Args:
        fields: of the form, at least; custom ones are added.
        latency: milliseconds before each answer.
    """

    def __init__(self, *, fields: int = 0, latency: float = 0) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.stand_in", str(fields), str(latency)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.env: dict[str, str] = json.loads(self._process.stdout.readline())

    def __enter__(self) -> StandIn:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.communicate()


def _serve(fields: int, latency: float) -> None:
    from zoho.sandbox import World, create_app
    from zoho.sandbox.server import SandboxServer, listen
    from zoho.sandbox.shape import Field

    world = World(submission_key="Submission_Key", latency=latency / 1000, search_lag=0.0)
    leads = world.modules["Leads"]
    layout = leads.layouts[0]
    for number in range(fields - sum(len(section.fields) for section in layout.sections)):
        name = f"Extra_{number:03}"
        leads.fields[name] = Field(f"99{number:016}", name, f"Extra {number:03}", "text", 120, custom=True)
        layout.sections[0].fields.append(name)

    class Announced(SandboxServer):
        def listening(self) -> None:
            said = {
                "ZOHO_ALLOW_LOOPBACK": "1",
                "ZOHO_ACCOUNTS_URL": self.base_url,
                "ZOHO_API_DOMAIN": self.base_url,
                "ZOHO_DATA_CENTER": "eu",
                "ZOHO_CLIENT_ID": world.client_id,
                "ZOHO_CLIENT_SECRET": world.client_secret,
                "ZOHO_REFRESH_TOKEN": world.refresh_token,
            }
            print(json.dumps(said), flush=True)

    Announced(create_app(world), listen()).start()


if __name__ == "__main__":
    _serve(int(sys.argv[1]), float(sys.argv[2]))
