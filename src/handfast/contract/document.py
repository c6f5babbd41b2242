"""The shape of a contract file: which keys stand where, which must, and what each one means.

A model holds what was written with every phrase read; names are not yet looked up. ``needed`` lists the keys that
must be there: they have inert defaults, so that one missing key does not hide the mistakes beside it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from handfast.contract import field as f


class Part(BaseModel):
    """A mapping of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=False)
    needed: ClassVar[tuple[str, ...]] = ()


class Party(Part):
    needed = ("name", "email")
    name: f.Text = Field(default="", description="Who signs.")
    email: f.Email = Field(default="", description="Where requests to sign and escalations go.")
    deputies: list[f.Email] = Field(default=[], description="Who may sign for them.")


class Parties(Part):
    needed = ("marketing", "sales")
    marketing: Party = Field(default=Party(), description="The marketing side.")
    sales: Party = Field(default=Party(), description="The sales side.")


class Property(Part):
    """The type of an attribute, a property or a piece of evidence; a bare word stands for ``type``."""

    type: f.Kind | None = Field(default=None, description="How values compare; not needed when one_of is given.")
    one_of: list[f.Text] | None = Field(default=None, description="The words that may be given.", min_length=1)
    title: f.Text = Field(default="", description="What people read.")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, raw: Any) -> Any:
        return {"type": raw} if isinstance(raw, str) else raw


class Calendar(Part):
    zone: f.Text = Field(default="", description="IANA zone; the contract's when it is not given.")
    hours: dict[f.Days, f.DayHours] = Field(default={}, description="Working hours by day of the week.")
    holidays: f.Region | None = Field(default=None, description="Whose public holidays are closed.")
    exceptions: dict[f.Date, f.DayHours] = Field(default={}, description="Hours of single dates, or closed.")


class Calendars(Part):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[f.Name, Calendar] = Field(init=False)
    default: f.Name | None = Field(default=None, description="The calendar used where none is named.")


class FitSignal(Part):
    needed = ("when", "points")
    title: f.Text = Field(default="", description="What people read.")
    when: Any = Field(default=None, description="A condition on attributes.")
    points: f.Points = Field(default=0, description="Added once when the condition holds.")


class BehaviourSignal(Part):
    needed = ("on", "points")
    title: f.Text = Field(default="", description="What people read.")
    on: f.Text = Field(default="", description="The activity that scores.")
    when: Any = Field(default=None, description="A condition on the activity's properties.")
    points: f.Points = Field(default=0, description="For each activity that counts.")
    most_recent: f.Recent | None = Field(default=None, description="Only the latest so many count.")
    expires: f.WallDuration | None = Field(default=None, description="After this age an activity counts no more.")
    fades: f.Fades | None = Field(default=None, description="What an activity loses with age.")


class FitGroup(Part):
    at_most: f.Points | None = Field(default=None, description="The group never counts more.")
    at_least: f.Points | None = Field(default=None, description="The group never counts less.")
    signals: dict[f.Name, FitSignal] = Field(default={}, description="What a lead is.")


class BehaviourGroup(Part):
    at_most: f.Points | None = Field(default=None, description="The group never counts more.")
    at_least: f.Points | None = Field(default=None, description="The group never counts less.")
    signals: dict[f.Name, BehaviourSignal] = Field(default={}, description="What a lead did.")


class Bands(Part):
    warm: f.Points | None = Field(default=None, description="From this total a lead is warm; below, nurture.")


class Score(Part):
    fit: FitGroup = Field(default=FitGroup(), description="Points for what a lead is.")
    behaviour: BehaviourGroup = Field(default=BehaviourGroup(), description="Points for what a lead did.")
    bands: Bands = Field(default=Bands(), description="Where the total lies.")


class Icp(Part):
    needed = ("when",)
    title: f.Text = Field(default="", description="What people read.")
    when: Any = Field(default=None, description="A condition on attributes and scores.")
    reference: f.Text = Field(default="", description="Where this was agreed.")
    reviewed_on: f.Date | None = Field(default=None, description="When it was last looked at.")


