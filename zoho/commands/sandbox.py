"""``zoho-leads sandbox``: a stand-in Zoho on this machine, to try things against."""

from __future__ import annotations

import click

FAULT = "KIND[:N]"
ORG_NAMES = ("stock", "large", "strict", "rtl")
"""The orgs that it can be (`zoho.sandbox.orgs.ORGS`, which is loaded only when it runs)."""


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8600, show_default=True, help="0 takes any free one."
)
@click.option(
    "--org",
    type=click.Choice(ORG_NAMES),
    default="stock",
    show_default=True,
    help="Whose fields and layouts: 120 more fields, strict rules, renamed right-to-left labels.",
)
@click.option("--unkeyed", is_flag=True, help="Leave out the unique field for the submission key.")
@click.option("--latency", type=click.FloatRange(min=0), default=0.0, metavar="MS", help="Answer late.")
@click.option(
    "--search-lag",
    type=click.FloatRange(min=0),
    default=5.0,
    show_default=True,
    metavar="S",
    help="Seconds until search finds a new lead.",
)
@click.option(
    "--token-life",
    type=click.FloatRange(min=1),
    default=3600.0,
    show_default=True,
    metavar="S",
    help="Seconds an access token lives.",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar=FAULT,
    help="Order a fault for the first N requests (1): drop-after, 5xx-before, 429, html, ...",
)
def sandbox(
    port: int,
    org: str,
    unkeyed: bool,
    latency: float,
    search_lag: float,
    token_life: float,
    faults: tuple[str, ...],
) -> None:
    """Run a stand-in Zoho on 127.0.0.1.

    It prints the lines that connect a shell to it, with a data folder of its own, and serves until Ctrl+C.
    """
    from zoho.sandbox import World, create_app
    from zoho.sandbox.server import SandboxServer, listen

    world = World(
        submission_key=None if unkeyed else "Submission_Key",
        search_lag=search_lag,
        token_life=token_life,
        latency=latency / 1000,
        org=org,
    )
    for fault in faults:
        kind, _, times = fault.partition(":")
        try:
            world.faults.order(kind, times=int(times or 1))
        except ValueError as wrong:
            raise click.BadParameter(str(wrong), param_hint="--fault") from None
    try:
        sock = listen(port=port)
        sock.listen()
    except OSError as wrong:
        click.echo(
            f"Port {port} cannot be used: {wrong.strerror}. Try --port 0, which takes a free one.", err=True
        )
        raise SystemExit(2) from None

    class Announced(SandboxServer):
        def listening(self) -> None:
            announce(
                self.base_url, self._world.client_id, self._world.client_secret, self._world.refresh_token
            )

    try:
        Announced(create_app(world), sock).start()
    except KeyboardInterrupt:
        return


def announce(base_url: str, client_id: str, client_secret: str, refresh_token: str) -> None:
    """Print the lines that connect a shell to the stand-in at *base_url*."""
    from shlex import quote
    from tempfile import mkdtemp

    values = {
        "ZOHO_ALLOW_LOOPBACK": "1",
        "ZOHO_ACCOUNTS_URL": base_url,
        "ZOHO_API_DOMAIN": base_url,
        "ZOHO_CLIENT_ID": client_id,
        "ZOHO_CLIENT_SECRET": client_secret,
        "ZOHO_REFRESH_TOKEN": refresh_token,
        "ZOHO_DATA_DIR": mkdtemp(prefix="zoho-leads-sandbox-"),
    }
    lines = [
        "# A stand-in for Zoho. Paste these lines into the shell that shall speak to it; Ctrl+C here ends it."
    ]
    lines += [f"export {name}={quote(value)}" for name, value in values.items()]
    lines += [
        "# to try zoho-leads login: unset ZOHO_REFRESH_TOKEN; export ZOHO_CONFIG=$ZOHO_DATA_DIR/login.json"
    ]
    lines += [f"# open {base_url}/ to see the leads"]
    click.echo("\n".join(lines))
