"""Drafts: the list, the editor with its problems at their lines, asking for signatures, taking back, withdrawing.

What is done is told to the same actions as through the interface. Without scripts everything is a form; with them the
text is checked while somebody types.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any, NamedTuple, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from pydantic import TypeAdapter, ValidationError

from handfast.problem import Problem, Severity
from handfast_server.access import Principal, allowed
from handfast_server.accounts.models import User
from handfast_server.api.contract_answers import seats_out
from handfast_server.api.contract_shapes import ContractText
from handfast_server.api.fields import Text
from handfast_server.contracts import actions
from handfast_server.contracts.models import Draft, Version
from handfast_server.contracts.queries import Looked, base_of, latest, looked_at, may_sign
from handfast_server.pages.contract.asked import asked_of
from handfast_server.pages.contract.beside import Beside, beside, clauses_of
from handfast_server.pages.contract.comments import talk_of
from handfast_server.pages.contract.held import at, held
from handfast_server.pages.contract.sign import signing
from handfast_server.pages.contract.starting import amended
from handfast_server.pages.contract.told import told
from handfast_server.pages.contract.words import names_of, state_label
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.refused import Refused

SHOWN = 100

_TEXT: TypeAdapter[str] = TypeAdapter(ContractText)
_NOTE: TypeAdapter[str] = TypeAdapter(Text)

EDITING, PROPOSED = Draft.State.EDITING, Draft.State.PROPOSED


class Placed(NamedTuple):
    """A problem with the line it is about."""

    problem: Problem
    line: str


@require_safe
@may("contract_drafts")
@held
def drafts(request: HttpRequest, who: Principal) -> HttpResponse:
    """Those that are on their way, and those that ended."""
    rows, user = list(Draft.objects.order_by("-changed_at")[:SHOWN]), cast("User", request.user)
    shown = {
        "open": [row for row in rows if row.state in {EDITING, PROPOSED}],
        "to_sign": {row.pk for row in rows if row.state == PROPOSED and may_sign(row, user)},
        "over": [row for row in rows if row.state not in {EDITING, PROPOSED}],
        "names": names_of({row.made_by for row in rows}),
        "may_draft": allowed(who, "contracts.draft"),
        "signed": Version.objects.exists(),
    }
    return render(request, "pages/contract/drafts.html", {**shown, **at("drafts")})


@require_safe
@may("contract_draft")
@held
def draft(request: HttpRequest, who: Principal, draft: int) -> HttpResponse:
    """A draft and everything that is said of it."""
    return page_of(request, who, _row(draft))


@require_POST
@may("contract_check")
@held
def check(request: HttpRequest, who: Principal) -> HttpResponse:
    """What can be said of a text while it is written; nothing is kept."""
    try:
        text, _note = _written(request)
    except Refused as refused:
        return render(request, "pages/contract/checked.html", {"wrong": in_words(refused.message)})
    said = _said(text, looked_at(text, latest()))
    row = _row_or_none(request.POST.get("draft", ""))
    more = {} if row is None else talk_of(who, row, said["said"], "")
    return render(request, "pages/contract/checked.html", {**said, **more})


@require_POST
@may("contract_new")
@held
def new(request: HttpRequest, who: Principal) -> HttpResponse:
    """A draft that follows the version signed last: of its text, or of that of a draft that was overtaken."""
    base, row = latest(), _row_or_none(request.POST.get("from", ""))
    source = row or Version.objects.order_by("-number").first()
    if source is None:
        return redirect("contract_begin")
    note = _("From the draft %(id)s") % {"id": row.pk} if row is not None else ""
    return redirect("contract_draft", draft=actions.do_write(who, amended(source.text, base), note).pk)


@require_POST
@may("contract_save")
@held
def save(request: HttpRequest, who: Principal, draft: int) -> HttpResponse:
    """Keep the text; with ``ask`` signatures are asked for as well, if it is sound."""
    row = _row(draft)
    try:
        text, note = _written(request)
        if (text, note) != (row.text, row.note) or row.state != EDITING:
            row = actions.do_change(draft, _revision(request), text, note)
        if request.POST.get("ask"):
            row = actions.do_propose(who, draft)
    except Refused as refused:
        return _refused(request, who, draft, refused)
    asked = row.state == PROPOSED
    messages.success(request, _("Both sides are asked for their signatures.") if asked else _("Saved."))
    return redirect("contract_draft", draft=draft)


@require_POST
@may("contract_recall")
@held
def recall(request: HttpRequest, who: Principal, draft: int) -> HttpResponse:
    """Back to the desk; signatures that were given are void."""
    return _done(request, who, draft, actions.do_recall, _("Taken back: it can be changed again."))


@require_POST
@may("contract_drop")
@held
def drop(request: HttpRequest, who: Principal, draft: int) -> HttpResponse:
    """Nobody wants it any more; it can still be read."""
    return _done(request, who, draft, actions.do_drop, _("Withdrawn. It can still be read."))


@require_POST
@may("contract_remind")
@held
def remind(request: HttpRequest, who: Principal, draft: int) -> HttpResponse:
    """Whoever has not signed is asked again."""
    said = _("Whoever has not signed is asked again, once a day at most.")
    return _done(request, who, draft, actions.do_remind, said)


def page_of(request: HttpRequest, who: Principal, row: Draft, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page of a draft."""
    base = base_of(row) if row.base else latest()
    text = more.get("text", row.text)
    looked = looked_at(text, base)
    said = _said(text, looked)
    both: Beside = said["said"]
    asked = asked_of(both, request.GET.get("clause", ""))
    shown = {
        "draft": row,
        "made_by": names_of({row.made_by}).get(row.made_by, row.made_by),
        "state": state_label(row.state),
        "text": text,
        "note": row.note,
        "revision": row.revision,
        "may_draft": allowed(who, "contracts.draft"),
        "may_invite": allowed(who, "users.write"),
        "signers": _signers(looked, row),
        "beside": both if row.state != EDITING else None,
        "asked": asked,
        "here_address": reverse("contract_draft", kwargs={"draft": row.pk}),
        "clauses": clauses_of(both),
        **talk_of(who, row, both, asked.path if asked else ""),
        **said,
        **(signing(request, row) if row.state == PROPOSED else {}),
        **more,
    }
    return render(request, "pages/contract/draft.html", {**shown, **at("drafts")}, status=status)


def _said(text: str, looked: Looked) -> dict[str, Any]:
    """What the checked part of the page is made of."""
    lines = text.split("\n")
    found = [Placed(each, _line(lines, each)) for each in looked.checked.problems]
    return {
        "errors": [each for each in found if each.problem.severity is Severity.ERROR],
        "warnings": [each for each in found if each.problem.severity is not Severity.ERROR],
        "sound": not looked.checked.refused,
        "examples": looked.checked.examples,
        "failing": [each for each in looked.checked.examples if not each.holds],
        "said": beside(text, looked.english),
        "against": looked.against,
        "changes": told(looked.changes),
    }


def _line(lines: list[str], problem: Problem) -> str:
    at = 0 if problem.mark is None else problem.mark.line
    return lines[at - 1].strip()[:120] if 0 < at <= len(lines) else ""


def _signers(looked: Looked, row: Draft) -> list[dict[str, Any]]:
    """Whose consent it needs: while it is written its own two leaders, once it is proposed whoever has not signed."""
    if row.state == PROPOSED:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for seat in seats_out(row):  # one signature fills the seats of both versions
            one = found.setdefault((seat.party, seat.email), {**dict(seat), "versions": []})
            one["versions"].append(seat.version)
        return list(found.values())
    if row.state != EDITING or looked.checked.contract is None:
        return []
    parties = looked.checked.contract.parties
    emails = [party.email.strip().lower() for party in parties.values()]
    known = set(User.objects.filter(email__in=emails, is_active=True).values_list("email", flat=True))
    return [
        {"party": name.value, "name": party.name, "email": party.email, "registered": email in known}
        for (name, party), email in zip(parties.items(), emails, strict=True)
    ]


def _row(draft: int) -> Draft:
    row = Draft.objects.filter(pk=draft).first() if draft < 2**31 else None
    if row is None:
        raise Http404
    return row


def _row_or_none(given: str) -> Draft | None:
    return Draft.objects.filter(pk=int(given)).first() if given.isdecimal() and len(given) < 10 else None


def _written(request: HttpRequest) -> tuple[str, str]:
    """The text and its note as the interface takes them; browsers send each end of a line as two letters."""
    text, note = (request.POST.get(name, "").replace("\r\n", "\n") for name in ("text", "note"))
    try:
        return _TEXT.validate_python(text), _NOTE.validate_python(note.strip())
    except ValidationError as wrong:
        raise Refused(
            "malformed", _("The text or its note is too long, or holds a letter that cannot be kept.")
        ) from wrong


def _revision(request: HttpRequest) -> int:
    given = request.POST.get("revision", "")
    return int(given) if given.isdecimal() and len(given) < 10 else 0


def _refused(request: HttpRequest, who: Principal, draft: int, refused: Refused) -> HttpResponse:
    """The page with what was typed, so that nothing is lost; somebody else's text is set against it."""
    row = _row(draft)
    text, note = (request.POST.get(name, "").replace("\r\n", "\n") for name in ("text", "note"))
    more: dict[str, Any] = {"wrong": in_words(refused.message)}
    if row.state == EDITING and refused.code != "malformed":
        more |= {"text": text, "note": note}
    if refused.code == "changed_meanwhile":
        lines = difflib.unified_diff(
            row.text.splitlines(), text.splitlines(), _("theirs"), _("yours"), lineterm="", n=1
        )
        more["theirs"] = list(lines)[:400]
    return page_of(request, who, row, status=refused.status, **more)


def _done(request: HttpRequest, who: Principal, draft: int, work: Callable[[int], Draft], said: str) -> HttpResponse:
    row = _row(draft)
    try:
        work(draft)
    except Refused as refused:
        return page_of(request, who, row, status=refused.status, wrong=in_words(refused.message))
    messages.success(request, said)
    return redirect("contract_draft", draft=draft)
