"""``zoho-leads doctor``: could a lead be sent now, and what is to be mended if not."""

from __future__ import annotations

import asyncio
import os
import textwrap
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

from zoho.commands.place import Place, environment, with_place
from zoho.commands.results import print_json, tells_failures

if TYPE_CHECKING:
    from zoho.account import Config, Paths
    from zoho.commands.examination.report import Entry, Report
    from zoho.commands.examination.settings import KeymapLook
    from zoho.commands.examination.sign_in import SignInLook

KEYMAP_LOOK = "zoho-leads.keymap_look"
"""Where ``meta`` of click's context has a `KeymapLook`: the keys are those of the screen."""

_READY, _NOT_READY = 0, 1
_WIDTH = 80
_SIGNS = {"well": "✓", "mend": "!", "info": "·"}
_ASCII_SIGNS = {"well": "+", "mend": "!", "info": "-"}
_TO_ASCII = str.maketrans("“”‘’–—·…", "\"\"''--..")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@click.option("--offline", is_flag=True, help="Ask neither Zoho nor the network.")
@with_place
@tells_failures
def doctor(place: Place, as_json: bool, offline: bool) -> None:
    """Look whether a lead could be sent now, and say what to mend first.

    It sends no lead and changes nothing, but that a new access token is kept, as with any call.

    Exit status: 0 a lead could be sent now (with --offline: nothing here is in its way), 1 it could not.
    """
    from zoho.commands.examination.host import has_utf8

    environ = environment()
    keymap_look = click.get_current_context().meta.get(KEYMAP_LOOK)
    report = _Examination(place, environ, offline=offline, keymap_look=keymap_look).run()
    if as_json:
        print_json(report.to_json())
    else:
        for line in lines_of(report, utf8=has_utf8(environ)):
            click.echo(line)
    raise SystemExit(_READY if report.ready else _NOT_READY)


class _Examination:
    """One run: this machine first, then the line, then Zoho.

    Args:
        place: what the command line says.
        environ: the environment.
        offline: leave out what needs the network.
        keymap_look: looks at the keys of the configuration; None, nobody does.
    """

    def __init__(
        self,
        place: Place,
        environ: Mapping[str, str],
        *,
        offline: bool,
        keymap_look: KeymapLook | None = None,
    ) -> None:
        self._place = place
        self._environ = environ
        self._offline = offline
        self._keymap_look = keymap_look

    def run(self) -> Report:
        from zoho.commands.examination.data import look_at_data
        from zoho.commands.examination.host import look_at_host
        from zoho.commands.examination.line import look_at_environment
        from zoho.commands.examination.report import Group, Report, mend

        host = Group("Terminal", tuple(look_at_host(self._environ)))
        try:
            paths = self._place.paths(self._environ)
        except RuntimeError:  # a ~ that is nobody's
            what = "The folder that was named cannot be found."
            wrong = mend("data_folder", what, "Correct --data-dir, or ZOHO_DATA_DIR.", blocks=True)
            return Report((host, Group("Data", (wrong,))), offline=self._offline)
        config, settings = self._settings()
        log_file = self._place.log_file or paths.log_file
        data, line = look_at_data(paths, log_file), look_at_environment(self._environ)
        before = (*settings, *data, *line)
        seen = None
        if config is not None and not any(entry.blocks for entry in (*data, *line)):
            _log_to(log_file)
            more, seen = asyncio.run(self._ask(config, paths))
            line += more
        groups = [
            host,
            Group("Configuration", tuple(settings)),
            Group("Data", tuple(data)),
            Group("Line", tuple(line)),
        ]
        if seen is None or not (seen.token or seen.org):
            groups.append(Group("Zoho", (_not_asked(before),)))
            return Report(tuple(groups), offline=self._offline)
        groups.append(Group("Zoho", (*seen.token, *seen.org)))
        org = seen.profile
        to = f"{org.org_name} ({org.environment})" if org else None
        return Report(tuple(groups), to, org.user_name if org else None, offline=self._offline)

    def _settings(self) -> tuple[Config | None, list[Entry]]:
        from zoho.account.unlock import unlock_here
        from zoho.commands.examination.report import failed
        from zoho.commands.examination.settings import look_at_config
        from zoho.wire.errors import ConfigError

        try:
            config = self._place.config(self._environ)
        except ConfigError as error:
            return None, [failed("configuration", error)]
        try:
            if not self._offline:  # a helper command may ask over the network
                config = unlock_here(config, self._environ)
        except ConfigError as error:
            return None, [*look_at_config(config, self._keymap_look), failed("secrets_locked", error)]
        return config, look_at_config(config, self._keymap_look)

    async def _ask(self, config: Config, paths: Paths) -> tuple[list[Entry], SignInLook]:
        """Return what is found on the line, and at its other end."""
        from zoho.commands.examination.line import look_at_hosts
        from zoho.commands.examination.sign_in import has_token, look_at_sign_in, look_without_a_line
        from zoho.outbox.sqlite_look import OutboxLook

        notes = OutboxLook(paths.outbox)
        if self._offline:
            return [], look_without_a_line(config, paths, notes)
        needed = not has_token(config, paths)
        line = await look_at_hosts(config.accounts_base, config.api_url, accounts_needed=needed)
        if any(entry.blocks for entry in line):
            return line, look_without_a_line(config, paths, notes)
        return line, await look_at_sign_in(config, paths, notes)


def _log_to(log_file: os.PathLike[str]) -> None:
    """Log the calls as any verb does, where the folder of the log is there: none is made for looking."""
    from contextlib import suppress
    from pathlib import Path

    from zoho.wire.errors import StorageError
    from zoho.wire.log_file import log_to

    if Path(log_file).parent.is_dir():
        with suppress(StorageError):
            log_to(Path(log_file))


def _not_asked(before: Iterable[Entry]) -> Entry:
    from zoho.commands.examination.report import told

    in_the_way = any(entry.blocks for entry in before)
    return told(
        "zoho", "Zoho was not asked: mend what is above first." if in_the_way else "Nothing is known."
    )


# In words


def lines_of(report: Report, *, utf8: bool) -> list[str]:
    """Return *report* as lines of 80 columns.

    Args:
        report: the examination.
        utf8: the terminal shows more than ASCII.
    """
    signs = _SIGNS if utf8 else _ASCII_SIGNS
    lines = _head(report)
    for group in report.groups:
        lines += ["", group.name]
        for entry in group.entries:
            lines += _wrapped(_words(entry), f"  {signs[entry.sign]} ", "    ")
    return lines if utf8 else [_ascii(line) for line in lines]


def _head(report: Report) -> list[str]:
    first = report.first
    lines: list[str] = []
    if report.ready and report.offline:
        lines = _wrapped("Nothing here keeps a lead from being sent; Zoho was not asked.")
    elif report.ready:
        lines = _wrapped(f"A lead could be sent now, to {report.to}, as {report.user}.")
    if first is not None:
        lines += _wrapped(f"To mend first: {_words(first)}")
    return lines


def _words(entry: Entry) -> str:
    return f"{entry.finding.what} {entry.finding.next_step}".strip()


def _wrapped(text: str, begin: str = "", hanging: str = "") -> list[str]:
    # A path or a command is to be copied: it is rather too long for a line than cut in two.
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=begin,
        subsequent_indent=hanging,
        break_on_hyphens=False,
        break_long_words=False,
    )


def _ascii(line: str) -> str:
    return line.translate(_TO_ASCII).encode("ascii", "backslashreplace").decode("ascii")
