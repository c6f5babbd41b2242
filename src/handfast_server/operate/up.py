"""Django, ready to use: what every command of the service does first."""

from __future__ import annotations

import os
from importlib.util import find_spec

from handfast.errors import HandfastError


class ServiceMissing(HandfastError):
    """The libraries of the live service are not installed."""

    code = "service_missing"


def check_extra() -> None:
    """Refuse, with what to do, where the core is installed alone."""
    if any(find_spec(name) is None for name in ("django", "granian", "ninja", "structlog")):
        raise ServiceMissing(
            "The live service needs the extra named server: pip install 'handfast[server]', or in a clone "
            "pip install '.[server]'."
        )


class DatabaseAway(HandfastError):
    """The database does not answer."""

    code = "database_away"


def check_database() -> None:
    """Raises DatabaseAway, with what to look at."""
    from django.db import DatabaseError, connection

    try:
        connection.ensure_connection()
    except DatabaseError as broken:
        first = str(broken).strip().partition("\n")[0]
        raise DatabaseAway(
            f"The database does not answer: {first}. Is its server running, and is DATABASE_URL right?"
        ) from broken


def up(*, keep_key: bool = True) -> None:
    """Set Django up from the environment. Raises ServiceMissing and ConfigRefused.

    ``keep_key``: make the key of this installation if it has none.
    """
    check_extra()
    from handfast_server import config

    found = config.read()
    if keep_key:
        config.check_home(found.home)
        if not config.given_key():
            config.keep_key(found.home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handfast_server.settings")
    import django

    django.setup()
