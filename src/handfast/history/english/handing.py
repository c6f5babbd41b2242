"""Why this owner and not that one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handfast.contract.english.values import spoken
from handfast.cycle.values import Hold
from handfast.history.english.said import Said, Wording, level, stop
from handfast.route.choice import Way, WhyNot
from handfast.trace import Node, Topic

_WHY_NOT: Mapping[str, str] = {
    WhyNot.UNKNOWN: "is no rep that anybody has told of",
    WhyNot.INACTIVE: "is not active",
    WhyNot.ABSENT: "is away",
    WhyNot.PAUSED: "is paused: weight 0",
    WhyNot.HAD_IT: "has had this handoff before",
    WhyNot.OPEN_CAP: "has as many open leads as they may have",
    WhyNot.DAY_CAP: "has been given as many leads today as they may be",
    WhyNot.POOL_OPEN_CAP: "has as many open leads of this pool as they may have",
    WhyNot.POOL_DAY_CAP: "has been given as many leads of this pool today as they may be",
    WhyNot.LATER: "does not work now, and somebody does or opens sooner",
    WhyNot.LEVEL: "has had more of their share",
    WhyNot.RECENT: "is at the same level, and was given a lead more recently",
    WhyNot.ORDER: "is at the same level, and stands later in the pool's order",
}

_WAYS: Mapping[str, str] = {
    Way.ROUTED: "{rep} was next in the pool {pool}",
    Way.OPPORTUNITY_OWNER: (
        "{rep} owns the open deal {deal} of the account, and whoever comes from there goes to the same hands"
    ),
    Way.ACCOUNT_OWNER: "{rep} owns the account, and an account's owner comes first",
    Way.HUMAN: "{rep} was chosen by hand, which outranks the router",
    Way.GIVEN_BACK: "{rep} got it back: they had answered in time, and it was recorded late",
    Way.LAST_RESORT: "nobody was eligible, so that {rep}, who manages the pool {pool}, has it as the last resort",
}


def choice(wording: Wording, node: Node) -> Iterator[Said]:
    """Rules, then who and how, then everybody who was looked at."""
    for part in node.parts:
        if part.topic is Topic.RULE:
            yield _rule(wording, part)
    deal = node.values.get("opportunity"), node.values.get("opportunity_owner")
    found = {part.asked: _candidate(part, deal) for part in node.parts if part.topic is Topic.CANDIDATE}
    looked = tuple(found.values())  # an account's owner who is a member as well is one candidate
    yield Said(text=stop(_outcome(wording, node)), clause=_cited(node), parts=looked, values=node.values)


def _cited(node: Node) -> str:
    """An owner comes before any rule, a deal's under every contract; otherwise it is the pool that was asked."""
    if node.values["way"] == Way.OPPORTUNITY_OWNER:
        return ""
    if node.values["way"] == Way.ACCOUNT_OWNER:
        return "routing.owner_first"
    return f"pools.{node.values['pool']}"


def _rule(wording: Wording, node: Node) -> Said:
    said = wording.clause(node.clause) or node.asked
    if node.found.startswith("to "):
        return Said(text=f"{said} It matches.", clause=node.clause)
    found = "; ".join(wording.found(part) for part in node.parts)
    return Said(text=f"{said} It does not match: {found}.", clause=node.clause)


def _outcome(wording: Wording, node: Node) -> str:
    values = node.values
    at = wording.when(str(values["at"]))
    if node.found == "nobody is eligible":
        return f"On {at} nobody in the pool {values['pool']} was eligible"
    way = str(values["way"])
    despite = values["despite"]
    if way == Way.ROUTED and despite == WhyNot.HAD_IT:
        text = f"{node.found} got it again, because nobody else was eligible"
    else:
        text = _WAYS[way].format(rep=node.found, pool=values["pool"], deal=values.get("opportunity"))
        text += f", although {node.found} {_WHY_NOT[str(despite)]}" if despite else ""
    counted = "counted in the pool's ledger" if values["counted"] else "not counted in any ledger"
    return f"On {at} {text} (entry {values['sequence']}, {counted})"


def _candidate(node: Node, deal: tuple[object, object]) -> Said:
    values, why_not = node.values, node.values["why_not"]
    if why_not is None:
        working = {"working": ", works now", "next": ", outside hours"}.get(str(values["tier"]), "")
        text = f"{node.asked}: chosen{working}{_levels(node)}"
    else:
        name, owner = deal
        whose = f", who owns the open deal {name} of the account," if node.asked == owner else ":"
        text = f"{node.asked}{whose} {_WHY_NOT[str(why_not)]}{_levels(node)}"
    return Said(text=text, values=values)


def _levels(node: Node) -> str:
    before, after = node.values["level_before"], node.values["level_after"]
    if before is None:
        return ""
    return f" (level {level(before)})" if before == after else f" (level {level(before)}, then {level(after)})"


def held(wording: Wording, hold: Hold) -> Said:
    """Nobody has it, and until when."""
    text = f"It is held for somebody of the pool {hold.pool} until {wording.when(hold.due_at)}"
    if hold.unmanaged:
        text += "; it has no manager who could take it, so that everybody is asked again then"
    return Said(text=stop(text), clause=f"pools.{hold.pool}.nobody")


def of_way(way: Way) -> str:
    """How an assignment came about, in two words."""
    return spoken(way.value)
