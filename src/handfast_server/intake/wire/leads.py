"""What is told of leads: what they are, what they did, what sales did, and their deals."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from handfast import facts
from handfast.facts import DealFact, LeadFact
from handfast_server.intake.bots import RULES
from handfast_server.intake.item import Company, Item
from handfast_server.intake.refused import ItemRefused
from handfast_server.intake.values import clean_email, clean_text, clean_values, normal_attributes
from handfast_server.intake.wire.shape import AboutLead, Name, Text, Told, When, base, instant, known_only


class LeadIn(AboutLead):
    """What a lead is: made when nobody is known by these keys, else brought up to date."""

    type: Literal["lead"] = "lead"
    attributes: Told = Field(default_factory=dict, examples=[{"company": "Buyer", "country": "Germany"}])
    account: str = Field("", max_length=40, description="The account's id; left out, it is found by the company.")
    phones: list[Name] = Field(default_factory=list, max_length=5, description="Numbers of the company.")
    postcodes: list[Name] = Field(default_factory=list, max_length=5)
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
    kind: Name = Field(examples=["form_submitted"])
    properties: Told = Field(default_factory=dict, examples=[{"form": "demo"}])
    attributes: Told = Field(default_factory=dict, description="What became known of the lead by it.")
    agent: str = Field("", max_length=1_000, description="The user agent; it is looked at for bots and not kept.")
    sent_at: When | None = Field(None, description="When the e-mail was sent that was opened or clicked.")
    by_bot: bool = False

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        sent = None if self.sent_at is None else instant(self.sent_at, "sent_at")
        properties = {
            each: value for each, value in clean_values(self.properties, "properties").items() if value is not None
        }
        fact = facts.ActivityHappened(
            **base(f"{name}:did", self.at),
            lead="",
            kind=clean_text(self.kind, "kind"),
            properties=properties,
            by_bot=self.by_bot or RULES.is_bot(self.kind, self.at, agent=self.agent, sent_at=sent),
        )
        return self._with(name, source, fact, self.attributes)

    def _with(self, name: str, source: str, fact: LeadFact, attributes: Told) -> Item:
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
    by: Name = Field(description="The rep's name in rosters.", examples=["lena"])
    kind: facts.TouchKind = facts.TouchKind.ATTEMPT
    human: bool = Field(default=True, description="False for sequences and auto-replies.")
    self_reported: bool = Field(default=False, description="The rep's own word, which goes back a day at most.")

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        fact = facts.TouchMade(
            **base(f"{name}:touch", self.at),
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
            **base(f"{name}:consent", self.at), lead="", purpose=self.purpose, granted=self.granted
        )
        return known_only(self, name, source, fact)


class OpportunityIn(AboutLead):
    """A deal that a lead is on was opened, won, lost, opened again or amended."""

    type: Literal["opportunity"] = "opportunity"
    deal: Name
    what: Literal["opened", "won", "lost", "reopened", "amended"] = "opened"
    by: str = Field("", max_length=200)
    amount: Decimal | None = Field(None, ge=0, max_digits=24, decimal_places=6)
    currency: str = Field("", pattern="^([A-Z]{3})?$")
    why: Text = ""

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        if self.what == "amended" and self.amount is None:
            raise ItemRefused("amount_missing", "An amended deal says its amount.", "amount")
        kind, names = _DEALS[self.what]
        values = {each: getattr(self, each) for each in names}
        fact = kind(**base(f"{name}:deal", self.at), lead="", deal=clean_text(self.deal, "deal"), **values)
        return known_only(self, name, source, fact)


class StageIn(AboutLead):
    """Another system stamped a handoff of its own with a stage: while it is open there, nobody is delivered here."""

    type: Literal["stage"] = "stage"
    handoff: Name = Field(description="That system's name for it.")
    stage: facts.Stage
    owner: str = Field("", max_length=200, description="The rep who has it there.")
    reason: str = Field("", max_length=100)

    def item(self, name: str, source: str) -> Item:
        """The item. Raises ItemRefused."""
        values: dict[str, Any] = {
            name: clean_text(getattr(self, name), name) for name in ("handoff", "owner", "reason")
        }
        fact = facts.StageStamped(**base(f"{name}:stage", self.at), lead="", stage=self.stage, **values)
        return known_only(self, name, source, fact)


_DEALS: Mapping[str, tuple[type[DealFact], tuple[str, ...]]] = {
    "opened": (facts.DealOpened, ("by", "amount", "currency")),
    "won": (facts.DealWon, ("amount", "currency")),
    "lost": (facts.DealLost, ("why",)),
    "reopened": (facts.DealReopened, ()),
    "amended": (facts.DealAmended, ("amount", "currency")),
}
