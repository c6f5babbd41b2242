"""What is told of the team: reps, pools, absences, and who owns which account."""

from __future__ import annotations

from abc import abstractmethod
from typing import Annotated, Any, Literal

from pydantic import Field

from handfast import facts
from handfast.facts import TeamFact
from handfast_server.intake.item import Item
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.values import clean_text
from handfast_server.intake.wire.shape import Name, When, Wire, base, instant


class OfTeam(Wire):
    """Something about the team."""

    @abstractmethod
    def fact(self, base: dict[str, Any]) -> TeamFact:
        """What it tells."""

    def item(self, name: str, source: str) -> Item:
        """The item."""
        fact = self.fact(base(f"{name}:team", self.at))
        return Item(name=name, source=source, happened_at=fact.happened_at, team=(fact,))


class RepIn(OfTeam):
    """A rep joined, changed caps, or left."""

    type: Literal["rep"] = "rep"
    rep: Name
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
    pool: Name
    rep: Name
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
    pool: Name
    rep: Name

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """Who left."""
        return facts.MemberRemoved(**base, pool=clean_text(self.pool, "pool"), rep=clean_text(self.rep, "rep"))


class ManagerIn(OfTeam):
    """Who manages a pool."""

    type: Literal["manager"] = "manager"
    pool: Name
    rep: Name

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """The manager."""
        return facts.PoolManagerSet(**base, pool=clean_text(self.pool, "pool"), rep=clean_text(self.rep, "rep"))


class AbsenceIn(OfTeam):
    """A rep is away."""

    type: Literal["absence"] = "absence"
    absence: Name = Field(description="Its id; told again, it is the same absence at other times.")
    rep: Name
    starts: When
    ends: When

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
    absence: Name
    rep: Name

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """Which one."""
        return facts.AbsenceCancelled(
            **base, absence=clean_text(self.absence, "absence"), rep=clean_text(self.rep, "rep")
        )


class OwnerIn(OfTeam):
    """Who owns an account; left out, nobody does."""

    type: Literal["account_owner"] = "account_owner"
    account: Annotated[str, Field(min_length=1, max_length=40)]
    owner: Name | None = None

    def fact(self, base: dict[str, Any]) -> TeamFact:
        """The owner."""
        owner = None if self.owner is None else clean_text(self.owner, "owner")
        return facts.AccountOwnerSet(**base, account=clean_text(self.account, "account"), owner=owner)
