"""What the stand-in's one client signs in with.

Known to everybody, as nothing but made-up leads is behind them; the same after a restart, so that a client
that is still connected goes on.
"""

from __future__ import annotations

CLIENT_ID = "1000.SANDBOX0CLIENT0ID0000000000000"
CLIENT_SECRET = "sandbox-client-secret-0000000000000000000"  # noqa: S105
REFRESH_TOKEN = "1000.sandbox0refresh0token000000000.00000000000000000000000000000000"  # noqa: S105
