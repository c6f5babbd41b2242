"""``handfast demo``: a simulated year, audited; the report and the service on this machine only."""

from __future__ import annotations

import signal
import sys
import threading
import webbrowser
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from importlib.util import find_spec
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
@click.option("--serve/--no-serve", default=True, help="Serve until interrupted, or only write the report.")
@click.option("--open", "open_browser", is_flag=True, help="Open the report in the browser.")
@json_option
def command(leads: int, seed: int, folder: Path, port: int, serve: bool, open_browser: bool, as_json: bool) -> None:
    """Simulate a year, audit it, serve the report and the live service.

    A made-up revenue team, its CRM's export audited, the report on loopback; and, with the extra named server, the
    service itself, in which made-up leads go on coming.
    """
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
        _serve(folder, port, leads, open_browser=open_browser)


class _Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a line per request."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing: the address is what the reader should see last."""


def _serve(folder: Path, port: int, leads: int, *, open_browser: bool) -> None:
    """Serve the report until interrupted, on loopback only; and, where the extra is installed, the live service."""
    server = _server(partial(_Quiet, directory=str(folder)), port)
    address = f"http://127.0.0.1:{server.server_address[1]}/report.html"
    live = find_spec("django") is not None and find_spec("granian") is not None
    click.echo(f"\nThe report: {address}" + ("\n" if live else "   (Ctrl-C ends)"))
    sys.stdout.flush()
    if open_browser:
        webbrowser.open(address)
    try:
        (_with_service if live else _alone)(server, folder, leads)
    finally:
        server.server_close()


def _alone(server: ThreadingHTTPServer, _folder: Path, _leads: int) -> None:
    # SIGTERM ends the same way as Ctrl-C.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        click.echo("Ended.")


def _with_service(server: ThreadingHTTPServer, folder: Path, leads: int) -> None:
    """The report goes on being served beside the service, which ends on SIGTERM and Ctrl-C by itself."""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    click.echo("The live service, with a year of its own that ends today:")
    try:
        code = import_module("handfast_server.operate.serve").serve_demo(folder / "service", leads)
    finally:
        server.shutdown()
    if code:
        click.get_current_context().exit(code)


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
