"""What somebody should look at, and what is good to know: the status and the promises about rows."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("No contract is in force: leads are kept, and nothing is judged."),
    gettext_noop("What is due is %(count)s s late: is a worker running?"),
    gettext_noop("Messages are %(count)s s late: is a worker running?"),
    gettext_noop("1 message could not be sent; look at it and send it again."),
    gettext_noop("%(count)s messages could not be sent; look at them and send them again."),
    gettext_noop("%(count)s pieces of work failed and will be tried again."),
    gettext_noop("Version %(version)s is signed and takes force at %(at)s."),
    gettext_noop(
        "Version %(version)s is signed and takes force at %(at)s: leads are kept until then, and nothing is judged."
    ),
    gettext_noop(
        "The text of version %(version)s is not the one that was signed: nothing is judged until it is restored."
    ),
    gettext_noop("Broken: %(promise)s %(rows)s rows: %(names)s"),
    gettext_noop("Each handoff that waits has exactly one owner, or one hold."),
    gettext_noop("Each owner of a handoff that waits has one decision clock that is not stopped."),
    gettext_noop("The owner that lists show is the one who is assigned."),
    gettext_noop("No running clock is more than five minutes past its due."),
    gettext_noop("Whatever ended a handoff stopped its clocks."),
    gettext_noop("No breach stands without its transition."),
    gettext_noop("No clock is breached without a breach that can be talked about."),
    gettext_noop("Every handoff is where its latest transition went."),
    gettext_noop("Assignments through a pool and the assignments in its ledger are as many."),
    gettext_noop("The entries of each ledger are numbered from one, without a gap."),
    gettext_noop("Every handoff is pinned to a version that is signed."),
    gettext_noop("No message stays leased to a worker that is gone."),
    gettext_noop("Handoffs of who left are routed again within five minutes."),
    gettext_noop("Held handoffs are offered within five minutes after somebody came free."),
    gettext_noop("Delivered handoffs are waiting, contested, accepted, rejected or withdrawn, each in one group."),
    gettext_noop("The balance of each member is the sum of the entries in the ledger."),
    gettext_noop("Every signed version is the text of which its digest was signed."),
    gettext_noop("The audit log is what was written, entry by entry and seal by seal (a part at each look)."),
    gettext_noop("The row of every lead can be read (a part at each look)."),
    gettext_noop("The lines of a score's explanation add up to the score (a part at each look)."),
)
