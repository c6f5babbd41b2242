"""Every error under /api/ has the one shape, also those that Django answers before or after the interface."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from handfast_server.api.errors import Error

_SAYS = {
    400: ("malformed", "This is no request that can be understood."),
    403: ("not_allowed", "This is not open to you."),
    404: ("not_found", "There is nothing under this address, or you may not see it."),
    405: ("method_not_allowed", "This address has no such method; the header Allow names those that it has."),
    413: ("too_large", "This is more than one request may send; send it in parts."),
    500: ("failed", "Something is broken here. It is logged under the id of this request."),
}

_KEPT = ("Allow", "Retry-After")


class OneShape:
    """Middleware: what is not in the shape yet is put into it; every address knows HEAD and OPTIONS."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer; a page that tells of an error becomes a document."""
        if not request.path.startswith("/api/"):
            return self._get_response(request)
        if request.method == "HEAD":
            return self._head(request)
        response = self._answer(request)
        if response.status_code == 405 and "Allow" in response:
            _name_all(response)
            if request.method == "OPTIONS":
                return HttpResponse(status=204, headers={"Allow": response["Allow"]})
        return response

    def _head(self, request: HttpRequest) -> HttpResponse:
        """As if it were read; whoever sends the answer leaves its body out."""
        request.method = "GET"
        response = self._answer(request)
        request.method = "HEAD"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        told = response.headers.get("Content-Type", "").startswith("application/json")
        return response if told or response.status_code not in _SAYS else _shaped(request, response)


def _name_all(response: HttpResponse) -> None:
    """What can be read can be asked for without its body, and every address says what it has."""
    methods = {each.strip() for each in response["Allow"].split(",")} | {"OPTIONS"}
    response["Allow"] = ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _shaped(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    code, message = _SAYS[response.status_code]
    error = Error(code=code, message=message, request_id=getattr(request, "request_id", ""))
    shaped = JsonResponse(error.model_dump(), status=response.status_code)
    for name in _KEPT:
        if name in response:
            shaped[name] = response[name]
    return shaped
