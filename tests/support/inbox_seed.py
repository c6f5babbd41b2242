"""Run as a program: a signed contract, a rep who signs in, and a hosted form, in the database of HANDFAST_HOME."""

from __future__ import annotations

from handfast_server.operate.up import up

PASSWORD = "seven grey herons"  # noqa: S105 # of nobody
FIELDS = [
    {"name": "first_name", "label": "First name", "type": "text"},
    {"name": "email", "label": "Work e-mail", "type": "email", "required": True},
    {"name": "company", "label": "Company", "type": "text"},
    *({"name": name, "label": name.capitalize(), "type": "text"} for name in ("industry", "employees", "country")),
    {"name": "message", "label": "Message", "type": "textarea"},
]


def seed() -> None:
    """Write the rows."""
    from tests.support import service

    from handfast_server.accounts.models import User
    from handfast_server.decide import terms
    from handfast_server.intake.models import Source, SourceKind
    from handfast_server.now import now
    from handfast_server.operate.migrate import migrate

    migrate()
    service.sign()
    service.Crew(terms.current().versions[0].contract, reps=("lena",)).join()
    settings = {"form": "demo", "title": "Ask for a demo", "fields": FIELDS}
    Source.objects.create(name="ask", kind=SourceKind.FORM, settings=settings, mapping={}, made_at=now())
    User.objects.create_user("lena@acme.example", PASSWORD, name="Lena", rep="lena", roles=["rep"])


if __name__ == "__main__":
    up()
    seed()
