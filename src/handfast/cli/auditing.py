"""The main job as commands do it: files in, a report out, a few lines on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.contracts import load_rates
from handfast.cli.output import many, width, write_file

if TYPE_CHECKING:
    from handfast.audit.audit import Audit
    from handfast.audit.export import Export
    from handfast.audit.mapping import ExportMapping
    from handfast.cli.progress import Step
    from handfast.contract.model import Contract
    from handfast.instant import Instant


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to audit, and how."""

    exports: Sequence[Path]
    contract: Contract
    mapping: ExportMapping | None = None
    zone: str = ""  # of times without one; the contract's when empty
    as_of: Instant | None = None  # the latest instant in the export when None
    refused: Path | None = None
    hide_owners: bool = False  # call owners by numbers, for a report that is passed on
    rates: Path | None = None  # of other currencies than the contract's
    assumed: tuple[str, ...] = ()  # sentences for the report, before those of the reading


def run(job: Job, step: Step) -> Audit:
    """Read, judge and measure, each a step. Raises ExportRefused when the files hold nothing usable."""
    from handfast.audit import read_export
    from handfast.audit.audit import audit

    export = read_export(
        job.exports,
        mapping=job.mapping,
        zone=job.zone or job.contract.zone,
        contract=job.contract,
        refused_to=job.refused,
        progress=step("Reading"),
    )
    export.assumed[:0] = job.assumed
    export = converted_by(export, job.contract, job.rates)
    if job.hide_owners:
        from handfast.audit.anonymous import without_owner_names

        export = without_owner_names(export)
    return audit(export, job.contract, now=job.as_of, step=step)


def converted_by(export: Export, contract: Contract, path: Path | None) -> Export:
    """Deals in the contract's currency, by a file of rates where there is one. Raises RatesRefused."""
    if path is None:
        return export
    from handfast.audit.currency import in_own_currency

    return in_own_currency(export, contract, load_rates(path, contract))


def write_report(audit: Audit, path: Path) -> None:
    """Write a report in the format that the file's ending names: .html, .md or .json."""
    from handfast.audit.report import render_html, render_json, render_markdown

    ending = path.suffix.lower()
    if ending == ".json":
        import json

        text = json.dumps(render_json(audit), indent=2, ensure_ascii=False) + "\n"
    else:
        text = render_markdown(audit) if ending in {".md", ".markdown"} else render_html(audit)
    write_file(path, text)


def write_records(audit: Audit, path: Path) -> None:
    """Write every record behind every number as CSV, number by number, so that a million leads need no more memory."""
    from handfast.audit.report.records import records_csv

    write_file(path, records_csv(audit))


MOST_SAID = 5
"""Findings told on the terminal; the report has all."""


def say_audit(audit: Audit, written: Sequence[Path], records: Path | None = None) -> None:
    """What was read, the first findings, where the report is."""
    _say_read(audit.export)
    click.echo()
    leaks = audit.found.leaks
    for place, finding in enumerate(leaks[:MOST_SAID], start=1):
        _say_wrapped(finding.headline, f"{place}. ", "   ")
    if len(leaks) > MOST_SAID:
        click.echo(f"   … and {len(leaks) - MOST_SAID} more in the report")
    if not leaks:
        click.echo(audit.found.without_leaks)
    if unseen := len(audit.found.unseen):
        measures = many(unseen, "measure")
        click.echo(f"\n{measures} cannot be seen in this export; the report says which column would show them.")
    for path in written:
        click.echo(f"\nReport: {path}")
    if records:
        click.echo(f"\nRecords behind every number: {records}")


def _say_read(export: Export) -> None:
    for file in export.files:
        counted = f"{file.used:,} of {many(file.rows, 'row')} used"
        refused = f", {file.refused:,} refused" if file.refused else ""
        twice = f", {many(file.duplicates, 'duplicate')}" if file.duplicates else ""
        click.echo(f"{file.name}: {file.recognised_as}; {counted}{refused}{twice}")
    if export.refused_path:
        click.echo(f"Refused rows, with line and reason: {export.refused_path}")
    for sentence in export.assumed:
        _say_wrapped(sentence, "Assumed: ", "  ")


def _say_wrapped(text: str, first: str, rest: str) -> None:
    """Wrap before the spaces that hold a number and its unit together become plain ones, for whoever copies."""
    click.echo(click.wrap_text(text, width(), first, rest).replace("\N{NO-BREAK SPACE}", " "))
