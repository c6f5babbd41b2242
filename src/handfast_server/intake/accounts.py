"""Which account a lead is of: the core's matcher over the rows that share a key with it, and no others.

An account that nobody knows is made of a company's name; its id follows from the normalised name, so that two first
sights of one company make one account without waiting for each other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from django.db import connection

from handfast.condition import Value
from handfast.contract.builtin import shipped_lists
from handfast.instant import Instant
from handfast.match import Account, Accounts, Described, Normal, normal
from handfast_server.decide import team as teams
from handfast_server.decide import terms as versions
from handfast_server.decide.rows import add, put
from handfast_server.decide.sql import many
from handfast_server.intake.item import Company
from handfast_server.intake.models import AccountKey
from handfast_server.leads.models import Account as AccountRow

MOST = 200
"""Accounts looked at for one key; with more, a postcode say, the key tells nobody apart."""

SAYS = frozenset(("email", "company", "company_domain", "phone", "postcode"))
"""Attributes that say what company a lead is of."""

_ACCOUNT = ("id", "name", "normal_name", "domain", "phone", "postcode", "customer", "created_at")


class Stated(NamedTuple):
    """An account as somebody states it."""

    id: str
    described: Described
    customer: bool = False


def described(known: Mapping[str, Value | None], company: Company) -> Described:
    """A lead's company, as far as its attributes say."""

    def texts(*names: str) -> tuple[str, ...]:
        return tuple(str(known[name]) for name in names if known.get(name))

    return Described(
        name=str(known.get("company") or ""),
        domains=texts("email", "company_domain"),
        phones=(*company.phones, *texts("phone")),
        postcodes=(*company.postcodes, *texts("postcode")),
    )


def free_mail(at: Instant) -> frozenset[str]:
    """Domains that tell nobody apart: the contract's list, else the one that ships."""
    version = versions.governing(at)
    lists = {} if version is None else version.contract.lists
    return frozenset(lists.get("free_mail") or shipped_lists()["free_mail"])


class Companies:
    """Accounts near to a run of leads, and those that are made of them."""

    def __init__(self, asked: Iterable[Described], at: Instant) -> None:
        """Read whatever shares a key with one of these."""
        self._free, self._at = free_mail(at), at
        self._accounts = Accounts(self._free)
        self._made: dict[str, tuple[Account, Normal]] = {}
        keys = {key for each in asked for key in normal(each, self._free).keys}
        for account in near(sorted(keys)):
            self._accounts.put(account)

    def of(self, it: Described) -> str | None:
        """The account of a company, made when there is none; None when no company is named."""
        found = self._accounts.match(it).account
        if found is not None:
            return found.id
        seen = normal(it, self._free)
        if not seen.name:
            return None
        made = Account(id=id_of(seen.name), described=it, created_at=self._at)
        self._accounts.put(made)
        self._made[made.id] = made, seen
        return made.id

    def write(self) -> None:
        """The rows of those that were made."""
        write_accounts(self._made.values())


def id_of(name: str) -> str:
    """The id of an account that is made of a normalised name."""
    return f"a{hashlib.sha256(name.encode()).hexdigest()[:20]}"


def write_accounts(made: Iterable[tuple[Account, Normal]], *, stated: bool = False) -> None:
    """Rows of accounts and of their keys; ``stated``: in place of what was known."""
    made = sorted(made, key=lambda each: each[0].id)  # nobody waits in a ring
    if not made:
        return
    rows = [
        (
            *(account.id, account.described.name[:300], seen.name[:300], _one(seen.domains), _one(seen.phones)[:40]),
            *(_one(seen.postcodes)[:20], account.customer, account.created_at),
        )
        for account, seen in made
    ]
    keys = [(account.id, *key) for account, seen in made for key in sorted(seen.keys)]
    if stated:
        put(AccountRow, _ACCOUNT, rows)
        many("DELETE FROM intake_accountkey WHERE account = %s", [(row[0],) for row in rows])
    else:
        add(AccountRow, _ACCOUNT, rows)
    add(AccountKey, ("account", "kind", "value"), sorted(key for key in keys if len(key[2]) <= 300))


def _one(values: Iterable[str]) -> str:
    return min(values, default="")


def state(accounts: Sequence[Stated], at: Instant) -> None:
    """Accounts as another system states them, in place of what was known of them."""
    free = free_mail(at)
    write_accounts(
        [
            (
                Account(id=each.id, described=each.described, customer=each.customer, created_at=at),
                normal(each.described, free),
            )
            for each in accounts
        ],
        stated=True,
    )


def ensure(names: Iterable[str], at: Instant) -> None:
    """Accounts that are named by their ids alone are there, whatever they are."""
    rows = [(name, "", "", "", "", "", False, at) for name in sorted(set(names))]
    add(AccountRow, _ACCOUNT, rows)


def near(keys: Sequence[tuple[str, str]]) -> list[Account]:
    """The accounts that have one of these keys, with all of their keys."""
    ids = _ids(keys)
    if not ids:
        return []
    rows = {row.id: row for row in AccountRow.objects.filter(id__in=ids)}
    spoken: dict[str, dict[str, list[str]]] = {}
    for account, kind, value in AccountKey.objects.filter(account__in=ids).values_list("account", "kind", "value"):
        spoken.setdefault(account, {}).setdefault(kind, []).append(value)
    team = teams.known()
    return [_account(row, spoken.get(row.id, {}), team.owners.get(row.id), team) for row in rows.values()]


def _account(row: AccountRow, keys: Mapping[str, list[str]], owner: str | None, team: object) -> Account:
    rep = getattr(team, "reps", {}).get(owner)
    return Account(
        id=row.id,
        described=Described(
            name=row.name,
            domains=tuple(keys.get("domain", ())),
            phones=(row.phone,) if row.phone else (),
            postcodes=tuple(keys.get("postcode", ())),
        ),
        customer=row.customer,
        owner=owner,
        owner_active=rep is not None and rep.active,
        created_at=row.created_at,
    )


def _ids(keys: Sequence[tuple[str, str]]) -> set[str]:
    """At most so many accounts a key, those with the smallest ids."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for begin in range(0, len(keys), 5_000):
            some = keys[begin : begin + 5_000]
            places = ", ".join(["(%s, %s)"] * len(some))
            cursor.execute(
                "SELECT account FROM (SELECT account, ROW_NUMBER() OVER (PARTITION BY kind, value ORDER BY account) "  # noqa: S608 # places alone
                f"AS place FROM intake_accountkey WHERE (kind, value) IN (VALUES {places})) AS found WHERE place <= %s",
                [*(each for key in some for each in key), MOST],
            )
            found.update(account for (account,) in cursor.fetchall())
    return found
