"""docs/how-to/people.md is walked as a reader would, against a service that answers on a port."""

from __future__ import annotations

import doctest
import io
import re
from pathlib import Path

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer
from tests.support.asking import token_of

from handfast.simulate import demo_texts
from handfast_server.accounts.models import Role, User


@pytest.mark.django_db(transaction=True)
def test_every_line_of_the_page_does_what_it_says(live_server: LiveServer, people: dict[str, User], root: Path) -> None:
    page = (root / "docs" / "how-to" / "people.md").read_text(encoding="utf-8")
    blocks = "\n".join(re.findall(r"^```pycon\n(.*?)^```$", page, re.MULTILINE | re.DOTALL))
    headers = {"Authorization": f"Bearer {token_of(Role.ADMIN, scopes=('read', 'admin'))}"}
    said = io.StringIO()
    with httpx.Client(base_url=live_server.url, headers=headers, timeout=60) as admin:
        given = {"admin": admin, "contract": demo_texts()[0]}
        test = doctest.DocTestParser().get_doctest(blocks, given, "people.md", None, 0)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
        runner.run(test, out=said.write)
    assert len(test.examples) > 10
    assert runner.failures == 0, said.getvalue()
