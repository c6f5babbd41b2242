"""What the made-up year tells: habits that a better contract helps, and three versions of one agreement.

The first has slow clocks. The second shortens them, reminds at half time and routes again. The third takes points from
the source that looks good on paper and that sales declines. One source, Mondays that flood a pool, and reps with
habits of their own are those of the simulated team (``handfast.simulate.plan``).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from handfast.instant import MINUTE
from handfast.simulate import Habits, TeamPlan, demo_texts, usual_plan

BEFORE = (364, 203, 51)
"""So many days before today each version takes effect; the simulated year of 365 days ends tonight."""

_LEADS = 1000
"""What is promised is stated for so many leads a year."""

_MQL, _REVENUE = 9.7, 125_000

_REPS = (
    Habits(name="Lena Vogt", median=18 * MINUTE, forgets=30, heeds=950, logs_late=30),
    Habits(name="Sam Oduya", median=60 * MINUTE, forgets=160, heeds=930, leave=((188, 15), (330, 5))),
    Habits(name="Alex Marin", median=80 * MINUTE, forgets=200, heeds=850, attempts=3, idle=0),
    Habits(name="Kim Sato", median=50 * MINUTE, home=False, forgets=120, heeds=950, leave=((215, 10),)),
    Habits(name="Jonas Meyer", median=170 * MINUTE, home=False, forgets=240, heeds=800, logs_late=120, attempts=4),
    Habits(
        name="Mina Rossi",
        median=45 * MINUTE,
        home=False,
        weight=2,
        forgets=100,
        heeds=950,
        leave=((90, 5), (230, 10)),
    ),
)


_COSTS = {
    "Organic Search": 20,
    "Paid Search": 55,
    "Paid Social": 38,
    "Content Syndication": 14,
    "Referrals": 30,
    "Email Marketing": 18,
    "Offline Sources": 140,
}
"""What a lead costs by where it comes from, in the contract's currency: the cheapest are not the best."""


def spent(leads: int, until: dt.date) -> str:
    """What was spent on the campaigns of each source in each of the twelve months up to a day, as a file.

    A month's is told on its first day; a source is stated to spend as much on each of its campaigns.
    """
    sources = usual_plan().sources
    every = sum(source.share for source in sources) * 12
    months = ((until.year * 12 + until.month - 1 - back) for back in reversed(range(12)))
    lines = [
        f"{month // 12:04}-{month % 12 + 1:02}-01,{source.name},{campaign},{amount}"
        for month in months
        for source in sources
        for campaign in source.campaigns
        if (amount := _COSTS[source.name] * leads * source.share // every // len(source.campaigns))
    ]
    return "\n".join(("day,source,campaign,amount", *lines, ""))


def plan() -> TeamPlan:
    """The usual market and a team that forgets more, and listens when it is reminded."""
    return replace(usual_plan(), reps=_REPS)


def texts(leads: int) -> tuple[str, ...]:
    """The texts of the three versions, with promises that fit so many leads; days are still those of the files."""
    first, second = (_promised(text, leads) for text in demo_texts())
    return first, second, amended(second, _THIRD)


_EVIDENCE = """
evidence:
  need: {type: text, title: What they want to solve}
  budget: {type: boolean, title: There is a budget}

definitions:
"""
_SQL = "  sql: {title: Sales-qualified lead, needs: [need, budget]}\n"

_FREE_MAIL = "      free_mail:       {"
_SYNDICATED = (
    "      syndicated:      {title: Bought from a syndicate, when: {source: Content Syndication}, points: -20}"
)
_THIRD = (
    ("its second version.", "its third version: Content Syndication counts for less."),
    ("version: 2\n", "version: 3\n"),
    (_FREE_MAIL, f"{_SYNDICATED}\n{_FREE_MAIL}"),
)


def _promised(text: str, leads: int) -> str:
    mql, revenue = (max(1, round(each * leads / _LEADS)) for each in (_MQL, _REVENUE))
    return amended(
        text,
        (
            ("{mql: 30,", f"{{mql: {mql},"),
            ("{target: 900000,", f"{{target: {round(revenue, -4) or revenue},"),
            ("attempts: {at_least: 6, within", "attempts: {at_least: 4, within"),
            ("needs: {attempts: 6, spanning: 10 business days}", "needs: {attempts: 4, spanning: 5 business days}"),
            ("\ndefinitions:\n", _EVIDENCE),
            ("means: the owner takes the lead on}\n", f"means: the owner takes the lead on}}\n{_SQL}"),
        ),
    )


def amended(text: str, changes: tuple[tuple[str, str], ...]) -> str:
    """A text with each change made once. Raises ValueError where a change finds nothing, or too much."""
    for old, new in changes:
        if len(re.findall(re.escape(old), text)) != 1:
            raise ValueError(f"{old!r} does not stand once in the contract of the demonstration.")
        text = text.replace(old, new)
    return text
