"""Away from the daily digest by one click, as mail programs offer it (RFC 8058), and back in the settings."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from handfast_server.accounts.models import User
from handfast_server.decide.transaction import writing
from handfast_server.delivery.models import Wish
from handfast_server.delivery.people import language_of

_SALT = "handfast.unsubscribe"


def link(user: User) -> str:
    """Where somebody leaves the digest, without signing in."""
    return f"{settings.BASE_URL}/unsubscribe/{signing.dumps(user.pk, salt=_SALT)}"


@csrf_exempt  # mail programs post here by themselves; the link itself is the proof, and can do nothing else
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET, since scanners follow links; leave on POST."""
    try:
        number = signing.loads(token, salt=_SALT)
    except signing.BadSignature as wrong:
        raise Http404 from wrong
    user = User.objects.filter(pk=number).first()
    if user is None:
        raise Http404
    if request.method == "POST":
        with writing():
            Wish.objects.update_or_create(user_id=number, defaults={"digest": False})
    with override(language_of(user)):
        answer = render(request, "delivery/unsubscribe.html", {"done": request.method == "POST"})
    answer["Content-Language"] = language_of(user)
    return answer
