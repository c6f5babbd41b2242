"""What a contract speaks of, in the order in which a leader would ask: headings of explanations and differences."""

from __future__ import annotations

from enum import StrEnum


class Topic(StrEnum):
    """A heading."""

    AGREEMENT = "The agreement"
    DEFINITIONS = "What a good lead is"
    FIT = "Fit: what a lead is"
    BEHAVIOUR = "Behaviour: what a lead does"
    ROUTING = "Who gets a lead"
    CLOCKS = "How fast"
    REASONS = "What sales says when it declines"
    COMMITMENTS = "What each side owes"
    PLAN = "The number and the plan"
    ATTRIBUTION = "Who is credited"
    REVIEWS = "Reviews"
    CALENDARS = "Calendars and lists"
    RECORDS = "What is recorded"
    EXAMPLES = "Examples that hold"


_OF = {
    "definitions": Topic.DEFINITIONS,
    "score": Topic.BEHAVIOUR,
    "routing": Topic.ROUTING,
    "pools": Topic.ROUTING,
    "clocks": Topic.CLOCKS,
    "reasons": Topic.REASONS,
    "recycle": Topic.REASONS,
    "commitments": Topic.COMMITMENTS,
    "revenue": Topic.PLAN,
    "plan": Topic.PLAN,
    "targets": Topic.PLAN,
    "attribution": Topic.ATTRIBUTION,
    "reviews": Topic.REVIEWS,
    "calendars": Topic.CALENDARS,
    "lists": Topic.CALENDARS,
    "attributes": Topic.RECORDS,
    "activities": Topic.RECORDS,
    "evidence": Topic.RECORDS,
    "examples": Topic.EXAMPLES,
}


def topic_of(clause: str) -> Topic:
    """The heading under which a clause, given by its dotted path, is spoken of."""
    if clause.startswith("score.fit"):
        return Topic.FIT
    return _OF.get(clause.partition(".")[0].partition("[")[0], Topic.AGREEMENT)
