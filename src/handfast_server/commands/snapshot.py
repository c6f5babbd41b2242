"""``handfast snapshot``: what measures read, made anew."""

from __future__ import annotations

import click

from handfast.cli.output import json_option, print_json


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Make what measures read anew from the rows; workers do so by themselves when they have to.

    Numbers of before are shown meanwhile. It takes some minutes for a million cycles.
    """
    from handfast_server.operate.up import up

    up()
    from handfast_server.observe.status import reachable
    from handfast_server.scoreboard import store, update

    why = reachable()
    if why:
        raise click.ClickException(f"Nothing was made: {why}.")
    if not update.rebuild():
        raise click.ClickException("Nothing was made: no contract is signed, or a worker is at it just now.")
    current = store.read_current()
    generation = 0 if current is None else current.generation
    if as_json:
        print_json({"generation": generation, "folder": str(store.folder())})
    else:
        click.echo(f"Generation {generation} is in {store.folder()}.")
