"""The page that says that something is broken: it asks neither the database nor the session, which may be what is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseServerError
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token


@requires_csrf_token
def broken(request: HttpRequest) -> HttpResponseServerError:
    """With the id under which it is logged."""
    values = {"request_id": getattr(request, "request_id", "")}
    return HttpResponseServerError(loader.get_template("500.html").render(values))
