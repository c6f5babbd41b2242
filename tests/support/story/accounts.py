"""Accounts that a case knows of, for leads that arrive with a company and no account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tests.support.story.read import only

from handfast.instant import parse_instant
from handfast.match import Account, Accounts, Described

KEYS = frozenset(("id", "name", "domain", "phone", "postcode", "customer", "owner", "since"))


def accounts_of(written: Iterable[Mapping[str, Any]]) -> Accounts:
    """The accounts, all of their owners being active. Raises CaseRefused for unknown keys."""
    found = Accounts(free_mail=("gmail.com",))
    for each in written:
        only(each, KEYS, "an account")
        found.put(
            Account(
                id=each["id"],
                described=_described(each),
                customer=each.get("customer", False),
                owner=each.get("owner"),
                owner_active="owner" in each,
                created_at=parse_instant(each["since"]),
            )
        )
    return found


def described(attributes: Mapping[str, Any]) -> Described:
    """What a lead says of its company."""
    return Described(
        name=attributes.get("company", ""),
        domains=tuple(attributes[name] for name in ("email", "company_domain") if name in attributes),
        phones=(attributes["phone"],) if "phone" in attributes else (),
    )


def _described(each: Mapping[str, Any]) -> Described:
    series = {key: (each[key],) if key in each else () for key in ("domain", "phone", "postcode")}
    return Described(name=each["name"], domains=series["domain"], phones=series["phone"], postcodes=series["postcode"])
