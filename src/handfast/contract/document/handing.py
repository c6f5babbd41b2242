"""The shape of handing over: calendars, routing, pools, clocks, reasons."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import ConfigDict, Field, model_validator

from handfast.contract.document import field as f
from handfast.contract.document.part import Part


class Calendar(Part):
    """Working hours of one place."""

    zone: f.Text = Field(default="", description="IANA zone; the contract's when it is not given.")
    hours: dict[f.Days, f.DayHours] = Field(default={}, description="Working hours by day of the week.")
    holidays: f.Region | None = Field(default=None, description="Whose public holidays are closed.")
    exceptions: dict[f.Date, f.DayHours] = Field(default={}, description="Hours of single dates, or closed.")


class Calendars(Part):
    """The calendars by name, and which one is used where none is named."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[f.Name, Calendar] = Field(init=False)
    default: f.Name | None = Field(default=None, description="The calendar used where none is named.")


class Rule(Part):
    """A routing rule."""

    needed = ("to",)
    when: Any = Field(default=None, description="A condition on attributes, scores and band; the last rule has none.")
    to: f.Text = Field(default="", description="The pool.")


class Routing(Part):
    """Who gets a lead."""

    owner_first: f.Flag = Field(default=True, description="The owner of the matched account, if eligible.")
    to: f.Text | None = Field(default=None, description="The one pool, when there are no rules.")
    rules: list[Rule] | None = Field(default=None, description="The first that matches wins.", min_length=1)


class Nobody(Part):
    """What happens when nobody in a pool is eligible."""

    hold: f.AnyDuration | None = Field(default=None, description="How long to wait for someone.")
    then: f.Text = Field(default="manager", description="The pool that takes over, or manager.")


class Pool(Part):
    """People who share leads."""

    calendar: f.Text | None = Field(default=None, description="Whose hours the pool's clocks run in.")
    share: f.ShareWord | None = Field(default=None, description="How members share.")
    nobody: Nobody = Field(default_factory=Nobody, description="What happens when nobody is eligible.")
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
    """One escalation."""

    needed = ("at",)
    at: f.StepAt = Field(default=100, description="Share of the window.")
    to: list[f.Text] = Field(default=[], description="owner, manager, marketing, sales, or an e-mail address.")
    do: Literal["re_route"] | None = Field(default=None, description="re_route: give the lead to someone else.")


class Clock(Part):
    """A promise in time."""

    starts: f.Text = Field(default="", description="Fixed; may be written for readers.")
    stops: f.Text = Field(default="", description="Fixed; may be written for readers.")
    within: Within = Field(default_factory=Within, description="How long.")
    escalate: list[Step] = Field(default=[], description="Who hears of it, and when.")


class Clocks(Part):
    """The five clocks; their starts and stops are fixed."""

    first_touch: Clock = Field(
        default_factory=Clock, description="From qualified to the first touch by anyone of sales."
    )
    response: Clock = Field(default_factory=Clock, description="From assigned to the first touch by the owner.")
    decision: Clock = Field(default_factory=Clock, description="From assigned to accepted, rejected or contested.")
    working: Clock = Field(default_factory=Clock, description="From accepted to an outcome.")
    contest: Clock = Field(default_factory=Clock, description="From contested to settled.")


class ReasonNeeds(Part):
    """What must have been tried before."""

    needed = ("attempts", "spanning")
    attempts: f.Count = Field(default=1, description="Human attempts on the cycle.")
    spanning: f.AnyDuration | None = Field(default=None, description="First to last at least so far apart.")


class Reason(Part):
    """Why a lead is declined."""

    needed = ("verb",)
    title: f.Text = Field(default="", description="What people read.")
    verb: f.VerbWord | None = Field(default=None, description="return, reject, disqualify, or either of the last two.")
    kind: f.ReasonKindWord | None = Field(default=None, description="What it says is wrong.")
    clause: f.Text | None = Field(default=None, description="The clause that a definitional reason says is not met.")
    credit: f.Flag | None = Field(default=None, description="Whether a return gives the rep another lead.")
    needs: ReasonNeeds | None = Field(default=None, description="What must have been tried before.")
    then: f.Then | None = Field(default=None, description="What becomes of the lead.")


class Recycle(Part):
    """How a lead may come back."""

    cool_off: f.CoolOff | None = Field(
        default=None, description="How long after an end a lead cannot come back by score."
    )
    fresh_evidence: f.Flag = Field(default=True, description="Only behaviour after the end counts then.")
