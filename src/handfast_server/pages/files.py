"""Files under an address that holds a hash of what is in them, so that browsers may keep them for good.

There is nothing to collect: a file is served from its package. ``app.css`` is linked as ``app.3f2a….css``; what is
asked for under its plain name is served as well, and not kept.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from whitenoise.middleware import WhiteNoiseMiddleware

_HASHED = re.compile(r"(?P<stem>.+)\.(?P<hash>[0-9a-f]{12})(?P<ending>\.[A-Za-z0-9]+)\Z")
_FOR_GOOD = "max-age=31536000, public, immutable"
_TEXT = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")


@cache
def _hashed(name: str) -> str:
    """The name with the hash of its file; itself where there is no such file."""
    found = finders.find(name)
    if not isinstance(found, str):
        return name
    digest = hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]
    stem, dot, ending = name.rpartition(".")
    return f"{stem}.{digest}{dot}{ending}"


def hashed(name: str) -> str:
    """As ``_hashed``; while pages are being written, files change under the process."""
    return _hashed.__wrapped__(name) if settings.DEBUG else _hashed(name)


class HashedNames(StaticFilesStorage):
    """``{% static %}`` names the hash."""

    def url(self, name: str | None) -> str:
        """The address of a file."""
        return str(super().url(hashed(name) if name else name))


class Files(WhiteNoiseMiddleware):  # type: ignore[misc] # whitenoise has no types
    """Serves files under either name; under the one with the hash of what is there now, for good."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The file, or whatever comes after."""
        named = _HASHED.match(request.path_info) if request.path_info.startswith(self.static_prefix) else None
        if named is None:
            return self._answer(request)
        asked, request.path_info = request.path_info, named["stem"] + named["ending"]
        response = self._answer(request)
        if response.status_code == 200 and asked == self.static_prefix + hashed(self._name(request)):
            response["Cache-Control"] = _FOR_GOOD
        return response

    def _name(self, request: HttpRequest) -> str:
        return request.path_info.removeprefix(self.static_prefix)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        answer: HttpResponseBase = super().__call__(request)
        return answer


class Smaller(GZipMiddleware):
    """Compresses files alone: an answer of the interface would lose its tag."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """The file, compressed for who can read that."""
        kind = response.headers.get("Content-Type", "").partition(";")[0]
        small = response.status_code == 200 and request.method == "GET" and kind in _TEXT
        if not (small and request.path_info.startswith(settings.STATIC_URL)):
            return response
        return super().process_response(request, response)
