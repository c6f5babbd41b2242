"""People, invitations and tokens: who may come in, as what."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Router, Schema, Status
from pydantic import AfterValidator, Field

from handfast_server.access import ACTIONS, Scope, allowed
from handfast_server.access.principal import OURS
from handfast_server.accounts.actions import do_change_user, do_end_codes, do_end_sessions, do_unlock
from handfast_server.accounts.invitations import do_invite, do_revoke_invitation
from handfast_server.accounts.models import ApiToken, Invitation, Role, User
from handfast_server.accounts.tokens import do_grant_sources, do_make_token, do_revoke_token
from handfast_server.api.auth import caller, may
from handfast_server.api.body import Body
from handfast_server.api.fields import WHOLE_NUMBER, Email, GivenName, MomentIn, MomentOut, Name
from handfast_server.api.speaking import SOURCE

router = Router(tags=["people"])

NumberPath = Annotated[int, Path(ge=1, le=WHOLE_NUMBER)]
Roles = Annotated[list[Role], Field(max_length=len(Role))]


def _source(name: str) -> str:
    if name in OURS:
        raise ValueError("under this name the service speaks itself")
    return name


Sources = Annotated[
    list[Annotated[str, Field(pattern=SOURCE, examples=["crm"]), AfterValidator(_source)]], Field(max_length=50)
]


class Me(Schema):
    """Who calls, and what the permission table lets them do."""

    id: str
    name: str
    rep: str
    roles: list[str]
    sources: list[str]
    may: list[str]


class UserOut(Schema):
    """Somebody who signs in; ``rep`` is their name in rosters."""

    id: int
    email: str
    name: str
    rep: str
    roles: list[str]
    is_active: bool
    needs_code: bool
    last_login: dt.datetime | None


class PersonChange(Body):
    """What is given is changed."""

    name: GivenName | None = None
    rep: Name | None = None
    roles: Roles | None = None
    active: bool | None = None
    needs_code: bool | None = Field(default=None, description="Whether they see nothing before they set up codes.")


class Inviting(Body):
    """Who is asked to join, and as what."""

    email: Email
    name: Name = ""
    rep: Name = ""
    roles: Roles = Field(..., min_length=1)


class InvitationOut(Schema):
    """An invitation; its link is known to nobody any more."""

    id: int
    email: str
    name: str
    rep: str
    roles: list[str]
    made_by: str
    made_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None
    revoked_at: dt.datetime | None


class InvitationMade(InvitationOut):
    """An invitation and its link, which is shown this once."""

    link: str


class Ended(Schema):
    """How many sessions ended."""

    count: int


class TokenMaking(Body):
    """What a program may do: the roles say what, the scopes limit it further."""

    name: GivenName
    roles: Roles = Field(..., min_length=1)
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    sources: Sources = Field(default_factory=list, description="Besides its own: whose words it may pass on.")
    expires_at: MomentIn | None = Field(default=None, description="From when it is worth nothing.")


class Granting(Body):
    """The sources, besides its own, whose words a token may pass on: these, and no others."""

    sources: Sources


class TokenOut(Schema):
    """A token; ``start`` is how it begins."""

    id: int
    name: str
    start: str
    roles: list[str]
    scopes: list[str]
    sources: list[str]
    made_at: dt.datetime
    used_at: dt.datetime | None
    expires_at: MomentOut | None
    revoked_at: dt.datetime | None


class TokenMade(TokenOut):
    """A token and its text, which is shown this once."""

    token: str


@router.get("/me", response=Me)
@may("self.read")
def who_am_i(request: HttpRequest) -> Me:
    """Who you are here, and what you may do."""
    who = caller(request)
    return Me(
        id=who.id,
        name=who.name,
        rep=who.rep,
        roles=sorted(who.roles),
        sources=sorted({who.own_source, *who.sources}),
        may=[action for action in ACTIONS if allowed(who, action)],
    )


@router.get("", response=list[UserOut])
@may("users.read")
def list_people(request: HttpRequest) -> list[User]:
    """Everybody who can sign in, and who no longer can."""
    return list(User.objects.order_by("email")[:10_000])


@router.get("/invitations", response=list[InvitationOut])
@may("users.read")
def list_invitations(request: HttpRequest) -> list[Invitation]:
    """The latest invitations."""
    return list(Invitation.objects.order_by("-made_at")[:200])


@router.post("/invitations", response={201: InvitationMade})
@may("users.write")
def invite_person(request: HttpRequest, body: Inviting) -> Status[InvitationMade]:
    """Ask somebody to join. The link is shown once and is worth a week; where mail can be sent it goes out, too."""
    by = caller(request).id
    made, link = do_invite(body.email, body.roles, name=body.name, rep=body.rep, by=by)
    return Status(201, InvitationMade(**dict(InvitationOut.from_orm(made)), link=link))


@router.post("/invitations/{invitation}/revoke", response=InvitationOut)
@may("users.write")
def revoke_invitation(request: HttpRequest, invitation: NumberPath) -> Invitation:
    """Make a link worthless."""
    return do_revoke_invitation(invitation)


@router.get("/tokens", response=list[TokenOut])
@may("users.read")
def list_tokens(request: HttpRequest) -> list[ApiToken]:
    """The latest tokens, and when each was last used."""
    return list(ApiToken.objects.order_by("-made_at")[:200])


@router.post("/tokens", response={201: TokenMade})
@may("users.write")
def make_api_token(request: HttpRequest, body: TokenMaking) -> Status[TokenMade]:
    """Make a token for a program. Its text is shown once and kept as a hash."""
    user = request.user
    by = user if isinstance(user, User) else None
    scopes = [scope.value for scope in body.scopes]
    made, text = do_make_token(body.name, body.roles, scopes, by, body.sources, body.expires_at)
    return Status(201, TokenMade(**dict(TokenOut.from_orm(made)), token=text))


@router.put("/tokens/{token}/sources", response=TokenOut)
@may("users.write")
def grant_sources(request: HttpRequest, token: NumberPath, body: Granting) -> ApiToken:
    """Say whose words, besides its own, a token may pass on: of the old token that it takes the place of, for one."""
    return do_grant_sources(token, body.sources)


@router.post("/tokens/{token}/revoke", response=TokenOut)
@may("users.write")
def revoke_token(request: HttpRequest, token: NumberPath) -> ApiToken:
    """Make a token worthless, at once."""
    return do_revoke_token(token)


@router.patch("/{user}", response=UserOut)
@may("users.write")
def change_person(request: HttpRequest, user: NumberPath, body: PersonChange) -> User:
    """Give roles, link a rep, rename, or send away: who is sent away is signed out everywhere."""
    return do_change_user(
        user, name=body.name, rep=body.rep, roles=body.roles, active=body.active, needs_code=body.needs_code
    )


@router.post("/{user}/sessions/end", response=Ended)
@may("users.write")
def end_sessions(request: HttpRequest, user: NumberPath) -> Ended:
    """Sign somebody out wherever they are signed in."""
    return Ended(count=do_end_sessions(user))


@router.post("/{user}/codes/end", response=UserOut)
@may("users.write")
def end_codes(request: HttpRequest, user: NumberPath) -> User:
    """Take away somebody's second factor, such as a telephone that is lost."""
    return do_end_codes(user)


@router.post("/{user}/unlock", response=UserOut)
@may("users.write")
def unlock_person(request: HttpRequest, user: NumberPath) -> User:
    """Let somebody who guessed too often try again at once."""
    return do_unlock(request, user)
