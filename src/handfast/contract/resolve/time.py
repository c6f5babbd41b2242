"""Zones, instants, calendars and clocks of a contract."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handfast import zones
from handfast.contract import document as doc
from handfast.contract.builtin import CLOCK_EDGES, ESCALATE_TO, WAITING_CLOCKS
from handfast.contract.document.pattern import EMAIL_ADDRESS
from handfast.contract.document.reader import Moment
from handfast.contract.hours import Hours, overlap, overlap_on
from handfast.contract.model import CalendarTerms, Clock, ClockName, Step
from handfast.contract.phrase import shown
from handfast.contract.resolve.names import Ground
from handfast.contract.terms import WEEKDAYS, Duration, DurationUnit
from handfast.instant import HOUR, Instant, format_instant
from handfast.problem import Path, Severity, nearest

STANDARD = "standard"
"""The calendar of a contract that writes none."""

_ABBREVIATION = re.compile("[A-Z]{3,5}")  # CEST is no zone, and like EST only in spelling
_STANDARD_HOURS: Hours = ((9 * 60, 17 * 60),)
_SOMETIME = Duration(DurationUnit.WALL, HOUR, "1 hour")  # stands for a window that was refused


def zone(name: str, path: Path, ground: Ground) -> str:
    """A zone by its name; empty when there is none of that name."""
    if zones.known_zone(name):
        return name
    meant = "" if _ABBREVIATION.fullmatch(name) else zones.nearest_zone(name[:80])
    message = f"There is no time zone called {shown(name)}."
    allowed = "IANA names such as Europe/Berlin or America/New_York"
    ground.problems.add("unknown_zone", path, message, allowed=allowed, nearest=meant)
    return ""


def instant(moment: Moment | None, zone_names: Sequence[str], path: Path, ground: Ground) -> Instant:
    """The instant that was written, with a warning when no clock of these zones shows its offset then."""
    if moment is None:
        return 0
    if not zone_names:
        return moment.instant
    local = [format_instant(moment.instant, name) for name in zone_names]
    offsets = [dt.datetime.fromisoformat(text).utcoffset() for text in local]
    if dt.timedelta(seconds=moment.offset) not in offsets and not moment.text.endswith("Z"):
        message = f"No clock in {zone_names[0]} shows {moment.text}; the instant meant is {local[0]} there."
        ground.problems.add("other_offset", path, message, nearest=local[0], severity=Severity.WARNING)
    return moment.instant


def calendars(document: doc.Document, zone_name: str, ground: Ground) -> tuple[Mapping[str, CalendarTerms], str]:
    """The calendars by name, and the name of the default one."""
    written: Mapping[str, doc.Calendar] = document.calendars.model_extra or {}
    found = {name: _calendar(name, terms, zone_name, ground) for name, terms in written.items()}
    if not found:
        found = {STANDARD: _standard(zone_name)}
    return found, _default_calendar(document.calendars.default, tuple(found), ground)


def _default_calendar(named: str | None, names: tuple[str, ...], ground: Ground) -> str:
    path: Path = ("calendars", "default")
    if named is not None:
        ground.known("calendar", names, ("calendars",)).has(named, path, ground.problems)
    elif len(names) > 1 and not ground.cuts.within(path):
        message = "'default' is missing; with several calendars it must say which is used where none is named."
        ground.problems.add("missing", path, message, allowed=", ".join(names))
    return named or names[0]


def _standard(zone_name: str) -> CalendarTerms:
    week = tuple(_STANDARD_HOURS if day < 5 else () for day in range(7))
    return CalendarTerms(name=STANDARD, zone=zone_name, hours=week, exceptions={})


def _calendar(name: str, terms: doc.Calendar, zone_name: str, ground: Ground) -> CalendarTerms:
    path: Path = ("calendars", name)
    own_zone = (zone(terms.zone, (*path, "zone"), ground) if terms.zone else "") or zone_name
    region = terms.holidays or ""
    if region and not zones.known_region(region):
        message = f"No public holidays are known for {shown(region)}."
        ground.problems.add("unknown_region", (*path, "holidays"), message,
                            allowed="a country such as DE or US, or one of its parts such as DE-BE",
                            nearest=zones.nearest_region(region))  # fmt: skip
    week = _week(terms.hours, (*path, "hours"), ground)
    _check_exceptions(week, terms.exceptions, path, ground)
    return CalendarTerms(name=name, zone=own_zone, hours=week, holidays=region, exceptions=terms.exceptions)


def _week(written: Mapping[tuple[int, ...], Hours], path: Path, ground: Ground) -> tuple[Hours, ...]:
    """Monday to Sunday; a day given twice and hours that run into another day's are refused."""
    week: list[Hours] = [()] * 7
    given: dict[int, str] = {}
    twice = False
    for days, hours in written.items():
        key = days_text(days)
        for day in days:
            if given.setdefault(day, key) != key:
                twice = True
                message = f"The hours of {WEEKDAYS[day]} are given twice, here and under {given[day]}."
                ground.problems.add("day_twice", (*path, key), message)
            week[day] = hours
    clash = overlap(week)
    if clash is not None and not twice:
        first, second = (WEEKDAYS[day] for day in clash)
        ground.problems.add("overlap", path, f"The hours of {first} run past midnight into those of {second}.")
    return tuple(week)


