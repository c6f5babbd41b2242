"""``handfast doctor``: an installation looked over."""

from __future__ import annotations

from dataclasses import asdict

import click

from handfast.cli.output import json_option, print_json


@click.command()
@click.option("--first-link", is_flag=True, help="Print only the link that makes the first administrator.")
@json_option
def command(first_link: bool, as_json: bool) -> None:
    """Check an installation; say what to do.

    Ends with 1 when something does not run as promised.
    """
    from handfast_server.operate.address import use
    from handfast_server.operate.up import up

    use()
    up()
    if first_link:
        _print_link(as_json=as_json)
        return
    from handfast_server.operate.doctor import Health, findings

    found = list(findings())
    if as_json:
        print_json({"findings": [asdict(each) for each in found]})
    else:
        colours = {Health.WELL: "green", Health.LOOK: "yellow", Health.FAULT: "red"}
        for each in found:
            click.echo(f"{click.style(f'{each.health.value:5}', fg=colours[each.health])}  {each.check}: {each.said}")
            if each.do:
                click.echo(f"       {each.do}")
    if any(each.health is Health.FAULT for each in found):
        click.get_current_context().exit(1)


def _print_link(*, as_json: bool) -> None:
    from handfast_server.accounts.first import first_link

    link = first_link()
    if as_json:
        print_json({"first_administrator": link or None})
    else:
        click.echo(link or "There is an administrator already.")
