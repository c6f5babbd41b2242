"""Why a signature, or an appointment, is refused."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    gettext_noop("This is a draft of the contract %(name)s; the version signed is %(other)s."),
    gettext_noop("Version %(version)s cannot follow version %(before)s: the next is %(next)s."),
    gettext_noop("Version %(version)s would govern from %(at)s, before version %(before)s does (%(then)s)."),
    gettext_noop("Version %(version)s was proposed before version %(before)s was signed; propose it again."),
    gettext_noop("%(name)s signed another text: digest %(digest)s…, that of version %(version)s is %(right)s…."),
    gettext_noop("%(name)s has signed version %(version)s for %(party)s already; one person signs once, for one side."),
    gettext_noop("%(name)s (%(email)s) is neither signatory nor deputy of %(party)s in %(versions)s."),
    gettext_noop("%(name)s signed on %(at)s, before version %(version)s was proposed (%(then)s)."),
    gettext_noop(
        "%(name)s signed on %(at)s, before a signature that is recorded already (%(then)s): signatures are recorded "
        "in the order given."
    ),
    gettext_noop("Version %(version)s is not signed by %(seats)s, nor by a deputy."),
    gettext_noop("Version %(version)s is older than the first version signed here."),
    gettext_noop("Version %(version)s is signed already."),
    gettext_noop(
        "Another text of version %(version)s was signed on %(at)s (digest %(digest)s…); this one (%(own)s…) must "
        "become version %(next)s."
    ),
    gettext_noop("Version %(version)s is recorded in force from %(at)s; by its text and signatures it is %(then)s."),
    # Appointing a successor.
    gettext_noop("This appointment is for version %(version)s, not %(other)s."),
    gettext_noop("%(name)s is not the signatory of %(party)s; %(holder)s is."),
    gettext_noop("A successor for %(party)s is appointed by the signatory of %(other_party)s, %(judge)s."),
    gettext_noop("An appointment needs an admin other than the signatory who appoints."),
    gettext_noop("Nobody appoints themselves."),
    gettext_noop("%(name)s has left and cannot succeed themselves."),
    gettext_noop("%(name)s stands for %(other_party)s and cannot sign for %(party)s too."),
    gettext_noop("An appointment says why."),
    gettext_noop("An appointment follows the signing and every appointment before it."),
)
