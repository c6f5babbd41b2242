"""What is wrong with something that was signed or written into the audit log."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("Seal %(number)s of the audit log is missing; the next one there is %(next)s."),
    gettext_noop("Seal %(number)s of the audit log is over %(all)s entries; %(count)s are there."),
    gettext_noop("Seal %(number)s of the audit log does not follow the seal before it."),
    gettext_noop("Seal %(number)s of the audit log does not fit its entries: one was changed after it was sealed."),
    gettext_noop("Entry %(number)s of the audit log is not what was written."),
    gettext_noop("Version %(version)s is not what its sealed bytes say."),
    gettext_noop("The sealed contract was changed: its digest is %(found)s, %(digest)s was signed."),
    gettext_noop("These bytes are no sealed contract: %(problem)s."),
    gettext_noop("The statement of %(period)s is not what was closed."),
    gettext_noop("%(name)s signed another text than this statement of %(period)s."),
)
