"""How a program of the service tells what it does: a sentence for people, or a JSON document a line for programs."""

from __future__ import annotations

import json
import sys
from typing import Protocol

import click


class Say(Protocol):
    """Tells one thing; ``values`` are what a program wants to know of it."""

    def __call__(self, line: str, /, **values: object) -> None:
        """Tell it."""


def sayer(*, as_json: bool) -> Say:
    """In words, or in JSON. A log that reads standard output has every line at once."""

    def say(line: str, /, **values: object) -> None:
        click.echo(json.dumps({"said": line, **values}) if as_json else line)
        sys.stdout.flush()

    return say
