"""Run as a program: a signed contract, a team and a source of each kind, in the database of HANDFAST_HOME."""

from __future__ import annotations

import json

from handfast_server.operate.up import up

SECRET = "whsec_bm90IGEgc2VjcmV0LCBidXQgbG9uZyBlbm91Z2g="  # noqa: S105 # of tests alone
WRITE_KEY = "hfw_of-tests-alone"


def seed() -> None:
    """Write the rows."""
    from tests.support import service

    from handfast_server.decide import terms

    service.sign()
    service.Crew(terms.current().versions[0].contract).join()
    make_sources()


def make_sources() -> None:
    """One source of each kind."""
    from handfast_server.intake.models import EventRule, Source, SourceKind
    from handfast_server.intake.sources import digest
    from handfast_server.now import now
    from handfast_server.secrets import encrypt

    at = now()
    site = Source.objects.create(name="site", kind=SourceKind.TRACKING, digest=digest(WRITE_KEY), made_at=at)
    EventRule.objects.create(
        source=site, event="Demo Requested", kind="form_submitted", properties={"form": "which.form"}
    )
    Source.objects.create(
        name="demo-form",
        kind=SourceKind.FORM,
        origins=["https://www.acme.example"],
        settings={"form": "demo", "title": "Ask for a demo", "thanks": "https://www.acme.example/thanks"},
        mapping={"fields": {"staff": "employees"}},
        made_at=at,
    )
    Source.objects.create(
        name="chat",
        kind=SourceKind.WEBHOOK,
        secret=encrypt(SECRET),
        mapping={
            "items": "events[*]",
            "key": "id",
            "email": "contact.email",
            "happened_at": "at",
            "ids": {"chat": "contact.id"},
            "attributes": {"company": "contact.company.name", "country": "contact.country"},
            "activity": {"kind_at": "type", "kinds": {"chat.opened": "chat_started"}, "properties": {"page": "page"}},
        },
        made_at=at,
    )


if __name__ == "__main__":
    up()
    seed()
    print(json.dumps({"ready": True}))  # noqa: T201 # read by the test
