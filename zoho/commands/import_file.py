"""``zoho-leads import``: the leads of a file, each once however often it is run; and what was refused."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from zoho.commands.place import SECONDS, Place, environment, with_place
from zoho.commands.results import INTERRUPTED, Exit, tells_failures, whoever_reads

if TYPE_CHECKING:
    from zoho.commands.importing.columns import Plan
    from zoho.commands.importing.encoded_file import EncodedFile
    from zoho.commands.importing.fates import Fates
    from zoho.commands.importing.lines import LeadFile
    from zoho.commands.importing.report import Report
    from zoho.commands.importing.run import Import
    from zoho.commands.session import Session
    from zoho.leads.fields import LeadForm
    from zoho.leads.org import OrgProfile

_JSON_SUFFIXES = (".jsonl", ".ndjson")


class Wanted(NamedTuple):
    """What the command line says of an import."""

    path: Path
    mapped: dict[str, str]
    ignored: Sequence[str]
    delimiter: str | None
    encoding: str | None
    report: Path | None
    wait: float


def _mapping(_: click.Context, __: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    pairs = [one.rpartition("=") for one in given]
    for column, _separator, field in pairs:
        if not column or not field:
            raise click.BadParameter('write it as "Column of the file=Field".')
    return {column: field for column, _, field in pairs}


def _delimiter(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    told = "\t" if given in ("tab", "\\t") else given
    if told is not None and (len(told) != 1 or told in '"\r\n'):
        raise click.BadParameter("one character, or tab.")
    return told


def _encoding(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    from zoho.commands.importing.encoded_file import is_encoding

    if given is not None and not is_encoding(given):
        raise click.BadParameter(f"{given!r} is no encoding; such as utf-8, cp1252, shift_jis, mac_roman.")
    return given


_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command("import")
@click.argument("path", metavar="FILE", type=_FILE)
@click.option(
    "--map", "mapped", multiple=True, metavar="COLUMN=FIELD", callback=_mapping, help="Which field it is."
)
@click.option("--ignore", "ignored", multiple=True, metavar="COLUMN", help="Leave a column out.")
@click.option("--delimiter", callback=_delimiter, metavar="CHAR", help="Between cells; else it is found out.")
@click.option("--encoding", callback=_encoding, metavar="NAME", help="Of the text; else it is found out.")
@click.option("--report", type=_FILE, help="Write what was refused there, not beside FILE.")
@click.option("--dry-run", is_flag=True, help="Check every line, and write nothing.")
@click.option(
    "--wait", type=SECONDS, default=60.0, show_default=True, metavar="S", help="Give up when nothing moves."
)
@with_place
@tells_failures
def import_file(place: Place, dry_run: bool, **given: Any) -> None:
    """Create the leads of a CSV or JSONL file, each once, however often it is run.

    The first line of a CSV file names the columns, by field label or API name. Every line is saved before
    anything is sent. What was refused is written into FILE.refused.csv, with the reasons: mend it there, and
    import that. docs/import.md tells more.

    Exit status: 0 all created, 1 some refused, 2 it could not start, 3 some wait, 4 some unclear.
    """
    from zoho.commands.importing.encoded_file import open_encoded

    wanted = Wanted(**given)
    with open_encoded(wanted.path, wanted.encoding) as text:
        if text.told:
            _say(text.told)
        raise SystemExit(_dry_run(place, text, wanted) if dry_run else _run(place, text, wanted))


def _dry_run(place: Place, text: EncodedFile, wanted: Wanted) -> Exit:
    from zoho.commands.importing.fates import reason_of
    from zoho.commands.importing.run import checked, known_lines
    from zoho.leads.org_cache import load_org
    from zoho.wire.clean import clean_line
    from zoho.wire.errors import RecordRejected

    environ = environment()
    config, paths = place.config(environ), place.paths(environ)
    for warning in config.warnings:
        _say(warning)
    job = _job(text, wanted, load_org(paths.snapshot, config, layouts=paths.metadata_cache))
    for column, field in job.plan.fields.items():
        click.echo(f"{clean_line(column)} -> {field}")
    for column in job.plan.ignored:
        click.echo(f"{clean_line(column)} is left out")
    refused = 0
    for known in known_lines(job.file, job.plan):
        try:
            checked(job.form, known)
        except RecordRejected as faults:
            refused += 1
            click.echo(f"Line {known.line.number}: {reason_of(faults.faults, job.form)}")
    click.echo(f"Leads that would be saved: {job.total - refused:,} of {job.total:,}. Nothing was written.")
    return Exit.REJECTED if refused else Exit.CREATED


def _run(place: Place, text: EncodedFile, wanted: Wanted) -> int:
    from zoho.commands.importing.progress import Progress
    from zoho.commands.importing.report import Report, place_of_report
    from zoho.commands.importing.run import Import
    from zoho.commands.session import open_session

    with open_session(place) as session:
        org = _org_of(session)
        job = _job(text, wanted, org)
        report = Report(job.file, place_of_report(wanted.path, job.file, wanted.report), session.store)
        progress = Progress(sys.stderr, terminal=sys.stderr.isatty(), clock=time.monotonic)
        one = Import(session, job.file, job.plan, org=org, form=job.form, total=job.total, progress=progress)
        try:
            one.save()
            _send(session, one, wanted.wait)
            fates = _report(one, report)
        except KeyboardInterrupt:
            progress.clear()
            _say(
                f"Interrupted: {one.tally}. What is saved is safe, and waits. The same command goes on with "
                "it and doubles nothing; zoho-leads send sends what is saved."
            )
            return INTERRUPTED
        finally:
            progress.clear()
        session.purge()
    if fates is None:
        return Exit.SAVED
    with whoever_reads():
        _tell(fates, report, earlier=one.earlier)
    if text.changed:
        _say("The file was changed meanwhile: run the same again.")
        return max(fates.status, Exit.SAVED)
    return fates.status


class _Job(NamedTuple):
    """What is known before anything is saved."""

    file: LeadFile
    plan: Plan
    form: LeadForm
    total: int


def _job(text: EncodedFile, wanted: Wanted, org: OrgProfile | None) -> _Job:
    """Read the file once, and see what its columns are.

    Raises:
        ZohoError: it cannot be read, or a column is no field.
    """
    from zoho.commands.importing.columns import Wishes, plan_columns
    from zoho.leads.stock import STOCK_FORM
    from zoho.wire.errors import ZohoError

    form = org.form if org else STOCK_FORM
    file = _file(text, wanted, form)
    wishes = Wishes(wanted.mapped, wanted.ignored)
    plan = plan_columns(file.columns, form, wishes, whole=file.whole, known=org is not None)
    total = sum(1 for _ in file.lines())
    if not total:
        raise ZohoError("There is no lead in the file.", next_step="Nothing was saved.", code="no_lines")
    return _Job(file, plan, form, total)


def _file(text: EncodedFile, wanted: Wanted, form: LeadForm) -> LeadFile:
    from zoho.commands.importing.columns import Names
    from zoho.commands.importing.csv_lines import CsvFile
    from zoho.commands.importing.json_lines import JsonLinesFile

    if wanted.path.suffix.casefold() in _JSON_SUFFIXES:
        return JsonLinesFile(text)
    names = Names(form)
    wished = {column.strip().casefold() for column in (*wanted.mapped, *wanted.ignored)}

    def knows(column: str) -> bool:
        return bool(names.called(column)) or column.casefold() in wished

    return CsvFile(text, knows=knows, delimiter=wanted.delimiter)


def _org_of(session: Session) -> OrgProfile | None:
    """Return the org of the sign-in, asked for where it was never seen; None where that cannot be had."""
    import asyncio

    from zoho.wire.errors import ZohoError

    org = session.known_org()
    if org is not None or session.config.missing:
        return org

    async def ask() -> OrgProfile:
        async with session.sending() as (_, found, _):
            return found

    try:
        return asyncio.run(ask())
    except ZohoError as error:
        _say(f"The org's own fields are not known. {error}")
        return None


def _send(session: Session, one: Import, wait: float) -> None:
    import asyncio

    from zoho.wire.errors import ZohoError

    async def send() -> None:
        async with session.sending() as (courier, org, _):
            await one.send(courier, org, patience=wait)

    if not one.waits:
        return
    try:
        asyncio.run(send())
    except ZohoError as error:
        one.progress.clear()
        _say(f"The leads are saved. {error}")


def _report(one: Import, report: Report) -> Fates | None:
    from zoho.wire.errors import StorageError

    try:
        return one.tell(report)
    except StorageError as error:
        one.progress.clear()
        _say(f"{one.tally}; the report is not written. {error} Then run the same again.")
        return None


def _tell(fates: Fates, report: Report, *, earlier: int) -> None:
    from zoho.wire.clean import clean_line

    if earlier:
        click.echo(f"Saved by an earlier run already, and not again: {earlier:,}.")
    for line in fates.told():
        click.echo(line)
    if report.lines:
        click.echo(
            f"Refused: {report.lines:,}. {clean_line(str(report.path))} has them, with the reasons; mend "
            "them there, then import that file."
        )
    if report.left is not None:
        click.echo(f"{clean_line(str(report.left))} is of an earlier run, and out of date.")


def _say(text: str) -> None:
    click.echo(f"zoho-leads: {text}", err=True)
