"""httpx without its own command line.

httpx loads that wherever rich and click happen to be installed, as they are beside Textual: Markdown,
progress bars, pygments; two MiB and thirty modules that nothing of ours uses.
"""

from __future__ import annotations

import sys

_COMMAND_LINE = "httpx._main"

if "httpx" not in sys.modules:
    sys.modules[_COMMAND_LINE] = None  # type: ignore[assignment] - "not to be found", as the language has it
    try:
        import httpx
    finally:
        del sys.modules[_COMMAND_LINE]
else:
    import httpx

__all__ = ["httpx"]
