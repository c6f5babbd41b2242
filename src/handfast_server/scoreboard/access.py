"""Whose numbers somebody sees: all, those of the pools they manage, or their own alone."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from handfast.measure.coded import Coded
from handfast.measure.columns import CycleColumns
from handfast.measure.some import some_cycles
from handfast.measure.tables import Mask
from handfast_server.access import Principal, pools_managed, sees_all
from handfast_server.accounts.models import Role


class Scope(NamedTuple):
    """The cycles that were last somebody's, and those of some pools."""

    rep: str = ""
    pools: tuple[str, ...] = ()


def scope_of(principal: Principal) -> Scope | None:
    """What somebody sees numbers of; None: of everything."""
    if sees_all(principal):
        return None
    rep = principal.rep if principal.has_role(Role.REP, Role.MANAGER) else ""
    return Scope(rep, tuple(sorted(pools_managed(principal))))


def within(columns: CycleColumns, scope: Scope | None) -> CycleColumns:
    """The columns of a scope."""
    if scope is None:
        return columns
    roster = columns.roster
    members = None if roster is None else _seen(roster.owner, roster.pool, scope)
    return some_cycles(columns, _seen(columns.owner, columns.pool, scope), members)


def _seen(owner: Coded, pool: Coded, scope: Scope) -> Mask:
    found: Mask = owner.codes == owner.code(scope.rep) if scope.rep else np.zeros(len(owner.codes), np.bool_)
    for name in scope.pools:
        found |= pool.codes == pool.code(name)
    return found
