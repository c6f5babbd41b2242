"""Whether a webhook was signed by who knows its secret, and lately: compared in constant time."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from handfast.instant import SECOND, Instant
from handfast_server.intake.refused import ItemRefused

_PLACES = re.compile(r"\{([^{}]*)\}")

TOLERANCE = 300
"""Seconds that a signed instant may lie away: later, a delivery is a replay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """How a system signs. ``signed`` says of what: ``{body}``, ``{timestamp}.{body}``, ``{id}.{timestamp}.{body}``."""

    header: str = "X-Signature"
    prefix: str = ""  # before the signature in its header, as in sha256=…
    encoding: str = "hex"  # or base64
    signed: str = "{timestamp}.{body}"
    timestamp_header: str = "X-Timestamp"
    id_header: str = ""
    tolerance: int = TOLERANCE

    def problem(self) -> str:
        """What cannot be, in a sentence; empty when all is well."""
        if self.encoding not in {"hex", "base64"}:
            return "encoding is hex or base64."
        if self.signed.count("{body}") != 1 or not set(_PLACES.findall(self.signed)) <= {"id", "timestamp", "body"}:
            return "signed contains {body} once, and nothing else in braces but {timestamp} and {id}."
        if "{timestamp}" in self.signed and not 0 < self.tolerance <= 3_600:
            return "tolerance is 1 to 3,600 seconds."
        return ""


STANDARD = Scheme(
    header="webhook-signature",
    prefix="v1,",
    encoding="base64",
    signed="{id}.{timestamp}.{body}",
    timestamp_header="webhook-timestamp",
    id_header="webhook-id",
)
"""Standard Webhooks; its secrets are base64 behind ``whsec_``."""


def check(scheme: Scheme, secret: str, headers: Mapping[str, str], body: bytes, now: Instant) -> None:
    """Raises ItemRefused unless one of the signatures is right, and its instant is near."""
    stamp = headers.get(scheme.timestamp_header, "") if scheme.timestamp_header else ""
    if "{timestamp}" in scheme.signed:
        _check_near(stamp, scheme.tolerance, now)
    before, _, after = scheme.signed.partition("{body}")
    named = {"timestamp": stamp, "id": headers.get(scheme.id_header, "") if scheme.id_header else ""}
    message = _filled(before, named) + body + _filled(after, named)
    right = hmac.digest(_key(secret), message, "sha256")
    given = headers.get(scheme.header, "").split(" ")
    if not any(hmac.compare_digest(right, _decoded(each, scheme)) for each in given[:10]):
        raise ItemRefused("bad_signature", f"The signature in {scheme.header} is not right.")


def _filled(text: str, named: Mapping[str, str]) -> bytes:
    for name, value in named.items():
        text = text.replace(f"{{{name}}}", value)
    return text.encode()


def _check_near(stamp: str, tolerance: int, now: Instant) -> None:
    try:
        away = abs(now - int(stamp) * SECOND)
    except ValueError:
        raise ItemRefused("bad_timestamp", "The signed instant is missing.") from None
    if away > tolerance * SECOND:
        raise ItemRefused("too_old", f"This was signed more than {tolerance} seconds ago: it is taken for a replay.")


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_")) if secret.startswith("whsec_") else secret.encode()


def _decoded(text: str, scheme: Scheme) -> bytes:
    if not text.startswith(scheme.prefix):
        return b""
    text = text.removeprefix(scheme.prefix)
    try:
        return bytes.fromhex(text) if scheme.encoding == "hex" else base64.b64decode(text, validate=True)
    except (ValueError, binascii.Error):
        return b""
