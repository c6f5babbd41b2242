"""The addresses of imports."""

from __future__ import annotations

from django.urls import path

from handfast_server.pages.importing import give, run

urlpatterns = [
    path("import", give.give, name="import"),
    path("import/<int:upload>", give.one, name="import_one"),
    path("import/<int:upload>/map", give.map_, name="import_map"),
    path("import/<int:upload>/progress", run.progress, name="import_progress"),
    path("import/<int:upload>/begin", run.begin, name="import_begin"),
    path("import/<int:upload>/stop", run.stop, name="import_stop"),
    path("import/<int:upload>/discard", run.discard, name="import_discard"),
    path("import/<int:upload>/refused.csv", run.refused, name="import_refused"),
]
