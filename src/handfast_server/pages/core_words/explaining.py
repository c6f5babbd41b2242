"""What the core says of itself in explanations; titles of signals are words of the contract, and stay as they are."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("Held at the most allowed"),
    gettext_noop("Held at the least allowed"),
    gettext_noop("Contact denied"),
)
