"""What somebody should look at, and what is good to know."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("No contract is in force: leads are kept, and nothing is judged."),
    gettext_noop("What is due is %(count)s s late: is a worker running?"),
    gettext_noop("Messages are %(count)s s late: is a worker running?"),
    gettext_noop("%(count)s messages could not be sent; look at them and send them again."),
    gettext_noop("%(count)s pieces of work failed and will be tried again."),
    gettext_noop("Version %(version)s is signed and takes force at %(at)s."),
    gettext_noop(
        "Version %(version)s is signed and takes force at %(at)s: leads are kept until then, and nothing is judged."
    ),
)
