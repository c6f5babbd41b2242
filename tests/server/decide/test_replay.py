"""What the service decided follows from the facts that it stored, and from nothing else."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator

import pytest
from click.testing import CliRunner
from tests.support.examples import examples
from tests.support.service import Crew, Hands, came, named, new_lead, take_in

from handfast.facts import (
    AbsenceSet,
    Accepted,
    ActivityHappened,
    AttributesChanged,
    ClockPaused,
    DealOpened,
    DealWon,
    Disqualified,
    Fact,
    LeadsMerged,
    MemberRemoved,
    MemberSet,
    Reassigned,
    Rejected,
    RepSet,
    Returned,
    ShadowSet,
    TouchKind,
    TouchMade,
)
from handfast.instant import DAY, HOUR, MINUTE
from handfast_server.audit.models import Entry
from handfast_server.commands.verify import command
from handfast_server.decide.replay import verify
from handfast_server.decide.session import tell
from handfast_server.handoffs.models import Assignment, Clock, Cycle, LedgerEntry
from handfast_server.leads.models import Lead
from handfast_server.worker.run import run

pytestmark = pytest.mark.django_db


class Live:
    """A service that lives through a random time."""

    def __init__(self, crew: Crew, clock: Hands, seed: int) -> None:
        self.crew, self.clock, self.chance = crew, clock, random.Random(seed)
        self.leads: list[str] = []

    def live(self, acts: int) -> None:
        for _ in range(acts):
            self.chance.choice([self.come, self.come, self.work, self.work, self.act, self.change_team, self.wait])()
        run(once=True)

    def come(self) -> None:
        employees, country = self.chance.choice([10, 200, 5000]), self.chance.choice(["DE", "US"])
        self.leads.append(new_lead(asks=self.chance.random() < 0.8, employees=employees, country=country))

    def wait(self) -> None:
        self.clock.move(self.chance.choice([MINUTE, HOUR, 5 * HOUR, DAY, 4 * DAY]))
        if self.chance.random() < 0.7:
            run(once=True)

    def act(self) -> None:
        if self.leads:
            lead = self.chance.choice(self.leads)
            fact = self.chance.choice(
                [
                    named(ActivityHappened, lead=lead, kind="page_viewed", properties={"path": "/pricing"}),
                    named(ActivityHappened, lead=lead, kind="form_submitted", properties={"form": "demo"}),
                    named(AttributesChanged, lead=lead, attributes={"industry": "software", "employees": 300}),
                    named(LeadsMerged, lead=lead, absorbed=self.chance.choice(self.leads)),
                ]
            )
            if not isinstance(fact, LeadsMerged) or fact.absorbed != lead:
                take_in([fact])

    def work(self) -> None:
        owned = list(Cycle.objects.exclude(owner="").order_by("id").values_list("lead", "owner"))
        if owned:
            lead, owner = self.chance.choice(owned)
            tell(self.chance.choice(list(self._answers(lead, owner))))

    def _answers(self, lead: str, owner: str) -> Iterator[Fact]:
        who = {"lead": lead, "by": owner}
        yield named(Accepted, **who)
        yield named(Returned, **who, reason="misrouted")
        yield named(Rejected, **who, reason="wrong_industry")
        yield named(Rejected, **who, reason="junk_contact")
        yield named(TouchMade, **who, kind=TouchKind.ATTEMPT)
        yield named(TouchMade, **who, kind=TouchKind.CONTACT)
        yield named(Disqualified, **who, reason="no_budget")
        yield named(Reassigned, lead=lead, by=self.crew.manager, to="sam" if owner != "sam" else "lena")
        yield named(ClockPaused, **who, clock="first_touch", until=self.clock.move(0) + 3 * DAY, note="next week")
        deal = f"deal of {lead}"
        yield named(DealOpened, **who, deal=deal)
        yield named(DealWon, lead=lead, deal=deal)

    def change_team(self) -> None:
        rep, pool = self.chance.choice(["lena", "sam", "kim"]), self.chance.choice(self.crew.pools)
        at = self.clock.move(0)
        starts = at + self.chance.choice([-HOUR, HOUR, DAY])
        tell(
            self.chance.choice(
                [
                    named(RepSet, rep=rep, open_cap=self.chance.choice([None, 1, 3])),
                    named(RepSet, rep=rep, active=self.chance.random() < 0.7),
                    named(MemberSet, rep=rep, pool=pool, weight=self.chance.choice([0, 1, 3])),
                    named(MemberRemoved, rep=rep, pool=pool),
                    named(AbsenceSet, absence=f"{rep} {at}", rep=rep, starts=starts, ends=starts + 2 * DAY),
                    named(ShadowSet, on=self.chance.random() < 0.3),
                ]
            )
        )


@pytest.mark.parametrize("seed", range(examples(4)))
def test_random_lives_follow_from_their_facts(seed: int, clock: Hands, team: Crew) -> None:
    Live(team, clock, seed).live(80)
    found = verify()
    assert found.differences == ()
    assert found.compared > 100


def test_every_kind_of_row_that_was_changed_by_hand_is_named(clock: Hands, lead: Callable[..., str]) -> None:
    names = [lead() for _ in range(3)]
    assert verify().differences == ()
    Cycle.objects.filter(lead=names[0]).update(owner="somebody")
    Clock.objects.filter(cycle__lead=names[0], name="first_touch").update(due_at=1)
    Assignment.objects.filter(cycle__lead=names[1]).delete()
    LedgerEntry.objects.filter(cycle=Cycle.objects.get(lead=names[2]).id).update(rep="somebody")
    Lead.objects.filter(pk=names[2]).update(state="{}")
    found = {(each.table, each.column) for each in verify().differences}
    assert found == {
        ("handoffs_cycle", "owner"),
        ("handoffs_clock", "due_at"),
        ("handoffs_assignment", ""),
        ("handoffs_ledgerentry", "rep"),
        ("leads_lead", "state"),
    }


def test_a_batch_is_judged_as_one_after_the_other(clock: Hands, team: Crew) -> None:
    take_in([fact for number in range(50) for fact in came(f"many{number}", employees=number * 20)])
    assert verify().differences == ()


def test_the_command_names_what_differs_in_rows_and_in_the_audit_log(lead: Callable[..., str]) -> None:
    name = lead()
    whole = CliRunner().invoke(command)
    assert (whole.exit_code, whole.output.splitlines()[1:]) == (
        0,
        ["Every decision follows from the facts.", "The audit log is what was written."],
    )
    Entry.objects.filter(what="facts.RepSet").update(who="somebody")
    changed = CliRunner().invoke(command, ["--json"])
    told = json.loads(changed.output)
    assert (changed.exit_code, told["differences"], len(told["audit_log"])) == (1, [], 3)
    Cycle.objects.filter(lead=name).update(owner="somebody")
    said = CliRunner().invoke(command).output
    assert "handoffs_cycle" in said
    assert "is not what was written" in said
