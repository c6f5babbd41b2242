"""Why something that came was set aside, and why a message could not be sent."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("It could not be taken in (%(name)s) and is set aside; nothing else of the batch was lost."),
    gettext_noop("It could not be taken in, and is set aside."),
)
