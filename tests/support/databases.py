"""Which of the service's tests `make test` runs on PostgreSQL as well as on SQLite; `make proof` runs all there.

Any test runs on either. Those run on both of whose answer the database has a part: locks and who waits for whom,
statements and plans, migrations, copies, what a crash leaves behind; and one way through each interface.
"""

from __future__ import annotations

from collections.abc import Mapping

BOTH: Mapping[str, str] = {
    "access/test_objects.py": "which rows somebody sees is a statement",
    "accounts/test_sign_in.py::test_a_password_lets_in": "one way through",
    "accounts/test_sign_in.py::test_who_is_invited_joins_once": "one way through",
    "accounts/test_sign_in.py::test_one_name_in_the_rosters": "by constraint",
    "accounts/test_sign_in.py::test_two_who_come_at_once": "a lock",
    "api/test_decisions.py::test_a_clock_is_paused_once": "one way through",
    "api/test_decisions.py::test_a_key_": "a repeat is harmless by constraint",
    "api/test_decisions.py::test_a_manager_moves_many": "many rows at once",
    "api/test_decisions.py::test_releases_are_throttled": "counted by a statement",
    "api/test_plans.py": "plans",
    "api/test_reading.py": "lists, their order and their pages are statements",
    "audit": "sealed beside those who write",
    "contracts": "two sign at once",
    "crash": "what a crash leaves behind; migrations",
    "decide": "locks, and rows that become values",
    "delivery/test_interface.py::test_an_endpoint_from_making": "one way through",
    "delivery/test_interface.py::test_each_lead_is_in_one_audience": "a statement",
    "delivery/test_webhooks.py": "leases, and order by lead",
    "intake/test_forms.py::test_a_page_of_the_site": "one way through",
    "intake/test_hooks.py::test_a_delivery_is_read": "one way through",
    "intake/test_import.py::test_what_is_interrupted": "one way through, in parts",
    "intake/test_interface.py": "one transaction each; what fails with the database",
    "intake/test_team.py::test_an_absence_begins": "one way through",
    "intake/test_tracking.py::test_a_visitor_becomes": "one way through",
    "intake/test_waits.py": "who waits is found by statements, beside those who write",
    "intake/test_whose_it_is.py": "one e-mail names one lead by constraint",
    "invariants": "each promise is a statement",
    "leads": "every column of every table, as the database lists them",
    "operate/test_demo.py::test_a_year_is_there": "rows in bulk",
    "operate/test_kept.py": "backup and restore",
    "operate/test_observed.py::test_whoever_asks": "counted by statements",
    "operate/test_observed.py::test_it_is_not_ready": "what is migrated is asked of the database",
    "operate/test_doctor.py::test_an_installation_that_is_well": "one way through",
    "pages/test_inbox.py::test_an_open_page_is_told": "its question is a statement that is kept",
    "pages/test_team.py::test_an_open_page_is_told": "its question is a statement that is kept",
    "scoreboard/test_snapshot.py": "what changed is found by statements, beside those who write",
    "scoreboard/test_views.py": "views",
    "shadow/test_shadow.py::test_what_was_judged": "one way through",
    "shadow/test_shadow.py::test_a_cut_over_of_many": "rows in bulk",
    "test_two_databases.py": "what the others stand on",
    "worker": "leases, and the look at what is due",
}
"""A folder, a file or the beginning of a test's name below tests/server, and what the database decides there."""

ONCE: Mapping[str, str] = {
    "access": "a table in Python decides",
    "accounts": "Django's and allauth's own rows; how they are reached",
    "api": "what is asked and answered; rows are written by decide",
    "delivery": "what is told to whom; how it is leased is seen by its webhooks",
    "intake": "how a message is read; how it is taken in is seen by its interface",
    "operate": "programs, their words and their end",
    "pages": "what is shown; rows are read by the same queries",
    "scoreboard": "arithmetic over files; how they are made is seen by the snapshot",
    "shadow": "judged by the core",
}
"""Folders of which SQLite alone is enough, but for what BOTH names, and why."""


def on_both(node: str) -> bool:
    """Whether `make test` runs a test on both databases. ``node`` is as pytest names it."""
    below = node.removeprefix("tests/server/")
    return below != node and any(_within(below, each) for each in BOTH)


def _within(node: str, place: str) -> bool:
    return node.startswith(place if "::" in place else f"{place}::" if place.endswith(".py") else f"{place}/")
