"""When a lead that qualifies came to do so: the activity, or the statement, that tipped it."""

from __future__ import annotations

from handfast.changed import changed
from handfast.cycle.log import Log
from handfast.cycle.values import Lead
from handfast.engine import judge
from handfast.engine.terms import Version
from handfast.engine.turn import Turn
from handfast.instant import Instant
from handfast.qualify import judged


def tipped_at(turn: Turn, cooled: Instant) -> Instant:
    """When a lead that cools off met the bar for good, of what happened since its last cycle ended.

    ``cooled``, the end of the cooling off itself, where nothing since then did it: the bar held all along, or it holds
    because something negative expired. One judgement for each thing that the lead did since.
    """
    version, lead = turn.governing, turn.lead
    since = lead.fresh_from
    if version is None or since is None or not qualifies_at(lead, version, turn.now):
        return cooled
    moments = {act.happened_at for act in lead.acts} | set(lead.known_since.values())
    tipped = None
    for at in sorted((at for at in moments if since < at <= turn.now), reverse=True):
        if not qualifies_at(lead, version, at):
            return cooled if tipped is None else tipped
        tipped = at
    return cooled if tipped is None or qualifies_at(lead, version, since) else tipped


def qualifies_at(lead: Lead, version: Version, at: Instant) -> bool:
    """Whether a lead would have qualified at an instant, of what is known now to have happened by then."""
    known = {name: value for name, value in lead.known.items() if lead.known_since.get(name, at) <= at}
    acts = Log(act for act in lead.acts if act.happened_at <= at)
    then = changed(lead, known=known, acts=acts)
    return judged(version.contract, judge.then(then, judge.counted(then, version), at)).qualified
