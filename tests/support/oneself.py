"""Somebody who has just shown who they are, as signing and giving rights ask for."""

from __future__ import annotations

import time

from django.test import Client


def shown(client: Client, ago: float = 0) -> None:
    """It is so many seconds since they showed who they are."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - ago}]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
