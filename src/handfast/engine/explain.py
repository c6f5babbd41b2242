"""What the evaluator saw and found in words, clause by clause: the one place that has them."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from handfast.condition import Trace as Weighing
from handfast.contract.model import Contract
from handfast.engine.seen import CandidateSeen, ChoiceSeen, ClockSeen, ContradictionSeen, JudgementSeen, ScoreSeen, Seen
from handfast.engine.terms import Terms, Version
from handfast.instant import format_instant
from handfast.qualify import Weighed, weighed
from handfast.route.choice import ELIGIBLE, WhyNot
from handfast.route.rules import Routed, RuleTried, routed
from handfast.score import Line, explain_tally, points
from handfast.trace import Node, Topic

_instant = lru_cache(maxsize=1024)(format_instant)
"""An instant in words. A step decides at one: that of its score, of its choice, and of the start of its clocks."""


def node_of(seen: Seen, terms: Terms) -> Node:
    """What was seen under a version, in words. Raises KeyError for a version that ``terms`` does not have."""
    return _NODES[type(seen)](terms.of(seen.version), seen)


def _score(version: Version, seen: ScoreSeen) -> Node:
    """Every signal with its value; the lines add up to the total."""
    found = explain_tally(version.table, seen.values, seen.tally, seen.at)
    return Node(
        topic=Topic.SCORE,
        asked="What is the score?",
        found=str(points(found.scored.total)),
        clause="score",
        values={
            "at": _instant(seen.at, version.contract.zone),
            "version": version.number,
            "band": seen.band.value,
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


def _judgement(version: Version, seen: JudgementSeen) -> Node:
    """The bar, the hand-raise and every disqualifier, with what was found of each."""
    judgement = seen.judgement
    found = "yes" if judgement.qualified else "no"
    if judgement.held_by and not judgement.qualified:
        found = f"no: held by {', '.join(judgement.held_by)}"
    return Node(
        topic=Topic.JUDGEMENT,
        asked="Is it qualified?",
        found=found,
        clause="definitions.mql",
        values={"version": version.number, "hand_raised": judgement.hand_raised, "bar": judgement.bar},
        parts=tuple(_clause(each) for each in weighed(version.contract, seen.lead)),
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


def _choice(version: Version, seen: ChoiceSeen) -> Node:
    """The rule, everybody who was looked at, why not each, levels before and after, the pool's number."""
    rule = _ruled(version.contract, seen)
    return Node(
        topic=Topic.CHOICE,
        asked="Who gets it?",
        found=seen.rep or "nobody is eligible",
        clause="routing" if rule is None else f"routing.rules[{rule.rule}]",
        values={
            "at": _instant(seen.at, version.contract.zone),
            "way": seen.way.value,
            "pool": seen.pool,
            "sequence": seen.sequence,
            "counted": seen.counted,
            "despite": None if seen.despite is None else seen.despite.value,
            **({} if seen.opportunity is None else _opportunity(seen)),
        },
        parts=(*(() if rule is None else map(_rule, rule.tried)), *map(_candidate, seen.candidates)),
    )


def _ruled(contract: Contract, seen: ChoiceSeen) -> Routed | None:
    return None if seen.values is None else routed(contract, seen.values)


def _opportunity(seen: ChoiceSeen) -> dict[str, object]:
    return {"opportunity": seen.opportunity, "opportunity_owner": seen.opportunity_owner}


def _rule(tried: RuleTried) -> Node:
    parts = () if tried.why is None else (_weighing(tried.why),)
    found = f"to {tried.to}" if tried.matched else "does not match"
    clause = f"routing.rules[{tried.position}]"
    return Node(
        topic=Topic.RULE, asked=f"Rule {tried.position + 1}, to {tried.to}", found=found, clause=clause, parts=parts
    )


def _candidate(each: CandidateSeen) -> Node:
    why_not = each.why_not
    return Node(
        topic=Topic.CANDIDATE,
        asked=each.rep,
        found="chosen" if why_not is None else _NOT_CHOSEN[why_not],
        values={
            "eligible": why_not in ELIGIBLE,
            "why_not": None if why_not is None else str(why_not),
            "tier": None if each.tier is None else str(each.tier),
            "level_before": each.level,
            "level_after": each.level if each.after is None else each.after,
        },
    )


_NOT_CHOSEN = {why: f"not chosen: {why.value.replace('_', ' ')}" for why in WhyNot}


def _clock(version: Version, seen: ClockSeen) -> Node:
    """Why a clock is due when it is: window, calendar, from when."""
    zone = version.contract.calendars[seen.calendar].zone
    return Node(
        topic=Topic.CLOCK,
        asked=f"When is {seen.name} due?",
        found="stands still" if seen.due_at is None else _instant(seen.due_at, zone),
        clause=f"clocks.{seen.name}",
        values={
            "clock": seen.id,
            "window": seen.window,
            "unit": seen.unit.value,
            "calendar": seen.calendar,
            "from": _instant(seen.started_at, zone),
            "version": version.number,
        },
        parts=tuple(
            Node(
                topic=Topic.STEP,
                asked=f"Step at {each.percent}%",
                found=_instant(each.at, zone),
                values={"to": list(each.to), "re_route": each.re_route},
            )
            for each in seen.steps
        ),
    )


def _contradiction(_: Version, seen: ContradictionSeen) -> Node:
    """Whether what is known of the lead contradicts a reason."""
    said = "the data contradict it" if seen.found else "the data agree, or do not say"
    return Node(topic=Topic.CONTRADICTION, asked=f"Is {seen.reason} contradicted?", found=said, clause=seen.clause)


_NODES: dict[type, Callable[[Version, Any], Node]] = {
    ScoreSeen: _score,
    JudgementSeen: _judgement,
    ChoiceSeen: _choice,
    ClockSeen: _clock,
    ContradictionSeen: _contradiction,
}
