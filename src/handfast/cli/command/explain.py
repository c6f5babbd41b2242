"""``handfast explain``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.contracts import load_contract
from handfast.cli.history import instant_of, load_terms, replay_file
from handfast.cli.output import json_option, print_json, width

if TYPE_CHECKING:
    from handfast.contract.explain import Explanation


@click.command()
@click.argument("contracts", metavar="CONTRACT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--clause", metavar="PATH", default="", help="Only what stands under this path, such as clocks.")
@click.option("--lead", metavar="ID", default="", help="Tell why everything about this lead is as it is.")
@click.option("--facts", metavar="FILE", type=click.Path(path_type=Path), help="What the lead and the team did.")
@click.option("--cycle", metavar="CYCLE", default="", help="An earlier cycle of the lead, by id or number.")
@click.option("--at", "at", metavar="INSTANT", help="As of then; the last fact by default.")
@json_option
def command(
    contracts: tuple[Path, ...],
    clause: str,
    lead: str,
    facts: Path | None,
    cycle: str,
    at: str | None,
    *,
    as_json: bool,
) -> None:
    r"""Say in plain English what CONTRACT says, a sentence a clause, each with its path.

    With --lead and --facts: tell why that lead has its score, its owner and its due times, and what has happened
    since. FILE has a fact a line, as `handfast simulate` writes them. Of a contract that was amended, name every
    version.

    \b
      handfast explain contract.yaml --clause clocks
      handfast explain contract.yaml --lead lead-7 --facts facts.jsonl
      handfast explain v1.yaml v2.yaml --lead lead-7 --facts facts.jsonl --cycle 1
    """
    if lead or facts is not None or at is not None or cycle:
        _check_lead(lead, facts, clause)
        _tell(contracts, lead, facts or Path(), cycle, at, as_json=as_json)
        return
    if len(contracts) > 1:
        raise click.UsageError("Several contracts are explained for a lead: add --lead and --facts.")
    _say(contracts[0], clause, as_json=as_json)


def _check_lead(lead: str, facts: Path | None, clause: str) -> None:
    if not lead or facts is None:
        raise click.UsageError("To explain a lead, name it with --lead and the file of facts with --facts.")
    if clause:
        raise click.UsageError("--clause is for a contract, --lead for a lead: use one of them.")


def _tell(contracts: tuple[Path, ...], lead: str, facts: Path, cycle: str, at: str | None, *, as_json: bool) -> None:
    from handfast.history.story import Witness, story

    until = instant_of(at, "--at")
    terms = load_terms(contracts)
    witness = Witness(lead)
    replayed = replay_file(facts, terms, until=until, watch=witness, quiet=as_json)
    told = story(replayed, witness, terms, cycle=cycle)
    if as_json:
        print_json(told.as_data())
    else:
        click.echo(told.as_text(width()), nl=False)


def _say(contract: Path, clause: str, *, as_json: bool) -> None:
    from handfast.contract.explain import explain

    explanation = explain(load_contract(contract))
    if clause:
        whole, explanation = explanation, _under(explanation, clause)
        if not explanation.sections:
            raise click.ClickException(
                f"Nothing is said under {clause!r}.{_meant(whole, clause)} `handfast explain {contract}` says all."
            )
    if as_json:
        print_json(explanation.as_data())
    else:
        click.echo(explanation.as_text(width()), nl=False)


def _under(explanation: Explanation, clause: str) -> Explanation:
    """Only the sentences whose path is the clause or stands below it."""
    kept = []
    for section in explanation.sections:
        said = tuple(each for each in section.sentences if f"{each.path}.".startswith(f"{clause}."))
        if said:
            kept.append(replace(section, sentences=said))
    return replace(explanation, sections=tuple(kept))


def _meant(explanation: Explanation, clause: str) -> str:
    """The nearest spelling among all paths of which anything is said, and what they stand under."""
    from handfast.problem import nearest

    paths = [str(each.path).split(".") for section in explanation.sections for each in section.sentences]
    known = dict.fromkeys(".".join(path[:depth]) for path in paths for depth in range(1, len(path) + 1))
    close = nearest(clause, known)
    return f" Did you mean {close}?" if close else ""
