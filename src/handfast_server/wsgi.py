"""What granian serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from handfast_server.operate.orphan import end_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "handfast_server.settings")
application = get_wsgi_application()
end_with_parent()
