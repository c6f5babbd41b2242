"""The shape of what is judged: attributes, score, definitions."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from handfast.contract.document import field as f
from handfast.contract.document.part import Part


class Property(Part):
    """The type of an attribute, a property or a piece of evidence; a bare word stands for ``type``."""

    type: f.Kind | None = Field(default=None, description="How values compare; not needed when one_of is given.")
    one_of: list[f.Text] | None = Field(
        default=None, description="The words that may be given.", min_length=1, max_length=500
    )
    title: f.Text = Field(default="", description="What people read.")

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, raw: Any) -> Any:
        return {"type": raw} if isinstance(raw, str) else raw


class FitSignal(Part):
    """Points for what a lead is."""

    needed = ("when", "points")
    title: f.Text = Field(default="", description="What people read.")
    when: Any = Field(default=None, description="A condition on attributes.")
    points: f.Points = Field(default=0, description="Added once when the condition holds.")


class BehaviourSignal(Part):
    """Points for what a lead did."""

    needed = ("on", "points")
    title: f.Text = Field(default="", description="What people read.")
    on: f.Text = Field(default="", description="The activity that scores.")
    when: Any = Field(default=None, description="A condition on the activity's properties.")
    points: f.Points = Field(default=0, description="For each activity that counts.")
    most_recent: f.Recent | None = Field(default=None, description="Only the latest so many count.")
    expires: f.WallDuration | None = Field(default=None, description="After this age an activity counts no more.")
    fades: f.Fades | None = Field(default=None, description="What an activity loses with age.")


class FitGroup(Part):
    """What a lead is."""

    at_most: f.Points | None = Field(default=None, description="The group never counts more.")
    at_least: f.Points | None = Field(default=None, description="The group never counts less.")
    signals: dict[f.Name, FitSignal] = Field(default={}, description="What a lead is.")


class BehaviourGroup(Part):
    """What a lead did."""

    at_most: f.Points | None = Field(default=None, description="The group never counts more.")
    at_least: f.Points | None = Field(default=None, description="The group never counts less.")
    signals: dict[f.Name, BehaviourSignal] = Field(default={}, description="What a lead did.")


class Bands(Part):
    """Where the total lies."""

    warm: f.Points | None = Field(default=None, description="From this total a lead is warm; below, nurture.")


class Score(Part):
    """How leads are scored."""

    fit: FitGroup = Field(default_factory=FitGroup, description="Points for what a lead is.")
    behaviour: BehaviourGroup = Field(default_factory=BehaviourGroup, description="Points for what a lead did.")
    bands: Bands = Field(default_factory=Bands, description="Where the total lies.")


class Icp(Part):
    """The ideal customer."""

    needed = ("when",)
    title: f.Text = Field(default="", description="What people read.")
    when: Any = Field(default=None, description="A condition on attributes and scores.")
    reference: f.Text = Field(default="", description="Where this was agreed.")
    reviewed_on: f.Date | None = Field(default=None, description="When it was last looked at.")


class HandRaise(Part):
    """What qualifies at once."""

    needed = ("on",)
    on: f.Text = Field(default="", description="The activity that qualifies at once.")
    when: Any = Field(default=None, description="A condition on its properties, on attributes and on scores.")


class Unless(Part):
    """What keeps a lead out whatever its score."""

    needed = ("when",)
    title: f.Text = Field(default="", description="What people read.")
    when: Any = Field(default=None, description="A condition on attributes and scores.")
    except_: Literal["hand_raise"] | None = Field(
        default=None, alias="except", description="hand_raise: a hand-raise not older than the fact outweighs it."
    )


class Mql(Part):
    """When a lead is marketing-qualified."""

    needed = ("when",)
    title: f.Text = Field(default="", description="What people read.")
    when: Any = Field(default=None, description="The MQL bar: a condition on attributes and scores.")
    hand_raise: HandRaise | None = Field(default=None, description="What qualifies at once.")
    unless: dict[f.Name, Unless] = Field(default={}, description="What keeps a lead out whatever its score.")
    reference: f.Text = Field(default="", description="Where this was agreed.")
    reviewed_on: f.Date | None = Field(default=None, description="When it was last looked at.")


class Sal(Part):
    """What accepting a lead means."""

    title: f.Text = Field(default="", description="What people read.")
    means: f.Text = Field(default="", description="What accepting a lead means.")


class Sql(Part):
    """What makes a lead sales-qualified."""

    title: f.Text = Field(default="", description="What people read.")
    needs: list[f.Name] = Field(default=[], description="Evidence that a rep records.")


class Definitions(Part):
    """What qualified means."""

    needed = ("mql",)
    icp: Icp | None = Field(default=None, description="The ideal customer.")
    mql: Mql = Field(default_factory=Mql, description="Marketing-qualified.")
    sal: Sal = Field(default_factory=Sal, description="Sales-accepted.")
    sql: Sql = Field(default_factory=Sql, description="Sales-qualified.")
