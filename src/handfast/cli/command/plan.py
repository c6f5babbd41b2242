"""``handfast plan``."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

import click

from handfast.cli.contracts import load_contract
from handfast.cli.output import json_option, print_json, read_file, width
from handfast.cli.progress import steps

if TYPE_CHECKING:
    from handfast.contract.model import Contract
    from handfast.plan import Measured


class Amount(click.ParamType[Decimal]):
    """A number above nothing, read exactly."""

    name = "number"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The number; refused with a sentence otherwise."""
        try:
            found = Decimal(str(value).replace(",", ""))
        except InvalidOperation:
            found = Decimal(0)
        if not found.is_finite() or not 0 < found <= 10**9:
            self.fail(f"{value!r} is no number above 0.", param, ctx)
        return found


@click.command()
@click.argument("contract", type=click.Path(path_type=Path))
@click.option(
    "--measured",
    "sources",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A CRM export (file or folder; may repeat), or a JSON report of `handfast audit`: the rates as they were.",
)
@click.option("--mapping", type=click.Path(dir_okay=False, path_type=Path), help="How the export is read.")
@click.option("--arrivals", type=Amount(), help="How many a month enter the first stage; the promised when left out.")
@click.option(
    "--reps", type=click.IntRange(1, 100_000), help="How many reps take leads; the roster is not in the text."
)
@click.option("--per-day", type=Amount(), help="How many leads a rep takes on a working day.")
@json_option
def command(
    contract: Path,
    sources: tuple[Path, ...],
    mapping: Path | None,
    arrivals: Decimal | None,
    reps: int | None,
    per_day: Decimal | None,
    as_json: bool,
) -> None:
    r"""Walk the revenue target of CONTRACT backwards: how many must come, when, to how many reps, how sure that is.

    \b
      handfast plan contract.yaml
      handfast plan contract.yaml --measured export/ --reps 6
      handfast plan contract.yaml --measured report.json --arrivals 120
    """
    from handfast.plan import Roster, plan
    from handfast.plan.data import plan_data
    from handfast.plan.english import plan_text

    terms = load_contract(contract)
    evidence = _measured(sources, mapping, terms, quiet=as_json) if sources else None
    found = plan(terms, evidence, roster=Roster(reps=reps, per_day=per_day), arrivals=arrivals)
    if as_json:
        print_json(plan_data(found))
        return
    for line in plan_text(found):
        is_table = "  " in line
        click.echo(line if is_table or not line else click.wrap_text(line, width()))


def _measured(sources: tuple[Path, ...], mapping: Path | None, contract: Contract, *, quiet: bool) -> Measured:
    """What a report says, or what an audit of an export finds."""
    name = ", ".join(path.name for path in sources)
    if len(sources) == 1 and sources[0].suffix.lower() == ".json":
        return _report(sources[0], contract)
    from handfast.audit.planned import measured_in
    from handfast.cli.auditing import Job, run
    from handfast.cli.command.audit import read_mapping_file

    job = Job(exports=sources, contract=contract, mapping=read_mapping_file(mapping))
    with steps(enabled=not quiet) as step:
        return measured_in(run(job, step), name)


def _report(path: Path, contract: Contract) -> Measured:
    from handfast.plan.report import measured_in_report

    def refused(why: object) -> click.BadParameter:
        return click.BadParameter(f"{str(path)!r}: {why}.", param_hint="--measured")

    try:
        report = json.loads(read_file(path))
    except ValueError as error:  # not even text, or not JSON
        raise refused("it is no JSON") from error
    try:
        return measured_in_report(report, contract, path.name)
    except ValueError as error:
        raise refused(error) from error
    except (KeyError, TypeError) as error:
        raise refused("it is damaged: something that `handfast audit` writes is missing in it") from error
