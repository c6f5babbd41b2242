"""What a message says to a person, in their language and zone: read from the rows when it is sent, kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from django.conf import settings
from django.utils import formats
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from handfast.instant import Instant, from_datetime, to_datetime
from handfast_server import secrets
from handfast_server.accounts.invitations import link_of, open_invitation
from handfast_server.accounts.models import User
from handfast_server.contracts.models import Comment
from handfast_server.delivery import digest, links
from handfast_server.delivery.card import Card, moment_in
from handfast_server.delivery.labels import promise_label
from handfast_server.delivery.lease import Leased
from handfast_server.delivery.models import Endpoint
from handfast_server.delivery.parts import Button, Said
from handfast_server.delivery.people import Person, language_of
from handfast_server.handoffs.models import Cycle
from handfast_server.leads.models import Lead


def say(message: Leased, user: User | None) -> Said | None:
    """What a message says; None when there is nothing to say any more."""
    about = About(message, user)
    with override(language_of(user, about.data.get("language"))):
        if message.event == "digest":
            return _digest(about)
        if message.lead and about.lead is None:
            return None
        return _SAY.get(message.event, _other)(about)


class About:
    """Everything that the words are made of."""

    def __init__(self, message: Leased, user: User | None) -> None:
        """Read the lead, its cycle and its clocks as they are now."""
        self.message = message
        self.user = user
        self.zone = Person("", user).zone
        self.data: Mapping[str, Any] = orjson.loads(message.payload)
        self.lead = Lead.objects.filter(pk=message.lead, erased=False).first() if message.lead else None
        self.cycle = Cycle.objects.filter(pk=message.cycle).first() if message.cycle else None

    @property
    def name(self) -> str:
        """Who the lead is, as far as it is known."""
        return digest.name_of(self.lead)

    def moment(self, at: Instant) -> str:
        """An instant in the reader's zone, with the name of the zone."""
        return moment_in(self.zone, at)

    def card(self) -> dict[str, Any]:
        """Everything that stands on a card of the inbox."""
        told: dict[str, Any] = {"buttons": self.buttons()}
        if self.lead is None:
            return told
        card = Card(self.lead, self.cycle, self.zone)
        parts = {"badges": card.badges(), "quote": card.quote(), "reasons": card.reasons()}
        return told | {"rows": card.rows()} | parts

    def buttons(self) -> tuple[Button, ...]:
        """To the lead, and the decisions that whoever has it may take from the message."""
        open_ = Button(_("Open"), f"{settings.BASE_URL}/leads/{self.message.lead}")
        if not self._decides:
            return (open_,)
        verbs = links.offered(self.message, self.user)
        return (*(Button(_(_VERBS[verb]), address, verb == "accept") for verb, address in verbs), open_)

    @property
    def _decides(self) -> bool:
        cycle, user = self.cycle, self.user
        return cycle is not None and user is not None and cycle.state == "waiting" and cycle.owner == user.rep != ""


_VERBS = {"accept": gettext_noop("Accept"), "return": gettext_noop("Return"), "reject": gettext_noop("Reject")}


def _assigned(it: About) -> Said:
    raised = it.cycle is not None and it.cycle.hand_raised
    line = _("They asked to be contacted.") if raised else _("They reached the score that was agreed upon.")
    return Said(title=_("New lead: %s") % it.name, lines=(line,), **it.card())


def _reassigned(it: About) -> Said:
    line = _("Somebody else had this lead before you.")
    return Said(title=_("A lead comes to you: %s") % it.name, lines=(line,), **it.card())


_ENDS = {
    "breach": gettext_noop("It was not answered in time, and went to somebody else."),
    "human": gettext_noop("A manager gave it to somebody else."),
    "bulk": gettext_noop("A manager had it routed again."),
}


def _unassigned(it: About) -> Said:
    why = _(_ENDS[str(it.data["end"])])
    return Said(title=_("No longer yours: %s") % it.name, lines=(why,))


def _contested(it: About) -> Said:
    line = _("Sales rejected it by a definition that the data contradict. Agree, or send it back.")
    return Said(title=_("A rejection is contested: %s") % it.name, lines=(line,), **it.card())


def _step(it: About) -> Said:
    promise = promise_label(str(it.data["clock"]))
    percent, at = int(it.data["percent"]), it.moment(int(it.data["at"]))
    words = {"percent": percent, "promise": promise, "name": it.name, "at": at}
    if percent < 100:
        title = _("%(percent)s %% of the time for %(promise)s is over: %(name)s") % words
    else:
        title = _("The time for %(promise)s is over: %(name)s") % words
    line = _("Reached at %(at)s.") % words
    moved = (_("It is given to somebody else."),) if it.data["re_route"] and percent >= 100 else ()
    owner = it.cycle.owner if it.cycle is not None else ""
    card = it.card()
    rows = card.pop("rows", ()) + (((_("Owner"), owner),) if owner else ())
    return Said(title=title, lines=(line, *moved), rows=rows, **card)


_ALERTS = (
    (re.compile(r"^The lead raised a hand again$"), gettext_noop("The lead raised a hand again.")),
    (
        re.compile(r"^Nobody else is eligible after a breach: it stays with (?P<rep>.+)$"),
        gettext_noop("Nobody else is eligible after a breach: it stays with %(rep)s."),
    ),
    (
        re.compile(r"^Nobody can take it: pool (?P<pool>.+) has nobody eligible and no manager there$"),
        gettext_noop("Nobody can take it: pool %(pool)s has nobody eligible and no manager there."),
    ),
    (
        re.compile(r"^(?P<rep>.+) is away or gone: somebody else has to take over$"),
        gettext_noop("%(rep)s is away or gone: somebody else has to take over."),
    ),
    (
        re.compile(r"^It was taken over without an owner: somebody has to take it on$"),
        gettext_noop("It was taken over without an owner: somebody has to take it on."),
    ),
)
"""The engine's own sentences; one that is not here is said as it is, in English."""


