"""docs/how-to/integrate.md is walked as a reader would, against a service that answers on a port."""

from __future__ import annotations

import doctest
import io
import re
from pathlib import Path

import pytest
from pytest_django.live_server_helper import LiveServer
from tests.support.asking import token_of
from tests.support.service import Crew, Hands, new_lead

from handfast_server.accounts.models import Role


@pytest.mark.django_db(transaction=True)
def test_every_line_of_the_page_does_what_it_says(
    live_server: LiveServer, clock: Hands, team: Crew, root: Path
) -> None:
    for _ in range(2):
        new_lead()
    page = (root / "docs" / "how-to" / "integrate.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    given = {"address": live_server.url, "token": token_of(Role.ADMIN, scopes=("read", "decide"))}
    test = doctest.DocTestParser().get_doctest(blocks, given, "integrate.md", None, 0)
    said = io.StringIO()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
    runner.run(test, out=said.write, clear_globs=False)
    test.globs["crm"].close()
    assert len(test.examples) > 20
    assert runner.failures == 0, said.getvalue()