class HandRaise(Part):
    needed = ("on",)
    on: f.Text = Field(default="", description="The activity that qualifies at once.")
    when: Any = Field(default=None, description="A condition on its properties, on attributes and on scores.")


class Unless(Part):
    needed = ("when",)
    title: f.Text = Field(default="", description="What people read.")
    when: Any = Field(default=None, description="A condition on attributes and scores.")
    except_: Literal["hand_raise"] | None = Field(
        default=None, alias="except", description="hand_raise: a hand-raise not older than the fact outweighs it."
    )


class Mql(Part):
    needed = ("when",)
    title: f.Text = Field(default="", description="What people read.")
    when: Any = Field(default=None, description="The MQL bar: a condition on attributes and scores.")
    hand_raise: HandRaise | None = Field(default=None, description="What qualifies at once.")
    unless: dict[f.Name, Unless] = Field(default={}, description="What keeps a lead out whatever its score.")
    reference: f.Text = Field(default="", description="Where this was agreed.")
    reviewed_on: f.Date | None = Field(default=None, description="When it was last looked at.")


class Sal(Part):
    title: f.Text = Field(default="", description="What people read.")
    means: f.Text = Field(default="", description="What accepting a lead means.")


class Sql(Part):
    title: f.Text = Field(default="", description="What people read.")
    needs: list[f.Name] = Field(default=[], description="Evidence that a rep records.")


class Definitions(Part):
    needed = ("mql",)
    icp: Icp | None = Field(default=None, description="The ideal customer.")
    mql: Mql = Field(default=Mql(), description="Marketing-qualified.")
    sal: Sal = Field(default=Sal(), description="Sales-accepted.")
    sql: Sql = Field(default=Sql(), description="Sales-qualified.")


class Rule(Part):
    needed = ("to",)
    when: Any = Field(default=None, description="A condition on attributes, scores and band; the last rule has none.")
    to: f.Text = Field(default="", description="The pool.")


class Routing(Part):
    owner_first: f.Flag = Field(default=True, description="The owner of the matched account, if eligible.")
    to: f.Text | None = Field(default=None, description="The one pool, when there are no rules.")
    rules: list[Rule] | None = Field(default=None, description="The first that matches wins.", min_length=1)


class Nobody(Part):
    hold: f.AnyDuration | None = Field(default=None, description="How long to wait for someone.")
    then: f.Text = Field(default="manager", description="The pool that takes over, or manager.")


class Pool(Part):
    calendar: f.Text | None = Field(default=None, description="Whose hours the pool's clocks run in.")
    share: f.ShareWord | None = Field(default=None, description="How members share.")
    nobody: Nobody = Field(default=Nobody(), description="What happens when nobody is eligible.")
    count_all: f.Flag = Field(default=False, description="Also count leads given by hand or to the account's owner.")


class Within(Part):
    """The window of a clock; a bare phrase stands for ``otherwise``."""

    needed = ("otherwise",)
    hand_raise: f.Window | None = Field(default=None, description="For leads that raised a hand.")
    otherwise: f.Window = Field(default="", description="For all others.")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, raw: Any) -> Any:
        return raw if isinstance(raw, dict) else {"otherwise": raw}


class Step(Part):
    needed = ("at",)
    at: f.StepAt = Field(default=100, description="Share of the window.")
    to: list[f.Text] = Field(default=[], description="owner, manager, marketing, sales, or an e-mail address.")
    do: Literal["re_route"] | None = Field(default=None, description="re_route: give the lead to someone else.")


class Clock(Part):
    starts: f.Text = Field(default="", description="Fixed; may be written for readers.")
    stops: f.Text = Field(default="", description="Fixed; may be written for readers.")
    within: Within = Field(default=Within(), description="How long.")
    escalate: list[Step] = Field(default=[], description="Who hears of it, and when.")


