"""What is said of clauses of drafts and versions."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema, Status
from pydantic import Field

from handfast_server.api.auth import caller, may
from handfast_server.api.body import Body
from handfast_server.api.contracts import NumberPath
from handfast_server.api.fields import WHOLE_NUMBER, MomentOut, Text
from handfast_server.contracts import actions
from handfast_server.contracts.comments import comments_on
from handfast_server.contracts.models import Comment, Draft, Version
from handfast_server.refused import Refused

router = Router(tags=["contracts"])

Number = Annotated[int, Field(ge=1, le=WHOLE_NUMBER)]


class Commenting(Body):
    """Of one draft, or of one version: which clause, and what is said of it. `@` and an address tells somebody."""

    draft: Number | None = None
    version: Number | None = None
    clause: Annotated[str, Field(min_length=1, max_length=300, pattern=r"^[^\x00]*$", examples=["clocks.first_touch"])]
    text: Text = Field(..., min_length=1, examples=["@omar: two hours would do."])


class Settling(Body):
    """Whether it is dealt with."""

    settled: bool = True


class CommentOut(Schema):
    """What somebody said of a clause; ``text`` is empty once it was taken back."""

    id: int
    draft: int | None
    version: int | None
    clause: str
    text: str
    made_by: str
    made_at: MomentOut
    settled_by: str
    settled_at: MomentOut | None
    taken_back_at: MomentOut | None


class Commented(CommentOut):
    """A comment that was just made; ``unknown`` are names in it that nobody has here, or several."""

    unknown: list[str]


@router.get("", response=list[CommentOut])
@may("contracts.read")
def list_comments(request: HttpRequest, draft: Number | None = None, version: Number | None = None) -> list[CommentOut]:
    """Those of a draft or of a version, the oldest first; a version has those of the draft that it was."""
    return [comment_out(row) for row in comments_on(_subject(draft, version))]


@router.post("", response={201: Commented})
@may("contracts.comment")
def make_comment(request: HttpRequest, body: Commenting) -> Status[Commented]:
    """Say something of a clause."""
    said = actions.do_comment(caller(request), _subject(body.draft, body.version), body.clause, body.text)
    return Status(201, Commented(**dict(comment_out(said.comment)), unknown=list(said.unknown)))


@router.post("/{comment}/settle", response=CommentOut)
@may("contracts.comment")
def settle_comment(request: HttpRequest, comment: NumberPath, body: Settling) -> CommentOut:
    """Say that it is dealt with, or is not after all."""
    return comment_out(actions.do_settle(caller(request), comment, settled=body.settled))


@router.post("/{comment}/take-back", response=CommentOut)
@may("contracts.comment")
def take_back_comment(request: HttpRequest, comment: NumberPath) -> CommentOut:
    """Take back what one said; administrators what anybody said."""
    return comment_out(actions.do_take_back(caller(request), comment))


def _subject(draft: int | None, version: int | None) -> Draft | Version:
    if draft is not None and version is None:
        return Draft.objects.get(pk=draft)
    if version is not None and draft is None:
        return Version.objects.get(pk=version)
    raise Refused("malformed", "Name a draft or a version, and not both.", status=422, path="draft")


def comment_out(row: Comment) -> CommentOut:
    """A comment in a list."""
    return CommentOut(
        id=row.pk,
        draft=row.draft_id,
        version=row.version_id,
        clause=row.path,
        text=row.text,
        made_by=row.made_by,
        made_at=row.made_at,
        settled_by=row.settled_by,
        settled_at=row.settled_at,
        taken_back_at=row.taken_back_at,
    )