def _check_exceptions(week: tuple[Hours, ...], exceptions: Mapping[dt.date, Hours], path: Path, ground: Ground) -> None:
    """The hours of a single date against those of the days around it, which may run past midnight."""
    if overlap(week) is not None or ground.cuts.within((*path, "hours")):
        return
    clash = overlap_on(lambda date: exceptions.get(date, week[date.weekday()]), exceptions)
    if clash is not None:
        first, second = clash
        here = second if second in exceptions else first
        message = f"The hours of {first} run past midnight into those of {second}."
        ground.problems.add("overlap", (*path, "exceptions", here.isoformat()), message)


def days_text(days: tuple[int, ...]) -> str:
    """The spelling of consecutive days of the week: ``mon-thu``."""
    first, last = WEEKDAYS[days[0]], WEEKDAYS[days[-1]]
    return first if len(days) == 1 else f"{first}-{last}"


def clocks(written: doc.Clocks, ground: Ground) -> Mapping[ClockName, Clock]:
    """The five clocks, with ``as CLOCK`` followed to the window it stands for."""
    windows = _Windows({name.value: getattr(written, name.value).within for name in ClockName}, ground)
    return {name: _clock(name, getattr(written, name.value), windows, ground) for name in ClockName}


def _clock(name: ClockName, clock: doc.Clock, windows: _Windows, ground: Ground) -> Clock:
    path: Path = ("clocks", name.value)
    starts, stops = CLOCK_EDGES[name]
    for key, fixed, found in (("starts", starts, clock.starts), ("stops", stops, clock.stops)):
        if found and found != fixed:
            message = f"{name} {key} when the lead is {fixed.replace('_', ' ')}; this is fixed, and not {shown(found)}."
            ground.problems.add("fixed", (*path, key), message, allowed=fixed)
    return Clock(
        name=name,
        starts=starts,
        stops=stops,
        within=windows.follow(name.value, raised=False),
        within_hand_raise=windows.follow(name.value, raised=True),
        escalate=tuple(_steps(name, clock.escalate, (*path, "escalate"), ground)),
    )


@dataclass(frozen=True, slots=True)
class _Windows:
    """The windows as written, each a duration or the name of the clock it is the same as."""

    written: Mapping[str, doc.Within]
    ground: Ground

    def follow(self, name: str, *, raised: bool) -> Duration:
        """Go from clock to clock until a duration stands there."""
        trail: list[str] = []
        while True:
            window = self._window(name, raised=raised)
            if isinstance(window, Duration):
                return window
            trail.append(name)
            if window not in self.written or window in trail:
                self._refuse(trail, window, raised=raised)
                return _SOMETIME
            name = window

    def _window(self, name: str, *, raised: bool) -> Duration | str:
        within = self.written[name]
        return within.hand_raise if raised and within.hand_raise is not None else within.otherwise

    def _refuse(self, trail: list[str], window: str, *, raised: bool) -> None:
        """Say what is wrong once: at the clock that names another, for the window that it is written for."""
        own = self.written[trail[0]].hand_raise
        if raised and not isinstance(own, str):
            return
        path: Path = (
            "clocks",
            trail[0],
            "within",
            *(() if own is None else ("hand_raise" if raised else "otherwise",)),
        )
        if window in trail:
            if window == trail[0] == min(trail):
                ring = ", as ".join([*trail, window])
                self.ground.problems.add("as_ring", path, f"No window is ever said: {ring}.")
        elif window and len(trail) == 1:
            self.ground.known("clock", self.written).has(window, path, self.ground.problems)


def _steps(name: ClockName, written: list[doc.Step], path: Path, ground: Ground) -> Iterator[Step]:
    seen: dict[int, int] = {}
    for index, step in enumerate(written):
        here = (*path, index)
        if seen.setdefault(step.at, index) != index:
            ground.problems.add("step_twice", (*here, "at"), f"There is a step at {step.at}% already; make them one.")
        _addressees(step, here, ground)
        if step.do is not None and name not in WAITING_CLOCKS:
            message = f"{name} runs when nobody can be given the lead instead; re_route does nothing here."
            ground.problems.add("re_route_idle", (*here, "do"), message, severity=Severity.WARNING)
        yield Step(at=step.at, to=tuple(step.to), re_route=step.do is not None)


def _addressees(step: doc.Step, path: Path, ground: Ground) -> None:
    if not step.to and step.do is None and not ground.cuts.within(path):
        ground.problems.add(
            "empty", path, "This step tells nobody and does nothing.", allowed="to: [manager], do: re_route"
        )
    ground.different(step.to, (*path, "to"))
    for index, word in enumerate(step.to):
        if word not in ESCALATE_TO and EMAIL_ADDRESS.match(word) is None:
            message = f"{shown(word)} is nobody who can be told."
            allowed = ", ".join(ESCALATE_TO) + ", or an e-mail address"
            ground.problems.add("unknown_addressee", (*path, "to", index), message, allowed=allowed,
                                nearest=nearest(word, ESCALATE_TO))  # fmt: skip
