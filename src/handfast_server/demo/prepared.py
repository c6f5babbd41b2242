"""A demonstration from nothing: the year, the day, the first snapshot, and the quarters that are closed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from handfast.cli.progress import Step, steps
from handfast.contract.model import Contract, PartyName
from handfast.contract.terms import Per
from handfast.instant import DAY, SECOND
from handfast.measure.period import period_of
from handfast.measure.question import Stream
from handfast.measure.value import Period
from handfast_server.access import of_user
from handfast_server.accounts.models import User
from handfast_server.demo import story
from handfast_server.demo.cast import CAST
from handfast_server.demo.load import load
from handfast_server.demo.today import today
from handfast_server.now import now
from handfast_server.operate.say import Say
from handfast_server.scoreboard import boards, closed, signing, update
from handfast_server.scoreboard.spend import do_state_spend

_SIDES = {"marketing": PartyName.MARKETING, "sales": PartyName.SALES}
_AFTER = 5 * DAY
"""A quarter is closed so long after its end; what is entered later is an adjustment."""


def prepare(leads: int, say: Say, told: Step | None = None) -> None:
    """Make it, unless it is there already; on a terminal with a bar that says how far it is, else as it is told."""
    with steps(enabled=told is None) as shown:
        step = told or shown
        if not load(leads, say, step):
            return
        step("Telling what happened today")
        today(say)
        _state_spend(leads)
        step("Measuring it")
        if update.rebuild():
            close_quarters()


def _state_spend(leads: int) -> None:
    contract = boards.version_at(now()).contract
    until = dt.datetime.fromtimestamp(now() // SECOND, ZoneInfo(contract.zone)).date()
    by = of_user(User.objects.get(email=CAST[1].email)).id
    do_state_spend(story.spent(leads, until), contract.currency, by)


def close_quarters() -> None:
    """Close every quarter that was lived from its beginning and is over; of the last one, sales is still to sign."""
    leaders = {member.key: User.objects.get(email=member.email) for member in CAST if member.key in _SIDES}
    quarters = _quarters()
    for quarter in quarters:
        asked = boards.Asked(period=quarter, stream=Stream.LIVE, as_of=quarter.last + _AFTER)
        statement, _fresh = closed.do_close(boards.shown(asked), quarter, leaders["marketing"].email)
        for key, party in _SIDES.items():
            if key == "marketing" or quarter != quarters[-1]:
                signing.do_countersign(statement.period, leaders[key], party, statement.digest)


def _quarters() -> list[Period]:
    at = now()
    history = boards.signed_history()
    contract, begun = boards.version_at(at).contract, history.versions[0].in_force_from
    found: list[Period] = []
    quarter = _before(period_of(at, Per.QUARTER, contract), contract)
    while quarter.first >= begun:
        if quarter.last + _AFTER < at:
            found.insert(0, quarter)
        quarter = _before(quarter, contract)
    return found


def _before(period: Period, contract: Contract) -> Period:
    return period_of(period.first - 1, Per.QUARTER, contract)
