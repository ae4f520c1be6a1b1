"""The command ``zoho-leads``: without a verb it opens the app; the verbs are mounted from `zoho.commands`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command."""
    if sys.argv[1:] == ["--version"]:
        from zoho import __version__

        # Nothing else is loaded for this: scripts and package managers ask it often.
        sys.stdout.write(f"zoho-leads {__version__}\n")
        return
    from zoho.wire.process import harden

    harden()  # first: what the environment holds is open to the user's other processes until then
    from tui.verbs import zoho_leads
    from zoho.wire.last_words import keep_values_out, tell

    keep_values_out()
    try:
        zoho_leads(prog_name="zoho-leads")
    except Exception as error:  # Python's own way would print its text, which may hold a secret
        raise SystemExit(tell(error)) from None


if __name__ == "__main__":
    main()
