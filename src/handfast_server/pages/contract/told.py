"""How one version differs from another, as people read it: under headings, in their language."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from handfast.contract.diff import Change, ChangeKind
from handfast.contract.english.topics import Topic
from handfast_server.pages.core_words import in_words

_KINDS = {
    ChangeKind.ADDED.value: gettext_noop("added"),
    ChangeKind.REMOVED.value: gettext_noop("removed"),
    ChangeKind.CHANGED.value: gettext_noop("changed"),
}


_TOPICS = {
    Topic.AGREEMENT.value: gettext_noop("The agreement"),
    Topic.DEFINITIONS.value: gettext_noop("What a good lead is"),
    Topic.FIT.value: gettext_noop("Fit: what a lead is"),
    Topic.BEHAVIOUR.value: gettext_noop("Behaviour: what a lead does"),
    Topic.ROUTING.value: gettext_noop("Who gets a lead"),
    Topic.CLOCKS.value: gettext_noop("How fast"),
    Topic.REASONS.value: gettext_noop("What sales says when it declines"),
    Topic.COMMITMENTS.value: gettext_noop("What each side owes"),
    Topic.PLAN.value: gettext_noop("The number and the plan"),
    Topic.ATTRIBUTION.value: gettext_noop("Who is credited"),
    Topic.REVIEWS.value: gettext_noop("Reviews"),
    Topic.CALENDARS.value: gettext_noop("Calendars and lists"),
    Topic.RECORDS.value: gettext_noop("What is recorded"),
    Topic.EXAMPLES.value: gettext_noop("Examples that hold"),
}


class Told(NamedTuple):
    """A change on a page."""

    kind: str
    path: str
    sentence: str
    effect: str
    care: str


def told(changes: Iterable[Change]) -> list[tuple[str, list[Told]]]:
    """Changes under their topics, which they are in the order of."""
    return [
        (topic_label(topic.value), [_told(one) for one in some])
        for topic, some in groupby(changes, key=lambda change: change.topic)
    ]


def _told(one: Change) -> Told:
    sentence, effect, care = map(in_words, (one.sentence, one.effect, one.care))
    return Told(_(_KINDS[one.kind]), one.path, sentence, effect, care)


def topic_label(topic: str) -> str:
    """A heading of the contract."""
    return _(_TOPICS[topic])
