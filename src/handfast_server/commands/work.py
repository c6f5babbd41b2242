"""``handfast work``: one worker, beside others on the same database."""

from __future__ import annotations

import signal
import threading

import click

from handfast.cli.output import json_option


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then end.")
@json_option
def command(once: bool, as_json: bool) -> None:
    """Run a worker: whatever is due.

    Clocks, messages, snapshots. Any number of these may run on one database. SIGTERM or Ctrl-C ends it.
    """
    from handfast_server.operate.say import sayer
    from handfast_server.operate.up import up

    up()
    from handfast_server.observe.status import reachable
    from handfast_server.operate.memory import settle
    from handfast_server.operate.presence import present
    from handfast_server.worker.run import run

    why = reachable()
    if why:
        raise click.ClickException(f"The worker cannot start: {why}.")
    settle()
    stop = threading.Event()
    for each in () if once else (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    say = sayer(as_json=as_json)
    with present(say):
        say("Working.", working=True)
        run(once=once, stop=stop)
