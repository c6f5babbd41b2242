"""Why this score, and why it qualified or did not."""

from __future__ import annotations

from decimal import Decimal

from handfast.contract.english.values import count, join_and, sentence, spoken
from handfast.cycle.values import Cycle
from handfast.history.english.said import Chapter, Said, Wording
from handfast.instant import Instant
from handfast.trace import Node, Topic


def score(wording: Wording, node: Node) -> Chapter:
    """Every signal with its points; they add up to the total."""
    values = node.values
    lines = [_line(wording, part) for part in node.parts]
    total = Said(
        text=f"the total on {wording.when(str(values['at']))}: fit {values['fit']}, behaviour {values['behaviour']}; "
        f"the band is {values['band']}",
        clause="score",
        points=node.found,
        values=values,
    )
    return Chapter("score", f"Why {_points(node.found)}", (*lines, total))


def _points(text: str) -> str:
    return f"{text} {'point' if Decimal(text) == 1 else 'points'}"


def _line(wording: Wording, node: Node) -> Said:
    found = f"{Decimal(node.found):+f}" if Decimal(node.found) else "0"
    return Said(
        text=f"{node.asked}: {_matched(wording, node)}" if node.clause.count(".") > 2 else node.asked.lower(),
        clause=node.clause,
        points=found,
        values=node.values,
    )


def _matched(wording: Wording, node: Node) -> str:
    if node.parts:
        return "; ".join(wording.found(part) for part in node.parts)
    times, raw = node.values["count"], str(node.values["raw"])
    if not times:
        return "never"
    done = count(int(str(times)), "time")
    return done if raw == node.found else f"{done}, {_points(raw)} before age and number told"


def judgement(wording: Wording, node: Node, cycle: Cycle | None, cool_until: Instant | None) -> Chapter:
    """The bar, the hand-raise and every disqualifier."""
    parts = tuple(_clause(wording, part) for part in node.parts if part.topic is Topic.CLAUSE)
    if cycle is not None and cycle.qualified_at is not None:
        return Chapter("judgement", "Why it qualified", (_delivered(wording, node, cycle), *parts))
    held = node.found.startswith("no: held by")
    title = "Why it is held" if held else "Why it has not qualified"
    cools = "" if cool_until is None else f"it cools off until {wording.when(cool_until)}"
    return Chapter("judgement", title, (_kept_out(node, cools, held=held), *parts))


def _delivered(wording: Wording, node: Node, cycle: Cycle) -> Said:
    how = "a hand was raised" if cycle.hand_raised and node.values.get("hand_raised") else "the bar was met"
    at = "" if cycle.qualified_at is None else wording.when(cycle.qualified_at)
    text = f"it qualified on {at}, because {how}, and nothing kept it out"
    if cycle.taken_over is not None:
        text = f"it was handed to sales on {at} in another system, and taken over from there as {cycle.taken_over}"
    if cycle.raised_at is not None and cycle.raised_at != cycle.qualified_at:
        text += f"; what tipped it happened on {wording.when(cycle.raised_at)}"
    return Said(text=sentence(text), clause=node.clause, values=node.values)


def _kept_out(node: Node, cools: str, *, held: bool) -> Said:
    if held:
        keeping = [spoken(name) for name in node.found.removeprefix("no: held by ").split(", ")]
        text = f"it would qualify, and is kept out by {join_and(keeping)}: counted, so that it is not lost silently"
    elif node.found == "yes":
        text = f"the bar is met, and {cools or 'it qualifies when it next acts'}"
    else:
        text = f"the bar is not met, and no hand is raised{f'; {cools}' if cools else ''}"
    return Said(text=sentence(text), clause=node.clause, values=node.values)


def _clause(wording: Wording, node: Node) -> Said:
    found = "; ".join(wording.found(part) for part in node.parts)
    outcome = sentence(f"it {node.found}{f': {found}' if found else ''}")
    return Said(text=f"{wording.clause(node.clause)} {outcome}".strip(), clause=node.clause)
