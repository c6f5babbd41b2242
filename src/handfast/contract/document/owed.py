"""The shape of what is owed, by whom, and how it is counted; and of examples."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field

from handfast.contract.document import field as f
from handfast.contract.document.part import Part


class Party(Part):
    """One side of the agreement."""

    needed = ("name", "email")
    name: f.Text = Field(default="", description="Who signs.")
    email: f.Email = Field(default="", description="Where requests to sign and escalations go.")
    deputies: list[f.Email] = Field(default=[], description="Who may sign for them.")


class Parties(Part):
    """Who signs."""

    needed = ("marketing", "sales")
    marketing: Party = Field(default_factory=Party, description="The marketing side.")
    sales: Party = Field(default_factory=Party, description="The sales side.")


class MarketingOwes(Part):
    """What marketing owes."""

    mql: f.Leads | None = Field(default=None, description="MQLs delivered per period.")
    icp: Literal["required"] | None = Field(default=None, description="required: only those that meet the ICP count.")
    per: Literal["month", "quarter", "year"] = Field(default="month", description="The period of mql and at_most.")
    at_most: f.Leads | None = Field(default=None, description="More than this is over-delivery.")
    sourced_pipeline: f.AmountPer | None = Field(default=None, description="Pipeline that marketing sources.")
    accepts_shortfall: f.Flag = Field(
        default=False, description="true: both sides know that the plan needs more than is promised."
    )


class WithinAttempts(Part):
    """Attempts within a time."""

    needed = ("at_least", "within")
    at_least: f.Count = Field(default=1, description="Attempts.")
    within: f.AnyDuration | None = Field(default=None, description="Of acceptance.")


class SalesOwes(Part):
    """What sales owes."""

    first_touch: f.Share | None = Field(default=None, description="Share of first touches in time.")
    excused: Literal["left_out", "counted"] | None = Field(default=None, description="How excused breaches count.")
    worked: f.Share | None = Field(default=None, description="Share of delivered leads that are worked.")
    attempts: WithinAttempts | None = Field(default=None, description="Attempts on accepted leads without contact.")


class Commitments(Part):
    """What each side owes."""

    marketing: MarketingOwes = Field(default_factory=MarketingOwes, description="What marketing owes.")
    sales: SalesOwes = Field(default_factory=SalesOwes, description="What sales owes.")


class Targets(Part):
    """Agreed rates between neighbouring stages of the plan, as STAGE_to_NEXT, and the cycle length."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, f.Share] = Field(init=False)
    cycle_length: f.WallDuration | None = Field(default=None, description="From MQL to won.")


class Stakes(Part):
    """What rides on the number."""

    marketing: f.Share | None = Field(
        default=None, description="Share of marketing's variable pay that rides on the number."
    )
    sales: f.Share | None = Field(default=None, description="Share of sales' variable pay that rides on the number.")


class Revenue(Part):
    """The number both sides live by."""

    needed = ("target", "period")
    target: f.Money | None = Field(default=None, description="The revenue both sides live by.")
    period: f.RevenuePeriod = Field(default="", description="A fiscal year, quarter or month.")
    average_deal: f.Money | None = Field(default=None, description="What a won deal brings.")
    from_marketing: f.Share | None = Field(default=None, description="The part that marketing's leads must bring.")
    number: f.NumberWord | None = Field(default=None, description="Which revenue counts.")
    stakes: Stakes = Field(default_factory=Stakes, description="What rides on it.")


class Plan(Part):
    """The chain the plan is computed along."""

    needed = ("stages",)
    stages: list[f.Name] = Field(default=[], description="The chain from lead to deal.", min_length=2, max_length=20)


class Attribution(Part):
    """How pipeline and revenue are credited."""

    sourced: f.SourcedWord | None = Field(default=None, description="What names the source of a deal.")
    influence_window: f.WallDuration | None = Field(
        default=None, description="How far back an activity influences a deal."
    )
    eligible: list[f.Text] = Field(default=[], description="Activities that source and influence.")
    sales_sources: list[f.Text] = Field(default=[], description="Values of source that are sales' own.")
    partner_sources: list[f.Text] = Field(default=[], description="Values of source that are partners'.")


class Review(Part):
    """A standing meeting."""

    needed = ("held",)
    title: f.Text = Field(default="", description="What people read.")
    held: f.HeldAt | None = Field(default=None, description="When, in the contract's zone.")


class Reviews(Part):
    """The standing meetings."""

    weekly: Review | None = Field(default=None, description="Every week.")
    monthly: Review | None = Field(default=None, description="Once a month.")
    quarterly: Review | None = Field(default=None, description="Four times a year.")


class Example(Part):
    """A worked example that runs as a test."""

    needed = ("name", "at", "expect")
    name: f.Text = Field(default="", description="A sentence that says what is shown.")
    at: f.At | None = Field(default=None, description="The instant of judging.")
    given: dict[str, Any] = Field(default={}, description="Attributes of the lead.")
    did: list[dict[str, Any]] = Field(default=[], description="Activities: on, its properties, and at when not now.")
    expect: dict[str, Any] = Field(default={}, description="What must come out.", min_length=1)
