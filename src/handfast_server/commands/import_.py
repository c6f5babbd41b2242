"""``handfast import``: history from files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.output import json_option, many, print_json
from handfast.cli.progress import Advance, steps

if TYPE_CHECKING:
    from handfast_server.intake.history import Row


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--source", default="crm", show_default=True, help="The system that the files are from.")
@click.option("--mapping", metavar="FILE", type=click.Path(path_type=Path), help="How a CRM export is read.")
@click.option("--zone", metavar="ZONE", default="", help="Of times without one; the contract's by default.")
@click.option(
    "--refused",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("refused.csv"),
    show_default=True,
    help="Where refused rows go.",
)
@json_option
def command(
    files: tuple[Path, ...], source: str, mapping: Path | None, zone: str, refused: Path, as_json: bool
) -> None:
    r"""Load history into the service: no clock starts, and nothing is sent.

    FILES are facts, one a line (`.jsonl`), or the files of a CRM export. What is interrupted goes on where it was when
    it is started again; what is loaded twice is there once.

    \b
      handfast import contacts.csv deals.csv --source hubspot
      handfast import facts.jsonl
    """
    from handfast_server.operate.up import up

    up()
    from handfast_server.intake.importing import digest_of, load, refused_file
    from handfast_server.intake.refused import ItemRefused
    from handfast_server.intake.wire import clean_system
    from handfast_server.observe.status import reachable
    from handfast_server.operate.presence import present

    why = reachable()
    if why:
        raise click.ClickException(f"Nothing was loaded: {why}.")
    try:
        source = clean_system(source)
    except ItemRefused as wrong:
        raise click.BadParameter(str(wrong), param_hint="--source") from None
    with present(), steps(enabled=not as_json) as step, refused_file(refused) as file:
        rows, total = _rows(files, source, mapping, zone, refused, step("Reading"))
        advance = step("Loading")
        counts = load(rows, digest_of(files, source), file, lambda done: advance(done, total) if advance else None)
    if as_json:
        print_json({"counts": counts, "refused": str(refused) if file.count else None})
        return
    click.echo(f"{many(counts['accepted'], 'row')} loaded, {many(counts['repeat'], 'repeat')}.")
    if counts["skipped"]:
        click.echo(f"{many(counts['skipped'], 'row')} had been loaded before, when this import was interrupted or run.")
    if file.count:
        click.echo(f"{many(file.count, 'row')} refused: {refused} says why.")


def _rows(
    files: tuple[Path, ...], source: str, mapping: Path | None, zone: str, refused: Path, advance: Advance | None
) -> tuple[Iterable[Row], int]:
    from handfast_server.intake import history

    if all(path.suffix.lower() in {".jsonl", ".ndjson"} for path in files):
        total = sum(sum(1 for _ in path.open("rb")) for path in files)
        return (row for path in files for row in history.rows(path.open("rb"), source)), total
    from handfast.audit import read_export
    from handfast.cli.command.audit import read_mapping_file
    from handfast_server.decide import terms as versions
    from handfast_server.intake import export as exports
    from handfast_server.now import now

    version = versions.governing(now())
    contract = None if version is None else version.contract
    export = read_export(
        files,
        mapping=read_mapping_file(mapping),
        zone=zone or ("UTC" if contract is None else contract.zone),
        contract=contract,
        asked=exports.ASKED,
        refused_to=refused.with_name(f"{refused.stem}-rows{refused.suffix}"),
        progress=advance,
    )
    return exports.rows(export, source, now()), len(export)
