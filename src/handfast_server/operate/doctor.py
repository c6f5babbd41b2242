"""An installation looked over: each check says what it found and, where that is not well, what to do."""

from __future__ import annotations

import os
import shutil
import smtplib
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import mail
from django.db import DatabaseError, connection

from handfast.errors import HandfastError
from handfast.instant import SECOND
from handfast.problem import nearest
from handfast_server.accounts.first import has_admin
from handfast_server.audit import seals
from handfast_server.config import LISTENS, SAYS
from handfast_server.contracts.models import Version
from handfast_server.decide.terms import signed_of
from handfast_server.facts.models import Fact
from handfast_server.now import now
from handfast_server.observe.status import UNSEALED, newer_says, status, unapplied, unknown


class Health(StrEnum):
    """How a check went."""

    WELL = "well"
    LOOK = "look"  # it runs, and somebody should know
    FAULT = "fault"  # it does not run, or not as promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found. ``do`` is empty when all is well."""

    check: str
    health: Health
    said: str
    do: str = ""


_MEGABYTE = 1 << 20
_LITTLE, _TOO_LITTLE = 1024, 100
"""Megabytes of room."""

_SKEW = 2 * SECOND
_SHOWN = 5
"""Faults of one kind, at most."""
_OLDEST_POSTGRESQL = 140000
_TESTS = frozenset(
    ("HANDFAST_TEST_DATABASE", "HANDFAST_TEST_CLUSTER", "HANDFAST_CHROMIUM", "HANDFAST_HYPOTHESIS", "HANDFAST_FAULT")
)
_OWN = frozenset(("HANDFAST_WATCH_PARENT", LISTENS))


def findings(environment: Mapping[str, str] | None = None) -> Iterator[Finding]:
    """Every check, in order; what needs the database is left out when it does not answer."""
    yield from _settings(os.environ if environment is None else environment)
    yield from _home()
    answers = _database()
    yield answers
    if answers.health is Health.FAULT:
        return
    newer = unknown()
    if newer:
        do = "Install the version that wrote it."
        yield Finding(check="migrations", health=Health.FAULT, said=newer_says(newer), do=do)
        return
    missing = unapplied()
    if missing:
        said = f"{len(missing)} migrations are to be applied, first {missing[0]}"
        yield Finding(check="migrations", health=Health.FAULT, said=said, do="Run: handfast migrate")
        return
    yield Finding(check="migrations", health=Health.WELL, said="all applied")
    for check in _OF_ROWS:
        yield from check()
    yield _mail()


def _settings(environment: Mapping[str, str]) -> Iterator[Finding]:
    known = {*SAYS, *(f"{name}_FILE" for name in SAYS), *_TESTS, *_OWN}
    for name in sorted(environment):
        if name.startswith("HANDFAST_") and name not in known:
            close = nearest(name, SAYS)
            do = f"Did you mean {close}?" if close else "docs/operations/settings.md lists the settings."
            yield Finding(check="settings", health=Health.LOOK, said=f"{name} is no setting", do=do)
    base: str = settings.BASE_URL
    if settings.DEBUG and not _is_local(base):
        do = "Take HANDFAST_DEBUG out: it shows what nobody should see."
        yield Finding(check="settings", health=Health.FAULT, said="errors are shown in the browser", do=do)
    if urlsplit(base).scheme == "http" and not _is_local(base):
        do = "Put a proxy with TLS in front and set HANDFAST_BASE_URL to its https:// address."
        yield Finding(check="settings", health=Health.LOOK, said=f"{base} is not encrypted", do=do)
    if settings.CLOCK_SHIFT:
        said = f"the clock is moved by {settings.CLOCK_SHIFT // SECOND} s"
        yield Finding(check="settings", health=Health.LOOK, said=said, do="Take HANDFAST_CLOCK_SHIFT out.")
    yield Finding(check="settings", health=Health.WELL, said=f"people reach it at {base}")


def _is_local(address: str) -> bool:
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _home() -> Iterator[Finding]:
    home = Path(settings.HOME)
    free = shutil.disk_usage(home).free // _MEGABYTE
    health = Health.WELL if free >= _LITTLE else Health.LOOK if free >= _TOO_LITTLE else Health.FAULT
    do = "" if health is Health.WELL else f"Make room where {home} lies."
    yield Finding(check="disk", health=health, said=f"{free:,} MB free", do=do)
    key = home / "secret-key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield Finding(check="key", health=Health.FAULT, said="others may read the secret key", do=f"chmod 600 {key}")


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            return _sqlite(cursor) if connection.vendor == "sqlite" else _postgresql(cursor)
    except DatabaseError as broken:
        first = str(broken).strip().partition("\n")[0]
        do = "Is the server running, and is DATABASE_URL right?"
        return Finding(check="database", health=Health.FAULT, said=f"no answer: {first}", do=do)


