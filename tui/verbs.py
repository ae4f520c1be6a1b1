"""The verbs: those that open the app stand here, the others are mounted from `zoho.commands`."""

from __future__ import annotations

from importlib import import_module

import click

from zoho import __version__
from zoho.commands import VERBS
from zoho.commands.place import Place, environment, with_place

_OFF = frozenset({"", "0", "no", "false", "off"})
"""What ``ACCESSIBLE`` may be without asking for plain mode."""


class _Verbs(click.Group):
    """A group that loads a verb's module when the verb is called, or all of them for ``--help``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *VERBS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in VERBS:
            home = VERBS[cmd_name]
            return getattr(import_module(home), home.rpartition(".")[2])
        return super().get_command(ctx, cmd_name)


@click.group(
    cls=_Verbs, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="zoho-leads", message="%(prog)s %(version)s")
@click.option("--plain", is_flag=True, help="Ask one question after the other, without a screen.")
@with_place
def zoho_leads(place: Place, plain: bool) -> None:
    """Qualify inbound leads and create them in Zoho CRM. Without a verb, the app opens.

    With --plain, or the variable ACCESSIBLE=1, it asks one question after the other instead: for screen
    readers, slow lines and pipes.
    """
    verb = click.get_current_context().invoked_subcommand
    if verb is not None:
        if plain:
            raise click.UsageError(f"--plain stands alone, without the verb {verb}.")
        if verb == "doctor":
            _lend_the_keys()
    elif plain or _wants_lines():
        from zoho.commands.plain.run import open_plain

        open_plain(place)
    else:
        from tui.launch import open_app

        open_app(place)


@zoho_leads.command()
@click.option("--plain", is_flag=True, help="Ask one question after the other, without a screen.")
def demo(plain: bool) -> None:
    """Open the app against a stand-in Zoho: no account, no network, nothing kept."""
    if plain or _wants_lines():
        from zoho.commands.plain.run import open_plain_demo

        open_plain_demo()
    else:
        from tui.launch import open_demo

        open_demo()


def _wants_lines() -> bool:
    return environment().get("ACCESSIBLE", "").lower() not in _OFF


def _lend_the_keys() -> None:
    """Let ``doctor`` look at the keys of the configuration, which are those of the screen."""
    from tui.keymap import keymap_faults
    from zoho.commands.doctor import KEYMAP_LOOK

    click.get_current_context().meta[KEYMAP_LOOK] = keymap_faults
