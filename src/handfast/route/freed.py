"""Which pools may have somebody for a lead after something happened to the team, and had nobody before."""

from __future__ import annotations

from handfast.route.team import Member, Rep, Team


def freed(before: Team, after: Team) -> frozenset[str]:
    """Pools with a member who may be eligible now and was not: back, no longer paused, with a lead less, new caps.

    Rather one too many than one too few: whoever asks the pool finds out. What time alone does, a daily cap that is
    over at midnight, is not seen here.
    """
    reps = frozenset(name for name, rep in after.reps.items() if _rep_freer(before.reps.get(name), rep))
    return frozenset(pool for pool in after.rosters if _has_one(pool, before, after, reps))


def _has_one(pool: str, before: Team, after: Team, reps: frozenset[str]) -> bool:
    was, now = before.roster(pool), after.rosters[pool]
    if not reps and was is now:
        return False
    members = (each for each in now.members.values() if each.takes_part and after.reps[each.rep].present)
    return any(each.rep in reps or _member_freer(was.members.get(each.rep), each) for each in members)


def _rep_freer(was: Rep | None, now: Rep) -> bool:
    if was is now or not now.present:
        return False
    return was is None or not was.present or _more_room(was, now)


def _member_freer(was: Member | None, now: Member) -> bool:
    if was is now:
        return False
    return was is None or not was.takes_part or _more_room(was, now)


def _more_room(was: Rep | Member, now: Rep | Member) -> bool:
    return now.open < was.open or (was.open_cap, was.day_cap) != (now.open_cap, now.day_cap)
