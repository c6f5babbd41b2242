from __future__ import annotations

from pathlib import Path

from handfast_server.access import ACTIONS, Scope
from handfast_server.access.page import page
from handfast_server.accounts.models import Role

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "permissions.md"


def test_the_page_of_permissions_is_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_nobody_signs_or_is_made_by_a_token_of_little_scope() -> None:
    assert {ACTIONS[name].scope for name in ("contracts.sign", "users.write", "leads.erase")} == {Scope.ADMIN}


def test_marketing_decides_nothing_of_sales_and_a_viewer_nothing_at_all() -> None:
    of_sales = ("cycles.decide", "touches.write", "deals.write", "cycles.reassign", "clocks.pause", "breaches.judge")
    assert not any({Role.MARKETING, Role.MARKETING_LEADER} & ACTIONS[name].roles for name in of_sales)
    changes = {name for name, action in ACTIONS.items() if Role.VIEWER in action.roles and not name.endswith(".read")}
    assert changes == {"contracts.sign", "self.write"}
