"""How drafts, sides and makers are written on the contract's pages."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from handfast_server.pages.contract.words import party_label, state_label, state_look

register = template.Library()
register.filter("party_label", party_label)
register.filter("draft_state", state_label)
register.filter("draft_look", state_look)


@register.filter
def maker(by: str, names: Mapping[str, str]) -> str:
    """Who made something, by name where they are known."""
    return names.get(by, by)
