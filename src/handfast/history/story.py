"""Why everything about one lead is as it is: the trace of its decisions, put in the order in which people ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from handfast.contract.english.values import count, join_and, join_or, sentence, spoken
from handfast.cycle.life import CycleEvent, CycleState
from handfast.cycle.values import Cycle, Lead
from handfast.engine import Terms, Version
from handfast.engine.effects import Effect, Moved, Refused, Rescored
from handfast.errors import HandfastError
from handfast.facts import ActivityHappened
from handfast.history.english import due, handing, judgement, since
from handfast.history.english.said import Chapter, Said, Wording
from handfast.history.line import snake
from handfast.history.replay import Happened, Replayed
from handfast.history.shown import Story
from handfast.instant import Instant, format_instant
from handfast.problem import nearest
from handfast.trace import Node, Topic


class LeadUnknown(HandfastError):
    """Nobody has told of a lead; the message says which ones are near."""

    code = "lead_unknown"


@dataclass(slots=True)
class Witness:
    """Keeps the steps of one lead while a file is told again."""

    name: str
    happened: list[Happened] = field(default_factory=list)

    def __call__(self, happened: Happened) -> None:
        """Keep a step if it is about the lead."""
        lead = happened.step.state.lead
        if lead is not None and lead.id == self.name and (happened.step.effects or happened.fact is not None):
            self.happened.append(happened)


def story(replayed: Replayed, witness: Witness, terms: Terms, *, cycle: str = "") -> Story:
    """The story of the lead that was watched: of its latest cycle, or of one by its id or its number.

    Raises LeadUnknown for a lead that nobody told of, HandfastError for one that was merged or erased, and for a cycle
    that it never had.
    """
    lead = _lead(replayed, witness.name)
    told = _cycle(lead, cycle) if cycle else lead.latest
    version = _version(told, replayed.at, terms)
    return _Telling(lead, told, witness.happened, Wording(version), replayed.at).story()


def _cycles(lead: Lead) -> tuple[Cycle, ...]:
    return (*lead.ended, *(() if lead.cycle is None else (lead.cycle,)))


def _cycle(lead: Lead, name: str) -> Cycle:
    for each in _cycles(lead):
        if name in (each.id, each.id.rpartition("/")[2]):
            return each
    had = join_and([each.id for each in _cycles(lead)]) or "none"
    raise HandfastError(f"{lead.id} has no cycle {name!r}; it has had {had}.")


def _lead(replayed: Replayed, name: str) -> Lead:
    lead = replayed.world.leads.get(name)
    if lead is None:
        told = count(len(replayed.world.leads), "lead")
        close = join_or(list(_nearest(name, replayed.world.leads)))
        meant = f" Did you mean {close}?" if close else ""
        raise LeadUnknown(f"There is no lead {name!r}: the facts tell of {told}.{meant}")
    if lead.merged_into is not None:
        raise HandfastError(f"{name} was merged into {lead.merged_into}: ask for {lead.merged_into}.")
    if lead.erased:
        raise HandfastError(f"{name} was erased: nothing about them is kept.")
    return lead


def _nearest(name: str, leads: Iterable[str]) -> Iterator[str]:
    """The three likeliest spellings."""
    left = sorted(leads)
    for _ in range(3):
        close = nearest(name, left)
        if close:
            yield close
            left.remove(close)


def _version(cycle: Cycle | None, at: Instant, terms: Terms) -> Version:
    """The version that a cycle is pinned to, else the one in force."""
    if cycle is not None and cycle.version is not None:
        return terms.of(cycle.version)
    governing = terms.in_force(at)
    if governing is None:
        begins = format_instant(min(version.since for version in terms.versions))
        raise HandfastError(f"No version of the contract was in force yet: the first is from {begins} on.")
    return governing


_MOST_ALIKE = 3
"""Activities in a row, of which nothing came, that are told one by one."""


def _only_acted(each: Happened) -> bool:
    fact = each.fact
    silent = all(isinstance(effect, Rescored) for effect in each.step.effects)
    return silent and isinstance(fact, ActivityHappened) and not fact.by_bot


class _Telling:
    """What is at hand while a story is put together."""

    def __init__(
        self, lead: Lead, cycle: Cycle | None, happened: Sequence[Happened], wording: Wording, at: Instant
    ) -> None:
        self.lead = lead
        self.happened = list(happened)
        self.wording = wording
        self.at = at
        self.cycle = cycle
        wording.clocks.update({name: clock.name for each in _cycles(lead) for name, clock in each.clocks.items()})

    def story(self) -> Story:
        lead, wording, cycle = self.lead, self.wording, self.cycle
        chapters = [*self._judged(), *self._handed(), *self._clocked(), *self._lived()]
        owner = None if cycle is None or cycle.owner is None else cycle.owner.rep
        head: dict[str, object] = {
            "lead": lead.id,
            "cycle": None if cycle is None else cycle.id,
            "state": None if cycle is None else cycle.state.value,
            "owner": owner,
            "as_of": format_instant(self.at, wording.zone),
            "zone": wording.zone,
            "contract": wording.contract.name,
            "version": wording.version.number,
        }
        return Story(
            title=f"Lead {lead.id}",
            standing=self._standing(owner),
            head=head,
            chapters=tuple(chapter for chapter in chapters if chapter.said),
            trace=tuple(_traced(each, wording.zone) for each in self.happened if each.step.trace.parts),
        )

    def _standing(self, owner: str | None) -> str:
        cycle, wording = self.cycle, self.wording
        by = f"by version {wording.version.number} of {wording.contract.name}"
        as_of = f"as of {wording.when(self.at)} ({wording.zone})"
        if cycle is None:
            return sentence(f"{as_of} it has no cycle, {by}")
        whose = f", with {owner}" if owner else ""
        if cycle.state is CycleState.WAITING and owner is None:
            whose = ", held, with nobody"
        others = [f"{each.id} ({each.state})" for each in _cycles(self.lead) if each.id != cycle.id]
        said = sentence(f"{as_of} its cycle {cycle.id} is {cycle.state}{whose}, {by}")
        return f"{said} Its other cycles: {', '.join(others)}; --cycle tells of one." if others else said

    def _judged(self) -> Iterator[Chapter]:
        """The score and the judgement that delivered the cycle; else the latest ones."""
        at = self._deciding()
        scored, judged = self._last(at, Topic.SCORE), self._last(at, Topic.JUDGEMENT)
        if scored is not None:
            yield judgement.score(self.wording, scored)
        if judged is not None:
            yield judgement.judgement(self.wording, judged, self.cycle, self.lead.cool_until)

    def _deciding(self) -> Sequence[Happened]:
        for each in self.happened:
            if any(self._moved(effect, CycleEvent.QUALIFIED) for effect in each.step.effects):
                return [each]
        return self.happened

    def _moved(self, effect: Effect, event: CycleEvent) -> bool:
        cycle = self.cycle
        return isinstance(effect, Moved) and effect.event is event and cycle is not None and effect.cycle == cycle.id

    def _last(self, happened: Sequence[Happened], topic: Topic) -> Node | None:
        for each in reversed(happened):
            found = [node for node in each.step.trace.nodes if node.topic is topic]
            if found:
                return found[-1]
        return None

    def _handed(self) -> Iterator[Chapter]:
        """Every choice of an owner within the cycle, the latest first."""
        cycle = self.cycle
        if cycle is None or cycle.qualified_at is None:
            return
        said = list(self._choices())
        if cycle.hold is not None:
            said.append(handing.held(self.wording, cycle.hold))
        last = cycle.assignments[-1].rep if cycle.assignments else None
        title = "Why nobody has it" if cycle.hold is not None else f"Why {last}"
        yield Chapter("routing", title, tuple(said))

    def _choices(self) -> Iterator[Said]:
        """Each choice in its order; what was said before, of rules or of nobody, is not said again."""
        known: set[object] = set()
        for each in self._of_cycle():
            for node in each.step.trace.nodes:
                if node.topic is Topic.CHOICE:
                    looked = tuple((part.asked, part.found) for part in node.parts if part.topic is Topic.CANDIDATE)
                    nobody = node.found, node.values["pool"], looked
                    if nobody not in known:
                        yield from self._new(handing.choice(self.wording, node), known)
                    known.add(nobody)

    def _new(self, said: Iterable[Said], known: set[object]) -> Iterator[Said]:
        for each in said:
            if each.text not in known:
                known.add(each.text)
                yield each

    def _of_cycle(self) -> Iterable[Happened]:
        """The steps from the one that delivered the cycle on."""
        deciding = self._deciding()
        return self.happened[self.happened.index(deciding[0]) :] if deciding else ()

    def _clocked(self) -> Iterator[Chapter]:
        cycle = self.cycle
        if cycle is None or cycle.qualified_at is None:
            return
        nodes = {
            str(node.values["clock"]): node
            for each in self._of_cycle()
            for node in each.step.trace.nodes
            if node.topic is Topic.CLOCK
        }
        said = tuple(due.clock(self.wording, node, cycle.clocks.get(name)) for name, node in nodes.items())
        yield Chapter("clocks", "Why these due times", said)

    def _lived(self) -> Iterator[Chapter]:
        """Everything before it was delivered, and everything since."""
        cycle = self.cycle
        delivered = cycle is not None and cycle.qualified_at is not None
        before: list[Said] = []
        after: list[Said] = []
        passed, deciding = False, self._deciding()
        for run in self._runs():
            told = self._told(run[0]) if len(run) <= _MOST_ALIKE else self._many(run)
            (after if passed else before).extend(told)
            passed = passed or (delivered and run[0] is deciding[0])
        if delivered and cycle is not None:
            yield Chapter("before", "How it came", tuple(before))
            yield Chapter("since", "What has happened since", tuple(after))
        else:
            yield Chapter("before", "What has happened", tuple(before))

    def _runs(self) -> Iterator[Sequence[Happened]]:
        """The steps one by one; those in a row that tell of nothing but activities together, if they are many."""
        for alike, run in groupby(self.happened, key=_only_acted):
            steps = list(run)
            if alike and len(steps) > _MOST_ALIKE:
                yield steps
            else:
                yield from ([step] for step in steps)

    def _many(self, run: Sequence[Happened]) -> Iterator[Said]:
        acted = [each.fact for each in run if isinstance(each.fact, ActivityHappened)]
        first, last = (self.wording.when(fact.happened_at) for fact in (acted[0], acted[-1]))
        kinds = join_and(sorted({spoken(fact.kind) for fact in acted}))
        at = format_instant(acted[0].happened_at, self.wording.zone)
        text = f"{first}: The lead did {len(acted):,} things until {last}: {kinds}."
        yield Said(text=text, values={"at": at, "lines": [each.line for each in run]})

    def _told(self, each: Happened) -> Iterator[Said]:
        dated = [] if each.fact is None else [*since.of_fact(self.wording, each.fact)]
        for effect in each.step.effects:
            if isinstance(effect, Refused) and each.fact is not None:
                dated.append(since.of_refusal(each.fact, effect))
            dated += since.of_effect(self.wording, effect)
        for at, text in dated:
            at_text = format_instant(at, self.wording.zone)
            yield Said(text=f"{self.wording.when(at)}: {text}", values={"at": at_text, "line": each.line})


def _traced(each: Happened, zone: str) -> dict[str, object]:
    """One step of the trace as data, with the fact that it answers."""
    fact = None if each.fact is None else {"kind": snake(type(each.fact).__name__), "id": each.fact.id}
    return {"at": format_instant(each.at, zone), "fact": fact, "line": each.line, "nodes": each.step.trace.plain()}
