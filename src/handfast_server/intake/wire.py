"""Items as programs write them: strict shapes, each read by itself, so that one that is malformed spoils no other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, TypeAlias

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from handfast import facts
from handfast.facts import DealFact, LeadFact, TeamFact
from handfast.instant import Instant, parse_instant
from handfast_server.intake.bots import RULES
from handfast_server.intake.item import RESERVED, USER, Company, Item
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.values import clean_email, clean_id, clean_text, clean_values, normal_attributes
from handfast_server.now import now

MOST = 5_000
"""Items of one batch."""

_Name: TypeAlias = Annotated[str, Field(min_length=1, max_length=200)]
_Text: TypeAlias = Annotated[str, Field(max_length=10_000)]
_Key: TypeAlias = Annotated[
    str, Field(max_length=200, description="The item's own key at its source: the same key twice is one item.")
]
_When: TypeAlias = Annotated[
    str,
    Field(
        max_length=40,
        description="An instant with its offset; now when left out.",
        examples=["2026-11-23T10:00:00+01:00"],
    ),
]
_Values: TypeAlias = Mapping[str, Any]


class Wire(BaseModel):
    """What every item has."""

    model_config = ConfigDict(extra="forbid")

    key: _Key = ""
    happened_at: _When | None = None

    @property
    def at(self) -> Instant:
        """When it happened."""
        return now() if self.happened_at is None else instant(self.happened_at, "happened_at")


class AboutLead(Wire):
    """Who it is about: whatever is known of them."""

    lead: str = Field("", max_length=40, description="The lead's id here.")
    email: str = Field("", max_length=320, examples=["ann@buyer.example"])
    user_id: str = Field("", max_length=320, description="The id that your own product has for them.")
    anonymous_id: str = Field("", max_length=320, description="The id of a browser of which nobody knows whose it is.")
    ids: Mapping[str, str] = Field(default_factory=dict, description="Ids by system.", examples=[{"hubspot": "151"}])

    def identities(self) -> dict[str, Any]:
        """The keys as an item has them. Raises ItemRefused."""
        ids = {clean_system(system): clean_id(value, f"ids.{system}") for system, value in self.ids.items()}
        if self.user_id:
            ids[USER] = clean_id(self.user_id, "user_id")
        found = {
            "lead": self.lead,
            "email": clean_email(self.email, "email"),
            "ids": ids,
            "anonymous": clean_text(self.anonymous_id, "anonymous_id"),
        }
        if not any(found.values()):
            raise ItemRefused("no_identity", "Say whose it is: lead, email, user_id, ids or anonymous_id.", "email")
        return found


class LeadIn(AboutLead):
    """What a lead is: made when nobody is known by these keys, else brought up to date."""

    type: Literal["lead"] = "lead"
    attributes: _Values = Field(default_factory=dict, examples=[{"company": "Buyer", "country": "Germany"}])
    account: str = Field("", max_length=40, description="The account's id; left out, it is found by the company.")
    phones: list[_Name] = Field(default_factory=list, max_length=5, description="Numbers of the company.")
    postcodes: list[_Name] = Field(default_factory=list, max_length=5)
    listed: bool = Field(default=False, description="Put on an import list: opens a cycle if none is open.")

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        who = self.identities()
        told = normal_attributes(clean_values(self.attributes, "attributes"))
        if self.email:
            told.setdefault("email", self.email.strip())
        if not who["email"] and isinstance(said := told.get("email"), str):
            who["email"] = clean_email(said, "attributes.email")
        company = Company(account=self.account, phones=tuple(self.phones), postcodes=tuple(self.postcodes))
        return Item(
            name=name,
            source=source,
            happened_at=self.at,
            attributes=told,
            company=company,
            listed=self.listed,
            states=True,
            **who,
        )


class ActivityIn(AboutLead):
    """Something that a lead did."""

    type: Literal["activity"] = "activity"
    kind: _Name = Field(examples=["form_submitted"])
    properties: _Values = Field(default_factory=dict, examples=[{"form": "demo"}])
    attributes: _Values = Field(default_factory=dict, description="What became known of the lead by it.")
    agent: str = Field("", max_length=1_000, description="The user agent; it is looked at for bots and not kept.")
    sent_at: _When | None = Field(None, description="When the e-mail was sent that was opened or clicked.")
    by_bot: bool = False

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        sent = None if self.sent_at is None else instant(self.sent_at, "sent_at")
        properties = {
            each: value for each, value in clean_values(self.properties, "properties").items() if value is not None
        }
        fact = facts.ActivityHappened(
            **_base(f"{name}:did", self.at),
            lead="",
            kind=clean_text(self.kind, "kind"),
            properties=properties,
            by_bot=self.by_bot or RULES.is_bot(self.kind, self.at, agent=self.agent, sent_at=sent),
        )
        return self._with(name, source, fact, self.attributes)

    def _with(self, name: str, source: str, fact: LeadFact, attributes: _Values) -> Item:
        told = normal_attributes(clean_values(attributes, "attributes"))
        first = {"email": self.email.strip()} if self.email else {}
        return Item(
            name=name,
            source=source,
            happened_at=fact.happened_at,
            attributes=told,
            first=first,
            facts=(fact,),
            states=bool(told),
            **self.identities(),
        )


class TouchIn(AboutLead):
    """Outreach by sales, as the system says in which it happened."""

    type: Literal["touch"] = "touch"
    by: _Name = Field(description="The rep's name in rosters.", examples=["lena"])
    kind: facts.TouchKind = facts.TouchKind.ATTEMPT
    human: bool = Field(default=True, description="False for sequences and auto-replies.")
    self_reported: bool = Field(default=False, description="The rep's own word, which goes back a day at most.")

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        fact = facts.TouchMade(
            **_base(f"{name}:touch", self.at),
            lead="",
            by=clean_text(self.by, "by"),
            kind=self.kind,
            human=self.human,
            self_reported=self.self_reported,
        )
        return known_only(self, name, source, fact)


class ConsentIn(AboutLead):
    """Consent for a purpose was granted or denied."""

    type: Literal["consent"] = "consent"
    purpose: facts.Purpose
    granted: bool

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        fact = facts.ConsentChanged(
            **_base(f"{name}:consent", self.at), lead="", purpose=self.purpose, granted=self.granted
        )
        return known_only(self, name, source, fact)


class OpportunityIn(AboutLead):
    """A deal that a lead is on was opened, won, lost, opened again or amended."""

    type: Literal["opportunity"] = "opportunity"
    deal: _Name
    what: Literal["opened", "won", "lost", "reopened", "amended"] = "opened"
    by: str = Field("", max_length=200)
    amount: Decimal | None = Field(None, ge=0, max_digits=24, decimal_places=6)
    currency: str = Field("", pattern="^([A-Z]{3})?$")
    why: _Text = ""

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        if self.what == "amended" and self.amount is None:
            raise ItemRefused("amount_missing", "An amended deal says its amount.", "amount")
        kind, names = _DEALS[self.what]
        values = {each: getattr(self, each) for each in names}
        fact = kind(**_base(f"{name}:deal", self.at), lead="", deal=clean_text(self.deal, "deal"), **values)
        return known_only(self, name, source, fact)


class StageIn(AboutLead):
    """Another system stamped a handoff of its own with a stage: while it is open there, nobody is delivered here."""

    type: Literal["stage"] = "stage"
    handoff: _Name = Field(description="That system's name for it.")
    stage: facts.Stage
    owner: str = Field("", max_length=200, description="The rep who has it there.")
    reason: str = Field("", max_length=100)

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        values: dict[str, Any] = {
            name: clean_text(getattr(self, name), name) for name in ("handoff", "owner", "reason")
        }
        fact = facts.StageStamped(**_base(f"{name}:stage", self.at), lead="", stage=self.stage, **values)
        return known_only(self, name, source, fact)


_DEALS: Mapping[str, tuple[type[DealFact], tuple[str, ...]]] = {
    "opened": (facts.DealOpened, ("by", "amount", "currency")),
    "won": (facts.DealWon, ("amount", "currency")),
    "lost": (facts.DealLost, ("why",)),
    "reopened": (facts.DealReopened, ()),
    "amended": (facts.DealAmended, ("amount", "currency")),
}


def known_only(wire: AboutLead, name: str, source: str, fact: LeadFact) -> Item:
    """An item about somebody who has to be known. Raises ItemRefused."""
    who = wire.identities()
    return Item(
        name=name,
        source=source,
        happened_at=fact.happened_at,
        introduces=False,
        facts=(fact,),
        **{**who, "anonymous": ""},
    )


class OfTeam(Wire):
    """Something about the team."""

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """What it tells."""
        raise NotImplementedError

    def item(self, name: str, source: str) -> Item:
        """The item."""
        base = _base(f"{name}:team", self.at)
        return Item(name=name, source=source, happened_at=self.at, team=(self.fact(base),))


class RepIn(OfTeam):
    """A rep joined, changed caps, or left."""

    type: Literal["rep"] = "rep"
    rep: _Name
    active: bool = True
    open_cap: int | None = Field(None, ge=0, le=100_000, description="Most that may be waiting and accepted at once.")
    day_cap: int | None = Field(None, ge=0, le=100_000, description="Most that may be assigned a day.")

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """The rep."""
        return facts.RepSet(
            **base, rep=clean_text(self.rep, "rep"), active=self.active, open_cap=self.open_cap, day_cap=self.day_cap
        )


class MemberIn(OfTeam):
    """A rep is a member of a pool."""

    type: Literal["member"] = "member"
    pool: _Name
    rep: _Name
    weight: int = Field(1, ge=0, le=1_000, description="0 pauses.")
    open_cap: int | None = Field(None, ge=0, le=100_000)
    day_cap: int | None = Field(None, ge=0, le=100_000)
    calendar: str = Field("", max_length=100, description="Hours of their own: a calendar of the contract.")

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """The member."""
        values = self.model_dump(exclude={"type", "key", "happened_at"})
        clean_text(self.pool + self.rep + self.calendar, "rep")
        return facts.MemberSet(**base, **values)


class MemberRemovedIn(OfTeam):
    """A rep left a pool."""

    type: Literal["member_removed"] = "member_removed"
    pool: _Name
    rep: _Name

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """Who left."""
        return facts.MemberRemoved(**base, pool=clean_text(self.pool, "pool"), rep=clean_text(self.rep, "rep"))


class ManagerIn(OfTeam):
    """Who manages a pool."""

    type: Literal["manager"] = "manager"
    pool: _Name
    rep: _Name

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """The manager."""
        return facts.PoolManagerSet(**base, pool=clean_text(self.pool, "pool"), rep=clean_text(self.rep, "rep"))


class AbsenceIn(OfTeam):
    """A rep is away."""

    type: Literal["absence"] = "absence"
    absence: _Name = Field(description="Its id; told again, it is the same absence at other times.")
    rep: _Name
    starts: _When
    ends: _When

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """The absence. Raises ItemRefused."""
        starts, ends = instant(self.starts, "starts"), instant(self.ends, "ends")
        if ends <= starts:
            raise ItemRefused("ends_before_start", "An absence ends after it starts.", "ends")
        return facts.AbsenceSet(
            **base,
            absence=clean_text(self.absence, "absence"),
            rep=clean_text(self.rep, "rep"),
            starts=starts,
            ends=ends,
        )


class AbsenceCancelledIn(OfTeam):
    """An absence was recorded in error, or cut short to nothing."""

    type: Literal["absence_cancelled"] = "absence_cancelled"
    absence: _Name
    rep: _Name

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """Which one."""
        return facts.AbsenceCancelled(
            **base, absence=clean_text(self.absence, "absence"), rep=clean_text(self.rep, "rep")
        )


class OwnerIn(OfTeam):
    """Who owns an account; left out, nobody does."""

    type: Literal["account_owner"] = "account_owner"
    account: Annotated[str, Field(min_length=1, max_length=40)]
    owner: _Name | None = None

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """The owner."""
        owner = None if self.owner is None else clean_text(self.owner, "owner")
        return facts.AccountOwnerSet(**base, account=clean_text(self.account, "account"), owner=owner)


AnyItem: TypeAlias = Annotated[
    LeadIn
    | ActivityIn
    | TouchIn
    | ConsentIn
    | OpportunityIn
    | StageIn
    | RepIn
    | MemberIn
    | MemberRemovedIn
    | ManagerIn
    | AbsenceIn
    | AbsenceCancelledIn
    | OwnerIn,
    Field(discriminator="type"),
]
_ANY: TypeAdapter[Any] = TypeAdapter(AnyItem)

NEEDS: Mapping[str, str] = {
    "lead": "leads.write",
    "activity": "leads.write",
    "consent": "leads.write",
    "stage": "leads.write",
    "touch": "touches.write",
    "opportunity": "deals.write",
    "account_owner": "team.write",
    **dict.fromkeys(("rep", "member", "member_removed", "manager", "absence", "absence_cancelled"), "team.write"),
}
"""What somebody has to be allowed to tell of each type."""


def read_any(raw: object) -> AnyItem:
    """An item of a batch, as it was written. Raises ItemRefused."""
    try:
        found: AnyItem = _ANY.validate_python(raw)
    except ValidationError as wrong:
        raise refused(wrong) from wrong
    return found


def refused(wrong: ValidationError) -> ItemRefused:
    """The first of what is wrong, with its place."""
    first = wrong.errors(include_url=False, include_input=False, include_context=False)[0]
    place = [str(part) for part in first["loc"]]
    return ItemRefused(
        "malformed", f"{first['msg']}.", ".".join(place[1:] if place[:1] and place[0] in NEEDS else place)
    )


def item_of(wire: Any, source: str, spare_key: str = "") -> Item:
    """The item of what was written. ``spare_key`` is its key when it has none of its own. Raises ItemRefused."""
    key = clean_text(wire.key, "key", 200) or spare_key or uuid.uuid4().hex
    made: Item = wire.item(f"{source}:{key}", source)
    body = orjson.dumps(wire.model_dump(mode="json", exclude_defaults=True) | {"type": wire.type}).decode()
    return with_body(made, body)


def with_body(item: Item, body: str) -> Item:
    """The item with what came."""
    object.__setattr__(item, "body", body)  # nobody has seen it yet
    return item


def instant(raw: str, path: str) -> Instant:
    """An instant. Raises ItemRefused."""
    try:
        return parse_instant(raw)
    except (ValueError, OverflowError):
        raise ItemRefused("bad_instant", "An instant has an offset, as in 2026-11-23T10:00:00+01:00.", path) from None


def clean_system(name: str) -> str:
    """The name of a system. Raises ItemRefused."""
    plain = name.strip().casefold()
    if not plain or len(plain) > 40 or plain in RESERVED or not plain.replace("_", "").replace("-", "").isalnum():
        raise ItemRefused("bad_system", "A system is named by 1 to 40 letters, digits, - and _.", f"ids.{name[:40]}")
    return plain


def _base(name: str, at: Instant) -> dict[str, Any]:
    return {"id": name, "happened_at": at, "recorded_at": at}