def alert_words(what: str) -> str:
    """An alert in the reader's language."""
    for pattern, words in _ALERTS:
        found = pattern.match(what)
        if found:
            return _(words) % found.groupdict()
    return what


def _alert(it: About) -> Said:
    words = alert_words(str(it.data["what"]))
    return Said(title=_("Look at %s") % it.name, lines=(words,), **it.card())


def _disabled(it: About) -> Said:
    endpoint = Endpoint.objects.filter(pk=it.data["endpoint"]).first()
    about = "" if endpoint is None else endpoint.about or endpoint.id
    line = _("It failed for days, and gets nothing any more until somebody switches it on again.")
    return Said(title=_("A webhook was switched off: %s") % about, lines=(line,))


def _signature_asked(it: About) -> Said:
    line = _("A draft of the contract waits for your signature, or for that of whom you stand in for.")
    title = _("Version %s is to be signed") % it.data["version"]
    return Said(title=title, lines=(line,), buttons=(_to_contract("drafts", it.data["draft"]),))


def _signed(it: About) -> Said:
    line = _("Both sides signed. It governs from %s.") % it.moment(int(it.data["in_force_from"]))
    title = _("Version %s is signed") % it.data["version"]
    return Said(title=title, lines=(line,), buttons=(_to_contract("versions", it.data["version"]),))


def _overtaken(it: About) -> Said:
    line = _("Another text was signed first. Yours has to follow it, as a draft of its own.")
    title = _("A draft of version %s was overtaken") % it.data["version"]
    return Said(title=title, lines=(line,), buttons=(_to_contract("drafts", it.data["draft"]),))


def _commented(it: About) -> Said:
    comment = Comment.objects.filter(pk=it.data["comment"]).first()
    words = {"clause": it.data["clause"]}
    gone = comment is None or comment.taken_back_at is not None
    line = _("It was taken back meanwhile.") if comment is None or gone else comment.text
    place = ("drafts", it.data["draft"]) if it.data.get("draft") else ("versions", it.data["version"])
    to = f"{settings.BASE_URL}/contract/{place[0]}/{place[1]}?{urlencode(words)}#asked"
    return Said(
        title=_("A comment on %(clause)s") % words, lines=(line,), buttons=(Button(_("Open"), to, primary=True),)
    )


def _to_contract(kind: str, number: object) -> Button:
    """To a draft or a version, which whoever opens it signs in to see."""
    return Button(_("Open"), f"{settings.BASE_URL}/contract/{kind}/{number}", primary=True)


def _invited(it: About) -> Said | None:
    """Nothing, once the link is worth nothing: it was accepted or taken back, or its week is over."""
    token = secrets.decrypt(str(it.data["token"]))
    invitation = open_invitation(token)
    if invitation is None:
        return None
    kind, _colon, key = invitation.made_by.partition(":")
    by = User.objects.filter(pk=key).first() if kind == "user" else None
    words = {"who": str(by or "Handfast"), "home": settings.BASE_URL, "email": invitation.email}
    asks = _("%(who)s asks you to join Handfast at %(home)s, where marketing and sales agree upon leads.") % words
    at = it.moment(from_datetime(invitation.expires_at))
    lasts = _("The link works once, until %(at)s, for %(email)s alone.") % {**words, "at": at}
    nothing = _("If you do not expect it, leave it: nothing happens.")
    button = Button(_("Accept the invitation"), link_of(token), primary=True)
    return Said(title=_("You are invited to Handfast"), lines=(asks, lasts, nothing), buttons=(button,))


def _other(it: About) -> Said:
    """What a shared channel asked for, and has no words of its own."""
    rows = tuple((key, str(value)) for key, value in it.data.items() if key not in {"at", "user"} and value)
    title = f"{it.message.event}: {it.name}" if it.lead is not None else it.message.event
    return Said(title=title, rows=rows, buttons=it.buttons() if it.lead is not None else ())


def _digest(it: About) -> Said | None:
    if it.user is None:
        return None
    groups = digest.groups_of(it.user, int(it.data["at"]), it.moment)
    if not groups:
        return None
    form = _("D j M")
    title = _("Your day: %s") % formats.date_format(to_datetime(int(it.data["at"]), it.zone), form)
    return Said(title=title, items=groups, buttons=(Button(_("Open"), settings.BASE_URL),))


def _tried(_it: About) -> Said:
    """An administrator sends it to see whether it arrives."""
    return Said(title=_("A test from Handfast"), lines=(_("It arrived: what this chat is for comes here."),))


_SAY: Mapping[str, Callable[[About], Said | None]] = {
    "account.invited": _invited,
    "lead.assigned": _assigned,
    "lead.reassigned": _reassigned,
    "lead.unassigned": _unassigned,
    "lead.contested": _contested,
    "clock.step": _step,
    "alert": _alert,
    "contract.signature_asked": _signature_asked,
    "contract.commented": _commented,
    "contract.signed": _signed,
    "contract.overtaken": _overtaken,
    "endpoint.disabled": _disabled,
    "endpoint.test": _tried,
}