class Clocks(Part):
    first_touch: Clock = Field(default=Clock(), description="From qualified to the first touch by anyone of sales.")
    response: Clock = Field(default=Clock(), description="From assigned to the first touch by the owner.")
    decision: Clock = Field(default=Clock(), description="From assigned to accepted, rejected or contested.")
    working: Clock = Field(default=Clock(), description="From accepted to an outcome.")
    contest: Clock = Field(default=Clock(), description="From contested to settled.")


class ReasonNeeds(Part):
    needed = ("attempts", "spanning")
    attempts: f.Count = Field(default=1, description="Human attempts on the cycle.")
    spanning: f.AnyDuration | None = Field(default=None, description="First to last at least so far apart.")


class Reason(Part):
    needed = ("verb",)
    title: f.Text = Field(default="", description="What people read.")
    verb: f.VerbWord | None = Field(default=None, description="return, reject, disqualify, or either of the last two.")
    kind: f.ReasonKindWord | None = Field(default=None, description="What it says is wrong.")
    clause: f.Text | None = Field(default=None, description="The clause that a definitional reason says is not met.")
    credit: f.Flag | None = Field(default=None, description="Whether a return gives the rep another lead.")
    needs: ReasonNeeds | None = Field(default=None, description="What must have been tried before.")
    then: f.Then | None = Field(default=None, description="What becomes of the lead.")


class Recycle(Part):
    cool_off: f.CoolOff | None = Field(
        default=None, description="How long after an end a lead cannot come back by score."
    )
    fresh_evidence: f.Flag = Field(default=True, description="Only behaviour after the end counts then.")


class MarketingOwes(Part):
    mql: f.Leads | None = Field(default=None, description="MQLs delivered per period.")
    icp: Literal["required"] | None = Field(default=None, description="required: only those that meet the ICP count.")
    per: Literal["month", "quarter", "year"] = Field(default="month", description="The period of mql and at_most.")
    at_most: f.Leads | None = Field(default=None, description="More than this is over-delivery.")
    sourced_pipeline: f.AmountPer | None = Field(default=None, description="Pipeline that marketing sources.")
    accepts_shortfall: f.Flag = Field(
        default=False, description="true: both sides know that the plan needs more than is promised."
    )


class WithinAttempts(Part):
    needed = ("at_least", "within")
    at_least: f.Count = Field(default=1, description="Attempts.")
    within: f.AnyDuration | None = Field(default=None, description="Of acceptance.")


class SalesOwes(Part):
    first_touch: f.Share | None = Field(default=None, description="Share of first touches in time.")
    excused: Literal["left_out", "counted"] | None = Field(default=None, description="How excused breaches count.")
    worked: f.Share | None = Field(default=None, description="Share of delivered leads that are worked.")
    attempts: WithinAttempts | None = Field(default=None, description="Attempts on accepted leads without contact.")


class Commitments(Part):
    marketing: MarketingOwes = Field(default=MarketingOwes(), description="What marketing owes.")
    sales: SalesOwes = Field(default=SalesOwes(), description="What sales owes.")


class Targets(Part):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, f.Share] = Field(init=False)
    cycle_length: f.WallDuration | None = Field(default=None, description="From MQL to won.")


class Stakes(Part):
    marketing: f.Share | None = Field(
        default=None, description="Share of marketing's variable pay that rides on the number."
    )
    sales: f.Share | None = Field(default=None, description="Share of sales' variable pay that rides on the number.")


class Revenue(Part):
    needed = ("target", "period")
    target: f.Money | None = Field(default=None, description="The revenue both sides live by.")
    period: f.RevenuePeriod = Field(default="", description="A fiscal year, quarter or month.")
    average_deal: f.Money | None = Field(default=None, description="What a won deal brings.")
    from_marketing: f.Share | None = Field(default=None, description="The part that marketing's leads must bring.")
    number: f.NumberWord | None = Field(default=None, description="Which revenue counts.")
    stakes: Stakes = Field(default=Stakes(), description="What rides on it.")


