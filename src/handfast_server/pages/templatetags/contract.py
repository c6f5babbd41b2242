"""How drafts, sides and makers are written on the contract's pages."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from handfast.contract.document import Document
from handfast_server.pages.contract.words import party_label, state_label, state_look

_CLAUSES = frozenset(Document.model_fields)
"""What a contract has on the outermost level."""

register = template.Library()
register.filter("party_label", party_label)
register.filter("draft_state", state_label)
register.filter("draft_look", state_look)


@register.filter
def maker(by: str, names: Mapping[str, str]) -> str:
    """Who made something, by name where they are known."""
    return names.get(by, by)


@register.simple_tag
def clause(path: str, version: int | None = None) -> SafeString | str:
    """The name of a clause, which opens the contract at it: in this version, else in the one in force.

    What no contract writes, such as that whoever withdrew their consent is let go, leads nowhere.
    """
    if re.split(r"[.\[]", path or "", maxsplit=1)[0] not in _CLAUSES:
        return format_html('<code class="clause">{}</code>', path) if path else ""
    return format_html('<a class="clause" href="{}"><code>{}</code></a>', clause_address(path, version), path)


@register.simple_tag
def clause_address(path: str, version: int | None = None) -> str:
    """Where a clause stands."""
    page = reverse("contract_version", kwargs={"number": version}) if version else reverse("contract")
    return f"{page}?{urlencode({'clause': path})}#asked"


@register.filter
def of(found: Mapping[object, object] | None, key: object) -> object:
    """What is kept under a key; None without it."""
    return (found or {}).get(key)
