"""Inboxes over a million cycles, a thousand of them open in one pool: the list, and a poll that finds nothing new.

The poll of the page itself is what every open inbox asks each few seconds.

Each question goes through middleware, permission, reading and answering, without a socket.
"""

from __future__ import annotations

from typing import Any

from serving.million import EACH, POOL, fill_cycles
from serving.place import ninety_fifth, on_both
from timing import Figure

PATHS = {
    "rep": ("a rep's inbox, 50 open", "/api/cycles?owner=me&open=true&sort=due"),
    "manager": ("a pool's 1,000 open", f"/api/cycles?pool={POOL}&open=true&sort=due"),
    "leader": ("everything that changed last", "/api/cycles"),
}


CARDS = "/inbox/cards"


def main() -> None:
    on_both("Inboxes among a million cycles", measured, notes=["A page has 50 rows. A poll is answered with 304."])


def measured() -> list[Figure]:
    """Pages and polls of a rep, of a manager, of a leader."""
    fill_cycles()
    return [page_polled(), *(figure for who in PATHS for figure in asked(who))]


def page_polled() -> Figure:
    """The inbox page of a rep, left open: its cards are asked for again, and are the same."""
    client = signed_in("page")
    asking = {"HX-Request": "true"}
    shown = client.get(CARDS, headers=asking)
    if shown.content.count(b"<article") != EACH:
        raise SystemExit(shown.content[:2000].decode())

    def poll() -> None:
        if client.get(CARDS, headers={**asking, "If-None-Match": shown["ETag"]}).status_code != 304:
            raise SystemExit("something is new")

    return ninety_fifth("the page of a rep's inbox, 50 open: nothing new", poll, times=100, reach="≤ 5")


def asked(who: str) -> list[Figure]:
    label, path = PATHS[who]
    client = signed_in(who)

    def page() -> Any:
        answer = client.get(path)
        if answer.status_code != 200 or len(answer.json()["items"]) != 50:
            raise SystemExit(answer.content[:2000].decode())
        return answer

    tag = page()["ETag"]

    def poll() -> None:
        if client.get(path, headers={"If-None-Match": tag}).status_code != 304:
            raise SystemExit("something is new")

    return [ninety_fifth(label, page, reach="≤ 60"), ninety_fifth(f"{label}: nothing new", poll, reach="≤ 5")]


def signed_in(who: str) -> Any:
    """Somebody with a browser."""
    from django.conf import settings
    from django.test import Client

    from handfast.facts import PoolManagerSet
    from handfast_server.accounts.actions import make_user
    from handfast_server.accounts.models import Role
    from handfast_server.decide.session import tell
    from handfast_server.now import now

    roles = {"rep": Role.REP, "page": Role.REP, "manager": Role.MANAGER, "leader": Role.SALES_LEADER}
    rep = {"rep": "rep3", "page": "rep5", "manager": "rep4", "leader": ""}[who]
    if who == "manager":
        tell(PoolManagerSet(id="manages", rep=rep, pool=POOL, happened_at=now(), recorded_at=now()))
    user = make_user(f"{who}@bench.example", None, name=who, roles=[roles[who]], rep=rep)
    client = Client(headers={"Host": "127.0.0.1"})
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


if __name__ == "__main__":
    main()
