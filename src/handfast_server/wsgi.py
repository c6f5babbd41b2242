"""What granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from handfast_server.chunked import whole
from handfast_server.operate import presence
from handfast_server.operate.memory import settle
from handfast_server.operate.orphan import WATCH, end_with_parent
from handfast_server.pages.warm import warm

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handfast_server.settings")
application = whole(get_wsgi_application())
get_resolver()._populate()  # noqa: SLF001 # every address is imported now, so that no first request waits for that
warm()
settle()
end_with_parent()
if WATCH in os.environ:  # served by a command of ours
    presence.hold()
