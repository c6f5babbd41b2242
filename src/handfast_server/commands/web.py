"""``handfast web``: one web process, beside others on the same database."""

from __future__ import annotations

import os

import click

from handfast.cli.output import json_option


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is every one.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8000, show_default=True, help="Port to listen on.")
@click.option(
    "--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests answered at once, a process."
)
@click.option(
    "--processes", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that share the port."
)
@json_option
def command(host: str, port: int, threads: int, processes: int, as_json: bool) -> None:
    """Run a web process: pages and API.

    Any number of these may run on one database. SIGTERM or Ctrl-C ends it.
    """
    from handfast_server.config import LISTENS
    from handfast_server.operate.say import sayer
    from handfast_server.operate.up import up

    os.environ[LISTENS] = host  # the server's processes read the settings anew
    up()
    from handfast_server.observe import metrics
    from handfast_server.observe.status import reachable
    from handfast_server.operate.web import serve

    why = reachable()
    if why:
        raise click.ClickException(f"The service cannot start: {why}.")
    metrics.tidy()
    sayer(as_json=as_json)(f"Listening on {host}:{port}.", listening=f"{host}:{port}")
    serve(host, port, threads, processes)
