"""Nodes of the trace: what the evaluator saw and found, clause by clause."""

from __future__ import annotations

from functools import lru_cache

from handfast.condition import Trace as Weighing
from handfast.cycle.values import RunningClock, Standing
from handfast.engine.terms import Version
from handfast.instant import Instant, format_instant
from handfast.qualify import Band, Judgement, LeadThen, Weighed, weighed
from handfast.route.choice import Candidate, Choice, WhyNot
from handfast.route.opportunities import Opportunity
from handfast.route.rules import RuleTried
from handfast.score import Line, explain_state, points
from handfast.trace import Node, Topic

_instant = lru_cache(maxsize=1024)(format_instant)
"""An instant in words. A step decides at one: that of its score, of its choice, and of the start of its clocks."""


def score_node(version: Version, standing: Standing, band: Band, now: Instant) -> Node:
    """Every signal with its value; the lines add up to the total."""
    found = explain_state(version.table, standing.values, standing.score, now)
    return Node(
        topic=Topic.SCORE,
        asked="What is the score?",
        found=str(points(found.scored.total)),
        clause="score",
        values={
            "at": _instant(now, version.contract.zone),
            "version": version.number,
            "band": band.value,
            **{name: str(value) for name, value in found.scored.values().items()},
        },
        parts=tuple(_line(line) for line in found.lines),
    )


def _line(line: Line) -> Node:
    parts = () if line.why is None else (_weighing(line.why),)
    return Node(
        topic=Topic.SIGNAL,
        asked=line.title,
        found=str(points(line.value)),
        clause=line.clause,
        values={"count": line.count, "raw": str(points(line.raw))},
        parts=parts,
    )


def judgement_node(version: Version, seen: LeadThen, judgement: Judgement) -> Node:
    """The bar, the hand-raise and every disqualifier, with what was found of each."""
    found = "yes" if judgement.qualified else "no"
    if judgement.held_by and not judgement.qualified:
        found = f"no: held by {', '.join(judgement.held_by)}"
    return Node(
        topic=Topic.JUDGEMENT,
        asked="Is it qualified?",
        found=found,
        clause="definitions.mql",
        values={"version": version.number, "hand_raised": judgement.hand_raised, "bar": judgement.bar},
        parts=tuple(_clause(each) for each in weighed(version.contract, seen)),
    )


def _clause(each: Weighed) -> Node:
    found = "holds" if each.holds else "does not hold"
    if each.excepted:
        found = "holds, and gives way to the hand-raise"
    return Node(topic=Topic.CLAUSE, asked=each.clause, found=found, clause=each.clause, parts=(_weighing(each.why),))


def _weighing(why: Weighing) -> Node:
    found = "holds" if why.holds else "does not hold"
    if why.kind != "test":
        parts = tuple([_weighing(part) for part in why.parts])
        return Node(topic=Topic.CONDITION, asked=why.kind, found=found, parts=parts)
    wanted = why.list_name or why.operand
    shown = sorted(wanted) if isinstance(wanted, frozenset) else wanted
    values = {"name": why.name, "operator": str(why.operator), "operand": _plain(shown), "found": _plain(why.found)}
    return Node(topic=Topic.CONDITION, asked=f"{why.name} {why.operator} {shown}", found=found, values=values)


def _plain(value: object) -> object:
    if value is None or isinstance(value, _AS_IT_IS):
        return value
    return [_plain(each) for each in value] if isinstance(value, _SEVERAL) else str(value)


_AS_IT_IS, _SEVERAL = (str, int), (tuple, list)  # ``str | int`` would be made anew at each of a hundred calls


def choice_node(version: Version, choice: Choice) -> Node:
    """The rule, everybody who was looked at, why not each, levels before and after, the pool's number."""
    tried = () if choice.rule is None else tuple(_rule(each) for each in choice.rule.tried)
    return Node(
        topic=Topic.CHOICE,
        asked="Who gets it?",
        found=choice.rep or "nobody is eligible",
        clause="routing" if choice.rule is None else f"routing.rules[{choice.rule.rule}]",
        values={
            "at": _instant(choice.at, version.contract.zone),
            "way": choice.way.value,
            "pool": choice.pool,
            "sequence": choice.sequence,
            "counted": choice.counted,
            "despite": None if choice.despite is None else choice.despite.value,
            **({} if choice.opportunity is None else _opportunity(choice.opportunity)),
        },
        parts=(*tried, *(_candidate(each) for each in choice.looked_at)),
    )


def _opportunity(joined: Opportunity) -> dict[str, object]:
    return {"opportunity": joined.id, "opportunity_owner": joined.owner}


def _rule(tried: RuleTried) -> Node:
    parts = () if tried.why is None else (_weighing(tried.why),)
    found = f"to {tried.to}" if tried.matched else "does not match"
    clause = f"routing.rules[{tried.position}]"
    return Node(
        topic=Topic.RULE, asked=f"Rule {tried.position + 1}, to {tried.to}", found=found, clause=clause, parts=parts
    )


def _candidate(each: Candidate) -> Node:
    why_not, level, after = each.why_not, each.level, each.level_after
    before = None if level is None else str(level)
    return Node(
        topic=Topic.CANDIDATE,
        asked=each.rep,
        found="chosen" if why_not is None else _NOT_CHOSEN[why_not],
        values={
            "eligible": each.eligible,
            "why_not": None if why_not is None else str(why_not),
            "tier": None if each.tier is None else str(each.tier),
            "level_before": before,
            "level_after": before if after is level else str(after),
        },
    )


_NOT_CHOSEN = {why: f"not chosen: {why.value.replace('_', ' ')}" for why in WhyNot}


def clock_node(version: Version, clock: RunningClock) -> Node:
    """Why a clock is due when it is: window, calendar, from when."""
    zone = version.contract.calendars[clock.calendar].zone
    due = "stands still" if clock.due_at is None else _instant(clock.due_at, zone)
    return Node(
        topic=Topic.CLOCK,
        asked=f"When is {clock.name} due?",
        found=due,
        clause=f"clocks.{clock.name}",
        values={
            "clock": clock.id,
            "window": str(clock.window),
            "unit": clock.window.unit.value,
            "calendar": clock.calendar,
            "from": _instant(clock.started_at, zone),
            "version": version.number,
        },
        parts=tuple(
            Node(
                topic=Topic.STEP,
                asked=f"Step at {each.step.at}%",
                found=_instant(each.at, zone),
                values={"to": list(each.step.to), "re_route": each.step.re_route},
            )
            for each in clock.steps
        ),
    )
