"""Why this due time."""

from __future__ import annotations

from collections.abc import Mapping

from handfast.contract.english.promises import clock_name
from handfast.contract.english.values import sentence, spoken
from handfast.contract.model import ClockName
from handfast.contract.terms import DurationUnit
from handfast.cycle.values import ClockState, RunningClock
from handfast.history.english.said import Said, Wording
from handfast.instant import parse_instant
from handfast.trace import Node, Topic

_STANDS: Mapping[ClockState, str] = {
    ClockState.RUNNING: "it runs",
    ClockState.PAUSED: "it is paused",
    ClockState.SUSPENDED: "it is suspended while the rejection is contested",
    ClockState.STOPPED: "it was kept",
    ClockState.BREACHED: "it was broken, and nobody has answered since",
    ClockState.ANSWERED_LATE: "it was broken, and answered late",
    ClockState.CANCELLED: "it was cancelled before it was due",
    ClockState.MISSED: "it was never answered before sales ended the cycle",
}


def clock(wording: Wording, node: Node, now: RunningClock | None) -> Said:
    """Window, calendar, from when; what the clock has become; when its steps fall."""
    name = node.clause.removeprefix("clocks.")
    begins = _begins(wording, node)
    whose = f" of {now.rep}" if now is not None and now.rep else ""
    tense = "is" if now is not None and now.state is ClockState.RUNNING else "was"
    text = f"{called(name)}{whose} {tense} due on {wording.when(node.found)}: {node.values['window']} {begins}"
    text = f"{text}; {_moved(wording, node, now)}{_standing(wording, now)}" if now is not None else text
    steps = tuple(_step(wording, part) for part in node.parts if part.topic is Topic.STEP)
    return Said(text=sentence(text), clause=f"{node.clause}.within", parts=steps, values=node.values)


def _moved(wording: Wording, node: Node, now: RunningClock) -> str:
    """A clock that stood still went on with what was left."""
    if now.due_at is None or now.due_at == parse_instant(node.found):
        return ""
    return f"it stood still in between, which moved that to {wording.when(now.due_at)}; "


def called(name: str) -> str:
    """The name of a clock as the contract's English has it: ``first touch``."""
    return "working clock" if name == ClockName.WORKING else clock_name(ClockName(name)).lower()


def _begins(wording: Wording, node: Node) -> str:
    name = str(node.values["calendar"])
    start = parse_instant(str(node.values["from"]))
    if node.values["unit"] == DurationUnit.WALL.value:
        return f"around the clock from {wording.when(start)}"
    calendar = wording.version.calendars[name]
    opens = calendar.next_open(start)
    said = f"by the calendar {name} from {wording.when(start)}"
    return said if opens == start else f"{said}, outside its hours, so counted from {wording.when(opens)}"


def _standing(wording: Wording, now: RunningClock) -> str:
    if now.recorded_late and now.stopped_at is not None:
        return f"it was taken for broken, and had been answered in time, on {wording.when(now.stopped_at)}"
    said = _STANDS[now.state]
    if now.state is ClockState.STOPPED and now.stopped_at is not None:
        said += f", on {wording.when(now.stopped_at)}"
    if now.state is ClockState.PAUSED and now.paused_until is not None:
        said += f" until {wording.when(now.paused_until)}"
    if now.state is ClockState.ANSWERED_LATE and now.stopped_at is not None:
        said += f", on {wording.when(now.stopped_at)}"
    return said


def _step(wording: Wording, node: Node) -> Said:
    told = ", ".join(spoken(str(who)) for who in node.values["to"] or ()) or "nobody"  # type: ignore[attr-defined] # a list
    text = f"{node.asked.removeprefix('Step at ')} of it is on {wording.when(node.found)}: {told} to be told"
    text += ", and it is routed again" if node.values["re_route"] else ""
    return Said(text=text, values=node.values)
