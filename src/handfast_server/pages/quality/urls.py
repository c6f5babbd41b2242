"""The addresses of quality."""

from __future__ import annotations

from django.urls import path

from handfast_server.pages.quality import contests, held, reasons, returns, signals, sources, spend

urlpatterns = [
    path("quality", reasons.reasons, name="quality"),
    path("quality/reasons.csv", reasons.reasons_csv, name="quality_csv"),
    path("quality/returns", returns.returns, name="quality_returns"),
    path("quality/returns.csv", returns.returns_csv, name="quality_returns_csv"),
    path("quality/contests", contests.contests, name="quality_contests"),
    path("quality/contests/<str:lead>/settle", contests.settle, name="quality_settle"),
    path("quality/sources", sources.sources, name="quality_sources"),
    path("quality/sources.csv", sources.sources_csv, name="quality_sources_csv"),
    path("quality/signals", signals.signals, name="quality_signals"),
    path("quality/signals/draft", signals.draft, name="quality_draft"),
    path("quality/spend", spend.spend, name="quality_spend"),
    path("quality/spend.csv", spend.spend_csv, name="quality_spend_csv"),
    path("quality/held", held.held, name="quality_held"),
    path("quality/held/<str:name>", held.held_by, name="quality_held_by"),
    path("quality/held/<str:name>/records.csv", held.held_csv, name="quality_held_csv"),
]
