"""How splits and scores are written on the pages of quality."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from handfast_server.access import Principal, allowed
from handfast_server.pages.scoreboard_words import split_words
from handfast_server.pages.templatetags.handfast import score_points

register = template.Library()
register.filter("split_label", split_words)


@register.filter
def may(who: Principal | None, action: str) -> bool:
    """Whether somebody may do something, as the permission table says."""
    return who is not None and allowed(who, action)


@register.filter
def total_points(score: Mapping[str, int]) -> str:
    """Fit and behaviour together, as people count points."""
    return score_points(score["fit"] + score["behaviour"])
