"""``zoho-leads script``: look over, show and try the questions that a rep asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from zoho.commands.place import Place, environment, with_place
from zoho.commands.results import Exit, tells_failures

if TYPE_CHECKING:
    from zoho.leads.org import OrgProfile
    from zoho.leads.script import Script


@click.group()
def script() -> None:
    """Look over, show and try a qualification script: what a rep asks, and what the answers are worth.

    A script is bant, champ, meddic, or a file of your own (docs/scripts.md).
    """


@script.command()
@click.argument("file")
@with_place
@tells_failures
def check(place: Place, file: str) -> None:
    """Say all that is wrong with a script, each with its line and key.

    Fields and values are compared with the org that was seen last; nothing is asked of Zoho.

    Exit status: 0 nothing is wrong, 1 something is, 2 it cannot be read.
    """
    from zoho.leads.script import check as faults_of, load_script
    from zoho.leads.script.loading import shown_name
    from zoho.wire.clean import clean_line

    org = _known_org(place)
    faults = faults_of(file, org.form if org else None)
    name = shown_name(file)
    for fault in faults:
        click.echo(f"{name}:{fault.line}{fault.at}: {fault.what} {fault.next_step}")
    if not faults:
        read = load_script(file)
        there = f"{read.title}, {len(read.questions)} questions" if read else "no questions are asked"
        click.echo(f"{name}: nothing is wrong ({there}).")
    if org is None:
        told = (
            "The fields were not checked: no org is known yet. Sign in, start zoho-leads once, check again."
        )
        click.echo(told, err=True)
    else:
        click.echo(f"The fields are those of {clean_line(org.org_name)}, as it was seen last.", err=True)
    if faults:
        raise SystemExit(Exit.REJECTED)


@script.command()
@click.argument("name", default="bant")
@tells_failures
def show(name: str) -> None:
    """Print a built-in script (bant, champ, meddic), to copy and to change.

    Exit status: 0 printed, 2 there is none of that name.
    """
    from zoho.leads.script import BUILT_IN, script_text
    from zoho.leads.script.taking import did_you_mean

    if name.strip().lower() not in BUILT_IN:
        hint = did_you_mean(name, BUILT_IN) or f"There are {', '.join(BUILT_IN)}."
        raise click.BadParameter(f"{name!r} is no built-in script. {hint}", param_hint="NAME")
    click.echo(script_text(name), nl=False)


@script.command()
@click.argument("file")
@click.argument("answers", nargs=-1, metavar="KEY=DIGIT...")
@tells_failures
def score(file: str, answers: Sequence[str]) -> None:
    """Print what answers are worth, and why: zoho-leads script score bant budget=1 need=2

    The key disqualify takes the digit of a reason. Nothing is sent.

    Exit status: 0 printed, 2 the script or an answer is wrong.
    """
    from zoho.leads.script import line_of, load_script, reason_words, score as score_of

    read = load_script(file)
    if read is None:
        raise click.BadParameter("There is nothing to answer.", param_hint="FILE")
    given: dict[str, str] = {}
    for answer in answers:
        key, _, digit = answer.partition("=")
        if wrong := _wrong(read, key, digit):
            raise click.BadParameter(wrong, param_hint="KEY=DIGIT")
        given[key] = digit
    told = score_of(read, given)
    click.echo("\n".join([line_of(told), *map(reason_words, told.reasons)]))


def _wrong(read: Script, key: str, digit: str) -> str:
    from zoho.leads.script import DISQUALIFY
    from zoho.leads.script.taking import did_you_mean

    question = read.question(key)
    if question is None and not (key == DISQUALIFY and read.disqualify):
        known = [*(one.key for one in read.questions), *([DISQUALIFY] if read.disqualify else [])]
        hint = did_you_mean(key, known) or f"There are {', '.join(known)}."
        return f"{key!r} is no question. {hint}"
    labels = [one.label for one in question.answers] if question else read.disqualify
    if (question.picked(digit) if question else read.reason(digit)) is None:
        offered = ", ".join(f"{place} {label}" for place, label in enumerate(labels, 1))
        return f"{digit!r} is no answer to {key}: {offered}."
    return ""


def _known_org(place: Place) -> OrgProfile | None:
    """Return the org as `Session.known_org` does, without an outbox: none is needed here, nor made."""
    from zoho.leads.org_cache import load_org

    environ = environment()
    config, paths = place.config(environ), place.paths(environ)
    for warning in config.warnings:
        click.echo(f"zoho-leads: {warning}", err=True)
    return load_org(paths.snapshot, config, layouts=paths.metadata_cache)
