"""The steps of a story as facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.story.read import CaseRefused, only

from handfast import facts
from handfast.facts import Fact
from handfast.instant import Instant, from_datetime, parse_instant

Told = Mapping[str, Any]

ALWAYS = frozenset(("at", "happened", "id", "loaded", "captured"))
NONE = "none"


class Teller:
    """Makes facts of steps, with ids of their own where the story gives none, and remembers those that have one."""

    def __init__(self, zone: str, breach_of: Callable[[str, str], str]) -> None:
        self.zone, self.breach_of = zone, breach_of
        self.told: dict[str, Fact] = {}
        self._count = 0

    def facts(self, step: Told) -> list[Fact]:
        """The facts of a step, in order; none for a step that is only a moment. Raises CaseRefused."""
        at = parse_instant(step["at"])
        if "again" in step:
            only(step, frozenset(("at", "again")), "a repeat")
            return [replace(self.told[step["again"]], recorded_at=at)]
        if not set(step) - {"at"}:
            return []
        if "crowd" in step:
            return list(self._crowd(step, at))
        return [self._kept(step, each, at) for each in self._made(step)]

    def _kept(self, step: Told, made: tuple[type[Fact], dict[str, Any]], at: Instant) -> Fact:
        self._count += 1
        kind, values = made
        happened = parse_instant(step["happened"]) if "happened" in step else at
        name = step.get("id", f"fact-{self._count}")
        loaded = step.get("loaded", False)
        if step.get("captured"):
            values = {**values, "self_reported": False}  # by a system, not by the word of who did it
        fact = kind(id=name, happened_at=happened, recorded_at=at, loaded=loaded, **values)
        self.told[name] = fact
        return fact

    def _crowd(self, step: Told, at: Instant) -> Iterator[Fact]:
        only(step, frozenset(("at", "crowd", "named", "arrives", "did")), "a crowd")
        for number in range(1, step["crowd"] + 1):
            one = {key: value for key, value in step.items() if key not in {"crowd", "named"}}
            one["lead"] = f"{step.get('named', 'crowd')}-{number}"
            yield from (self._kept(one, made, at) for made in _of_lead(one))

    def _made(self, step: Told) -> Iterator[tuple[type[Fact], dict[str, Any]]]:
        verb = next((key for key in VERBS if key in step), None)
        if verb is not None:
            allowed, kind, made = VERBS[verb]
            only(step, ALWAYS | allowed | {verb, "by"}, f"a step that says {verb}")
            yield kind, {"by": step["by"], **self._dated(made(step, verb))}
        elif "rep" in step or "pool" in step or "owner" in step:
            yield _of_team(step)
        elif "lead" in step:
            yield from _of_lead(step)
        elif "shadow" in step:
            only(step, ALWAYS | {"shadow"}, "shadow mode that begins or ends")
            yield facts.ShadowSet, {"on": step["shadow"]}
        elif "contract" in step:
            only(step, ALWAYS | {"contract"}, "a contract that takes force")
            yield facts.ContractInForce, {"version": step["contract"], "digest": f"version-{step['contract']}"}
        else:
            raise CaseRefused(f"{step} says nothing that happens.")

    def _dated(self, values: dict[str, Any]) -> dict[str, Any]:
        """With dates as 00:00 in the contract's zone, and a breach by its id."""
        if "breach" in values:
            values["breach"] = self.breach_of(values["lead"], values["breach"])
        if "revisit_on" in values:
            date = dt.datetime.fromisoformat(values["revisit_on"]).replace(tzinfo=ZoneInfo(self.zone))
            values["revisit_on"] = from_datetime(date)
        return values


def _plain(*names: str) -> Callable[[Told, str], dict[str, Any]]:
    def made(step: Told, verb: str) -> dict[str, Any]:
        return {"lead": step[verb], **{name: step[name] for name in names if name in step}}

    return made


def _touch(kind: facts.TouchKind) -> Callable[[Told, str], dict[str, Any]]:
    return lambda step, verb: {"lead": step[verb], "kind": kind, "human": not step.get("automatic", False)}


def _declined(step: Told, verb: str) -> dict[str, Any]:
    date = {"revisit_on": step["on_date"]} if "on_date" in step else {}
    return {"lead": step[verb], "reason": step["reason"], **date}


