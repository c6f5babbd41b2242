"""The one shape of every error: code, message, path, request_id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import BaseModel

from handfast_server.refused import Refused


class Error(BaseModel):
    """What every error of the interface looks like."""

    code: str
    message: str
    path: str = ""
    request_id: str = ""


class ApiRefused(Exception):
    """Something that cannot be done: ``status`` 403, 404, 409, 422 or 429, and why."""

    def __init__(self, status: int, code: str, message: str, path: str = "") -> None:
        """Keep what to answer."""
        super().__init__(message)
        self.status, self.code, self.message, self.path = status, code, message, path


def install(api: NinjaAPI) -> None:
    """Answer every error in the one shape."""

    def answer(request: HttpRequest, status: int, code: str, message: str, path: str = "") -> HttpResponse:
        request_id: str = getattr(request, "request_id", "")
        error = Error(code=code, message=message, path=path, request_id=request_id)
        return api.create_response(request, error.model_dump(), status=status)

    def refused(request: HttpRequest, error: Any) -> HttpResponse:
        return answer(request, error.status, error.code, error.message, error.path)

    def malformed(request: HttpRequest, error: Any) -> HttpResponse:
        first = error.errors[0]
        path = _place(first["loc"])
        return answer(request, 422, "malformed", str(first["msg"]), path)

    def unknown(request: HttpRequest, _: Any) -> HttpResponse:
        return answer(request, 404, "not_found", "There is nothing under this address, or you may not see it.")

    def unsigned(request: HttpRequest, _: Any) -> HttpResponse:
        return answer(request, 401, "not_signed_in", "Sign in, or send a token: Authorization: Bearer hf_….")

    def throttled(request: HttpRequest, _: Any) -> HttpResponse:
        return answer(request, 429, "too_many_requests", "Too many requests in a short time; try again later.")

    def too_large(request: HttpRequest, _: Any) -> HttpResponse:
        return answer(request, 413, "too_large", "This is more than one request may send; send it in parts.")

    def other(request: HttpRequest, error: Any) -> HttpResponse:
        code, message = _OTHERS.get(error.status_code, ("refused", str(error)))
        return answer(request, error.status_code, code, message)

    api.add_exception_handler(ApiRefused, refused)
    api.add_exception_handler(Refused, refused)
    api.add_exception_handler(ValidationError, malformed)
    api.add_exception_handler(Http404, unknown)
    api.add_exception_handler(ObjectDoesNotExist, unknown)
    api.add_exception_handler(AuthenticationError, unsigned)
    api.add_exception_handler(Throttled, throttled)
    api.add_exception_handler(RequestDataTooBig, too_large)
    api.add_exception_handler(HttpError, other)


def _place(loc: Sequence[str | int]) -> str:
    """Where in the request, as the caller wrote it: django-ninja puts its own names before."""
    beyond = 2 if loc[0] == "body" else 1
    return ".".join(map(str, loc[beyond:] or loc[-1:]))


_OTHERS = {
    400: ("malformed", "The body cannot be read: it is no JSON in UTF-8."),
    403: ("csrf_failed", "A page that changes something sends the header X-CSRFToken with the token of its cookie."),
}
"""What django-ninja itself refuses."""
