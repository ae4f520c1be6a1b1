"""The options that every verb has: where things lie, and which Zoho is meant."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from zoho.wire.process import take_environment

if TYPE_CHECKING:
    from zoho.account import Config, Paths

F = TypeVar("F", bound=Callable[..., Any])

_TAKEN = "zoho.commands.environment"


def environment() -> Mapping[str, str]:
    """Return the environment that this run of the command was started with.

    The secrets are in it and, from the first call on, no longer in ``os.environ``, which children inherit. It
    belongs to the run (click's context), so that a second run in the same process finds its own.
    """
    kept = click.get_current_context().meta
    if _TAKEN not in kept:
        kept[_TAKEN] = take_environment()
    return kept[_TAKEN]


@dataclass(frozen=True, slots=True)
class Place:
    """What the command line says of where things lie; None where it says nothing."""

    config_file: Path | None = None
    data_dir: Path | None = None
    log_file: Path | None = None
    data_center: str | None = None
    source: str | None = None
    allow_loopback: bool = False

    def or_else(self, other: Place) -> Place:
        """Return this place, with what it leaves open taken from *other*."""
        return Place(
            self.config_file or other.config_file,
            self.data_dir or other.data_dir,
            self.log_file or other.log_file,
            self.data_center or other.data_center,
            self.source or other.source,
            self.allow_loopback or other.allow_loopback,
        )

    def paths(self, environ: Mapping[str, str]) -> Paths:
        """Return this user's folders."""
        from zoho.account import default_paths

        return default_paths(environ, data_dir=self.data_dir)

    def config(self, environ: Mapping[str, str]) -> Config:
        """Return the configuration.

        Raises:
            ConfigError: it cannot work.
        """
        from zoho.account import load_config

        options = {"data_center": self.data_center, "source": self.source}
        given: dict[str, object] = {name: value for name, value in options.items() if value}
        if self.allow_loopback:
            given["allow_loopback"] = True
        paths = self.paths(environ)
        return load_config(options=given, config_file=self.config_file, environ=environ, paths=paths)


class _Length(click.FloatRange):
    """A length of time: a number of *unit* that is neither negative nor endless."""

    def __init__(self, unit: str) -> None:
        super().__init__(min=0)
        self._unit = unit

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; "nan" and "inf" are none."""
        length = super().convert(value, param, ctx)
        if not math.isfinite(length):
            self.fail(f"{value!r} is no number of {self._unit}.", param, ctx)
        return length


SECONDS, DAYS = _Length("seconds"), _Length("days")

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)

_OPTIONS = (
    click.option("--config", "config_file", type=_FILE, help="Another zoho_config.json."),
    click.option("--data-dir", type=_FOLDER, help="Keep outbox, token and log in this folder."),
    click.option("--log-file", type=_FILE, help="Write the log there."),
    click.option("--data-center", metavar="CODE", help="us, eu, in, au, jp, ca, sa, uk, cn or ae."),
    click.option("--source", help="Lead_Source of new leads."),
    click.option("--allow-loopback", is_flag=True, help="Let this machine play Zoho (the sandbox)."),
)


def with_place(command: F) -> F:
    """Give *command* the options, and pass them as ``place``; what stands before the verb counts too."""

    @functools.wraps(command)
    def run(**given: Any) -> Any:
        environment()  # taken before anything else has a chance to start a child
        place = Place(**{name: given.pop(name) for name in Place.__dataclass_fields__})
        context = click.get_current_context()
        if context.parent is not None and isinstance(context.parent.obj, Place):
            place = place.or_else(context.parent.obj)
        context.obj = place
        return command(place=place, **given)

    decorated: Any = run
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated
