"""Comments beside the clauses they are of: in the English, at the line of the text, and together below."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from handfast_server.access import Principal, allowed
from handfast_server.contracts import actions
from handfast_server.contracts.comments import LONGEST, comments_on, may_take_back
from handfast_server.contracts.models import Comment, Draft, Version
from handfast_server.pages.contract.asked import asked_of, is_of
from handfast_server.pages.contract.beside import Beside
from handfast_server.pages.contract.held import held
from handfast_server.pages.contract.words import names_of
from handfast_server.pages.core_words import in_words
from handfast_server.pages.may import may
from handfast_server.refused import Refused

Subject = Draft | Version


class One(NamedTuple):
    """A comment as it is shown."""

    row: Comment
    by: str
    settled_by: str
    may_take_back: bool


class Thread(NamedTuple):
    """What was said of one clause. ``open``: how much is not settled; ``anchor`` and ``line``: where the clause is."""

    path: str
    comments: tuple[One, ...]
    open: int
    anchor: str
    line: int
    address: str


def talk_of(who: Principal, subject: Subject, both: Beside, asked: str) -> dict[str, Any]:
    """What the page of a text needs to show what is said of it, and to let somebody say something."""
    rows = list(comments_on(subject))
    names = names_of({maker for row in rows for maker in (row.made_by, row.settled_by) if maker})
    found = [_thread(who, subject, both, path, some, names) for path, some in _by_path(rows)]
    threads = sorted(found, key=lambda each: (not each.open, each.line))
    return {
        "threads": threads,
        "asked_threads": [each for each in threads if asked and is_of(each.path, asked)],
        "talk_at": {each.anchor: each for each in reversed(threads) if each.anchor},
        "talk_on": {each.line: each for each in reversed(threads) if each.line},
        "unsettled": sum(each.open for each in threads),
        "may_comment": allowed(who, "contracts.comment") and not _is_over(subject),
        "subject": _named(subject),
        "longest": LONGEST,
    }


def _by_path(rows: Iterable[Comment]) -> Iterable[tuple[str, list[Comment]]]:
    return [(path, list(some)) for path, some in groupby(sorted(rows, key=lambda row: row.path), lambda row: row.path)]


def _thread(
    who: Principal, subject: Subject, both: Beside, path: str, rows: list[Comment], names: dict[str, str]
) -> Thread:
    asked = asked_of(both, path)
    ones = tuple(
        One(row, names.get(row.made_by, row.made_by), names.get(row.settled_by, ""), may_take_back(who, row))
        for row in rows
    )
    return Thread(
        path=path,
        comments=ones,
        open=sum(row.settled_at is None and row.taken_back_at is None for row in rows),
        anchor=asked.sentences[0].anchor if asked and asked.sentences else "",
        line=asked.lines[0].number if asked and asked.lines else 0,
        address=address_of(subject, path),
    )


def _is_over(subject: Subject) -> bool:
    return isinstance(subject, Draft) and subject.state in {Draft.State.OVERTAKEN, Draft.State.DROPPED}


def _named(subject: Subject) -> tuple[str, int]:
    return ("draft", subject.pk) if isinstance(subject, Draft) else ("version", subject.pk)


def address_of(subject: Subject, path: str, fragment: str = "asked") -> str:
    """The page of a text, opened at a clause."""
    kind, number = _named(subject)
    name = {"draft": "draft"}.get(kind, "number")
    return f"{reverse(f'contract_{kind}', kwargs={name: number})}?{urlencode({'clause': path})}#{fragment}"


@require_POST
@may("contract_comment")
@held
def comment(request: HttpRequest, who: Principal) -> HttpResponse:
    """Say something of a clause of a draft or of a version."""
    subject = _subject(request)
    path = request.POST.get("clause", "").strip()[:300]
    try:
        said = actions.do_comment(who, subject, path, request.POST.get("text", "").replace("\r\n", "\n"))
    except Refused as refused:
        messages.error(request, in_words(refused.message))
        return redirect(address_of(subject, path) if path else address_of(subject, "").partition("?")[0])
    if said.unknown:
        names = ", ".join(f"@{name}" for name in said.unknown)
        messages.warning(request, _("Kept; but nobody here, or more than one, is %(names)s.") % {"names": names})
    return redirect(address_of(subject, path, f"comment-{said.comment.pk}"))


@require_POST
@may("contract_comment_settle")
def settle(request: HttpRequest, who: Principal, comment: int) -> HttpResponse:
    """It is dealt with, or not after all."""
    return _back(actions.do_settle(who, _known(comment), settled="again" not in request.POST))


@require_POST
@may("contract_comment_take_back")
def take_back(request: HttpRequest, who: Principal, comment: int) -> HttpResponse:
    """What was said is gone."""
    row = Comment.objects.get(pk=_known(comment))
    try:
        row = actions.do_take_back(who, row.pk)
    except Refused as refused:
        messages.error(request, in_words(refused.message))
    return _back(row)


def _back(row: Comment) -> HttpResponse:
    subject = row.draft or row.version
    if isinstance(row.draft, Draft) and row.draft.state == Draft.State.SIGNED:
        subject = Version.objects.filter(digest=row.draft.digest).first() or subject
    if subject is None:
        raise Http404
    return redirect(address_of(subject, row.path, f"comment-{row.pk}"))


def _known(comment: int) -> int:
    if comment >= 2**63 or not Comment.objects.filter(pk=comment).exists():
        raise Http404
    return comment


def _subject(request: HttpRequest) -> Subject:
    """The text that a form is about. Raises Http404."""
    for kind, model in (("draft", Draft), ("version", Version)):
        given = request.POST.get(kind, "")
        if given.isdecimal() and len(given) < 10:
            row = model.objects.filter(pk=int(given)).first()
            if row is not None:
                return row
    raise Http404
