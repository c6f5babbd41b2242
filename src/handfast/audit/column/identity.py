"""Who is who: record ids and e-mail addresses in one spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Providers that ignore dots before the @."""

_SALESFORCE = re.compile(r"[A-Za-z0-9]{15}[A-Z0-5]{3}")
_PLAIN_ADDRESSES = re.compile(r"(?:[a-z0-9._-]++@(?:[a-z0-9-]++\.)++[a-z]++\n)++")
_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


def normal_id(raw: str) -> str:
    """An id in one spelling: trimmed, ``123.0`` as 123, Salesforce's 18 characters as its 15."""
    if raw.isdigit():
        return raw
    key = raw.strip().strip("'\"")
    if key.endswith(".0") and key[:-2].isdigit():
        return key[:-2]
    if len(key) == 18 and _SALESFORCE.fullmatch(key) and _checksum(key[:15]) == key[15:]:
        return key[:15]
    return key


@lru_cache(maxsize=4096)
def _checksum(key: str) -> str:
    """The three letters that Salesforce adds so that ids survive programs that ignore case: one bit a capital."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
    parts = (key[start : start + 5] for start in (0, 5, 10))
    return "".join(
        letters[sum(1 << bit for bit, character in enumerate(part) if character.isupper())] for part in parts
    )


def normal_email(raw: str) -> str:
    """An address in one spelling, the first of several; empty when there is none.

    Lower case, no ``+tag``, and no dots where the provider ignores them.
    """
    found = _ADDRESS.search(raw)
    if found is None:
        return ""
    local, _, domain = found.group().casefold().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in DOTLESS:
        local, domain = local.replace(".", ""), "gmail.com"
    return f"{local}@{domain}"


def plain_ids(texts: Sequence[str]) -> bool:
    """Whether all texts are numbers, and so ids in their one spelling; quick to tell for many at once."""
    return all(texts) and "".join(texts).isdigit()


def plain_emails(texts: Sequence[str]) -> bool:
    """Whether all texts are addresses in the spelling that ``normal_email`` gives them; quick, for many at once."""
    joined = "\n".join(texts) + "\n"
    return _PLAIN_ADDRESSES.fullmatch(joined) is not None and not any(f"@{domain}\n" in joined for domain in DOTLESS)


def domain_of(email: str) -> str:
    """What stands behind the @."""
    return email.rpartition("@")[2]


def normal_domain(raw: str) -> str:
    """The bare domain of a web address: ``https://www.acme.example/de`` → ``acme.example``."""
    plain = raw.strip().casefold()
    plain = plain.partition("://")[2] or plain
    plain = plain.rpartition("@")[2]
    for end in "/?#:":
        plain = plain.partition(end)[0]
    plain = plain.removeprefix("www.")
    return plain if "." in plain and " " not in plain else ""