def _given(step: Told, verb: str) -> dict[str, Any]:
    return {"lead": step[verb], "to": None if step["to"] == NONE else step["to"]}


def _taken_over(step: Told, verb: str) -> dict[str, Any]:
    return {"lead": step[verb], "handoff": step["handoff"], "starts_at": parse_instant(step["starts"])}


def _paused(step: Told, verb: str) -> dict[str, Any]:
    return {"lead": step[verb], "clock": step["clock"], "until": parse_instant(step["until"]), "note": step["note"]}


def _bulk(step: Told, verb: str) -> dict[str, Any]:
    return {"lead": step[verb], "cause": facts.RerouteCause.BULK, "rep": step["away_from"]}


def _caused(step: Told, verb: str) -> dict[str, Any]:
    return {"lead": step[verb], "breach": step["clock"], "cause": facts.BreachCause(step["cause"])}


def _excused(step: Told, verb: str) -> dict[str, Any]:
    return {"lead": step[verb], "breach": step["clock"], "why": step["why"]}


Verb = tuple[frozenset[str], type[Fact], Callable[[Told, str], dict[str, Any]]]


def _verb(kind: type[Fact], made: Callable[[Told, str], dict[str, Any]], *keys: str) -> Verb:
    return frozenset(keys), kind, made


VERBS: Mapping[str, Verb] = {
    "attempt": _verb(facts.TouchMade, _touch(facts.TouchKind.ATTEMPT), "automatic"),
    "contact": _verb(facts.TouchMade, _touch(facts.TouchKind.CONTACT), "automatic"),
    "accept": _verb(facts.Accepted, _plain()),
    "return": _verb(facts.Returned, _plain("reason"), "reason"),
    "reject": _verb(facts.Rejected, _declined, "reason", "on_date"),
    "disqualify": _verb(facts.Disqualified, _declined, "reason", "on_date"),
    "qualify": _verb(facts.SalesQualified, _plain("evidence"), "evidence"),
    "uphold": _verb(facts.ContestUpheld, _plain("note"), "note"),
    "overturn": _verb(facts.ContestOverturned, _plain("note"), "note"),
    "release": _verb(facts.Released, _plain()),
    "assign": _verb(facts.Reassigned, _given, "to"),
    "give_back": _verb(facts.GivenBack, _given, "to"),
    "take_over": _verb(facts.TakenOver, _taken_over, "handoff", "starts"),
    "reroute": _verb(facts.Rerouted, _bulk, "away_from"),
    "pause": _verb(facts.ClockPaused, _paused, "clock", "until", "note"),
    "resume": _verb(facts.ClockResumed, _plain("clock"), "clock"),
    "set_cause": _verb(facts.BreachCauseSet, _caused, "clock", "cause"),
    "excuse": _verb(facts.BreachExcused, _excused, "clock", "why"),
    "withdraw": _verb(facts.AdminWithdrew, _plain("note"), "note"),
}
"""What a person does to a lead: the keys that go with it, the fact, and how it is made."""

DEALS: Mapping[str, type[Fact]] = {
    "open_deal": facts.DealOpened,
    "win_deal": facts.DealWon,
    "lose_deal": facts.DealLost,
    "reopen_deal": facts.DealReopened,
    "amend_deal": facts.DealAmended,
}


