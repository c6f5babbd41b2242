"""The audit log without what it knew of a lead; that somebody did something stays."""

from __future__ import annotations

from collections.abc import Sequence

from handfast_server.audit.models import Entry


def forget(leads: Sequence[str]) -> None:
    """Take details and salts out of the entries about these leads: their commitments stay, and tell nothing."""
    Entry.objects.filter(lead__in=leads).update(details="", salt="", forgotten=True)
