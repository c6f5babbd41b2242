"""``handfast serve``: the whole service on this machine, with no configuration."""

from __future__ import annotations

from pathlib import Path

import click

from handfast.cli.output import json_option

DEMO_HOME = Path("handfast-demo/service")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on; 0.0.0.0 is every one.")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on; 8000 or a free one if left out.")
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="Requests answered at once.")
@click.option("--demo", is_flag=True, help="Load a made-up year first, and let made-up leads go on coming.")
@click.option(
    "--leads", type=click.IntRange(1, 100_000), default=3000, show_default=True, help="How many leads the year has."
)
@json_option
def command(host: str, port: int | None, threads: int, demo: bool, leads: int, as_json: bool) -> None:
    """Start the live service here: web and worker.

    The database is made if there is none. Ctrl-C ends both in order.
    """
    from handfast_server.operate.say import sayer
    from handfast_server.operate.serve import Wanted, serve, use_home
    from handfast_server.operate.up import check_extra

    check_extra()
    if demo:
        use_home(DEMO_HOME)
    wanted = Wanted(host=host, port=port, threads=threads, demo=demo, leads=leads)
    code = serve(wanted, sayer(as_json=as_json))
    if code:
        click.get_current_context().exit(code)
