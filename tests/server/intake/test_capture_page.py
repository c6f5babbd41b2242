"""docs/how-to/capture.md is walked as a reader would, against a service that answers on a port."""

from __future__ import annotations

import doctest
import io
import re
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from segment import analytics  # type: ignore[import-untyped] # it brings no types
from tests.support.asking import token_of
from tests.support.service import Crew

from handfast_server.accounts.models import Role
from handfast_server.leads.models import Lead


@pytest.mark.django_db(transaction=True)
def test_every_line_of_the_page_does_what_it_says(live_server: LiveServer, team: Crew, root: Path) -> None:
    page = (root / "docs" / "how-to" / "capture.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    scopes = ("read", "intake", "decide", "team", "admin")
    token, admin = token_of(Role.ADMIN, scopes=scopes[:-1], sources=("crm",)), token_of(Role.ADMIN, scopes=scopes)
    given = {"address": live_server.url, "token": token, "admin_token": admin}
    test = doctest.DocTestParser().get_doctest(blocks, given, "capture.md", None, 0)
    said = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    runner.run(test, out=said.write, clear_globs=False)
    for name in ("crm", "admin"):
        test.globs[name].close()
    analytics.default_client = None
    assert len(test.examples) > 20
    assert runner.failures == 0, said.getvalue()
    assert Lead.objects.filter(email="eva@buyer.example", band__in=["nurture", "warm", "engage"]).exists()
