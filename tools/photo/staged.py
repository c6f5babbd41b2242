"""One stage, made in the installation that the environment names; then what there is to photograph in it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from handfast_server.accounts.models import User
from handfast_server.demo.cast import CAST
from handfast_server.operate.migrate import migrate
from photo import hostile, made
from photo.pages import pages

_LEADS = {"full": 6000, "hostile": 400, "closed": 400}
_THEN: dict[str, Callable[[], None]] = {
    "full": made.by_people,
    "empty": made.empty,
    "hostile": hostile.hostile,
    "closed": hostile.closed,
}


def main(stage: str) -> None:
    """Make it, and print its people and pages as JSON."""
    migrate()
    if stage in _LEADS:
        made.year(_LEADS[stage])
    _THEN[stage]()
    found = [asdict(each) for each in pages(closed=stage == "closed", demo=stage != "empty")]
    sys.stdout.write(json.dumps({"people": sessions(), "pages": found}) + "\n")


def sessions() -> dict[str, str | None]:
    """A session for everybody of the cast, as signing in makes one."""
    made_for: dict[str, str | None] = {}
    for member in CAST:
        user = User.objects.get(email=member.email)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        made_for[member.key] = session.session_key
    return made_for
