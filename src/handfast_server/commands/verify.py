"""``handfast verify``: the service's decisions made again from its facts, and its log held against its seals."""

from __future__ import annotations

import click

from handfast.cli.output import json_option, print_json

_SHOWN = 50


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Judge every stored fact again; say what differs.

    Reads no decision before it is compared, and holds the audit log against its seals. Ends with 1 when a row differs
    from what the facts say, or an entry from what was written.
    """
    from handfast_server.operate.up import up

    up()
    from handfast_server.audit.seals import faults
    from handfast_server.decide.replay import verify
    from handfast_server.observe.status import reachable

    why = reachable()
    if why:
        raise click.ClickException(f"Nothing was looked at: {why}.")
    found, log = verify(), list(faults())
    if as_json:
        differences = [each._asdict() for each in found.differences]
        print_json({**found._asdict(), "differences": differences, "audit_log": log})
    else:
        click.echo(f"{found.facts:,} facts of {found.leads:,} leads told again, {found.compared:,} rows compared.")
        for each in found.differences[:_SHOWN]:
            what = f" {each.column}" if each.column else ""
            click.echo(f"{each.table} {each.id}{what}: stored {each.stored!r}, by the facts {each.replayed!r}")
        many = len(found.differences)
        click.echo(f"{many:,} differences." if many else "Every decision follows from the facts.")
        if many and found.erased:
            click.echo(f"{found.erased:,} leads were erased: what they brought about cannot be judged again.")
        for fault in log[:_SHOWN]:
            click.echo(fault)
        if not log:
            click.echo("The audit log is what was written.")
    if found.differences or log:
        click.get_current_context().exit(1)
