"""The service under test, on SQLite or on PostgreSQL: the same fixtures, the same tests.

``signed`` is the contract, ``team`` the reps, ``lead`` a lead that comes, ``clock`` stands still until it is moved.
``home`` is a database of a test's own for programs that are started for real.
"""

from __future__ import annotations

import math
import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import psycopg
import pytest
import pytest_django
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.support import databases, service
from tests.support.service import Crew, Hands

from handfast.engine.terms import Version as Terms
from handfast.instant import parse_instant
from handfast_server.accounts.models import Role, User
from handfast_server.decide import team as teams
from handfast_server.decide import terms as versions
from handfast_server.scoreboard import boards

MONDAY = parse_instant("2026-11-23T10:00:00+01:00")
"""An hour after the office opens; no holiday is near."""


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test` runs on both databases."""
    for item in items:
        if databases.on_both(item.nodeid):
            item.add_marker("both")


@pytest.fixture(autouse=True)
def _nothing_is_remembered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The team that a process knows is of another test's database; every board is made anew, however long it takes."""
    monkeypatch.setattr(boards, "QUICK", math.inf)
    teams.forget()
    yield
    teams.forget()


@pytest.fixture
def clock() -> Iterator[Hands]:
    """A clock that stands at Monday, ten o'clock in Berlin, until it is moved."""
    with time_machine.travel(MONDAY / 1_000_000, tick=False) as traveller:
        yield Hands(traveller)


@pytest.fixture
def signed(db: None) -> Terms:
    """The first version of the demonstration's contract, signed and in force."""
    service.sign()
    return versions.current().versions[0]


@pytest.fixture
def team(signed: Terms) -> Crew:
    """Lena and Sam in every pool, and Mia who manages them."""
    crew = Crew(signed.contract)
    crew.join()
    return crew


@pytest.fixture
def lead(team: Crew) -> Callable[..., str]:
    """``lead(country="US", asks=False)``: a lead comes, and asks for a demo unless told otherwise."""
    assert team.reps
    return service.new_lead


_CAST: Mapping[Role, tuple[str, str]] = {
    Role.ADMIN: ("Priya", ""),
    Role.MARKETING: ("Dan", ""),
    Role.MARKETING_LEADER: ("Dana", ""),
    Role.SALES_LEADER: ("Omar", ""),
    Role.MANAGER: ("Mia", "mia"),
    Role.REP: ("Lena", "lena"),
    Role.VIEWER: ("Vera", ""),
}


@pytest.fixture
def people(db: None) -> dict[str, User]:
    """Somebody of each role by its name; ``sam`` is another rep, ``charlie`` has no role and must see nothing."""
    cast = {role.value: (*who, [role.value]) for role, who in _CAST.items()}
    cast |= {"sam": ("Sam", "sam", [Role.REP.value]), "charlie": ("Charlie", "", [])}
    return {
        part: User.objects.create_user(f"{name.lower()}@acme.example", "a good word", name=name, rep=rep, roles=roles)
        for part, (name, rep, roles) in cast.items()
    }


class SignedIn(Mapping[str, Client]):
    """Browsers of people, each signed in when it is asked for: a test asks for two or three of nine."""

    def __init__(self, people: Mapping[str, User]) -> None:
        self._people = people
        self._made: dict[str, Client] = {}

    def __getitem__(self, part: str) -> Client:
        if part not in self._made:
            client = Client()
            client.force_login(self._people[part], backend=settings.AUTHENTICATION_BACKENDS[0])
            self._made[part] = client
        return self._made[part]

    def __iter__(self) -> Iterator[str]:
        return iter(self._people)

    def __len__(self) -> int:
        return len(self._people)


@pytest.fixture
def clients(people: dict[str, User]) -> SignedIn:
    """A browser for each of them, signed in."""
    return SignedIn(people)


@pytest.fixture(scope="session", autouse=True)
def _nobody_is_left(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[None]:
    """PostgreSQL drops no database that a thread of some test is still connected to."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session")
def template(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database that is only ever copied: the path of a file, or a name on the server of the tests."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        copy = tmp_path_factory.mktemp("template") / "template.sqlite3"
        with sqlite3.connect(name) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        source.close()
        target.close()
        return str(copy)
    connection.close()  # nobody may be connected to a database that is copied
    _copy(name, f"{name}_template")
    return f"{name}_template"


@pytest.fixture
def home(template: str, tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment in which a program runs on an empty, migrated database of this test's own."""
    folder = tmp_path / "home"
    folder.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HANDFAST_", "DATABASE_URL"))}
    made = {**kept, "HANDFAST_HOME": str(folder), "DJANGO_SETTINGS_MODULE": "handfast_server.settings"}
    if template.endswith(".sqlite3"):
        shutil.copy(template, folder / "handfast.sqlite3")
        yield made
        return
    name = f"handfast_{uuid.uuid4().hex}"
    _copy(template, name)
    yield {**made, "DATABASE_URL": f"{os.environ['HANDFAST_TEST_CLUSTER']}/{name}"}
    _ask(f"DROP DATABASE {name} WITH (FORCE)")


def _copy(source: str, target: str) -> None:
    _ask(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
    _ask(f"CREATE DATABASE {target} TEMPLATE {source} STRATEGY FILE_COPY")


def _ask(statement: str) -> None:
    with psycopg.connect(f"{os.environ['HANDFAST_TEST_CLUSTER']}/postgres", autocommit=True) as server:
        server.execute(statement)
