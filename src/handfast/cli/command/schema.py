"""``handfast schema``."""

from __future__ import annotations

import click

from handfast.cli.output import json_option, print_json


@click.command()
@json_option
def command(as_json: bool) -> None:
    r"""Print the JSON Schema of the contract file, for editors.

    \b
    Point an editor at it:
      handfast schema > contract.schema.json
      # yaml-language-server: $schema=contract.schema.json   (first line of the contract)
    """
    del as_json  # the schema is JSON either way
    from handfast.contract.schema import json_schema

    print_json(json_schema())
