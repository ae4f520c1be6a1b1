"""The verbs: those that open the app stand here, the others are mounted from `zoho.commands`."""

from __future__ import annotations

from importlib import import_module

import click

from zoho import __version__
from zoho.commands import VERBS
from zoho.commands.place import Place, with_place


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
@with_place
def zoho_leads(place: Place) -> None:
    """Qualify inbound leads and create them in Zoho CRM. Without a verb, the app opens."""
    if click.get_current_context().invoked_subcommand is None:
        from tui.launch import open_app

        open_app(place)


@zoho_leads.command()
def demo() -> None:
    """Open the app against a stand-in Zoho: no account, no network, nothing kept."""
    from tui.launch import open_demo

    open_demo()
