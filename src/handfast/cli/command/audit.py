"""``handfast audit``."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.auditing import Job, run, say_audit, write_records, write_report
from handfast.cli.contracts import load_contract
from handfast.cli.history import instant_of
from handfast.cli.output import json_option, output_option, print_json, read_file, write_file
from handfast.cli.progress import steps
from handfast.errors import ContractRefused, HandfastError

if TYPE_CHECKING:
    from handfast.audit.audit import Audit
    from handfast.audit.export import Export
    from handfast.audit.mapping import ExportMapping
    from handfast.contract.model import Contract

FILE = click.Path(dir_okay=False, path_type=Path)
ENDINGS = (".html", ".htm", ".md", ".markdown", ".json")


def _known_ending(paths: tuple[Path, ...]) -> None:
    for path in paths:
        if path.suffix.lower() not in ENDINGS:
            hint = f"{str(path)!r} ends in none of {', '.join(ENDINGS)}, and a report is one of these."
            raise click.BadParameter(hint, param_hint="--report")


@click.command()
@click.argument("exports", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--contract", type=FILE, help="The contract to judge by; a plain one is assumed when left out.")
@click.option("--mapping", type=FILE, help="How the files are read: an edited copy of a saved guess.")
@output_option("--save-mapping", help="Write the guess of what is what to this YAML file, to edit.")
@output_option("--report", "reports", multiple=True, help="Report to write: .html, .md or .json; may repeat.")
@output_option("--records", help="Write every record behind every finding and measure to this CSV file.")
@output_option("--refused", default=Path("refused-rows.csv"), show_default=True, help="Rows that were not used.")
@click.option("--rates", type=FILE, help="Rates of other currencies than the contract's: day,currency,rate.")
@click.option("--zone", default="", help="Time zone of times that name none; the contract's when left out.")
@click.option(
    "--as-of", metavar="INSTANT", help="Judge as of this instant; the latest one in the export when left out."
)
@click.option("--hide-owners", is_flag=True, help="Call owners owner 1, owner 2 … in the report, to pass it on.")
@click.option("--quiet", is_flag=True, help="Write the reports and say nothing.")
@json_option
def command(
    exports: tuple[Path, ...],
    contract: Path | None,
    mapping: Path | None,
    save_mapping: Path | None,
    reports: tuple[Path, ...],
    records: Path | None,
    refused: Path,
    rates: Path | None,
    zone: str,
    as_of: str | None,
    hide_owners: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    r"""Audit a CRM export under a contract: where does the handoff leak?

    EXPORTS are files or folders: HubSpot, Salesforce and Marketo exports are recognised; what is what in any other CSV
    or Parquet file is guessed, or said by a mapping. The report goes to handfast-report.html unless --report names
    another file.

    \b
      handfast audit contacts.csv deals.csv calls.csv --contract contract.yaml
      handfast audit export/ --save-mapping mapping.yaml     (then edit it)
      handfast audit export/ --mapping mapping.yaml --contract contract.yaml
    """
    _known_ending(reports)
    zone = _zone(zone)
    judge_by, assumed = _contract(contract, zone)
    job = Job(
        exports=exports,
        contract=judge_by,
        assumed=assumed,
        mapping=read_mapping_file(mapping),
        rates=rates,
        zone=zone,
        as_of=instant_of(as_of, "--as-of"),
        refused=refused,
        hide_owners=hide_owners,
    )
    written = reports or (() if as_json else (Path("handfast-report.html"),))
    audited = _carried_out(job, written, records, save_mapping, shown=not quiet and not as_json)
    if as_json:
        from handfast.audit.report import render_json

        print_json(render_json(audited))
    elif not quiet:
        say_audit(audited, written, records)


def _carried_out(
    job: Job, reports: tuple[Path, ...], records: Path | None, mapping: Path | None, *, shown: bool
) -> Audit:
    """The audit, with everything written that was asked for."""
    with steps(enabled=shown) as step:
        audited = run(job, step)
        if mapping:
            _save_mapping(audited.export, mapping)
        for path in reports:
            step(f"Writing {path.name}")
            write_report(audited, path)
        if records:
            step(f"Writing {records.name}")
            write_records(audited, records)
    return audited


ASSUMED = (
    "No contract was given: a plain one was assumed. A lead is qualified with 50 to 1,000 employees in software or"
    " fintech, or when it asks for a demo, and is to be touched within 4 business hours. `handfast init` writes yours."
)


def _contract(path: Path | None, zone: str) -> tuple[Contract, tuple[str, ...]]:
    """The contract named, or the plain one that ships with a sentence that says so."""
    if path is not None:
        return load_contract(path), ()
    from handfast.contract.load import load

    text = files("handfast.audit").joinpath("plain-contract.yaml").read_text(encoding="utf-8")
    plain = load(text.replace("Europe/Berlin", zone or "UTC")).contract
    if plain is None:
        raise HandfastError("The plain contract in this installation is damaged; install Handfast again.")
    return plain, (ASSUMED,)


def read_mapping_file(path: Path | None) -> ExportMapping | None:
    """The mapping of a file. Raises ContractRefused, which says every problem of a YAML file alike."""
    if path is None:
        return None
    from handfast.audit.mapping_text import read_mapping

    read = read_mapping(read_file(path), file=str(path))
    if read.mapping is None:
        raise ContractRefused(read.problems)
    return read.mapping


def _save_mapping(export: Export, path: Path) -> None:
    from handfast.audit.mapping import ExportMapping
    from handfast.audit.mapping_write import write_mapping

    write_file(path, write_mapping(export.mapping or ExportMapping(), export.files))


def _zone(name: str) -> str:
    if name:
        from handfast import zones

        if not zones.known_zone(name):
            close = zones.nearest_zone(name)
            meant = f" Did you mean {close}?" if close else ""
            raise click.BadParameter(f"there is no time zone {name!r}.{meant}", param_hint="--zone")
    return name
