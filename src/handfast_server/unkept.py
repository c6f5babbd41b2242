"""What nobody keeps: pages, errors and answers name people, and shared machines and proxies have a memory."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class Unkept:
    """Middleware: an answer that does not say how long it may be kept is not kept at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Files of ours, and lists that are asked for again by their tag, say it themselves."""
        response = self._get_response(request)
        response.setdefault("Cache-Control", "private, no-store")
        return response
