"""The one shape of every error: code, message, path, request_id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

from django.core.exceptions import ObjectDoesNotExist, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError
from pydantic import BaseModel

from handfast.errors import SealBroken
from handfast_server.observe.log import get_logger
from handfast_server.refused import Refused

_log = get_logger("contract")


class Error(BaseModel):
    """What every error of the interface looks like."""

    code: str
    message: str
    path: str = ""
    request_id: str = ""


class Told(NamedTuple):
    """What is answered."""

    status: int
    code: str
    message: str
    path: str = ""


def install(api: NinjaAPI) -> None:
    """Answer every error in the one shape."""
    for kind, told in _TOLD.items():
        api.add_exception_handler(kind, partial(_answer, api, told))


def _answer(api: NinjaAPI, told: Callable[[Any], Told], request: HttpRequest, error: Any) -> HttpResponse:
    status, code, message, path = told(error)
    said = Error(code=code, message=message, path=path, request_id=getattr(request, "request_id", ""))
    answer = api.create_response(request, said.model_dump(), status=status)
    if status in _RETRY_AFTER:
        answer["Retry-After"] = _RETRY_AFTER[status]
    return answer


_RETRY_AFTER = {429: "1", 503: "300"}


def _refused(error: Refused) -> Told:
    return Told(error.status, error.code, error.message, error.path)


def _malformed(error: ValidationError) -> Told:
    first = error.errors[0]
    return Told(422, "malformed", str(first["msg"]), _place(first["loc"]))


def _other(error: HttpError) -> Told:
    if isinstance(error.__cause__, Refused):  # raised while the body was read
        return _refused(error.__cause__)
    code, message = _OTHERS.get(error.status_code, ("refused", str(error)))
    return Told(error.status_code, code, message)


def _broken(error: SealBroken) -> Told:
    """Loudly: nobody is judged by a contract that is not the signed one."""
    _log.error("contract_broken", error=str(error))
    return Told(
        503,
        error.code,
        f"{error} Nothing is decided until that is put right: `handfast doctor` says what is broken.",
    )


def _always(status: int, code: str, message: str) -> Callable[[Any], Told]:
    told = Told(status, code, message)
    return lambda _: told


def _place(loc: Sequence[str | int]) -> str:
    """Where in the request, as the caller wrote it: django-ninja puts its own names before."""
    beyond = 2 if loc[0] == "body" else 1
    return ".".join(map(str, loc[beyond:] or loc[-1:]))


_OTHERS = {
    400: ("malformed", "The body cannot be read: it is no JSON in UTF-8."),
    403: ("csrf_failed", "A page that changes something sends the header X-CSRFToken with the token of its cookie."),
}
"""What django-ninja itself refuses."""

_UNKNOWN = _always(404, "not_found", "There is nothing under this address, or you may not see it.")

_TOLD: dict[type[Exception], Callable[[Any], Told]] = {
    Refused: _refused,
    ValidationError: _malformed,
    Http404: _UNKNOWN,
    ObjectDoesNotExist: _UNKNOWN,
    AuthenticationError: _always(401, "not_signed_in", "Sign in, or send a token: Authorization: Bearer hf_…."),
    Throttled: _always(429, "too_many_requests", "Too many requests in a short time; try again later."),
    RequestDataTooBig: _always(413, "too_large", "This is more than one request may send; send it in parts."),
    SealBroken: _broken,
    HttpError: _other,
}
"""What each error is told as."""
