"""Every migration back and forward again with data in the database: from the first of each application on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from tests.support.service import Crew, Hands, new_lead, sign

from handfast_server.decide import team as teams
from handfast_server.decide.replay import verify
from handfast_server.facts.models import Fact
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


def test_each_migration_goes_back_one_by_one_and_forward_again_and_data_that_it_does_not_concern_stay(
    clock: Hands, lead: Callable[..., str], team: Crew
) -> None:
    """From the latest to the first of each application: what is added by one is taken away by it, and no more."""
    for _ in range(5):
        lead()
    facts = list(Fact.objects.order_by("id").values())
    for app in ours():
        names = chain(app)
        for place in range(len(names) - 1, 0, -1):  # the first is the next test's
            went(app, names[place - 1])
        if names:
            went(app, names[-1])
    assert list(Fact.objects.order_by("id").values()) == facts
    assert not verify().differences


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
