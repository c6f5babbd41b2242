"""The sentences of findings. A rule computes; what it found is said here, and nowhere else."""

from __future__ import annotations

from handfast.audit.english import said, words

NEXT = {
    "never_touched": "Give every one of them an owner today, the latest first, and let the first-touch clock escalate "
    "to a manager when it runs out.",
    "late": "Look at when the late ones came in and who had them; then staff those hours, or promise what can be kept.",
    "slow": "Alert the owner at half the window and re-route when it ends; both are steps of the first-touch clock.",
    "accepted_less": "Read twenty of the declined leads together with marketing, and change the definition or the "
    "bar where both agree.",
    "declined_by_source": "Move points away from what these leads have in common, or give the source its own bar.",
    "undecided": "Ask each owner for a yes or a reasoned no this week; nothing else may end a handoff.",
    "no_owner": "End the routing with a rule that always matches, and name a manager for what no pool takes.",
    "too_few": "Agree on a number that the channels can bear, or say what it takes to reach the promised one.",
    "converted_less": "Open the leads that stopped here and sort them by reason before changing the target.",
    "slower_to_won": "Compare the slowest deals with the fastest by source and size; plan with the length measured.",
    "owners_differ": "Move the untouched leads to those who have time, and look at load and absence before blame.",
    "hand_offs": "Route by what decides the owner in the end, so that the first assignment is more often the last.",
    "no_reason": "Make the reason a required field when a lead is declined.",
    "unaccounted": "Open these records: each is neither on a clock nor decided, and a report that skips them is wrong.",
    "not_delivered": "Hand these over now, and let the contract decide who is qualified instead of a person or a list.",
    "definition": "Show these leads to whoever sets the stage in the CRM; either the stage or the contract is wrong.",
}
"""What to do about each leak, in one plain sentence."""

REACHED = {
    "won": "are won",
    "sale": "are won",
    "opportunity": "become opportunities",
    "mql": "become MQLs",
    "sal": "are accepted",
    "sql": "become SQLs",
}
"""What leads do that reach a stage."""


def never_touched(top: int, bottom: int, delivered: int | None) -> str:
    """The handoff's oldest leak; of all delivered, where every first touch is due."""
    which = "delivered to sales" if bottom == delivered else "due for a first touch"
    leads = f"{words.many(bottom, 'lead')} {which} ({said.both(top, bottom)})"
    return f"{words.count(top)} of {leads} were never touched"


def never_touched_good(top: int, bottom: int) -> str:
    """Its opposite."""
    if not top:
        return f"Every one of the {words.many(bottom, 'lead')} due for a first touch was touched"
    return f"All but {words.count(top)} of {words.many(bottom, 'lead')} due for a first touch were touched"


def in_time(top: int, bottom: int, target: float) -> str:
    """Follow-up against the commitment."""
    leads = f"{said.share(top, bottom)} of leads in time ({said.spread(top, bottom)})"
    return f"Sales touched {leads}; it promises {words.share(target)}"


def in_time_parts(kept: int, late: int, never: int, window: str) -> str:
    """What compliance is made of."""
    parts = f"{words.count(kept)} in time, {words.count(late)} late, {words.count(never)} never"
    return f"Of the first touches due: {parts}. The window is {window}."


def slow(median: str, spread: str, window: str) -> str:
    """The median wait against the window."""
    limits = "" if median.startswith(spread) else f" ({spread})"
    return f"The median lead waited {median}{limits}; the contract promises {window}"


def within(label: str, share: str) -> str:
    """The share reached soon after."""
    return f"Within {label} of qualifying, {share} had been touched."


def accepted(top: int, bottom: int, target: float) -> str:
    """Acceptance against its target."""
    leads = f"{words.count(top)} of the {words.many(bottom, 'lead')} it decided on ({said.both(top, bottom)})"
    return f"Sales accepted {leads}; the contract expects {words.share(target)}"


def declined_by_source(more: tuple[str, int, int], less: tuple[str, int, int], reason: str) -> str:
    """Two sources that sales sees differently."""
    first = f"{said.share(*more[1:])} of leads from {words.name(more[0])}"
    second = f"{said.share(*less[1:])} from {words.name(less[0])}"
    return f"Sales declined {first} against {second}" + (
        f"; the usual reason is {words.name(reason)}" if reason else ""
    )


def worth(low: float, high: float, won: tuple[int, int], deal: float, currency: str) -> str:
    """What the untouched might have brought, and why that is a ceiling."""
    between = f"{words.money(low, currency)} and {words.money(high)}"
    rate = f"{words.count(won[0])} of {words.count(won[1])}"
    return (
        f"Won as often as the touched ones ({rate}) at the average deal of {words.money(deal, currency)}, they would "
        f"bring between {between}; the untouched may well be worse, so read it as a ceiling."
    )


