"""``handfast measure``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.auditing import converted_by
from handfast.cli.contracts import load_contract, load_rates
from handfast.cli.history import instant_of, load_terms, replay_file
from handfast.cli.output import json_option, print_json, width
from handfast.cli.progress import steps

if TYPE_CHECKING:
    from handfast.contract.model import Contract
    from handfast.instant import Instant
    from handfast.measure import Board, Period


@click.command()
@click.option("--facts", metavar="FILE", type=click.Path(path_type=Path), help="Facts, one a line.")
@click.option(
    "--export",
    "exports",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="CRM export; again for more files.",
)
@click.option("--mapping", metavar="FILE", type=click.Path(path_type=Path), help="How the export is read.")
@click.option(
    "--contract",
    "contracts",
    metavar="FILE",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="Contract; with facts, again for each version.",
)
@click.option("--rates", metavar="FILE", type=click.Path(path_type=Path), help="Rates of other currencies.")
@click.option("--period", metavar="PERIOD", default="", help="2027, 2027-Q1 or 2027-01; all there is by default.")
@click.option("--at", "at", metavar="INSTANT", help="As of then; the latest instant given by default.")
@click.option("--view", type=click.Choice(["cohort", "activity"]), default=None, help="Only numbers of this view.")
@click.option("--split", metavar="WORD", default="", help="Tell each number apart, by source, owner, pool …")
@click.option("--measure", "names", metavar="NAME", multiple=True, help="Only this measure; again for more.")
@click.option("--records", is_flag=True, help="Name every record behind every number.")
@json_option
def command(
    facts: Path | None,
    exports: tuple[Path, ...],
    mapping: Path | None,
    contracts: tuple[Path, ...],
    rates: Path | None,
    period: str,
    at: str | None,
    view: str | None,
    split: str,
    names: tuple[str, ...],
    *,
    records: bool,
    as_json: bool,
) -> None:
    r"""Work out every measure, with what it is of, its interval, its target and the verdict.

    From facts (as `handfast simulate` writes them), which are judged again by the contract, or from a CRM export.

    \b
      handfast measure --facts facts.jsonl --contract contract.yaml --period 2027-01
      handfast measure --export contacts.csv --contract contract.yaml --split source
    """
    from handfast.cli.measuring import Asked, board_data, board_text

    if (facts is None) == (not exports):
        raise click.UsageError("Measures are worked out from --facts or from --export: name one of them.")
    until = instant_of(at, "--at")
    if facts is not None:
        board = _from_facts(facts, contracts, until, period, rates, quiet=as_json)
    else:
        board = _from_export(exports, mapping, contracts, until, period, rates, quiet=as_json)
    _check_names(names, board)
    _check_split(split, board)
    asked = Asked(names=names, view=view or "", split=split, records=records)
    if as_json:
        print_json(board_data(board, asked))
    else:
        for line in board_text(board, asked, width()):
            click.echo(line)


def _from_facts(
    facts: Path, contracts: tuple[Path, ...], until: Instant | None, period: str, rates: Path | None, *, quiet: bool
) -> Board:
    from handfast.history.columns import columns_of
    from handfast.history.lives import Lives
    from handfast.history.record import Recorder
    from handfast.measure import board
    from handfast.shadow import cycles_elsewhere

    terms = load_terms(contracts)
    span = _period(period, terms.versions[-1].contract)
    recorder = Recorder(terms)
    replayed = replay_file(facts, terms, until=until, watch=recorder, quiet=quiet)
    version = terms.in_force(replayed.at) or terms.versions[-1]
    known = None if rates is None else load_rates(rates, version.contract)
    lives = Lives.of(replayed, recorder)
    elsewhere = {lead.id: cycles_elsewhere(lead, terms) for lead in lives.leads if lead.elsewhere}
    columns = columns_of(replace(lives, elsewhere=elsewhere), version.contract, known)
    calendars = {name: version.calendars[name] for name in version.contract.calendars}
    return board(columns, version.contract, span, replayed.at, calendars=calendars)


def _from_export(
    exports: tuple[Path, ...],
    mapping: Path | None,
    contracts: tuple[Path, ...],
    until: Instant | None,
    period: str,
    rates: Path | None,
    *,
    quiet: bool,
) -> Board:
    from handfast.audit import read_export
    from handfast.audit.judge import judge
    from handfast.cli.command.audit import read_mapping_file
    from handfast.measure import board

    if len(contracts) > 1:
        raise click.UsageError("An export is judged by one contract: name one.")
    contract = load_contract(contracts[0])
    span = _period(period, contract)
    with steps(enabled=not quiet) as step:
        export = read_export(
            exports,
            mapping=read_mapping_file(mapping),
            zone=contract.zone,
            contract=contract,
            progress=step("Reading"),
        )
        export = converted_by(export, contract, rates)
        step("Judging")
        judged = judge(export, contract, until)
        step("Measuring")
        return board(judged.columns, contract, span, judged.as_of, calendars=judged.calendars)


def _period(label: str, contract: Contract) -> Period | None:
    from handfast.measure.period import period_named

    if not label:
        return None
    try:
        return period_named(label, contract)
    except (ValueError, OverflowError) as error:
        hint = f"{label!r} is no period: write 2027, 2027-Q1 or 2027-01."
        raise click.BadParameter(hint, param_hint="--period") from error


def _check_names(names: Iterable[str], board: Board) -> None:
    known = [one.name for one in board]
    for name in names:
        if name not in known:
            raise click.BadParameter(f"there is no measure {name!r}.{_meant(name, known)}", param_hint="--measure")


def _check_split(split: str, board: Board) -> None:
    from handfast.measure.columns import SPLITS

    known = [*SPLITS, *board.columns.extra]
    if split and split not in known:
        hint = f"numbers cannot be told apart by {split!r}.{_meant(split, known)} Known: {', '.join(known)}."
        raise click.BadParameter(hint, param_hint="--split")


def _meant(word: str, known: Iterable[str]) -> str:
    from handfast.problem import nearest

    close = nearest(word, known)
    return f" Did you mean {close}?" if close else ""
