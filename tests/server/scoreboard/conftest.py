"""Each test has files of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from handfast_server.scoreboard import boards


@pytest.fixture(autouse=True)
def _files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "HOME", tmp_path)
    boards.forget()
