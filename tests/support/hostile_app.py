"""The command with nothing cleaned but by the driver, for a test's own process: what gets through then?"""

from __future__ import annotations

from typing import Any

import zoho.wire.clean as door

_clean = door.clean


def _as_it_is(value: Any) -> Any:
    return value


if __name__ == "__main__":
    door.clean = door.clean_line = door.clean_json = _as_it_is
    from tui.cli import main
    from tui.terminal import cells

    # The last wall is the one that is tried.
    cells.clean = _clean
    main()
