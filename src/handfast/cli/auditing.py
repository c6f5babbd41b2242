"""The main job as commands do it: files in, a report out, a few lines on the terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.output import width

if TYPE_CHECKING:
    from handfast.audit.audit import Audit
    from handfast.audit.mapping import ExportMapping
    from handfast.contract.model import Contract
    from handfast.instant import Instant

SHOW_AFTER = 1.0
"""Seconds after which a person is shown that work goes on."""


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
    assumed: tuple[str, ...] = ()  # sentences for the report, before those of the reading


def run(job: Job, *, show_progress: bool) -> Audit:
    """Read, judge and measure. Raises ExportRefused when the files hold nothing usable."""
    from handfast.audit import read_export
    from handfast.audit.audit import audit

    with progress_bar("Reading", enabled=show_progress) as advance:
        export = read_export(
            job.exports,
            mapping=job.mapping,
            zone=job.zone or job.contract.zone,
            contract=job.contract,
            refused_to=job.refused,
            progress=advance,
        )
    export.assumed[:0] = job.assumed
    if job.hide_owners:
        from handfast.audit.anonymous import without_owner_names

        export = without_owner_names(export)
    return audit(export, job.contract, now=job.as_of)


@contextmanager
def progress_bar(label: str, *, enabled: bool) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error that appears when the work lasts longer than a second; None when not wanted."""
    if not (enabled and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=None)

    def advance(done: int, total: int) -> None:
        if not bar.live.is_started and time.monotonic() - started > SHOW_AFTER:
            bar.start()
        bar.update(task, completed=done, total=total)

    try:
        yield advance
    finally:
        if bar.live.is_started:
            bar.stop()


def write_report(audit: Audit, path: Path) -> None:
    """Write a report in the format that the file's ending names: .html, .md or .json."""
    from handfast.audit.report import render_html, render_json, render_markdown

    if path.suffix == ".json":
        import json

        text = json.dumps(render_json(audit), indent=2, ensure_ascii=False) + "\n"
    else:
        text = render_markdown(audit) if path.suffix in {".md", ".markdown"} else render_html(audit)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise click.FileError(str(path), hint=error.strerror or str(error)) from error


MOST_SAID = 5
"""Findings told on the terminal; the report has all."""


def say_audit(audit: Audit, written: Sequence[Path]) -> None:
    """What was read, the first findings, where the report is."""
    for file in audit.export.files:
        counted = f"{file.used:,} of {file.rows:,} rows used"
        refused = f", {file.refused:,} refused" if file.refused else ""
        twice = f", {file.duplicates:,} duplicates" if file.duplicates else ""
        click.echo(f"{file.name}: {file.recognised_as}; {counted}{refused}{twice}")
    if audit.export.refused_path:
        click.echo(f"Refused rows, with line and reason: {audit.export.refused_path}")
    for sentence in audit.export.assumed:
        _say_wrapped(sentence, "Assumed: ", "  ")
    click.echo()
    leaks = audit.found.leaks
    for place, finding in enumerate(leaks[:MOST_SAID], start=1):
        _say_wrapped(finding.headline, f"{place}. ", "   ")
    if len(leaks) > MOST_SAID:
        click.echo(f"   … and {len(leaks) - MOST_SAID} more in the report")
    unseen = audit.found.unseen
    if not leaks:
        click.echo("Nothing leaks that this export can show.")
    if unseen:
        click.echo(
            f"\n{len(unseen)} measures cannot be seen in this export; the report says which column would show them."
        )
    for path in written:
        click.echo(f"\nReport: {path}")


def _say_wrapped(text: str, first: str, rest: str) -> None:
    """Wrap before the spaces that hold a number and its unit together become plain ones, for whoever copies."""
    click.echo(click.wrap_text(text, width(), first, rest).replace("\N{NO-BREAK SPACE}", " "))
