"""Run as a program: a signed contract, a team, somebody to tell of messages, and a token."""

from __future__ import annotations

import argparse
import json

from handfast_server.operate.up import up


def seed(receiver: str, reps: int) -> str:
    """The token."""
    from tests.support import service

    from handfast_server.accounts.models import Role
    from handfast_server.accounts.tokens import make_token
    from handfast_server.decide import terms
    from handfast_server.delivery.models import Endpoint
    from handfast_server.now import now
    from handfast_server.secrets import encrypt

    service.sign()
    contract = terms.current().versions[0].contract
    service.Crew(contract, reps=("lena", "sam", *(f"rep{number}" for number in range(2, reps)))).join()
    if receiver:
        secret = encrypt("whsec_" + "bm90IGEgc2VjcmV0LCBidXQgbG9uZyBlbm91Z2g=")
        Endpoint.objects.create(id="ep1", url=receiver, secret=secret, made_at=now())
    scopes = ["read", "intake", "decide", "team", "admin"]
    return make_token("crash", [Role.ADMIN, Role.MARKETING], scopes, None)[1]


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--receiver", default="")
    asked.add_argument("--reps", type=int, default=2)
    given = asked.parse_args()
    up()
    print(json.dumps({"token": seed(given.receiver, given.reps)}))  # noqa: T201 # read by the test
