"""Why a decision is refused."""

from __future__ import annotations

from django.utils.translation import gettext_noop

SENTENCES = (
    # Whose it is, and how it stands.
    gettext_noop("%(by)s cannot decide this: %(lead)s belongs to %(owner)s. Ask them, or have it reassigned."),
    gettext_noop("The handoff of %(lead)s is held, and nobody owns it: it has to be given to somebody first."),
    gettext_noop(
        "The cycle of %(lead)s is %(state)s, and %(step)s is not possible then: it is while a cycle is %(states)s."
    ),
    gettext_noop(
        "%(lead)s has no open cycle, so there is nothing to decide: an ended cycle never changes. A new one opens "
        "when the lead acts."
    ),
    gettext_noop(
        "The cycle of %(lead)s is still open with marketing: it has not been qualified, so there is no handoff to "
        "decide about. Marketing may release it."
    ),
    gettext_noop("%(by)s manages no pool, and this is a manager's to decide. Ask %(managers)s."),
    gettext_noop("%(by)s is of sales, and this is marketing's to decide: ask them."),
    gettext_noop(
        "Handfast runs in shadow mode, which judges and hands nothing over: %(lead)s is handed over in the other "
        "system, or here once shadow mode has ended."
    ),
    gettext_noop(
        "%(by)s reports what happened more than %(hours)s hours before it was recorded, and so far nobody's own word "
        "goes back. Record it from the system in which it happened."
    ),
    gettext_noop(
        "%(by)s reports what happened more than %(hours)s hours ago, and so far nobody's own word goes back. Record "
        "it from the system in which it happened."
    ),
    gettext_noop(
        "This was decided about the cycle %(cycle)s, and it is not the lead's open one: %(open)s. Read the lead again"
        " before you decide."
    ),
    gettext_noop(
        "This was refused when it was sent first, with the same key. If things have changed since, send it with "
        "another key."
    ),
    gettext_noop(
        "This Idempotency-Key was used for another request. A key belongs to one request, and to its repeats: make a "
        "new one."
    ),
    gettext_noop("You are %(name)s, and decide as yourself; only a program says for whom it speaks. Leave `by` out."),
    gettext_noop(
        "A program decides nothing itself: say in `by` whose decision this is, by the name in the roster, or by the "
        "address of somebody who is no rep."
    ),
    # Reasons, and what they ask for.
    gettext_noop("There is no reason %(reason)s in version %(version)s. To %(verb)s there are: %(reasons)s."),
    gettext_noop("%(reason)s is a reason to %(other_verb)s, not to %(verb)s. To %(verb)s there are: %(reasons)s."),
    gettext_noop(
        "The reason %(reason)s recycles on a date given, and none was given: say on which date the lead should come "
        "back."
    ),
    gettext_noop("The date on which the lead should come back lies in the past: %(reason)s needs a later one."),
    gettext_noop(
        "The reason %(reason)s needs %(count)s attempts spanning %(span)s; there are %(made)s. Try again, or give "
        "another reason."
    ),
    gettext_noop(
        "The reason %(reason)s needs %(count)s attempts spanning %(span)s; there are %(made)s, not far enough apart. "
        "Try again, or give another reason."
    ),
    gettext_noop("An SQL needs evidence that is not recorded: %(evidence)s. Record it, or disqualify the lead."),
    gettext_noop(
        "There has been a two-way contact, and rejecting is for before it: accept the lead, and disqualify it if it "
        "does not fit."
    ),
    gettext_noop("A contest is decided with a note that says why: write one."),
    gettext_noop("Withdrawing a cycle needs a note that says why: write one."),
    gettext_noop("%(lead)s cannot be released: %(why)s under the version in force."),
    # Owners.
    gettext_noop(
        "The cycle of %(lead)s is %(state)s, and has no owner then: it can be given to somebody while it is %(states)s."
    ),
    gettext_noop("The cycle of %(lead)s is %(state)s; only a waiting one can be %(what)s. Name a new owner."),
    gettext_noop("%(lead)s belongs to %(owner)s already: choose somebody else."),
    gettext_noop("%(name)s is not an active rep, so nothing can be given to them: choose somebody else."),
    gettext_noop(
        "%(name)s has no touch on %(lead)s that was in time and recorded late, so there is nothing to give back. "
        "Reassign it instead."
    ),
    # Clocks and breaches.
    gettext_noop("The clock %(clock)s is %(standing)s: only a paused one can be resumed."),
    gettext_noop("The clock %(clock)s is %(standing)s: only a running one can be paused."),
    gettext_noop("The clock %(clock)s was paused before, and can be once only: answer it, or have it reassigned."),
    gettext_noop("A pause needs a note with what the prospect asked for: write one."),
    gettext_noop("The callback date lies in the past: give one to come."),
    gettext_noop("A pause is at most %(days)s days: give an earlier callback date, or recycle the lead."),
    gettext_noop("The contest clock is marketing's, and no callback date stops it: settle the contest."),
    gettext_noop("There is no clock %(clock)s on %(lead)s; open ones: %(clocks)s."),
    gettext_noop("There is no breach %(breach)s of %(lead)s: name the clock that was broken."),
    gettext_noop("Excusing a breach needs a reason: write one."),
    # Leads that are no more, or not yet.
    gettext_noop("Nobody has told of a lead %(lead)s: tell of its creation first."),
    gettext_noop("%(lead)s was erased: nothing about them is taken in any more."),
    gettext_noop("%(lead)s was merged into %(other)s: tell it of them."),
    gettext_noop(
        "Something about %(lead)s was recorded after this, and is decided upon already: facts are told in the order "
        "in which they were recorded. Record it now; when it happened stays as it is."
    ),
    gettext_noop("There is no lead %(lead)s that could be merged: nobody has told of it."),
    gettext_noop("%(lead)s and %(other)s are one lead already: there is nothing to do."),
    gettext_noop("%(lead)s was erased: there is nothing to merge, and nothing is taken over."),
    gettext_noop(
        "Something about %(lead)s was recorded after this merge, and is decided upon already: record the merge now."
    ),
    gettext_noop("%(lead)s is not on a deal %(deal)s: tell of its opening first."),
    # Another system's handoffs, and the team.
    gettext_noop(
        "%(lead)s has no handoff %(handoff)s that is open with sales in another system: tell of its stages first."
    ),
    gettext_noop("%(handoff)s of %(lead)s was taken over already, as %(cycle)s."),
    gettext_noop(
        "%(lead)s is with sales already, in the live cycle %(cycle)s, and has one at most: close %(handoff)s in the "
        "other system."
    ),
    gettext_noop("No version of the contract is in force yet: sign one, then take handoffs over."),
    gettext_noop("%(lead)s does not want to be contacted: close %(handoff)s in the other system."),
    gettext_noop("A weight is 0 (paused) or more, not %(weight)s: %(rep)s keeps it."),
    gettext_noop("Version %(version)s takes force, and was not given; there is %(known)s."),
)
