"""Sessions in rows, as Django keeps them; each request asks for its own by a statement that is put together once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

_STATEMENT = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """One session."""

    def load(self) -> dict[str, Any]:
        """What it holds; nothing, and the key is nobody's, where there is none or it is over."""
        at = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(_STATEMENT, (self.session_key, at))
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(row[0])
        return found
