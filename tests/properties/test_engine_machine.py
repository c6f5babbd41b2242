"""Random facts to a world: of all kinds, repeated, late, while the team and the contract change, and with crashes.

After every step a second, slow count of everything has to hold (tests/support/counting.py), a store that is killed
while it writes has to come to the same rows (tests/support/store.py), and in the end the same facts and ticks have to
give the same world again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from tests.support.counting import ENDED, Count
from tests.support.deals import deals_wrong
from tests.support.examples import examples
from tests.support.slow_score import Told
from tests.support.store import Store
from tests.support.story.read import case_of
from tests.support.story.tell import Teller, team_steps
from tests.support.story.terms import terms_of

from handfast import facts
from handfast.cycle.life import CycleEvent
from handfast.cycle.values import Cycle, Lead
from handfast.engine import Step, World, conservation
from handfast.facts import Fact
from handfast.instant import DAY, HOUR, MINUTE, SECOND, Instant, format_instant, parse_instant
from handfast.score.explain import explain_state

BEGIN = parse_instant("2027-06-10T08:30:00+02:00")
TEAM: dict[str, Any] = {
    "enterprise": {"manager": "max", "members": ["eva"]},
    "us": {"members": ["carl"]},
    "inbound": {"manager": "mia", "members": ["ana", {"ben": {"weight": 2, "open_cap": 3}}, {"cleo": {"day_cap": 2}}]},
    "owners": {"acme": "ben", "umbra": "kim"},
    "reps": {"kim": {"open_cap": 2}},
}
AMENDED = {
    "version": 2,
    "from": "2027-06-15T00:00:00+02:00",
    "terms": {
        "definitions.mql.when.total.at_least": 60,
        "pools.inbound.share": "evenly",
        "clocks.first_touch.within": "2 business hours",
        "reasons.junk": "absent",
    },
}
CASE = case_of({"case": "", "shows": [], "team": TEAM, "amended": [AMENDED], "story": []}, Path("machine"))
TERMS = terms_of(CASE)

NAMES = ("nora", "paul", "rosa", "tom", "uma", "vera", "will", "xena")
PICK = st.integers(0, len(NAMES) - 1)
MOSTLY = st.sampled_from((True, True, True, False))
POOLS = st.sampled_from(("inbound", "enterprise"))
DEALS = (facts.DealOpened, facts.DealOpened, facts.DealWon, facts.DealLost, facts.DealReopened)
REASONS = st.sampled_from(
    (
        *((facts.Returned, reason) for reason in ("misrouted", "too_busy", "junk")),
        *((facts.Rejected, reason) for reason in ("wrong_industry", "not_ideal", "not_ideal", "junk", "bad_timing")),
        *((facts.Disqualified, reason) for reason in ("unreachable", "competitor_won", "no_budget")),
    )
)
Values = dict[str, Any]
Did = tuple[str, dict[str, Any]]
REPS = st.sampled_from(("ana", "ben", "cleo", "eva", "carl", "kim"))
PEOPLE = st.sampled_from(("ana", "ben", "cleo", "eva", "kim", "mia", "max", "crm"))
CLOCKS = st.sampled_from(("first_touch", "response", "decision", "working", "contest"))
ATTRIBUTES = st.fixed_dictionaries(
    {},
    optional={
        "industry": st.sampled_from(("software", "farming", None)),
        "employees": st.sampled_from((10, 200, 5000)),
        "country": st.sampled_from(("DE", "US")),
        "email": st.sampled_from(("x@rival.example", "x@client.example")),
    },
)
GOOD = {"industry": "software", "employees": 200}
ACTS = st.sampled_from(
    (
        ("form_submitted", {"form": "demo"}),
        ("webinar_attended", {"name": "intro"}),
        ("page_viewed", {"path": "/pricing"}),
        ("page_viewed", {"path": "/careers"}),
        ("page_viewed", {"path": "/blog"}),
    )
)
WAITS = st.sampled_from((0, SECOND, 5 * MINUTE, 20 * MINUTE, HOUR, 4 * HOUR, DAY, 4 * DAY, 35 * DAY))
LATE = st.sampled_from((0, 0, 0, 10 * MINUTE, 5 * HOUR, 2 * DAY))
ACCOUNTS = st.sampled_from((None, None, "acme", "umbra"))
KILLED = st.none() | st.integers(0, 6)


def _delivered(world: World) -> int:
    return sum(1 for move in world.moves if move.event is CycleEvent.QUALIFIED)


class Machine(RuleBasedStateMachine):
    """A world that is told things, and everything that watches it."""

    def __init__(self) -> None:
        super().__init__()
        self.now: Instant = BEGIN
        self.world = World(TERMS, keep=True)
        self.store = Store(TERMS)
        self.acts: list[Callable[[World], list[Step]]] = []
        self.told: list[Fact] = []
        self.scores = Told()
        self.ended: dict[str, Cycle] = {}
        self.stored = 0
        self.killed: int | None = None
        self._count = 0

    # What happens.

    @initialize()
    def team(self) -> None:
        teller = Teller("Europe/Berlin", lambda _, clock: clock)
        at = BEGIN - DAY
        self._tell(facts.ContractInForce(id="v1", happened_at=at, recorded_at=at, version=1, digest="1"))
        for line in team_steps(TEAM, format_instant(at)):
            for fact in teller.facts(line):
                self._tell(fact)
        for name in NAMES[:6]:
            self._say(facts.LeadCreated, lead=name, attributes=GOOD, account="umbra" if name in NAMES[:4] else None)
        for name in NAMES[:4]:
            self._say(facts.ActivityHappened, lead=name, kind="webinar_attended", properties={"name": "intro"})

    def _do(self, act: Callable[[World], list[Step]]) -> None:
        self.acts.append(act)
        act(self.world)

    def _tell(self, fact: Fact) -> None:
        self.told.append(fact)
        self.scores.take(fact)
        self._do(lambda world: world.told(fact))

    def _say(self, fact: type[Fact], late: int = 0, /, **values: Any) -> None:
        self._count += 1
        self._tell(fact(id=f"f{self._count}", happened_at=self.now - late, recorded_at=self.now, **values))

    @rule(span=WAITS, look=st.booleans())
    def time_passes(self, span: int, look: bool) -> None:
        self.now += span
        if look:
            now = self.now
            self._do(lambda world: world.tick(now))

    @rule()
    def looks_when_something_is_due(self) -> None:
        due = self.world.next_due()
        if due is not None:
            now = self.now = max(self.now, due)
            self._do(lambda world: world.tick(now))

    @rule(killed=KILLED)
    def the_store_will_be_killed(self, killed: int | None) -> None:
        self.killed = killed

    def _lead(self, pick: int, *states: str) -> str:
        """A lead whose cycle is in one of these states, if there is one; now and then any lead at all."""
        cycles = ((name, lead.cycle) for name, lead in self.world.leads.items())
        fitting = sorted(name for name, cycle in cycles if cycle is not None and cycle.state in states)
        return fitting[pick % len(fitting)] if fitting and pick else NAMES[pick]

    @rule(
        pick=PICK,
        known=ATTRIBUTES,
        account=ACCOUNTS,
        what=ACTS,
        listed=st.booleans(),
    )
    def arrives(self, pick: int, known: Values, account: str | None, what: Did, listed: bool) -> None:
        self._say(facts.LeadCreated, lead=NAMES[pick], attributes=known, account=account, listed=listed)
        self._say(facts.ActivityHappened, lead=NAMES[pick], kind=what[0], properties=what[1])

    @rule(pick=PICK, known=ATTRIBUTES, account=ACCOUNTS, late=LATE)
    def becomes(self, pick: int, known: Values, account: str | None, late: int) -> None:
        lead = self._lead(pick, "open", "waiting", "opportunity")
        self._say(facts.AttributesChanged, late, lead=lead, attributes=known, account=account)

    @rule(pick=PICK)
    def is_synced_again(self, pick: int) -> None:
        """A nightly sync tells what is known already: nobody qualifies by that, whatever version governs by now."""
        lead = self.world.lead(NAMES[pick])
        if lead is None or lead.erased or (lead.due_at is not None and lead.due_at <= self.now):
            return
        self._say(facts.AttributesChanged, lead=lead.id, attributes=dict(lead.known))
        after = self.world.leads[lead.id].cycle
        assert (after and after.state) == (lead.cycle and lead.cycle.state)

    @rule(pick=PICK, did=ACTS, late=LATE, bot=st.sampled_from((False, False, False, True)))
    def acts_on(self, pick: int, did: Did, late: int, bot: bool) -> None:
        lead = NAMES[pick]
        self._say(facts.ActivityHappened, late, lead=lead, kind=did[0], properties=did[1], by_bot=bot)

    @rule(pick=PICK)
    def raises_a_hand(self, pick: int) -> None:
        self._say(facts.ActivityHappened, lead=NAMES[pick], kind="form_submitted", properties={"form": "demo"})

    @rule(pick=PICK, by=PEOPLE, owner=MOSTLY, kind=st.sampled_from(facts.TouchKind), human=MOSTLY, late=LATE)
    def is_touched(self, pick: int, by: str, owner: bool, kind: facts.TouchKind, human: bool, late: int) -> None:
        lead = self._lead(pick, "waiting", "waiting", "accepted")
        who = self._owner(lead, by) if owner else by
        self._say(facts.TouchMade, late, lead=lead, by=who, kind=kind, human=human)

    def _owner(self, lead: str, otherwise: str) -> str:
        known = self.world.lead(lead)
        owner = known.cycle.owner if known is not None and known.cycle is not None else None
        return otherwise if owner is None else owner.rep

    @rule(pick=PICK, by=PEOPLE, owner=MOSTLY, reason=REASONS)
    def is_declined(self, pick: int, by: str, owner: bool, reason: tuple[type[Fact], str]) -> None:
        kind, why = reason
        lead = self._lead(pick, *(("accepted", "sql") if kind is facts.Disqualified else ("waiting",)))
        date = {"revisit_on": self.now + 40 * DAY} if why == "bad_timing" else {}
        self._say(kind, lead=lead, by=self._owner(lead, by) if owner else by, reason=why, **date)

    @rule(pick=PICK, by=PEOPLE, owner=MOSTLY)
    def is_accepted(self, pick: int, by: str, owner: bool) -> None:
        lead = self._lead(pick, "waiting")
        self._say(facts.Accepted, lead=lead, by=self._owner(lead, by) if owner else by)

    @rule(pick=PICK, budget=MOSTLY)
    def is_qualified_by_sales(self, pick: int, budget: bool) -> None:
        lead = self._lead(pick, "accepted")
        evidence = {"budget": budget, "need": "Slow reports"}
        self._say(facts.SalesQualified, lead=lead, by=self._owner(lead, "ana"), evidence=evidence)

    @rule(pick=PICK, what=st.sampled_from((facts.ContestUpheld, facts.ContestOverturned, facts.ContestOverturned)))
    def is_settled(self, pick: int, what: type[Fact]) -> None:
        self._say(what, lead=self._lead(pick, "contested"), by="dana", note="because")

    @rule(pick=PICK, what=st.sampled_from(("release", "withdraw", "deny", "grant", "unsubscribe", "erase", "merge")))
    def marketing_does(self, pick: int, what: str) -> None:
        lead, other = self._lead(pick, "open", "waiting", "contested"), NAMES[pick]
        match what:
            case "release":
                self._say(facts.Released, lead=lead, by="dana")
            case "withdraw" if pick < 2:
                self._say(facts.AdminWithdrew, lead=lead, by="ada", note="a test")
            case "deny" | "grant" | "unsubscribe":
                purpose = facts.Purpose.MARKETING if what == "unsubscribe" else facts.Purpose.CONTACT
                late = 2 * DAY if pick % 2 else 0
                self._say(facts.ConsentChanged, late, lead=other, purpose=purpose, granted=what == "grant")
            case "erase" if not pick:
                self._say(facts.LeadErased, lead=NAMES[-1])
            case "merge":
                self._say(facts.LeadsMerged, lead=lead, absorbed=other)
            case _:
                pass

    @rule(pick=PICK, by=st.sampled_from(("mia", "mia", "crm", "ana")), to=st.none() | REPS)
    def is_reassigned(self, pick: int, by: str, to: str | None) -> None:
        lead = self._lead(pick, "waiting", "accepted", "sql", "opportunity")
        self._say(facts.Reassigned, lead=lead, by=by, to=to)

    @rule(pick=PICK, to=REPS, many=st.booleans())
    def is_moved(self, pick: int, to: str, many: bool) -> None:
        lead = self._lead(pick, "waiting")
        if many:
            cause, rep = facts.RerouteCause.BULK, self._owner(lead, to)
            self._say(facts.Rerouted, lead=lead, by="mia", cause=cause, rep=rep)
        else:
            self._say(facts.GivenBack, lead=lead, by="mia", to=to)

    @rule(pick=PICK, clock=CLOCKS, days=st.integers(1, 31))
    def is_paused(self, pick: int, clock: str, days: int) -> None:
        lead, until = self._lead(pick, "waiting", "accepted"), self.now + days * DAY
        self._say(facts.ClockPaused, lead=lead, by=self._owner(lead, "ana"), clock=clock, until=until, note="asked")

    @rule(pick=PICK, clock=CLOCKS)
    def is_resumed(self, pick: int, clock: str) -> None:
        lead = self._lead(pick, "waiting", "accepted")
        self._say(facts.ClockResumed, lead=lead, by=self._owner(lead, "ana"), clock=clock)

    @rule(pick=PICK, excused=st.booleans())
    def is_talked_about(self, pick: int, excused: bool) -> None:
        broken = [(name, each) for name, lead in sorted(self.world.leads.items()) for each in lead.breaches]
        lead, breach = broken[pick % len(broken)] if broken else (NAMES[pick], "none")
        if excused:
            self._say(facts.BreachExcused, lead=lead, by="mia", breach=breach, why="no line")
        else:
            self._say(facts.BreachCauseSet, lead=lead, by="mia", breach=breach, cause=facts.BreachCause.DATA)

    @rule(pick=PICK, deal=st.sampled_from(("d1", "d2", "d3")), kind=st.sampled_from(DEALS), by=PEOPLE)
    def has_a_deal(self, pick: int, deal: str, kind: type[Fact], by: str) -> None:
        opened = kind is facts.DealOpened
        lead = self._lead(pick, *(("open", "waiting", "accepted", "sql") if opened else ("opportunity",)))
        self._say(kind, lead=lead, deal=deal, **({"by": by} if opened else {}))

    @rule(pick=PICK, stage=st.sampled_from(facts.Stage), late=LATE, owner=REPS | st.just("gone"))
    def another_system_says(self, pick: int, stage: facts.Stage, late: int, owner: str) -> None:
        handoff = f"crm-{pick % 2}"
        self._say(facts.StageStamped, late, lead=NAMES[pick], handoff=handoff, stage=stage, owner=owner)

    @rule(pick=PICK, wait=WAITS, by=st.sampled_from(("crm", "mia", "ana")))
    def is_taken_over(self, pick: int, wait: int, by: str) -> None:
        leads = sorted(self.world.leads.items())
        there = [(name, each.id) for name, lead in leads for each in lead.elsewhere.values() if each.waits]
        lead, handoff = there[pick % len(there)] if there else (NAMES[pick], "none")
        self._say(facts.TakenOver, lead=lead, by=by, handoff=handoff, starts_at=self.now + wait)

    @rule(pick=PICK, act=ACTS)
    def is_judged_in_shadow(self, pick: int, act: Did) -> None:
        """Shadow mode for the length of one activity: nothing is delivered by it."""
        self._say(facts.ShadowSet, on=True)
        delivered = _delivered(self.world)
        self._say(facts.ActivityHappened, lead=NAMES[pick], kind=act[0], properties=act[1])
        assert _delivered(self.world) == delivered
        self._say(facts.ShadowSet, on=False)

    @rule(rep=REPS, active=MOSTLY)
    def a_rep_comes_or_goes(self, rep: str, active: bool) -> None:
        self._say(facts.RepSet, rep=rep, active=active, open_cap=3 if rep == "kim" else None)

    @rule(rep=REPS, pool=POOLS, weight=st.integers(0, 3), stays=MOSTLY)
    def a_roster_changes(self, rep: str, pool: str, weight: int, stays: bool) -> None:
        if stays:
            self._say(facts.MemberSet, rep=rep, pool=pool, weight=weight)
        else:
            self._say(facts.MemberRemoved, rep=rep, pool=pool)

    @rule(rep=REPS, begins=st.sampled_from((-HOUR, 0, HOUR, DAY)), lasts=st.sampled_from((0, HOUR, 3 * DAY)))
    def a_leave_changes(self, rep: str, begins: int, lasts: int) -> None:
        starts, name = self.now + begins, f"leave-{rep}"
        if lasts:
            self._say(facts.AbsenceSet, rep=rep, absence=name, starts=starts, ends=starts + lasts)
        else:
            self._say(facts.AbsenceCancelled, rep=rep, absence=name)

    @rule(manager=st.sampled_from(("mia", "mia", "ana")), owner=st.none() | REPS)
    def seats_change(self, manager: str, owner: str | None) -> None:
        self._say(facts.PoolManagerSet, pool="inbound", rep=manager)
        self._say(facts.AccountOwnerSet, account="acme", owner=owner)

    @rule()
    def a_version_takes_force(self) -> None:
        version = TERMS.in_force(self.now)
        assert version is not None
        self._say(facts.ContractInForce, version=version.number, digest=str(version.number))

    @rule(data=st.data(), later=st.sampled_from((0, HOUR)))
    def is_told_again(self, data: st.DataObject, later: int) -> None:
        """A repeat, an hour later or at once, of what was taken in: nothing happens."""
        self.now += later
        refused = self._refused()
        fact = data.draw(st.sampled_from([each for each in self.told if each.id not in refused]))
        effects, before = len(self.world.effects), dict(self.world.leads)
        now = self.now
        again = replace(fact, recorded_at=now)
        self._do(lambda world: world.told(again))
        assert len(self.world.effects) == effects
        assert self.world.leads == before

    def _refused(self) -> set[str]:
        refused = (effect.id for effect in self.world.effects if type(effect).__name__ == "Refused")
        return {each.removesuffix(":refused") for each in refused}

    # What has to hold after every step.

    @invariant()
    def the_second_count_agrees(self) -> None:
        count = Count(self.world.effects)
        wrong = list(count.wrong())
        assert wrong == [], wrong
        found, groups = conservation(self.world), count.groups()
        assert {name: getattr(found, name) for name in groups} == groups
        assert groups["delivered"] == sum(groups[name] for name in groups if name != "delivered")
        assert found.unaccounted == 0
        assert found.broken == ()
        for (pool, rep), balance in count.balances().items():
            assert self.world.team.rosters[pool].members[rep].balance == balance

    @invariant()
    def what_is_kept_is_what_was_said(self) -> None:
        """States and owners of leads are those of the effects; at most one cycle of a lead is open."""
        count = Count(self.world.effects)
        for cycle in self._cycles():
            assert count.states[cycle.id][-1] == cycle.state
        for lead in self.world.leads.values():
            assert lead.cycle is None or lead.cycle.state not in ENDED
            assert all(cycle.state in ENDED for cycle in lead.ended)

    def _cycles(self) -> list[Cycle]:
        leads = self.world.leads.values()
        return [cycle for lead in leads for cycle in (*lead.ended, lead.cycle) if cycle is not None]

    @invariant()
    def what_has_ended_never_changes(self) -> None:
        for lead in self.world.leads.values():
            for cycle in lead.ended:
                assert self.ended.setdefault(cycle.id, cycle) == cycle
        assert self.ended.keys() <= {cycle.id for cycle in self._cycles()}

    @invariant()
    def open_desks_are_counted(self) -> None:
        """What is on a rep's hands is what waits with them and what they accepted."""
        hands = dict.fromkeys(self.world.team.reps, 0)
        for cycle in self._cycles():
            if cycle.owner is not None and cycle.state in {"waiting", "accepted"}:
                hands[cycle.owner.rep] += 1
        assert {name: rep.open for name, rep in self.world.team.reps.items()} == hands

    @invariant()
    def explanations_add_up(self) -> None:
        for lead in self.world.leads.values():
            if lead.standing is not None and not lead.erased and lead.merged_into is None:
                self._explained(lead)

    def _explained(self, lead: Lead) -> None:
        standing = lead.standing
        assert standing is not None
        table = TERMS.of(standing.version).table
        said = explain_state(table, standing.values, standing.score, self.now)
        assert sum(line.value for line in said.lines) == said.scored.total
        assert said.scored.behaviour == 100 * self.scores.behaviour(lead.id, self.now)
        assert said.scored.fit == 100 * self.scores.fit(lead.known)
        if lead.id not in self.scores.joined:
            assert {name: lead.known.get(name) for name in ("industry", "employees")} == self.scores.known(lead.id)

    @invariant()
    def the_team_knows_the_deals_as_their_leads_do(self) -> None:
        assert list(deals_wrong(self.world)) == []

    @invariant()
    def a_killed_store_comes_to_the_same(self) -> None:
        for fact in self.world.facts[self.stored :]:
            self.store.tell(fact, killed_after=self.killed)
            self.killed = None
        self.stored = len(self.world.facts)
        assert self.store.team == self.world.team
        assert self.store.leads == self.world.leads

    def teardown(self) -> None:
        """The same facts and ticks from scratch give the same world, and the same rows."""
        again = World(TERMS, keep=True)
        for act in self.acts:
            act(again)
        assert again.effects == self.world.effects
        assert again.leads == self.world.leads
        assert again.team == self.world.team


TestEngine = Machine.TestCase
TestEngine.settings = settings(max_examples=examples(40), stateful_step_count=60, deadline=None)
