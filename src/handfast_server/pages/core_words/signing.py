"""Why a signature, an appointment, or what is done with a draft is refused."""

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
    # Drafts, statements and people, as the service refuses them.
    gettext_noop("A comment is of a clause, and has 1 to %(count)s letters."),
    gettext_noop("This draft is %(draft_state)s: say it of the one that follows."),
    gettext_noop("Its author, or an administrator, takes a comment back."),
    gettext_noop("This draft is %(draft_state)s; its text can not be changed any more."),
    gettext_noop("Somebody changed this draft meanwhile: it is at revision %(revision)s, you had %(yours)s."),
    gettext_noop("This draft is %(draft_state)s already."),
    gettext_noop("This draft has problems; what they are is said with the draft."),
    gettext_noop("This draft is %(draft_state)s; it does not wait for signatures."),
    gettext_noop("This draft is %(draft_state)s; it can not be signed."),
    gettext_noop("A rate has at most %(count)s digits."),
    gettext_noop("This is not the digest of the draft: read it again, then sign."),
    gettext_noop("This is not the digest of the statement: read it again, then sign."),
    gettext_noop("Version %(version)s was signed meanwhile; this text has to follow it as a draft of its own."),
    gettext_noop("The service is too busy to record a signature now; sign again."),
    gettext_noop("A successor for %(party)s is appointed by the signatory of %(other_party)s and an administrator."),
    gettext_noop("No version is signed yet: name another signatory in the draft."),
    gettext_noop("An administrator proposed this successor; the signatory of %(party)s confirms."),
    gettext_noop("This appointment is over: confirmed, or another version was signed since."),
    gettext_noop("The signatory proposed this; an administrator confirms."),
    gettext_noop("%(name)s has signed this statement already; one person signs once, for one side."),
    gettext_noop("%(name)s (%(email)s) is neither signatory nor deputy of %(party)s today."),
    gettext_noop("Somebody has to administer: make another administrator first."),
    gettext_noop("This takes a person who is signed in; a token can not do it."),
    gettext_noop(
        "Enter your password or a code again at /account/reauthenticate/, then repeat this within five minutes."
    ),
    gettext_noop("This invitation was accepted already."),
    gettext_noop("Somebody else is %(name)s in the rosters already."),
    gettext_noop("Somebody with this address is here already."),
)