class Plan(Part):
    needed = ("stages",)
    stages: list[f.Name] = Field(default=[], description="The chain from lead to deal.", min_length=2)


class Attribution(Part):
    sourced: f.SourcedWord | None = Field(default=None, description="What names the source of a deal.")
    influence_window: f.WallDuration | None = Field(
        default=None, description="How far back an activity influences a deal."
    )
    eligible: list[f.Text] = Field(default=[], description="Activities that source and influence.")
    sales_sources: list[f.Text] = Field(default=[], description="Values of source that are sales' own.")
    partner_sources: list[f.Text] = Field(default=[], description="Values of source that are partners'.")


class Review(Part):
    needed = ("held",)
    title: f.Text = Field(default="", description="What people read.")
    held: f.HeldAt | None = Field(default=None, description="When, in the contract's zone.")


class Reviews(Part):
    weekly: Review | None = Field(default=None, description="Every week.")
    monthly: Review | None = Field(default=None, description="Once a month.")
    quarterly: Review | None = Field(default=None, description="Four times a year.")


class Example(Part):
    needed = ("name", "at", "expect")
    name: f.Text = Field(default="", description="A sentence that says what is shown.")
    at: f.At | None = Field(default=None, description="The instant of judging.")
    given: dict[str, Any] = Field(default={}, description="Attributes of the lead.")
    did: list[dict[str, Any]] = Field(default=[], description="Activities: on, its properties, and at when not now.")
    expect: dict[str, Any] = Field(default={}, description="What must come out.", min_length=1)


class Document(Part):
    """A whole contract."""

    needed = ("handfast", "contract", "version", "effective_from", "parties", "definitions", "routing")
    handfast: Literal[1] = Field(default=1, description="The version of this format.")
    contract: f.Name = Field(default="", description="The contract's name.")
    version: f.Version = Field(default=1, description="Each amendment adds one.")
    effective_from: f.At | None = Field(
        default=None, description="Governs from here, or from the last signature if later."
    )
    zone: f.Text = Field(default="UTC", description="The zone in which periods are cut.")
    fiscal_year_starts: f.Month = Field(default="jan", description="The first month of the fiscal year.")
    currency: f.Currency = Field(default="USD", description="The currency of every amount.")
    parties: Parties = Field(default=Parties(), description="Who signs.")
    attributes: dict[f.Name, Property] = Field(default={}, description="Own attributes of leads.")
    activities: dict[f.Name, dict[f.Name, Property]] = Field(
        default={}, description="Own activities with their properties."
    )
    evidence: dict[f.Name, Property] = Field(default={}, description="What a rep records to make a lead an SQL.")
    calendars: Calendars = Field(default=Calendars(), description="Working hours.")
    lists: dict[f.Name, list[f.Text]] = Field(default={}, description="Named lists for conditions.")
    score: Score = Field(default=Score(), description="How leads are scored.")
    definitions: Definitions = Field(default=Definitions(), description="What qualified means.")
    routing: Routing = Field(default=Routing(), description="Who gets a lead.")
    pools: dict[f.Name, Pool] = Field(default={}, description="Groups of people who share leads.")
    clocks: Clocks = Field(default=Clocks(), description="The five promises in time.")
    reasons: dict[f.Name, Reason] = Field(default={}, description="Why a lead is declined, and what follows.")
    recycle: Recycle = Field(default=Recycle(), description="How a lead may come back.")
    commitments: Commitments = Field(default=Commitments(), description="What each side owes.")
    targets: Targets = Field(default=Targets(), description="Agreed rates between stages.")
    revenue: Revenue | None = Field(default=None, description="The number both sides live by.")
    plan: Plan = Field(default=Plan(), description="The chain the plan is computed along.")
    attribution: Attribution = Field(default=Attribution(), description="How pipeline and revenue are credited.")
    reviews: Reviews = Field(default=Reviews(), description="Standing meetings.")
    examples: list[Example] = Field(default=[], description="Worked examples that run as tests.")
