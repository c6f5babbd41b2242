"""What a simulated revenue team is like: its sources, its reps and their habits, the dirt of its CRM. Plain values."""

from __future__ import annotations

from dataclasses import dataclass

from handfast.instant import MINUTE, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where leads come from, and how good they truly are; chances are in thousandths.

    ``right``: is a good customer. ``claims``: of those who are not, how many say in the form that they are.
    ``asks``: asks for a demo. ``mailing``: so many times a usual day arrive on the Monday of a mailing, every fourth.
    ``home``: from the home market.
    """

    name: str
    share: int
    right: int
    claims: int
    asks: int
    mailing: int = 1
    home: int = 600
    campaigns: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How a rep works; chances are in thousandths.

    ``median``: working time until a new lead is looked at, when nothing else waits. ``forgets``: never looks unasked.
    ``heeds``: looks soon after a reminder. ``logs_late``: enters a call hours after making it. ``attempts``: gives up
    after so many. ``idle``: weekday on which leads are ignored, 0 is Monday.
    """

    name: str
    median: Span
    home: bool = True
    weight: int = 1
    forgets: int = 60
    heeds: int = 600
    logs_late: int = 60
    attempts: int = 6
    idle: int | None = None
    leave: tuple[tuple[int, int], ...] = ()  # (day of the simulated year, working from 0, days away)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dirt:
    """How dirty the CRM is; chances are in thousandths of leads, or of what they did."""

    twins: int = 30  # leads that are a second record of somebody known
    twins_merged: int = 400  # of those, found and merged within weeks
    twins_spelt: int = 400  # of those, the same address in another spelling
    missing: int = 70  # leads whose size and industry nobody filled in at first
    enriched: int = 600  # of those, filled in days later
    late_acts: int = 5  # activities that are learned hours after they happened
    opted_out: int = 4  # leads that want no contact any more
    unset: int = 40  # rows of the export with a drop-down on "Select"
    shouted: int = 60  # rows with the source in capitals
    twice: int = 5  # rows written twice
    cut: int = 2  # rows cut short


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamPlan:
    """A team and its market over ``days`` from ``first_day`` of the first contract, midnight in its zone."""

    sources: tuple[Source, ...]
    reps: tuple[Habits, ...]
    manager: str = "Omar Haddad"
    days: int = 365
    acts: int = 42  # things a lead does in a year, in the mean; what comes after the last day falls away
    leads_per_team: int = 8_000  # so many leads keep the reps busy; with more there are more of each kind
    visit: Span = 90 * MINUTE  # working time that preparing for a lead and calling it takes; half for each later call
    dirt: Dirt = Dirt()


def usual_plan() -> TeamPlan:
    """The team of ``handfast demo``: a source that looks good, Mondays that flood the home pool, and six reps."""
    return TeamPlan(sources=_SOURCES, reps=_REPS)


_SOURCES = (
    Source(name="Organic Search", share=270, right=400, claims=90, asks=25, campaigns=("", "blog")),
    Source(name="Paid Search", share=190, right=330, claims=110, asks=25, campaigns=("brand", "compare")),
    Source(name="Paid Social", share=170, right=110, claims=110, asks=20, campaigns=("spring", "retarget")),
    Source(name="Content Syndication", share=130, right=60, claims=640, asks=80, campaigns=("buyers-guide",)),
    Source(name="Referrals", share=70, right=620, claims=150, asks=90),
    Source(
        name="Email Marketing", share=130, right=520, claims=120, asks=230, mailing=45, home=900, campaigns=("weekly",)
    ),
    Source(name="Offline Sources", share=50, right=460, claims=120, asks=30, campaigns=("fair", "roadshow")),
)
_REPS = (
    Habits(name="Lena Vogt", median=18 * MINUTE, forgets=15, heeds=800, logs_late=40),
    Habits(name="Sam Oduya", median=70 * MINUTE, forgets=60, leave=((188, 15),)),
    Habits(name="Alex Marin", median=95 * MINUTE, forgets=90, heeds=450, attempts=3, idle=0),
    Habits(name="Kim Sato", median=55 * MINUTE, home=False, forgets=50, leave=((215, 10),)),
    Habits(name="Jonas Meyer", median=240 * MINUTE, home=False, forgets=140, heeds=400, logs_late=150, attempts=4),
    Habits(name="Mina Rossi", median=45 * MINUTE, home=False, weight=2, forgets=40, leave=((90, 5), (230, 10))),
)
