"""What somebody has done today, in their own zone: what stands in an inbox in which nothing waits."""

from __future__ import annotations

from django.db.models import Count
from django.utils import formats
from django.utils.translation import gettext as _

from handfast.contract.model import ClockName
from handfast.cycle.life import CycleEvent
from handfast.cycle.values import ClockState
from handfast.instant import Instant, to_datetime
from handfast_server.access import Principal
from handfast_server.delivery.people import at_minute
from handfast_server.handoffs.models import Assignment, Clock, Transition
from handfast_server.now import now
from handfast_server.pages.templatetags.handfast import Figure

_DECLINED = (CycleEvent.REJECTED.value, CycleEvent.CONTESTED.value, CycleEvent.RETURNED.value)
_LATE = (ClockState.BREACHED, ClockState.ANSWERED_LATE, ClockState.MISSED)


def today_of(who: Principal, zone: str) -> list[Figure]:
    """What came, what was decided, and how many answers were in time; nothing before something was."""
    begins = at_minute(to_datetime(now(), zone).date(), 0, zone)
    came = Assignment.objects.filter(rep=who.name, at__gte=begins).values("cycle").distinct().count()
    did = _decided(who, begins)
    kept, late = _answers(who, begins)
    if not (came or did or kept or late):
        return []
    declined = sum(did.get(event, 0) for event in _DECLINED)
    answered = _("%(kept)s of %(all)s") % {"kept": kept, "all": kept + late}
    shown = [
        Figure(_("Came to you"), _number(came)),
        Figure(_("Accepted"), _number(did.get(CycleEvent.ACCEPTED.value, 0))),
        Figure(_("Rejected or returned"), _number(declined)),
    ]
    return [*shown, Figure(_("Answered in time"), answered, "late" if late else "")] if kept + late else shown


def _decided(who: Principal, begins: Instant) -> dict[str, int]:
    """How often they decided how; of what changed today there is an index, of who decided there is none."""
    rows = Transition.objects.filter(cycle__changed_at__gte=begins, by=who.name, at__gte=begins)
    return dict(rows.order_by().values("event").annotate(n=Count("pk")).values_list("event", "n"))


def _answers(who: Principal, begins: Instant) -> tuple[int, int]:
    rows = Clock.objects.filter(cycle__changed_at__gte=begins, rep=who.name, name=ClockName.RESPONSE)
    kept = rows.filter(state=ClockState.STOPPED, stopped_at__gte=begins).count()
    return kept, rows.filter(state__in=_LATE, breached_at__gte=begins).count()


def _number(count: int) -> str:
    return formats.number_format(count, 0, use_l10n=True)
