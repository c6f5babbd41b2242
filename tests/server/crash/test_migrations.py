"""Every application back to nothing and forward again, with data in the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from tests.support.service import Crew, Hands, new_lead, sign

from handfast_server.decide import team as teams
from handfast_server.handoffs.models import Cycle
from handfast_server.leads.models import Lead

pytestmark = pytest.mark.django_db(transaction=True)


def ours() -> list[str]:
    return sorted(
        {label for label, _ in MigrationLoader(connection).disk_migrations}
        & {app.label for app in apps.get_app_configs() if app.name.startswith("handfast_server.")}
    )


def chain(app: str) -> list[str]:
    """The migrations of an application in their order."""
    return sorted(name for label, name in MigrationLoader(connection).disk_migrations if label == app)


def tables() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.table_names(cursor))


def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_each_application_has_one_migration_before_the_first_release() -> None:
    """Whoever adds a second writes the test that walks back to the first and forward again, with data in between."""
    assert {app: len(chain(app)) for app in ours()} == dict.fromkeys(ours(), 1)
    assert len(ours()) > 10


def test_everything_goes_back_to_nothing_and_forward_again_and_the_service_lives_on(
    clock: Hands, lead: Callable[..., str], team: Crew
) -> None:
    """With data in every table, back to an empty database; then forward, and it takes leads in."""
    for _ in range(3):
        lead()
    assert Lead.objects.count() == 3
    before = tables()
    for app in ours():
        went(app, "zero")
    assert not [name for name in tables() if name.split("_")[0] in set(ours())]
    call_command("migrate", verbosity=0)
    assert tables() == before
    assert not Lead.objects.exists()
    teams.forget()
    sign()
    Crew(team.contract).join()
    assert Cycle.objects.get(lead=new_lead()).state == "waiting"


def went(app: str, name: str) -> None:
    call_command("migrate", app, name, verbosity=0)