def _sqlite(cursor: object) -> Finding:
    run: Callable[[str], None] = getattr(cursor, "execute")  # noqa: B009 # Django's cursors have no common type
    run("PRAGMA journal_mode")
    mode = getattr(cursor, "fetchone")()[0]  # noqa: B009 # the same
    if mode != "wal":
        do = "Keep the home folder on a local disk: journals of SQLite need one."
        return Finding(check="database", health=Health.FAULT, said=f"SQLite with journal {mode}", do=do)
    return Finding(check="database", health=Health.WELL, said="SQLite, WAL")


def _postgresql(cursor: object) -> Finding:
    run: Callable[[str], None] = getattr(cursor, "execute")  # noqa: B009 # as above
    run("SELECT current_setting('server_version_num')::int, current_setting('server_version'), clock_timestamp()")
    number, version, there = getattr(cursor, "fetchone")()  # noqa: B009 # as above
    if number < _OLDEST_POSTGRESQL:
        do = "Use PostgreSQL 14 or newer."
        return Finding(check="database", health=Health.FAULT, said=f"PostgreSQL {version}", do=do)
    here = now() - settings.CLOCK_SHIFT
    skew = abs(int(there.timestamp() * SECOND) - here)
    if skew > _SKEW:
        do = "Let both machines ask a time server (NTP)."
        said = f"PostgreSQL {version}; its clock and this machine's differ by {skew / SECOND:.1f} s"
        return Finding(check="database", health=Health.LOOK, said=said, do=do)
    return Finding(check="database", health=Health.WELL, said=f"PostgreSQL {version}")


def _clock() -> Iterator[Finding]:
    latest = Fact.objects.order_by("-recorded_at").values_list("recorded_at", flat=True).first()
    if latest is not None and latest > now() + _SKEW:
        said = f"facts were recorded {(latest - now()) / SECOND:.0f} s ahead of this machine's clock"
        yield Finding(
            check="clock", health=Health.FAULT, said=said, do="Set the clock; let it ask a time server (NTP)."
        )
    else:
        yield Finding(check="clock", health=Health.WELL, said="not behind what was recorded")


def _contract() -> Iterator[Finding]:
    for version in Version.objects.order_by("number"):
        try:
            signed_of(version)
        except (HandfastError, ValueError) as broken:
            do = "Restore the version from a backup: leads cannot be judged by what nobody signed."
            yield Finding(check="contract", health=Health.FAULT, said=f"version {version.number}: {broken}", do=do)
    found = status()
    for said in found.notes:
        yield Finding(check="contract", health=Health.LOOK, said=said, do="Nothing: it is as it was signed.")
    if found.version is None and found.coming is None:
        do = "Sign a first version: leads are kept until then, and nothing is judged."
        yield Finding(check="contract", health=Health.LOOK, said="none is in force", do=do)
    elif found.version is not None and not found.unsealed:
        said = f"version {found.version} is in force; digests agree"
        yield Finding(check="contract", health=Health.WELL, said=said)


def _log() -> Iterator[Finding]:
    faults = list(islice(seals.faults(), _SHOWN))
    for said in faults:
        do = "Somebody wrote to the database by hand: compare with a backup, and with the digests in the worker's log."
        yield Finding(check="audit log", health=Health.FAULT, said=said, do=do)
    if not faults:
        yield Finding(check="audit log", health=Health.WELL, said="every entry and every seal is what was written")


def _people() -> Iterator[Finding]:
    if has_admin():
        yield Finding(check="people", health=Health.WELL, said="there is an administrator")
    else:
        do = "Start handfast serve, or run handfast doctor --first-link, and open the link."
        yield Finding(check="people", health=Health.LOOK, said="nobody administers this", do=do)


def _work() -> Iterator[Finding]:
    found = status()
    troubles = [each for each in found.trouble if not each.startswith(("No contract", UNSEALED))]
    for each in troubles:
        yield Finding(check="work", health=Health.FAULT, said=each, do="Start handfast work; its log says more.")
    for each in found.problems[:_SHOWN]:
        yield Finding(check="work", health=Health.FAULT, said=each, do="docs/operations/promises.md says what to do.")
    if not troubles:
        yield Finding(check="work", health=Health.WELL, said="nothing is late")


_OF_ROWS = (_clock, _contract, _log, _people, _work)


def _mail() -> Finding:
    host = str(getattr(settings, "EMAIL_HOST", ""))
    if not host or "smtp" not in settings.EMAIL_BACKEND:
        do = "Set HANDFAST_MAIL_URL to send reminders by e-mail."
        return Finding(check="mail", health=Health.LOOK, said="no mail server is set", do=do)
    try:
        with mail.get_connection(timeout=5):
            return Finding(check="mail", health=Health.WELL, said=f"{host} answers")
    except (OSError, smtplib.SMTPException) as broken:
        do = "Check the mail settings, and whether this machine may reach the server."
        return Finding(check="mail", health=Health.LOOK, said=f"{host}: {type(broken).__name__}", do=do)
