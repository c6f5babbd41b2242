"""``handfast init``: a contract to start from, commented, sound from the first minute."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from handfast.cli.output import json_option, print_json, write_file

QUESTIONS = {
    "name": ("A short name for the contract", "our-handoff"),
    "zone": ("Time zone that days and months are cut in", "Europe/Berlin"),
    "currency": ("Currency", "EUR"),
    "holidays": ("Public holidays to keep, such as DE-BE or US (empty for none)", ""),
    "marketing_name": ("Who signs for marketing", "Dana Reyes"),
    "marketing_email": ("Their e-mail", "dana@acme.example"),
    "sales_name": ("Who signs for sales", "Omar Haddad"),
    "sales_email": ("Their e-mail", "omar@acme.example"),
}


@click.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path), default=Path("contract.yaml"))
@click.option("--name", help="Name of the contract.")
@click.option("--zone", help="Time zone, such as Europe/Berlin.")
@click.option("--currency", help="ISO 4217 code, such as EUR.")
@click.option("--holidays", help="Holiday region, such as DE-BE or US.")
@click.option("--marketing-name", help="Signatory of marketing.")
@click.option("--marketing-email", help="Their e-mail.")
@click.option("--sales-name", help="Signatory of sales.")
@click.option("--sales-email", help="Their e-mail.")
@click.option("--from", "effective_on", metavar="DATE", help="First day in force; the first of next month if left out.")
@click.option("--yes", is_flag=True, help="Ask nothing; take the defaults for what is not given.")
@click.option("--force", is_flag=True, help="Replace a file that is already there.")
@json_option
def command(path: Path, effective_on: str | None, yes: bool, force: bool, as_json: bool, **given: str | None) -> None:
    """Write a commented contract to PATH (contract.yaml), from a few questions or flags.

    The file passes `handfast check` as it stands; change it to say what your two teams mean.
    """
    if path.exists() and not force:
        raise click.ClickException(f"{path} is already there. --force replaces it.")
    ask = not yes and not as_json and _is_interactive()
    answers = {key: _answer(key, given[key], ask=ask) for key in QUESTIONS}
    text = _written(answers, _first_day(effective_on))
    _refuse_if_unsound(text, path)
    write_file(path, text)
    if as_json:
        print_json({"written": str(path), "bytes": len(text.encode())})
    else:
        click.echo(f"{path} is written and sound. Next:\n  handfast explain {path}\n  handfast check {path}")


def _is_interactive() -> bool:
    return sys.stdin.isatty()


def _answer(key: str, given: str | None, *, ask: bool) -> str:
    if given is not None:
        return given
    question, default = QUESTIONS[key]
    return str(click.prompt(question, default=default, show_default=bool(default))) if ask else default


def _first_day(given: str | None) -> dt.date:
    if given:
        try:
            return dt.date.fromisoformat(given)
        except ValueError as error:
            raise click.BadParameter(f"{given!r} is not a date such as 2027-01-01.", param_hint="--from") from error
    today = dt.datetime.now(dt.UTC).date()
    return (today.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def _written(answers: dict[str, str], first_day: dt.date) -> str:
    from importlib.resources import files
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from jinja2 import Environment, StrictUndefined

    try:
        zone = ZoneInfo(answers["zone"])
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise click.BadParameter(
            f"there is no time zone {answers['zone']!r}; they are named like Europe/Berlin.", param_hint="--zone"
        ) from error
    midnight = dt.datetime.combine(first_day, dt.time(), tzinfo=zone)
    source = files("handfast.cli").joinpath("starting-contract.yaml.jinja").read_text(encoding="utf-8")
    # Every answer is written as a quoted YAML string, so that no answer can change the file's structure.
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - this is YAML, not HTML
    environment.filters["quoted"] = _quoted
    return environment.from_string(source).render(**answers, effective_from=midnight.isoformat())


def _quoted(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _refuse_if_unsound(text: str, path: Path) -> None:
    from handfast.errors import ContractRefused
    from handfast.example import check

    checked = check(text, file=str(path))
    if checked.refused:
        raise ContractRefused([problem for problem in checked.problems if problem.severity == "error"])
