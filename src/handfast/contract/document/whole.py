"""The shape of a whole contract file.

A document holds what was written with every phrase read; names are not yet looked up.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from handfast.contract.document import field as f
from handfast.contract.document.handing import Calendars, Clocks, Pool, Reason, Recycle, Routing
from handfast.contract.document.judging import Definitions, Property, Score
from handfast.contract.document.owed import Attribution, Commitments, Example, Parties, Plan, Revenue, Reviews, Targets
from handfast.contract.document.part import Part


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
    parties: Parties = Field(default_factory=Parties, description="Who signs.")
    attributes: dict[f.Name, Property] = Field(default={}, description="Own attributes of leads.")
    activities: dict[f.Name, dict[f.Name, Property]] = Field(
        default={}, description="Own activities with their properties."
    )
    evidence: dict[f.Name, Property] = Field(default={}, description="What a rep records to make a lead an SQL.")
    calendars: Calendars = Field(default_factory=Calendars, description="Working hours.")
    lists: dict[f.Name, list[f.Text]] = Field(default={}, description="Named lists for conditions.")
    score: Score = Field(default_factory=Score, description="How leads are scored.")
    definitions: Definitions = Field(default_factory=Definitions, description="What qualified means.")
    routing: Routing = Field(default_factory=Routing, description="Who gets a lead.")
    pools: dict[f.Name, Pool] = Field(default={}, description="Groups of people who share leads.")
    clocks: Clocks = Field(default_factory=Clocks, description="The five promises in time.")
    reasons: dict[f.Name, Reason] = Field(default={}, description="Why a lead is declined, and what follows.")
    recycle: Recycle = Field(default_factory=Recycle, description="How a lead may come back.")
    commitments: Commitments = Field(default_factory=Commitments, description="What each side owes.")
    targets: Targets = Field(default_factory=Targets, description="Agreed rates between stages.")
    revenue: Revenue | None = Field(default=None, description="The number both sides live by.")
    plan: Plan = Field(default_factory=Plan, description="The chain the plan is computed along.")
    attribution: Attribution = Field(default_factory=Attribution, description="How pipeline and revenue are credited.")
    reviews: Reviews = Field(default_factory=Reviews, description="Standing meetings.")
    examples: list[Example] = Field(default=[], description="Worked examples that run as tests.", max_length=1000)