def _of_lead(step: Told) -> Iterator[tuple[type[Fact], dict[str, Any]]]:
    lead = {"lead": step["lead"]}
    deal = next((key for key in DEALS if key in step), None)
    if deal is not None:
        only(step, ALWAYS | {"by", "lead", "amount", deal}, f"a step that says {deal}")
        amount = {"amount": Decimal(step["amount"])} if "amount" in step else {}
        by = {"by": step["by"]} if deal == "open_deal" and "by" in step else {}
        yield DEALS[deal], {**lead, "deal": step[deal], **amount, **by}
        return
    only(step, ALWAYS | LEAD_KEYS, "a step about a lead")
    account = {"account": step["account"]} if "account" in step else {}
    if "arrives" in step:
        yield facts.LeadCreated, {**lead, "attributes": step["arrives"], **account, "listed": step.get("listed", False)}
    if "becomes" in step:
        yield facts.AttributesChanged, {**lead, "attributes": step["becomes"], **account}
    for did in _series(step.get("did", [])):
        rest = {name: value for name, value in did.items() if name != "on"}
        yield facts.ActivityHappened, {**lead, "kind": did["on"], "properties": rest, "by_bot": step.get("bot", False)}
    for purpose, said in step.get("consent", {}).items():
        yield facts.ConsentChanged, {**lead, "purpose": facts.Purpose(purpose), "granted": said == "granted"}
    if "elsewhere" in step:
        only(step["elsewhere"], frozenset(("handoff", "stage", "owner", "reason")), "a stage of another system")
        yield facts.StageStamped, {**lead, **step["elsewhere"], "stage": facts.Stage(step["elsewhere"]["stage"])}
    if "absorbs" in step:
        yield facts.LeadsMerged, {**lead, "absorbed": step["absorbs"]}
    if step.get("erased"):
        yield facts.LeadErased, lead


LEAD_KEYS = frozenset(
    (
        *("lead", "account", "arrives", "listed", "becomes", "did"),
        *("bot", "consent", "absorbs", "erased", "elsewhere"),
    )
)


def _series(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _of_team(step: Told) -> tuple[type[Fact], dict[str, Any]]:
    key = next((key for key in TEAM if key in step), "rep")
    kind, also, made = TEAM[key]
    only(step, ALWAYS | also | {key}, f"a step that says {key}")
    return kind, made(step)


def _but(step: Told, *left_out: str) -> dict[str, Any]:
    return {key: value for key, value in step.items() if key not in ALWAYS | set(left_out)}


def _away(step: Told) -> dict[str, Any]:
    dates = {"starts": parse_instant(step["from"]), "ends": parse_instant(step["until"])}
    return {"rep": step["rep"], "absence": step["absent"], **dates}


def _owned(step: Told) -> dict[str, Any]:
    return {"account": step["account"], "owner": None if step["owner"] == NONE else step["owner"]}


TEAM: Mapping[str, tuple[type[Fact], frozenset[str], Callable[[Told], dict[str, Any]]]] = {
    "joins": (
        facts.MemberSet,
        frozenset(("rep", "weight", "open_cap", "day_cap")),
        lambda step: {"pool": step["joins"], **_but(step, "joins")},
    ),
    "leaves": (
        facts.MemberRemoved,
        frozenset(("rep",)),
        lambda step: {"pool": step["leaves"], "rep": step["rep"]},
    ),
    "absent": (facts.AbsenceSet, frozenset(("rep", "from", "until")), _away),
    "back": (
        facts.AbsenceCancelled,
        frozenset(("rep",)),
        lambda step: {"absence": step["back"], "rep": step["rep"]},
    ),
    "manager": (
        facts.PoolManagerSet,
        frozenset(("pool",)),
        lambda step: {"pool": step["pool"], "rep": step["manager"]},
    ),
    "owner": (facts.AccountOwnerSet, frozenset(("account",)), _owned),
    "rep": (facts.RepSet, frozenset(("active", "open_cap", "day_cap")), _but),
}
"""What happens to the team, by the key that says so: the fact, the keys that go with it, and how it is made."""


def team_steps(team: Told, at: str) -> Iterator[Told]:
    """The team of a case as steps: reps, managers, members in order, accounts."""
    for rep, caps in team.get("reps", {}).items():
        yield {"at": at, "rep": rep, **caps}
    for pool, spec in team.items():
        if pool not in {"reps", "owners"}:
            only(spec, frozenset(("manager", "members")), f"the pool {pool}")
            yield from _pool_steps(pool, spec, at, team.get("reps", {}))
    for account, owner in team.get("owners", {}).items():
        yield {"at": at, "account": account, "owner": owner}


def _pool_steps(pool: str, spec: Told, at: str, said: Told) -> Iterator[Told]:
    if "manager" in spec:
        if spec["manager"] not in said:
            yield {"at": at, "rep": spec["manager"]}
        yield {"at": at, "pool": pool, "manager": spec["manager"]}
    for member in spec["members"]:
        name, terms = next(iter(member.items())) if isinstance(member, dict) else (member, {})
        yield {"at": at, "rep": name, "joins": pool, **terms}
