"""What is said of clauses: written, settled, taken back; whoever is named with an @ gets a message."""

from __future__ import annotations

import re
from typing import NamedTuple

from django.db.models import Q, QuerySet

from handfast_server.access import Principal
from handfast_server.accounts.models import Role, User
from handfast_server.audit.record import record
from handfast_server.contracts.models import Comment, Draft, Version
from handfast_server.contracts.tell import tell_commented
from handfast_server.decide.transaction import in_transaction
from handfast_server.now import now
from handfast_server.refused import Refused

LONGEST = 4_000
"""Letters of a comment."""

_NAMED = re.compile(r"(?<![\w@.])@([\w.+-]*\w(?:@[\w.-]*\w)?)")
_OVER = (Draft.State.OVERTAKEN, Draft.State.DROPPED)


class Said(NamedTuple):
    """A comment, and the names in it that nobody has here, or several."""

    comment: Comment
    unknown: tuple[str, ...]


def comments_on(subject: Draft | Version) -> QuerySet[Comment]:
    """Those of a text, the oldest first: a version has those of the draft that it was."""
    if isinstance(subject, Draft):
        return Comment.objects.filter(draft=subject).order_by("made_at", "pk")
    of_draft = Q(draft__state=Draft.State.SIGNED, draft__digest=subject.digest)
    return Comment.objects.filter(Q(version=subject) | of_draft).order_by("made_at", "pk")


def do_comment(principal: Principal, subject: Draft | Version, path: str, text: str) -> Said:
    """Say something of a clause. Raises Refused for nothing, for too much, and of a draft that is over."""
    text = text.strip()
    if not text or len(text) > LONGEST or "\x00" in text + path or not 0 < len(path) <= 300:
        raise Refused("malformed", f"A comment is of a clause, and has 1 to {LONGEST:,} letters.", status=422)
    if isinstance(subject, Draft) and subject.state in _OVER:
        raise Refused("draft_is_over", f"This draft is {subject.state}: say it of the one that follows.")
    people, unknown = _people(text)

    def work() -> Said:
        draft, version = (subject, None) if isinstance(subject, Draft) else (None, subject)
        made = Comment.objects.create(
            draft=draft, version=version, path=path, text=text, made_by=principal.id, made_at=now()
        )
        record("contracts.commented", f"comment:{made.pk}", details={"clause": path})
        tell_commented(made, (people | _author(draft)) - {principal.id}, made.made_at)
        return Said(made, unknown)

    return in_transaction(work)


def do_settle(principal: Principal, comment_id: int, *, settled: bool = True) -> Comment:
    """It is dealt with; or is not, after all. Done again it changes nothing."""

    def work() -> Comment:
        row = Comment.objects.select_for_update().get(pk=comment_id)
        if (row.settled_at is not None) != settled:
            row.settled_at, row.settled_by = (now(), principal.id) if settled else (None, "")
            row.save(update_fields=["settled_at", "settled_by"])
            record("contracts.comment_settled" if settled else "contracts.comment_reopened", f"comment:{row.pk}")
        return row

    return in_transaction(work)


def do_take_back(principal: Principal, comment_id: int) -> Comment:
    """What was said is gone; that something was said stays. Raises Refused for who neither wrote it nor administers."""

    def work() -> Comment:
        row = Comment.objects.select_for_update().get(pk=comment_id)
        if not may_take_back(principal, row):
            raise Refused("not_yours", "Its author, or an administrator, takes a comment back.", status=403)
        if row.taken_back_at is None:
            row.text, row.taken_back_at = "", now()
            row.save(update_fields=["text", "taken_back_at"])
            record("contracts.comment_taken_back", f"comment:{row.pk}")
        return row

    return in_transaction(work)


def may_take_back(principal: Principal, comment: Comment) -> bool:
    """Whether somebody wrote a comment, or administers."""
    return comment.made_by == principal.id or principal.has_role(Role.ADMIN)


def _people(text: str) -> tuple[set[str], tuple[str, ...]]:
    """Who is named in a text by address, or by what stands before its @ where only one has that; and who is nobody."""
    found, unknown = set[str](), list[str]()
    for name in dict.fromkeys(each.lower() for each in _NAMED.findall(text)[:20]):
        asked = Q(email__iexact=name) if "@" in name else Q(email__istartswith=f"{name}@")
        rows = list(User.objects.filter(asked, is_active=True).values_list("pk", flat=True)[:2])
        if len(rows) == 1:
            found.add(f"user:{rows[0]}")
        else:
            unknown.append(name)
    return found, tuple(unknown)


def _author(draft: Draft | None) -> set[str]:
    return set() if draft is None else {draft.made_by}
