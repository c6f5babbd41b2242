"""``handfast demo``: a simulated year, audited, the report served on this machine only."""

from __future__ import annotations

import signal
import sys
import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click

from handfast.cli.contracts import load_contract
from handfast.cli.output import json_option, print_json, write_file
from handfast.cli.progress import steps

PREFERRED_PORT = 8642


@click.command()
@click.option(
    "--leads", type=click.IntRange(1, 1_000_000), default=6000, show_default=True, help="How many made-up leads."
)
@click.option("--seed", type=click.IntRange(0), default=7, show_default=True, help="Another seed, another year.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("handfast-demo"),
    show_default=True,
    help="Where the export, the contract and the report go.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    default=0,
    help=f"Port to serve on; {PREFERRED_PORT} or a free one if left out.",
)
@click.option("--serve/--no-serve", default=True, help="Serve the report until interrupted, or only write it.")
@click.option("--open", "open_browser", is_flag=True, help="Open the report in the browser.")
@json_option
def command(leads: int, seed: int, folder: Path, port: int, serve: bool, open_browser: bool, as_json: bool) -> None:
    """Simulate a revenue team for a year, audit its CRM's export, and serve the report on loopback."""
    from handfast.cli.auditing import Job, say_audit, write_report
    from handfast.cli.auditing import run as run_audit
    from handfast.cli.simulating import Wanted, run, say_simulated
    from handfast.simulate import demo_contracts, demo_texts

    contract = folder / "contract.yaml"
    with steps(enabled=not as_json) as step:
        wanted = Wanted(leads=leads, seed=seed, contracts=demo_contracts(), folder=folder)
        written = run(wanted, step)
        exports = written.exports
        write_file(contract, demo_texts()[-1])
        job = Job(exports=exports, contract=load_contract(contract), refused=folder / "refused-rows.csv")
        audited = run_audit(job, step)
        report = folder / "report.html"
        step(f"Writing {report.name}")
        write_report(audited, report)
    if as_json:
        print_json({"report": str(report), "contract": str(contract), "exports": [str(path) for path in exports]})
    else:
        say_simulated(written, folder)
        click.echo("Audit its export yourself:")
        click.echo(f"  handfast audit {folder}/hubspot-*.csv --contract {contract}\n")
        say_audit(audited, [report])
    if serve and not as_json:
        _serve(folder, port, open_browser=open_browser)


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a line per request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the address is what the reader should see last."""


def _serve(folder: Path, port: int, *, open_browser: bool) -> None:
    """Serve until interrupted, on loopback only."""
    server = _server(partial(_Quiet, directory=str(folder)), port)
    address = f"http://127.0.0.1:{server.server_address[1]}/report.html"
    # SIGTERM ends the same way as Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    click.echo(f"\nThe report: {address}   (Ctrl-C ends)")
    sys.stdout.flush()
    if open_browser:
        webbrowser.open(address)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("Ended.")
    finally:
        server.server_close()


def _server(handler: Any, port: int) -> ThreadingHTTPServer:
    if port:
        try:
            return ThreadingHTTPServer(("127.0.0.1", port), handler)
        except OSError as error:
            raise click.ClickException(f"Port {port} cannot be used: {error.strerror}. Leave --port out.") from error
    try:
        return ThreadingHTTPServer(("127.0.0.1", PREFERRED_PORT), handler)
    except OSError:  # in use: any free one
        return ThreadingHTTPServer(("127.0.0.1", 0), handler)
