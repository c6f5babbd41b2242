"""What a choice of routing is called where people read why a lead went to whom."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.route.choice import Way, WhyNot

_WAYS = {
    Way.ROUTED.value: gettext_noop("by rule and level"),
    Way.OPPORTUNITY_OWNER.value: gettext_noop("owns the open opportunity"),
    Way.ACCOUNT_OWNER.value: gettext_noop("owns the account"),
    Way.HUMAN.value: gettext_noop("chosen by a manager"),
    Way.GIVEN_BACK.value: gettext_noop("given back"),
    Way.LAST_RESORT.value: gettext_noop("the manager, as nobody else could"),
}

_WHY_NOT = {
    WhyNot.UNKNOWN.value: gettext_noop("is nobody the roster knows"),
    WhyNot.INACTIVE.value: gettext_noop("has left"),
    WhyNot.ABSENT.value: gettext_noop("is away"),
    WhyNot.PAUSED.value: gettext_noop("is paused"),
    WhyNot.HAD_IT.value: gettext_noop("has had it before"),
    WhyNot.OPEN_CAP.value: gettext_noop("has as many open leads as they take"),
    WhyNot.DAY_CAP.value: gettext_noop("has as many leads a day as they take"),
    WhyNot.POOL_OPEN_CAP.value: gettext_noop("has as many open leads of this pool as they take"),
    WhyNot.POOL_DAY_CAP.value: gettext_noop("has as many leads a day of this pool as they take"),
    WhyNot.LATER.value: gettext_noop("somebody else works sooner"),
    WhyNot.LEVEL.value: gettext_noop("somebody else has a lower level"),
    WhyNot.RECENT.value: gettext_noop("had one more recently"),
    WhyNot.ORDER.value: gettext_noop("comes later in the pool's order"),
}


def way_words(way: str) -> str:
    """How it came about."""
    return _(_WAYS[way]) if way in _WAYS else way.replace("_", " ")


def why_not_words(why: str) -> str:
    """Why somebody did not get it."""
    return _(_WHY_NOT[why]) if why in _WHY_NOT else why.replace("_", " ")