def counted(top: int, bottom: int, what: str) -> str:
    """A share with its counts: ``paid_search: 120 of 290, 36–47 %``."""
    return f"{words.name(what)}: {words.count(top)} of {words.count(bottom)}, {said.spread(top, bottom)}."


def difference(low: float, high: float, compared: int) -> str:
    """How sure a contrast is."""
    widened = f", widened for the {compared} comparisons made" if compared > 1 else ""
    places = words.places(low, high)
    gap = words.interval(low, high, places=places).replace(f"{words.NBSP}%", f"{words.NBSP}points")
    return f"The difference is {gap}{widened}."


def undecided(top: int, bottom: int) -> str:
    """Neither yes nor no."""
    leads = f"{words.count(top)} of {words.many(bottom, 'lead')} ({said.both(top, bottom)})"
    return f"{leads} are past the decision's due, and nobody has said yes or no"


def no_owner(top: int, bottom: int) -> str:
    """Delivered to nobody."""
    return f"{words.count(top)} of {words.many(bottom, 'delivered lead')} ({said.both(top, bottom)}) have no owner"


def too_few(mean: float, promised: float, short: int, months: int, what: str) -> str:
    """Marketing's own commitment."""
    average = words.count(round(mean))
    missed = f"{short} of {months} full months fell short"
    return (
        f"Marketing delivered {average} {what} in an average month; it owes {words.count(round(promised))} ({missed})"
    )


def enough(mean: float, promised: float, months: int, what: str) -> str:
    """Marketing's commitment kept in every month."""
    kept = f"in each of {months} full months, {words.count(round(mean))} on average"
    return f"Marketing delivered the {words.count(round(promised))} {what} it owes {kept}"


def converted(stages: tuple[str, str], top: int, bottom: int, target: float) -> str:
    """A stage against its target."""
    first, second = stages
    went = (
        f"{words.count(top)} of {words.many(bottom, 'lead')} went from {first} to {second} ({said.both(top, bottom)})"
    )
    return f"{went}; the contract expects {words.share(target)}"


def still_open(count: int) -> str:
    """Why a verdict waited."""
    return f"{words.count(count)} of them are still open; even if all of these went on, the target would be missed."


def slower(median: str, spread: str, target: str) -> str:
    """The cycle length against its target."""
    limits = "" if median == spread else f" ({spread})"
    return f"Deals took {median} from qualified to won at the median{limits}; the contract expects {target}"


def owners(more: tuple[str, int, int], less: tuple[str, int, int]) -> str:
    """One owner's leads wait, another's do not."""
    first = f"{said.share(*more[1:])} of the leads of {words.name(more[0])}"
    return f"{first} were never touched, {said.share(*less[1:])} of those of {words.name(less[0])}"


def hand_offs(kept: tuple[int, int], moved: tuple[int, int], whose: str) -> str:
    """What changing hands does to time."""
    first = f"{said.share(*moved)} were in time"
    return f"Of leads that changed hands {first}, of those that did not {said.share(*kept)}{whose}"


def no_reason(top: int, bottom: int) -> str:
    """Declined in silence."""
    leads = f"{words.count(top)} of {words.many(bottom, 'declined lead')} ({said.both(top, bottom)})"
    return f"{leads} carry no reason, so targeting cannot learn from them"


def unaccounted(number: int, delivered: int) -> str:
    """The conservation line does not close."""
    return f"{words.count(number)} of {words.many(delivered, 'delivered lead')} are in no state, or in two at once"


def conserved(delivered: int) -> str:
    """It does."""
    leads = words.many(delivered, "delivered lead")
    return f"All {leads} are accounted for: waiting, contested, accepted, rejected or withdrawn"


def better_source(more: tuple[str, int, int], less: tuple[str, int, int], ratio: float | None, what: str) -> str:
    """Where the good leads come from."""
    often = f"{words.times(ratio)} as often as those" if ratio else "while none of those did"
    first = f"Leads from {words.name(more[0])} {what} {often} from {words.name(less[0])}"
    return f"{first} ({said.share(*more[1:])} against {said.share(*less[1:])})"


def times_between(low: float, high: float) -> str:
    """The interval of a ratio."""
    return f"That is between {words.times(low).removesuffix(f'{words.NBSP}times')} and {words.times(high)} as often."


def definition(top: int, bottom: int) -> str:
    """The CRM's word against the contract's."""
    leads = f"{words.count(top)} of {words.many(bottom, 'lead')} that the CRM calls MQL ({said.both(top, bottom)})"
    return f"{leads} do not meet the contract's definition"


def definition_held(top: int, bottom: int) -> str:
    """The two agree."""
    return f"{words.count(top)} of {words.many(bottom, 'lead')} that the CRM calls MQL meet the contract's definition"


def not_delivered(top: int, bottom: int) -> str:
    """Qualified, and sales never heard of it."""
    leads = f"{words.count(top)} of {words.many(bottom, 'lead')} that meet the definition ({said.both(top, bottom)})"
    return f"{leads} were never called MQL, so sales was not given them"
