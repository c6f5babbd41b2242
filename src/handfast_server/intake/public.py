"""What every address has in common that anybody may post to: who posts, from where, how much, and in which shape."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from handfast.errors import SealBroken
from handfast_server.intake.bucket import hashed, may_pass
from handfast_server.intake.models import Source
from handfast_server.observe.log import get_logger

LONGEST = 1_000_000
"""Bytes of one body, also unpacked; Segment's own libraries send half of that at most."""


RETRY_AFTER = {429: "30", 503: "300"}
"""Seconds, by what is answered."""

_log = get_logger("contract")


class PublicRefused(Exception):
    """What is answered instead."""

    def __init__(self, status: int, code: str, message: str) -> None:
        """Keep what to answer."""
        super().__init__(message)
        self.status, self.code = status, code


View = Callable[[HttpRequest, str], HttpResponse]


def public(view: View) -> View:
    """A view that anybody may post to: no cookie is looked at, and what it refuses is answered in the one shape."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, name: str) -> HttpResponse:
        try:
            return view(request, name)
        except PublicRefused as refused:
            return refusal(request, refused)
        except SealBroken as broken:
            return refusal(request, closed(broken))

    return answered


CLOSED = "Nothing can be taken in at the moment, and nothing of this was: send it again in a few minutes."


def closed(broken: SealBroken) -> PublicRefused:
    """What strangers are told: what is broken is said in the log, loudly, and to nobody else."""
    _log.error("contract_broken", error=str(broken))
    return PublicRefused(503, "closed", CLOSED)


def refusal(request: HttpRequest, refused: PublicRefused) -> HttpResponse:
    """The one shape of every error."""
    said = {
        "code": refused.code,
        "message": str(refused),
        "path": "",
        "request_id": getattr(request, "request_id", ""),
    }
    answer = JsonResponse(said, status=refused.status)
    if refused.status in RETRY_AFTER:
        answer["Retry-After"] = RETRY_AFTER[refused.status]
    return answer


def address_of(request: HttpRequest) -> str:
    """Where a request comes from, as far as the proxies in front of the service are ours to believe."""
    known: str = request.META.get("REMOTE_ADDR", "")
    hops = [each.strip() for each in request.headers.get("X-Forwarded-For", "").split(",") if each.strip()]
    trusted: int = settings.PROXIES
    return hops[-trusted] if 0 < trusted <= len(hops) else known


def check_rate(request: HttpRequest, source: Source, per_minute: int) -> None:
    """Raises PublicRefused when too much comes from one address."""
    allowed = source.settings.get("per_minute", per_minute)
    if not may_pass(f"{source.name}:{hashed(address_of(request))}", allowed):
        raise PublicRefused(429, "too_many_requests", "Too many requests in a short time; try again later.")


def body_of(request: HttpRequest, longest: int = LONGEST) -> bytes:
    """The body, unpacked. Raises PublicRefused when it is too long."""
    too_long = PublicRefused(413, "too_long", f"A body has at most {longest:,} bytes.")
    if int(request.headers.get("Content-Length") or 0) > longest:
        raise too_long
    body = request.body
    if request.headers.get("Content-Encoding", "").lower() == "gzip":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
                body = packed.read(longest + 1)
        except (OSError, EOFError, zlib.error) as broken:
            raise PublicRefused(400, "malformed", "The body is not what its encoding says.") from broken
    if len(body) > longest:
        raise too_long
    return body


def json_of(body: bytes) -> Any:
    """What a body says. Raises PublicRefused for what is no JSON, and for what could be read and never written again.

    What came is kept as it came: JSON is read to a greater depth than it is written, so both are tried.
    """
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError as broken:
        raise PublicRefused(400, "malformed", "The body is not JSON.") from broken
    try:
        orjson.dumps(found)
    except orjson.JSONEncodeError as broken:
        raise PublicRefused(422, "too_deep", "Lists and objects lie within each other too deep to be kept.") from broken
    return found


def check_origin(request: HttpRequest, source: Source, *, required: bool = False) -> str:
    """The origin to answer to; empty where none was named. Raises PublicRefused for one that is not allowed."""
    origin = request.headers.get("Origin", "")
    if not origin or origin == "null":
        if required and source.origins:
            raise PublicRefused(403, "origin_missing", "This form takes what pages of its own sites post.")
        return ""
    own = urlsplit(settings.BASE_URL)
    if origin == f"{own.scheme}://{own.netloc}" or "*" in source.origins or origin in source.origins:
        return origin
    raise PublicRefused(403, "origin_not_allowed", "Pages of this site may not post here.")


def with_cors(answer: HttpResponse, origin: str) -> HttpResponse:
    """The answer, for a page of another site to read."""
    if origin:
        answer["Access-Control-Allow-Origin"] = origin
        answer["Vary"] = "Origin"
    return answer


def preflight(request: HttpRequest, source: Source) -> HttpResponse:
    """What a browser asks before it posts from another site."""
    answer = HttpResponse(status=204)
    answer["Access-Control-Allow-Methods"] = "POST"
    answer["Access-Control-Allow-Headers"] = "Content-Type, Authorization"
    answer["Access-Control-Max-Age"] = "86400"
    return with_cors(answer, check_origin(request, source))
