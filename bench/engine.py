"""The evaluator: steps a second in a typical mix, where nine facts in ten are activities; growth by doubling leads.

Every lead looks around, is scored and judged at each look; one in four gets to sales, is routed, clocked, touched,
decided. Facts are told to a world as they were recorded, with the clock looked at once an hour.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from timing import Figure, race, ratio, report

from handfast.contract.load import load
from handfast.cycle.life import CycleEvent
from handfast.engine import Terms, World, conservation
from handfast.facts import (
    Accepted,
    ActivityHappened,
    Disqualified,
    Fact,
    LeadCreated,
    MemberSet,
    PoolManagerSet,
    RepSet,
    SalesQualified,
    TouchKind,
    TouchMade,
)
from handfast.instant import DAY, HOUR, MINUTE, Instant, parse_instant

CONTRACT = (Path(__file__).resolve().parent.parent / "examples/acme-inbound.yaml").read_bytes()
BEGIN = parse_instant("2027-01-04T08:00:00+01:00")
SPAN, LOOKS, REPS = 60 * DAY, 36, 20
PAGES = ("/pricing", "/pricing/teams", "/docs", "/careers", "/blog/one", "/blog/two")


def team() -> Iterator[Fact]:
    for pool in ("enterprise", "dach", "inbound"):
        for place in range(REPS):
            yield MemberSet(
                id=f"{pool}{place}", happened_at=BEGIN, recorded_at=BEGIN, pool=pool, rep=f"rep{place}", weight=1
            )
        yield PoolManagerSet(id=f"{pool} manager", happened_at=BEGIN, recorded_at=BEGIN, pool=pool, rep="boss")


def looks(chance: random.Random, lead: str) -> Iterator[Fact]:
    born = BEGIN + chance.randrange(SPAN)
    known = {
        "email": f"{lead}@firm{chance.randrange(500)}.example",
        "industry": chance.choice(("software", "fintech", "retail")),
        "employees": chance.choice((20, 200, 800, 3000)),
        "country": chance.choice(("DE", "AT", "US")),
        "title": chance.choice(("Head of Sales", "Clerk", "VP")),
    }
    yield LeadCreated(id=f"{lead} is new", happened_at=born, recorded_at=born, lead=lead, attributes=known)
    at = born
    for number in range(LOOKS):
        at += chance.randrange(HOUR, 2 * DAY)
        asks = number == LOOKS // 2 and chance.random() < 0.25
        kind = "form_submitted" if asks else "page_viewed"
        properties = {"form": "demo"} if asks else {"path": chance.choice(PAGES)}
        yield ActivityHappened(
            id=f"{lead} does {number}", happened_at=at, recorded_at=at, lead=lead, kind=kind, properties=properties
        )


def facts(leads: int) -> list[Fact]:
    chance = random.Random(7)
    told = [fact for number in range(leads) for fact in looks(chance, f"lead{number}")]
    return sorted(told, key=lambda fact: fact.recorded_at)


def answers(world: World, lead: str, now: Instant, number: int) -> Iterator[Fact]:
    """What the owner of a waiting handoff does about it."""
    cycle = world.leads[lead].cycle
    if cycle is None or cycle.owner is None:
        return
    rep, name = cycle.owner.rep, f"answer {number} to {lead}"

    def made(kind: type[Fact], what: str, /, **values: object) -> Fact:
        stamp = {"happened_at": now, "recorded_at": now, "lead": lead, "by": rep}
        return kind(id=f"{name}: {what}", **{**stamp, **values})  # type: ignore[arg-type] # the fields of that kind

    yield made(TouchMade, "touch", kind=TouchKind.ATTEMPT)
    yield made(Accepted, "yes")
    yield made(TouchMade, "talk", kind=TouchKind.CONTACT)
    if number % 2:
        yield made(SalesQualified, "sql", evidence={"budget": True, "need": "more", "timeline": "2027-06-01"})
    else:
        yield made(Disqualified, "no", reason="no_budget")


def lived(terms: Terms, told: list[Fact]) -> tuple[World, int]:
    """A world that was told everything, and how many steps that took."""
    world, steps, hour, moved = World(terms), 0, BEGIN, 0
    for fact in team():
        world.tell(fact)
    for fact in told:
        while hour < fact.recorded_at:
            steps += len(world.tick(hour))
            hour += HOUR
        world.tell(fact)
        steps += 1
        for move in world.moves[moved:]:
            if move.event is CycleEvent.QUALIFIED:
                for answer in answers(world, move.lead, fact.recorded_at + MINUTE, moved):
                    world.tell(answer)
                    steps += 1
        moved = len(world.moves)
    return world, steps


def asking(lead: str, at: Instant) -> Iterator[Fact]:
    """A lead who asks for a demo at once."""
    known = {"email": f"{lead}@firm.example", "industry": "software", "employees": 200, "country": "DE"}
    stamp = {"happened_at": at, "recorded_at": at, "lead": lead}
    yield LeadCreated(id=f"{lead} is new", attributes=known, **stamp)  # type: ignore[arg-type] # the fields of every fact
    yield ActivityHappened(id=f"{lead} asks", kind="form_submitted", properties={"form": "demo"}, **stamp)  # type: ignore[arg-type] # as above


def holding(terms: Terms, leads: int) -> World:
    """A world in which nobody can take any of them."""
    world = World(terms)
    for fact in team():
        world.tell(fact)
    for place in range(REPS):
        world.tell(RepSet(id=f"full{place}", happened_at=BEGIN, recorded_at=BEGIN, rep=f"rep{place}", open_cap=0))
    for number in range(leads):
        for fact in asking(f"held{number}", BEGIN + HOUR):
            world.tell(fact)
    if sum(lead.cycle is not None and lead.cycle.hold is not None for lead in world.leads.values()) != leads:
        raise SystemExit("Somebody was given a lead, and nobody can take one.")
    return world


def while_held(terms: Terms) -> None:
    """What a thousand held leads cost those who come after them, and a look at the clock."""
    counts = (1_000, 2_000)
    made = race({f"{count:,} held leads": partial(holding, terms, count) for count in counts}, units=1)
    worlds, now, number = {count: holding(terms, count) for count in counts}, BEGIN + HOUR + 1, iter(range(10**9))

    def new(world: World) -> None:
        for _ in range(100):
            name = f"new{next(number)}"
            world.tell(LeadCreated(id=name, happened_at=now, recorded_at=now, lead=name, attributes={}))

    def idle(world: World) -> None:
        for _ in range(100):
            world.tick(now)

    ones = race({f"a new lead beside {count:,}": partial(new, worlds[count]) for count in counts}, units=100)
    ticks = race({f"an idle tick beside {count:,}": partial(idle, worlds[count]) for count in counts}, units=100)
    report(
        "Held leads",
        [*made, *ones, *ticks],
        ratios=[ratio(made[1], made[0]), ratio(ones[1], ones[0]), ratio(ticks[1], ticks[0])],
        notes=["doubled work may cost 2.2 times as much; what comes after does not feel how many are held"],
    )


def work(terms: Terms, told: list[Fact]) -> Callable[[], object]:
    return lambda: lived(terms, told)


def main() -> None:
    contract = load(CONTRACT).contract
    if contract is None:
        raise SystemExit("The example contract does not load.")
    terms = Terms.of_contracts([contract])
    few, many = facts(300), facts(600)
    world, steps_few = lived(terms, few)
    _, steps_many = lived(terms, many)
    counted = conservation(world)
    if not counted.holds:
        raise SystemExit(f"A lead was lost: {counted}")
    works = {"300 leads": work(terms, few), "600 leads": work(terms, many)}
    figures: list[Figure] = race(works, units=1)
    per_step = [
        Figure(
            label=f"{figure.label}, {steps:,} steps",
            units=steps,
            cpu_ms=tuple(each / steps for each in figure.cpu_ms),
            wall_ms=tuple(each / steps for each in figure.wall_ms),
            reach="≤ 0.05",
        )
        for figure, steps in zip(figures, (steps_few, steps_many), strict=True)
    ]
    report(
        "The evaluator, one core",
        per_step,
        ratios=[ratio(figures[1], figures[0])],
        notes=[
            "unit: one step (a fact taken in, with everything that follows); 20,000 steps a second are 0.05 ms each",
            f"{counted.delivered:,} of the 300 leads were delivered; doubled work may cost 2.2 times as much",
        ],
    )
    while_held(terms)


if __name__ == "__main__":
    main()
