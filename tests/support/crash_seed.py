"""Run as a program: a signed contract, a team, somebody to tell of messages, leads if asked for, and a token."""

from __future__ import annotations

import argparse
import json
import re
from dataclasses import asdict

from handfast_server.operate.up import up

_HURRIED = """clocks:
  first_touch:
    within: {hand_raise: WITHIN, otherwise: 4 business hours}
    escalate: [{at: 50%, to: [owner]}, {at: 100%, to: [manager], do: re_route}]
  decision: {within: 2 business days, escalate: [{at: 100%, to: [manager]}]}

"""
"""A reminder after half the time for a hand that is raised; after all of it somebody else gets it."""


def seed(given: argparse.Namespace) -> dict[str, object]:
    """The token, and the leads that were made."""
    from tests.support import service

    from handfast_server.accounts.models import Role, User
    from handfast_server.accounts.tokens import make_token
    from handfast_server.decide import terms
    from handfast_server.delivery.models import Endpoint
    from handfast_server.now import now
    from handfast_server.secrets import encrypt

    _sign(given.within)
    contract = terms.current().versions[0].contract
    service.Crew(contract, reps=("lena", "sam", *(f"rep{number}" for number in range(2, given.reps)))).join()
    for rep in ("lena", "sam", "mia") if given.people else ():
        User.objects.create_user(f"{rep}@acme.example", None, name=rep.title(), rep=rep, roles=[Role.REP])
    if given.receiver:
        secret = encrypt("whsec_" + "bm90IGEgc2VjcmV0LCBidXQgbG9uZyBlbm91Z2g=")
        Endpoint.objects.create(id="ep1", url=given.receiver, events=given.events, secret=secret, made_at=now())
    scopes = ["read", "intake", "decide", "team", "admin"]
    token = make_token("crash", [Role.ADMIN, Role.MARKETING], scopes, None, ["crash"])[1]
    return {"token": token, "leads": [service.new_lead() for _ in range(given.leads)], "at": now()}


def _sign(within: str) -> None:
    """The demonstration's first version with promises that are over soon, signed on the day it takes effect."""
    from handfast.contract import load
    from handfast.contract.model import PartyName
    from handfast.contract.seal import seal
    from handfast.contract.sign import Signature, conclude, propose, with_signature
    from handfast.simulate import demo_texts
    from handfast_server.contracts.models import Version

    hurried = _HURRIED.replace("WITHIN", within)
    text = re.sub(r"clocks:\n.*?\n\n", hurried, str(demo_texts()[0]), count=1, flags=re.DOTALL)
    text = re.sub(r"examples:\n.*\Z", "", text, flags=re.DOTALL)  # they show other promises
    contract = load(text).contract
    assert contract is not None, load(text).problems
    sealed, at = seal(contract), contract.effective_from
    draft = propose(sealed, None, at=at)
    for party in PartyName:
        who = contract.parties[party]
        draft = with_signature(
            draft, Signature(name=who.name, email=who.email, role=party, at=at, digest=sealed.digest)
        )
    signed = conclude(draft)
    Version.objects.create(
        number=1,
        digest=sealed.digest,
        content=sealed.content,
        text=text,
        proposed_at=signed.proposed_at,
        in_force_from=signed.in_force_from,
        signatures=[asdict(each) for each in signed.signatures],
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser()
    asked.add_argument("--receiver", default="")
    asked.add_argument("--events", nargs="*", default=[])
    asked.add_argument("--reps", type=int, default=2)
    asked.add_argument("--leads", type=int, default=0)
    asked.add_argument("--within", default="60 business minutes")
    asked.add_argument("--people", action="store_true")
    up()
    print(json.dumps(seed(asked.parse_args())))  # noqa: T201 # read by the test
