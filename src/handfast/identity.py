"""Who is who: ids, e-mail addresses, companies, domains, telephone numbers and postcodes, each in one spelling."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote

from handfast.condition.value import fold

DOTLESS = frozenset({"gmail.com", "googlemail.com"})
"""Providers that ignore dots before the @."""

NO_COMPANY = frozenset(
    {
        *("", "n a", "na", "none", "null", "nil", "nan", "unknown", "test", "private", "privat", "individual", "self"),
        *("self employed", "freelance", "freelancer", "not applicable", "not set", "no company", "select", "student"),
    }
)
"""What people write who name no company: nobody shares an account through these. Compared normalised."""

_LEGAL = re.compile(
    r"[\s,]+(?:gmbh(?: & co\.? kg)?|mbh|ag|se|kg|ug|inc|incorporated|llc|ltd|limited|corp|corporation|company|co|plc|"
    r"s\.?a\.?(?:s|r\.?l)?\.?|b\.?v\.?|n\.?v\.?|oy|ab|a/s|aps|as|s\.?r\.?l\.?|spa|pty(?: ltd)?)\.?$"
)
_MARKS = re.compile(r"[^\w\s&+]")
_EXTENSION = re.compile(r"(?:ext|x|#|durchwahl|dw)[\s.:]*\d+\s*$")
_NOT_DIGITS = re.compile(r"\D")
_COUNTRY_BEFORE = re.compile(r"^[a-z]{1,3}[\s-](?=\d)")
_ZIP_PLUS_FOUR = re.compile(r"(\d{5})-\d{4}")

_SALESFORCE = re.compile(r"[A-Za-z0-9]{15}[A-Z0-5]{3}")
_PLAIN_ADDRESSES = re.compile(r"(?:[a-z0-9._-]++@(?:[a-z0-9-]++\.)++[a-z]++\n)++")
_BETWEEN = re.compile(r"[\s,;<>\"\\:(){}\[\]|/?&=]+")
_LONGEST_ADDRESS = 320
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


def emails_in(text: str) -> set[str]:
    """Every address that stands in a text, in its one spelling; also behind ``mailto:`` and in addresses of pages."""
    if "@" not in text and "%40" not in text:
        return set()
    parts = _BETWEEN.split(f"{text} {unquote(text)}" if "%" in text else text)
    found = (part.strip("'") for part in parts if "@" in part and len(part) <= _LONGEST_ADDRESS)
    return {normal_email(each) for each in found} - {""}


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


def normal_company(raw: str) -> str:
    """A company's name without case, punctuation and legal form: ``Acme, Inc.`` and ``ACME`` are one."""
    plain = fold(raw)
    shorter = _LEGAL.sub("", plain)
    return " ".join(_MARKS.sub(" ", shorter or plain).split())


def normal_phone(raw: str) -> str:
    """The digits of a telephone number without trunk zero and extension; empty when they are too few to tell.

    ``+49 (0)30 1234567`` → ``49301234567``, ``030 1234567`` → ``301234567``: see ``same_phone``.
    """
    plain = _EXTENSION.sub("", raw.casefold()).replace("(0)", "")
    digits = _NOT_DIGITS.sub("", plain).lstrip("0")
    return digits if len(digits) >= LEAST_DIGITS else ""


LEAST_DIGITS = 7
"""Fewer digits are an extension or a slip, and tell nobody apart."""


def same_phone(one: str, other: str) -> bool:
    """Whether two normalised numbers are one: the same, or the same but for the country in front of one of them."""
    return bool(one and other) and (one.endswith(other) or other.endswith(one))


def normal_postcode(raw: str) -> str:
    """A postcode without blanks, country and the four digits that America adds: ``D-10115`` → ``10115``."""
    plain = _COUNTRY_BEFORE.sub("", fold(raw))
    plain = _ZIP_PLUS_FOUR.sub(r"\1", plain)
    return plain.replace(" ", "").replace("-", "")
